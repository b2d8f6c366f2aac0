//! Collecting garbage on demand.

use super::heap_error::GcHeapOutOfMemory;
use super::{AsContextMut, Store, StoreContextMut, StoreOpaque};
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
        self.as_context_mut().opaque().gc(why)
    }
}

impl StoreOpaque {
    fn gc(&mut self, why: Option<&GcHeapOutOfMemory<()>>) -> Result<()> {
        match why {
            Some(why) => self.make_room(why.bytes_needed(), &mut []),
            None => self.collect(&mut []),
        }
    }
}

#[cfg(feature = "async")]
impl<T: Send + 'static> Store<T> {
    /// As [`gc`](Self::gc). With an error as `why`, it waits for a limiter that answers later
    /// ([`limiter_async`](Self::limiter_async)). The collection itself is done at once.
    ///
    /// # Errors
    /// As for [`gc`](Self::gc).
    pub async fn gc_async(&mut self, why: Option<&GcHeapOutOfMemory<()>>) -> Result<()> {
        self.as_context_mut().gc_async(why).await
    }
}

#[cfg(feature = "async")]
impl<T: Send + 'static> StoreContextMut<'_, T> {
    /// As [`Store::gc_async`].
    ///
    /// # Errors
    /// As for [`Store::gc_async`].
    pub async fn gc_async(&mut self, why: Option<&GcHeapOutOfMemory<()>>) -> Result<()> {
        super::asking(self.as_context_mut().raw, |store| store.gc(why)).await
    }
}
