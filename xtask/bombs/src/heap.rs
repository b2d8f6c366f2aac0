//! The system's heap, with a count of the bytes that are in use, under an allocator that confines the compiler.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use wasmetal_platform::confine::Allocator;

struct Counting {
    live: AtomicUsize,
    peak: AtomicUsize,
}

// SAFETY: blocks are the system's.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let live = self.live.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        self.peak.fetch_max(live, Ordering::Relaxed);
        // SAFETY: passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        self.live.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: passed on.
        unsafe { System.dealloc(block, layout) };
    }
}

#[global_allocator]
static HEAP: Allocator<Counting> = Allocator::new(Counting {
    live: AtomicUsize::new(0),
    peak: AtomicUsize::new(0),
});

/// Begins to watch for the peak; how many bytes are in use.
pub(crate) fn reset_peak() -> usize {
    let live = HEAP.get().live.load(Ordering::Relaxed);
    HEAP.get().peak.store(live, Ordering::Relaxed);
    live
}

/// The most bytes that have been in use since.
pub(crate) fn peak() -> usize {
    HEAP.get().peak.load(Ordering::Relaxed)
}
