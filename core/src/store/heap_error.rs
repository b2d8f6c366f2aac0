//! The error when there is no room in the heap of a store.

use core::fmt;

/// There is no room for a value in the heap of a store.
///
/// It may come while a little is free: where limiter and machine let the heap grow no further, and less than 1/16 of
/// what objects may have is free after two collections in a row, there is no third. So the time that collections take
/// stays in proportion to what is allocated.
///
/// Found by `error.downcast::<GcHeapOutOfMemory<T>>()` where a `T` was to be put there, which it gives
/// back.
pub struct GcHeapOutOfMemory<T> {
    value: T,
    bytes_needed: u64,
}

impl<T> GcHeapOutOfMemory<T> {
    pub(crate) fn new(value: T) -> Self {
        Self::with_bytes(value, 0)
    }

    pub(crate) fn with_bytes(value: T, bytes_needed: u64) -> Self {
        Self {
            value,
            bytes_needed,
        }
    }

    /// The size of the object for which there was no room, in bytes; 0 for a host value.
    pub fn bytes_needed(&self) -> u64 {
        self.bytes_needed
    }

    /// The value for which there was no room.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The value for which there was no room, and the error without it, for [`Store::gc`](crate::Store::gc).
    pub fn take_inner(self) -> (T, GcHeapOutOfMemory<()>) {
        let rest = GcHeapOutOfMemory::with_bytes((), self.bytes_needed);
        (self.value, rest)
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
