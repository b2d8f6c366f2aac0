//! The heap of a program whose memory runs out when it is to.

use crate::lives::walk::Failures;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The system's, with books, which fails when it is told to.
pub(crate) struct Heap {
    pub(crate) blocks: AtomicUsize,
    pub(crate) bytes: AtomicUsize,
    /// How many there may be.
    pub(crate) limit: AtomicUsize,
    pub(crate) failures: Failures,
}

impl Heap {
    /// All of the system's, until it is told otherwise.
    pub(crate) const fn new() -> Self {
        Self {
            blocks: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
            limit: AtomicUsize::new(usize::MAX),
            failures: Failures::none(),
        }
    }
}

// SAFETY: blocks are the system's.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let bytes = self.bytes.load(Relaxed).saturating_add(layout.size());
        if self.failures.is_due() || bytes > self.limit.load(Relaxed) {
            return std::ptr::null_mut();
        }
        self.blocks.fetch_add(1, Relaxed);
        self.bytes.fetch_add(layout.size(), Relaxed);
        // SAFETY: passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        self.blocks.fetch_sub(1, Relaxed);
        self.bytes.fetch_sub(layout.size(), Relaxed);
        // SAFETY: passed on.
        unsafe { System.dealloc(block, layout) };
    }
}
