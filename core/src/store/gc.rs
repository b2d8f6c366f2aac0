//! Collecting garbage: there is nothing to collect yet, but programs may ask for it.

use super::{Store, StoreContextMut};
use crate::Caller;
use crate::error::Result;
use core::fmt;

/// There is no room for a value in the heap of a store.
///
/// Found by `error.downcast::<GcHeapOutOfMemory<T>>()` where a `T` was to be put there, which it gives
/// back.
pub struct GcHeapOutOfMemory<T> {
    value: T,
}

impl<T> GcHeapOutOfMemory<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { value }
    }

    /// The value for which there was no room.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The value for which there was no room, and the error without it, for [`Store::gc`].
    pub fn take_inner(self) -> (T, GcHeapOutOfMemory<()>) {
        (self.value, GcHeapOutOfMemory::new(()))
    }
}

impl<T> fmt::Display for GcHeapOutOfMemory<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("out of memory: no room in the heap of the store")
    }
}

impl<T> fmt::Debug for GcHeapOutOfMemory<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<T> core::error::Error for GcHeapOutOfMemory<T> {}

impl<T: 'static> Store<T> {
    /// Frees what Wasm code and the host no longer refer to, for the reason `why` if there is one.
    ///
    /// So far this is nothing: host values behind `externref`s live as long as their store.
    ///
    /// # Errors
    /// None so far.
    pub fn gc(&mut self, why: Option<&GcHeapOutOfMemory<()>>) -> Result<()> {
        let _ = why;
        Ok(())
    }
}

impl<T: 'static> StoreContextMut<'_, T> {
    /// As [`Store::gc`].
    ///
    /// # Errors
    /// As there.
    pub fn gc(&mut self, why: Option<&GcHeapOutOfMemory<()>>) -> Result<()> {
        let _ = why;
        Ok(())
    }
}

impl<T: 'static> Caller<'_, T> {
    /// As [`Store::gc`].
    ///
    /// # Errors
    /// As there.
    pub fn gc(&mut self, why: Option<&GcHeapOutOfMemory<()>>) -> Result<()> {
        let _ = why;
        Ok(())
    }
}
