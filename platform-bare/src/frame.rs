//! The page-frame allocator: which 4 KiB frames of RAM are free.
//!
//! Frames that were never used come off the start of a range, so that set-up touches no memory.
//! Frames given back form a list threaded through the frames themselves. Both ways take constant
//! time. Addresses are physical; the caller sees to it that they are mapped at the same virtual
//! address, readable and writable.

use core::ops::Range;

/// Bytes in a frame and in a page (the 4 KiB granule).
pub const FRAME_SIZE: usize = 4096;

/// Ranges of never-used frames. QEMU `virt` with a payload in the middle of RAM needs two.
const RANGES: usize = 2;

/// Free frames of RAM.
#[derive(Debug)]
pub struct Frames {
    /// Never used.
    fresh: [Range<usize>; RANGES],
    /// The frame given back last; it holds the address of the one before. 0 is the end.
    returned: usize,
    free: usize,
}

impl Frames {
    /// An allocator that owns nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            fresh: [const { 0..0 }; RANGES],
            returned: 0,
            free: 0,
        }
    }

    /// Adds a range of RAM; what is no whole frame at its ends is left out.
    ///
    /// # Panics
    /// More than two ranges are added.
    ///
    /// # Safety
    /// The range is RAM, mapped at its own address, readable and writable, and this allocator's
    /// alone from now on. It does not hold address 0.
    pub unsafe fn add(&mut self, range: Range<usize>) {
        let range = range.start.next_multiple_of(FRAME_SIZE)..range.end / FRAME_SIZE * FRAME_SIZE;
        if range.is_empty() {
            return;
        }
        let slot = self.fresh.iter_mut().find(|slot| Range::is_empty(slot));
        self.free += range.len() / FRAME_SIZE;
        *slot.expect("at most two ranges of RAM") = range;
    }

    /// How many frames are free.
    #[must_use]
    pub const fn free(&self) -> usize {
        self.free
    }

    /// The most frames that [`alloc_contiguous`](Self::alloc_contiguous) can take at once.
    #[must_use]
    pub fn contiguous(&self) -> usize {
        let longest = self.fresh.iter().map(ExactSizeIterator::len).max();
        longest.unwrap_or(0) / FRAME_SIZE
    }

    /// Takes a frame; what it holds is arbitrary. `None` when none is free.
    pub fn alloc(&mut self) -> Option<usize> {
        let frame = if self.returned != 0 {
            let frame = self.returned;
            // SAFETY: the list links frames that were given back, which are ours and mapped (see
            // `add` and `dealloc`), and only `dealloc` writes into them.
            self.returned = unsafe { *(frame as *const usize) };
            frame
        } else {
            let range = self
                .fresh
                .iter_mut()
                .find(|range| !Range::is_empty(range))?;
            let frame = range.start;
            range.start += FRAME_SIZE;
            frame
        };
        self.free -= 1;
        Some(frame)
    }

    /// Takes `count` frames in a row, for good, and returns the first one's address.
    ///
    /// Only frames that were never used are looked at: this is for set-up.
    pub fn alloc_contiguous(&mut self, count: usize) -> Option<usize> {
        let size = count.checked_mul(FRAME_SIZE)?;
        let range = self.fresh.iter_mut().find(|range| range.len() >= size)?;
        let first = range.start;
        range.start += size;
        self.free -= count;
        Some(first)
    }

    /// Gives a frame back.
    ///
    /// # Safety
    /// The frame came from [`alloc`](Self::alloc) and nothing uses it any more.
    pub unsafe fn dealloc(&mut self, frame: usize) {
        // SAFETY: the frame is unused by the caller's promise and mapped by that of `add`.
        unsafe { *(frame as *mut usize) = self.returned };
        self.returned = frame;
        self.free += 1;
    }
}

impl Default for Frames {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::alloc::{Layout, alloc};
    use std::collections::BTreeSet;
    use std::vec::Vec;

    /// Real memory for `count` frames, leaked: a test's RAM.
    pub(crate) fn ram(count: usize) -> Range<usize> {
        let layout = Layout::from_size_align(count * FRAME_SIZE, FRAME_SIZE).unwrap();
        // SAFETY: the layout is not empty.
        let base = unsafe { alloc(layout) } as usize;
        assert_ne!(base, 0);
        base..base + layout.size()
    }

    /// An allocator over `count` frames.
    pub(crate) fn frames(count: usize) -> Frames {
        let mut frames = Frames::new();
        // SAFETY: the memory is fresh, writable and never freed.
        unsafe { frames.add(ram(count)) };
        frames
    }

    #[test]
    fn every_frame_is_handed_out_once_and_comes_back() {
        let mut frames = frames(8);
        // SAFETY: as in `frames`.
        unsafe { frames.add(ram(3)) };
        for _ in 0..3 {
            let taken: Vec<usize> = core::iter::from_fn(|| frames.alloc()).collect();
            assert_eq!(taken.len(), 11);
            assert_eq!(taken.iter().collect::<BTreeSet<_>>().len(), 11);
            assert!(taken.iter().all(|frame| frame % FRAME_SIZE == 0));
            assert_eq!(frames.free(), 0);
            // SAFETY: each came from `alloc`, and nothing was made of it.
            taken
                .iter()
                .for_each(|frame| unsafe { frames.dealloc(*frame) });
            assert_eq!(frames.free(), 11);
        }
    }

    #[test]
    fn ragged_ends_are_left_out() {
        let ram = ram(4);
        let mut frames = Frames::new();
        // SAFETY: the memory is fresh, writable and never freed.
        unsafe { frames.add(ram.start + 1..ram.end - 1) };
        assert_eq!(frames.free(), 2);
        assert_eq!(frames.alloc(), Some(ram.start + FRAME_SIZE));
    }

    #[test]
    fn contiguous_frames_are_set_aside() {
        let mut frames = frames(8);
        let first = frames.alloc_contiguous(6).unwrap();
        assert_eq!(frames.contiguous(), 2);
        assert_eq!(frames.alloc_contiguous(3), None);
        assert_eq!(frames.alloc_contiguous(usize::MAX), None);
        assert_eq!(frames.free(), 2);
        assert!(frames.alloc().unwrap() >= first + 6 * FRAME_SIZE);
    }
}
