//! The references that an instance and a table hold, for the collector.

use super::data::InstanceData;
use super::global::HostGlobal;
use super::table::{TableData, group, is_traced, mark_of};
use crate::abi::vmctx::table_marks::ELEMENTS_LOG2;
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
    /// Visits the elements that are references to objects or host values. It looks at those that were written only
    /// (*marks*), and at one word for each eight marks.
    pub(crate) fn trace<E>(&mut self, visit: Visit<'_, E>) -> Result<(), E> {
        if self.is_func() {
            return Ok(());
        }
        let (base, length) = self.parts();
        let marks = length.div_ceil(1 << ELEMENTS_LOG2);
        for first in (0..marks).step_by(8) {
            // SAFETY: the bytes of the marks are a multiple of 8 (*marks*), aligned as elements are.
            if unsafe { mark_of(base, first + 7).cast::<u64>().read() } == 0 {
                continue;
            }
            for number in first..marks.min(first + 8) {
                let mark = mark_of(base, number);
                // SAFETY: one of the marks.
                if unsafe { mark.read() } == 0 {
                    continue;
                }
                let mut any = false;
                for index in group(number, length) {
                    let element = base.cast::<u32>().wrapping_add(index);
                    // SAFETY: in bounds (*table*).
                    if is_traced(unsafe { element.read() }) {
                        visit(element)?;
                        any = true;
                    }
                }
                // SAFETY: `number` is below `marks`, so it is one of the marks (*marks*), and the table is borrowed
                // exclusively.
                unsafe { mark.write(any.into()) };
            }
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
