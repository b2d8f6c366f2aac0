//! The host values that `externref`s of a store refer to.

use crate::error::Result;
use crate::store::GcHeapOutOfMemory;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::any::Any;
use core::num::NonZeroU32;

/// The host values that `externref`s of a store refer to, by handle. They live as long as the store.
#[derive(Default)]
pub(crate) struct ExternRefs(Vec<Box<dyn Any + Send + Sync>>);

impl ExternRefs {
    /// Keeps a value, and returns its handle: one more than its index, as 0 is null.
    ///
    /// # Errors
    /// There is no room: the error holds the value.
    pub(crate) fn insert<T: Any + Send + Sync>(
        &mut self,
        value: T,
    ) -> Result<NonZeroU32, GcHeapOutOfMemory<T>> {
        let handle = u32::try_from(self.0.len() + 1).ok();
        let Some(handle) = handle.and_then(NonZeroU32::new) else {
            return Err(GcHeapOutOfMemory::new(value));
        };
        if self.0.try_reserve(1).is_err() {
            return Err(GcHeapOutOfMemory::new(value));
        }
        self.0.push(Box::new(value));
        Ok(handle)
    }

    pub(crate) fn get(&self, handle: NonZeroU32) -> Option<&(dyn Any + Send + Sync)> {
        Some(&**self.0.get(handle.get() as usize - 1)?)
    }

    pub(crate) fn get_mut(&mut self, handle: NonZeroU32) -> Option<&mut (dyn Any + Send + Sync)> {
        Some(&mut **self.0.get_mut(handle.get() as usize - 1)?)
    }
}
