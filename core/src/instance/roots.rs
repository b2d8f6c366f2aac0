//! The references that an instance and a table hold, for the collector.

use super::data::InstanceData;
use super::global::HostGlobal;
use super::table::TableData;
use core::ptr::NonNull;

/// What is done with the address of each reference that is no function's.
type Visit<'a, E> = &'a mut dyn FnMut(*mut u32) -> Result<(), E>;

impl InstanceData {
    /// Visits the references in the instance's own globals and tables, and in its element segments.
    ///
    /// # Safety
    /// The instance lives, no code runs in its store, and nobody has a reference to its tables.
    pub(crate) unsafe fn trace<E>(this: NonNull<Self>, visit: Visit<'_, E>) -> Result<(), E> {
        // SAFETY: the caller's promise.
        let instance = unsafe { this.as_ref() };
        for &offset in &instance.module.plan().reference_globals {
            visit(instance.field::<u32>(offset).as_ptr())?;
        }
        for mut table in instance.own_tables() {
            // SAFETY: the caller's promise.
            unsafe { table.as_mut() }.trace(visit)?;
        }
        for object in instance.objects() {
            visit(object)?;
        }
        Ok(())
    }
}

impl TableData {
    /// Visits all elements, if they are no functions.
    pub(crate) fn trace<E>(&mut self, visit: Visit<'_, E>) -> Result<(), E> {
        if self.is_func() {
            return Ok(());
        }
        let elements = self.first().cast::<u32>();
        for index in 0..self.len() {
            visit(elements.wrapping_add(index))?;
        }
        Ok(())
    }
}

impl HostGlobal {
    /// Whether its value is a reference that is no function's.
    pub(crate) fn is_reference(&self) -> bool {
        match self.ty.content() {
            crate::ValType::Ref(ty) => !ty.to_canonical().heap.is_func(),
            _ => false,
        }
    }
}
