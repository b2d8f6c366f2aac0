//! The global allocator: `linked_list_allocator` over one range of RAM, with small blocks kept at hand, and a high-water
//! mark.
//!
//! Confined computations (the compiler's) have memory of their own and leave the heap alone.
//! Allocation fails (null) when the range is full; it never grows. Not for interrupt handlers.

mod small;

use core::alloc::{GlobalAlloc, Layout};
use core::ops::Range;
use core::ptr::{NonNull, null_mut};

use linked_list_allocator::Heap;
use spin::Mutex;
use wasmetal_platform::confine::Allocator;

use self::small::{Small, layout_of};
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

struct Global {
    /// Nobody waits for it while its task keeps the core, as one does that has a [`Lock`]: its holder may be another task of
    /// that core.
    small: Mutex<Small>,
    state: Lock<State>,
}

#[global_allocator]
static GLOBAL: Allocator<Global> = Allocator::new(Global {
    small: Mutex::new(Small::new()),
    state: Lock::new(State {
        heap: Heap::empty(),
        peak: 0,
        refusals: None,
    }),
});

impl Refusals {
    #[cold]
    fn is_due(&mut self) -> bool {
        self.calls += 1;
        let due = self.which.contains(&self.calls);
        self.refused += usize::from(due);
        due
    }
}

impl Global {
    /// A block of the heap, which gets back what is kept of small ones if it is full.
    #[inline(never)]
    fn allocate(&self, layout: Layout) -> *mut u8 {
        let mut state = self.state.lock();
        if let Some(refusals) = &mut state.refusals
            && refusals.is_due()
        {
            return null_mut();
        }
        let mut block = state.heap.allocate_first_fit(layout);
        if block.is_err()
            && let Some(mut small) = self.small.try_lock()
        {
            small.give_back(&mut state.heap);
            block = state.heap.allocate_first_fit(layout);
        }
        state.peak = state.peak.max(state.heap.used());
        block.map_or(null_mut(), NonNull::as_ptr)
    }

    /// Gives a block back to the heap.
    ///
    /// # Safety
    /// It is the heap's, with this layout, and nobody uses it.
    #[inline(never)]
    unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { self.state.lock().heap.deallocate(block, layout) };
    }
}

// SAFETY: `Heap` hands out disjoint blocks that fit their layout, and small ones are kept for their size only; the locks make
// it one at a time.
unsafe impl GlobalAlloc for Global {
    // Out of line, as below.
    #[inline(never)]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(size) = small::size_of(layout) else {
            return self.allocate(layout);
        };
        if let Some(block) = self.small.try_lock().and_then(|mut small| small.take(size)) {
            return block.as_ptr();
        }
        self.allocate(layout_of(size))
    }

    // Out of line: there are hundreds of calls, and firmware is to be small.
    #[inline(never)]
    unsafe fn dealloc(&self, block: *mut u8, mut layout: Layout) {
        let Some(block) = NonNull::new(block) else {
            return;
        };
        // SAFETY: the caller's promise: the block came from `alloc` with this layout, so that the heap has given it with
        // the one that it gets back (*of one size*).
        unsafe {
            if let Some(size) = small::size_of(layout) {
                if let Some(mut small) = self.small.try_lock()
                    && small.keep(size, block)
                {
                    return;
                }
                layout = layout_of(size);
            }
            self.deallocate(block, layout);
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
            .state
            .lock()
            .heap
            .init(range.start as *mut u8, range.len())
    };
}

/// Bytes of heap in use, the allocator's rounding included.
#[must_use]
pub fn used() -> usize {
    let global = GLOBAL.get();
    let small = global.small.lock();
    let state = global.state.lock();
    state.heap.used() - small.bytes()
}

/// Bytes of heap in all.
#[must_use]
pub fn size() -> usize {
    GLOBAL.get().state.lock().heap.size()
}

/// The most bytes in use at once since boot, or since [`reset_peak`]; with them the small blocks that were free and kept at
/// hand, of up to 8.5 KiB.
#[must_use]
pub fn peak() -> usize {
    GLOBAL.get().state.lock().peak
}

/// Starts the high-water mark afresh, at what is in use now.
pub fn reset_peak() {
    let mut state = GLOBAL.get().state.lock();
    state.peak = state.heap.used();
}

/// Refuses those allocations from now on, counted from 1, as if the heap were full: for tests.
pub fn refuse(which: Range<usize>) {
    let global = GLOBAL.get();
    let mut small = global.small.lock();
    let mut state = global.state.lock();
    // All come to where they are counted.
    small.give_back(&mut state.heap);
    small.close();
    state.refusals = Some(Refusals {
        calls: 0,
        which,
        refused: 0,
    });
}

/// Refuses none any more, and returns how many were.
pub fn refused() -> usize {
    let global = GLOBAL.get();
    let refusals = global.state.lock().refusals.take();
    global.small.lock().open();
    refusals.map_or(0, |refusals| refusals.refused)
}
