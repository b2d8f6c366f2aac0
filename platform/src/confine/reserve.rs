//! The reserve: a fixed block that small allocations are served from when the heap refuses them.
//!
//! Code that can't handle a failed allocation at the very spot (an error's box, a reference count, a node
//! of a map) goes on instead, looks at [`draws`] at its next good point to stop, and backs out. What it
//! drew comes back as it drops what it made. So the reserve is a loan for as long as an operation takes to
//! fail; nothing that lives longer is to be kept in it ([`is_drawn`]), but for the error itself.

use super::STATE;
use super::granules::Granules;
use core::alloc::Layout;
use core::cell::UnsafeCell;
use core::ptr;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// The size of the reserve, in bytes. There is one for the whole program, in its zeroed data.
pub const RESERVE: usize = 64 << 10;

/// The largest block that is served from the reserve, in bytes. Who needs more must cope with a refusal.
pub const LARGEST_DRAW: usize = 16 << 10;

/// What block sizes are rounded up to, in bytes.
const GRANULE: usize = 64;
pub(super) const GRANULES: usize = RESERVE / GRANULE;

#[repr(C, align(4096))]
struct Reserve {
    bytes: UnsafeCell<[u8; RESERVE]>,
    /// Locked by `locked`.
    taken: UnsafeCell<Granules>,
    locked: AtomicBool,
}

// SAFETY: `taken` is accessed under the lock; `bytes` by the owners of disjoint blocks.
unsafe impl Sync for Reserve {}

static RESERVED: Reserve = Reserve {
    bytes: UnsafeCell::new([0; RESERVE]),
    taken: UnsafeCell::new(Granules::NONE),
    locked: AtomicBool::new(false),
};

/// How often the reserve was drawn on.
static DRAWS: AtomicUsize = AtomicUsize::new(0);
/// The bytes that are drawn.
static BYTES: AtomicUsize = AtomicUsize::new(0);

/// How many allocations were served from the reserve since the start of the program; it wraps around.
///
/// An operation in which it changes has run out of memory, or another thread has meanwhile.
#[inline]
#[must_use]
pub fn draws() -> usize {
    DRAWS.load(Ordering::Relaxed)
}

/// The bytes of the reserve that are in use, rounding included.
#[inline]
#[must_use]
pub fn drawn() -> usize {
    BYTES.load(Ordering::Relaxed)
}

/// Whether this block lies in the reserve.
#[inline]
#[must_use]
pub fn is_drawn(block: *const u8) -> bool {
    block.addr().wrapping_sub(RESERVED.bytes.get().addr()) < RESERVE
}

/// A block for an allocation that the heap has refused; null where it is too large or the reserve is used up.
#[cold]
pub(super) fn draw(layout: Layout) -> *mut u8 {
    let wanted = layout.size().div_ceil(GRANULE).max(1);
    if layout.size() > LARGEST_DRAW || layout.align() > align_of::<Reserve>() {
        return ptr::null_mut();
    }
    let step = (layout.align() / GRANULE).max(1);
    let first = with_taken(|taken| taken.take(wanted, step));
    let Some(first) = first else {
        return ptr::null_mut();
    };
    BYTES.fetch_add(wanted * GRANULE, Ordering::Relaxed);
    STATE.draw();
    DRAWS.fetch_add(1, Ordering::Relaxed);
    // SAFETY: the granules lie in the block.
    unsafe { RESERVED.bytes.get().cast::<u8>().add(first * GRANULE) }
}

/// Takes back a block, and returns whether it was the reserve's.
///
/// # Safety
/// The block was allocated with this layout and is not used any more.
pub(super) unsafe fn give_back(block: *mut u8, layout: Layout) -> bool {
    if !is_drawn(block) {
        return false;
    }
    let first = (block.addr() - RESERVED.bytes.get().addr()) / GRANULE;
    let count = layout.size().div_ceil(GRANULE).max(1);
    with_taken(|taken| taken.free(first..first + count));
    STATE.give_back();
    BYTES.fetch_sub(count * GRANULE, Ordering::Relaxed);
    true
}

fn with_taken<R>(then: impl FnOnce(&mut Granules) -> R) -> R {
    let lock = &RESERVED.locked;
    while lock.swap(true, Ordering::Acquire) {
        core::hint::spin_loop();
    }
    // SAFETY: we hold the lock, and `then`, which can't panic, does not come back here.
    let result = then(unsafe { &mut *RESERVED.taken.get() });
    lock.store(false, Ordering::Release);
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).expect("a layout")
    }

    #[test]
    fn blocks_are_disjoint_aligned_and_come_back() {
        let before = (drawn(), draws());
        let layouts = [
            (1, 1),
            (64, 8),
            (65, 16),
            (200, 4096),
            (16384, 8),
            (24, 128),
        ];
        let mut blocks = Vec::new();
        for (i, (size, align)) in layouts.into_iter().enumerate() {
            let layout = layout(size, align);
            let block = draw(layout);
            assert!(is_drawn(block) && block.addr().is_multiple_of(align));
            // SAFETY: the block is ours.
            unsafe { block.write_bytes(i as u8, size) };
            blocks.push((block, layout));
        }
        for (i, (block, layout)) in blocks.iter().enumerate() {
            // SAFETY: the block is ours, has this size, and was filled above.
            let bytes = unsafe { core::slice::from_raw_parts(*block, layout.size()) };
            assert!(bytes.iter().all(|byte| *byte == i as u8));
        }
        assert!(drawn() - before.0 >= 16384 + 6 * 64);
        assert_eq!(draws(), before.1 + layouts.len());
        assert!(draw(layout(LARGEST_DRAW + 1, 8)).is_null(), "too large");
        assert!(draw(layout(8, 8192)).is_null(), "aligned too much");
        // Until nothing is left.
        loop {
            let layout = layout(LARGEST_DRAW, 8);
            let block = draw(layout);
            if block.is_null() {
                break;
            }
            blocks.push((block, layout));
        }
        for (block, layout) in blocks {
            // SAFETY: allocated so, and not used again.
            assert!(unsafe { give_back(block, layout) });
        }
        assert_eq!(drawn(), before.0);
        let mut own = 0;
        // SAFETY: it is not the reserve's.
        assert!(!unsafe { give_back(&raw mut own, layout(1, 1)) });
    }
}
