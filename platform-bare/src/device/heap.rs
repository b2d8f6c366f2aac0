//! The global allocator: `linked_list_allocator` over one range of RAM, with a high-water mark.
//!
//! Confined computations (the compiler's) have memory of their own and leave the heap alone.
//! Allocation fails (null) when the range is full; it never grows. Not for interrupt handlers.

use core::alloc::{GlobalAlloc, Layout};
use core::ops::Range;
use core::ptr::{NonNull, null_mut};

use linked_list_allocator::Heap;
use wasmetal_platform::confine::Allocator;

use super::lock::Lock;

struct State {
    heap: Heap,
    peak: usize,
    refusals: Option<Refusals>,
}

/// Which allocations are refused.
struct Refusals {
    /// How many there have been.
    calls: usize,
    which: Range<usize>,
    refused: usize,
}

struct Global(Lock<State>);

#[global_allocator]
static GLOBAL: Allocator<Global> = Allocator::new(Global(Lock::new(State {
    heap: Heap::empty(),
    peak: 0,
    refusals: None,
})));

impl Refusals {
    #[cold]
    fn is_due(&mut self) -> bool {
        self.calls += 1;
        let due = self.which.contains(&self.calls);
        self.refused += usize::from(due);
        due
    }
}

// SAFETY: `Heap` hands out disjoint blocks that fit their layout; the lock makes it one at a time.
unsafe impl GlobalAlloc for Global {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let mut state = self.0.lock();
        if let Some(refusals) = &mut state.refusals
            && refusals.is_due()
        {
            return null_mut();
        }
        let block = state.heap.allocate_first_fit(layout);
        state.peak = state.peak.max(state.heap.used());
        block.map_or(null_mut(), NonNull::as_ptr)
    }

    // Out of line: there are hundreds of calls, and firmware is to be small.
    #[inline(never)]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if let Some(block) = NonNull::new(block) {
            // SAFETY: the caller's promise: the block came from `alloc` with this layout.
            unsafe { self.0.lock().heap.deallocate(block, layout) };
        }
    }
}

/// Makes `range` the heap.
///
/// # Safety
/// The range is mapped RAM and nobody else's. Called once, before any allocation.
pub(crate) unsafe fn start(range: Range<usize>) {
    // SAFETY: passed on to our caller.
    unsafe {
        GLOBAL
            .get()
            .0
            .lock()
            .heap
            .init(range.start as *mut u8, range.len())
    };
}

/// Bytes of heap in use, the allocator's rounding included.
#[must_use]
pub fn used() -> usize {
    GLOBAL.get().0.lock().heap.used()
}

/// Bytes of heap in all.
#[must_use]
pub fn size() -> usize {
    GLOBAL.get().0.lock().heap.size()
}

/// The most bytes in use at once since boot, or since [`reset_peak`].
#[must_use]
pub fn peak() -> usize {
    GLOBAL.get().0.lock().peak
}

/// Starts the high-water mark afresh, at what is in use now.
pub fn reset_peak() {
    let mut state = GLOBAL.get().0.lock();
    state.peak = state.heap.used();
}

/// Refuses those allocations from now on, counted from 1, as if the heap were full: for tests.
pub fn refuse(which: Range<usize>) {
    GLOBAL.get().0.lock().refusals = Some(Refusals {
        calls: 0,
        which,
        refused: 0,
    });
}

/// Refuses none any more, and returns how many were.
pub fn refused() -> usize {
    let refusals = GLOBAL.get().0.lock().refusals.take();
    refusals.map_or(0, |refusals| refusals.refused)
}
