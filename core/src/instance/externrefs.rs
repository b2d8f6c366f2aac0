//! The host values that `externref`s of a store refer to.

use crate::error::Result;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::any::Any;
use core::num::NonZeroU32;

/// The host values that `externref`s of a store refer to, by handle. They live as long as the store.
#[derive(Default)]
pub(crate) struct ExternRefs(Vec<Box<dyn Any + Send + Sync>>);

impl ExternRefs {
    /// Keeps `value`, and returns its handle: one more than its index, as 0 is null.
    pub(crate) fn insert(&mut self, value: Box<dyn Any + Send + Sync>) -> Result<NonZeroU32> {
        let handle = u32::try_from(self.0.len() + 1)
            .ok()
            .and_then(NonZeroU32::new);
        let handle = handle.ok_or_else(|| anyhow::anyhow!("too many externrefs in one store"))?;
        self.0.try_reserve(1)?;
        self.0.push(value);
        Ok(handle)
    }

    pub(crate) fn get(&self, handle: NonZeroU32) -> Option<&(dyn Any + Send + Sync)> {
        Some(&**self.0.get(handle.get() as usize - 1)?)
    }

    pub(crate) fn get_mut(&mut self, handle: NonZeroU32) -> Option<&mut (dyn Any + Send + Sync)> {
        Some(&mut **self.0.get_mut(handle.get() as usize - 1)?)
    }
}
