//! Collecting garbage on demand.

use super::heap_error::GcHeapOutOfMemory;
use super::{AsContextMut, Store, StoreContextMut};
use crate::error::Result;

impl<T: 'static> Store<T> {
    /// Frees the objects and host values that neither Wasm code nor the host refers to.
    ///
    /// It need not be called: stores collect garbage when their heap is full. With an error as
    /// `why`, the heap also grows, if it may, so that there is room for what there was none for.
    ///
    /// # Errors
    /// The limiter's own. The heap turns out to be damaged: the store allocates no more.
    pub fn gc(&mut self, why: Option<&GcHeapOutOfMemory<()>>) -> Result<()> {
        self.as_context_mut().gc(why)
    }

    /// The size of the garbage-collected heap in bytes; 0 before the first object.
    #[must_use]
    pub fn gc_heap_capacity(&self) -> usize {
        self.inner().opaque.heap_capacity()
    }
}

impl<T: 'static> StoreContextMut<'_, T> {
    /// As [`Store::gc`].
    ///
    /// # Errors
    /// As for [`Store::gc`].
    pub fn gc(&mut self, why: Option<&GcHeapOutOfMemory<()>>) -> Result<()> {
        let store = self.as_context_mut().opaque();
        match why {
            Some(why) => store.make_room(why.bytes_needed(), &mut []),
            None => store.collect(&mut []),
        }
    }
}
