//! Stores without a garbage-collected heap: the twin of `gc`, for builds without the proposals that need
//! one.

use crate::engine::Engine;
use crate::error::{Result, bail};
use crate::instance::vmctx::StoreContext;
use crate::store::StoreOpaque;
use core::ptr::NonNull;

/// What a store has for its garbage-collected objects: nothing.
pub(crate) struct Gc;

impl Gc {
    pub(crate) fn new(_: &Engine, _: NonNull<StoreContext>) -> Self {
        Self
    }
}

impl StoreOpaque {
    /// There is no code that needs a heap.
    pub(crate) fn reserve_heap(&mut self) -> Result<()> {
        self.gc_room(0, &mut []).map(|_| ())
    }

    /// There is no room for anything.
    pub(crate) fn gc_room(&mut self, _: u64, _: &mut [&mut u32]) -> Result<u32> {
        bail!("this build of wasmetal has no garbage-collected heap")
    }

    /// There is nothing to collect.
    pub(crate) fn collect(&mut self, _: &mut [&mut u32]) -> Result<()> {
        Ok(())
    }

    /// Nothing.
    pub(crate) fn heap_capacity(&self) -> usize {
        0
    }

    /// There is nothing to make room in.
    pub(crate) fn make_room(&mut self, _: u64, _: &mut [&mut u32]) -> Result<()> {
        Ok(())
    }
}
