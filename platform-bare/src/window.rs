//! The allocator of virtual address ranges: which part of a window is not reserved.
//!
//! The free ranges are a sorted vector. First fit, lowest address first, keeps reservations close
//! together, so that they share page tables. Neighbours coalesce when a range comes back.
//!
//! ```
//! use wasmetal_platform_bare::window::Window;
//!
//! let mut window = Window::open(0x1000_0000..0x2000_0000).unwrap();
//! let first = window.reserve(0x4000, 0x1000).unwrap();
//! let second = window.reserve(0x1000, 0x1_0000).unwrap();
//! assert_eq!((first, second), (0x1000_0000, 0x1001_0000));
//! window.release(first..first + 0x4000);
//! assert_eq!(window.reserve(0x1000, 0x1000), Some(first));
//! ```

use alloc::vec::Vec;
use core::ops::Range;
use wasmetal_platform::confine::is_drawn;

/// Reservations of this size and more take whole multiples of it: what a level-2 table covers. So
/// they share no such table with others, and releasing one need not look for its pages among theirs.
const LARGE: usize = 1 << 30;

/// Up to this many live reservations the bookkeeping needs no more memory than at the start, so that what is in use
/// of the heap does not depend on what was reserved before.
const USUAL: usize = 256;

/// A window of address space, and what is free of it.
#[derive(Debug)]
pub struct Window {
    /// Sorted, disjoint, not adjacent, none empty.
    ///
    /// Invariant: the capacity is more than the number of live reservations, so that giving one
    /// back never allocates. (Between two free ranges lies at least one live reservation.)
    free: Vec<Range<usize>>,
    live: usize,
}

impl Window {
    /// A window that is empty: nothing can be reserved.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            free: Vec::new(),
            live: 0,
        }
    }

    /// Makes `range` the window. `None` if there is no memory for bookkeeping.
    pub fn open(range: Range<usize>) -> Option<Self> {
        let mut window = Self::new();
        window.free.try_reserve(USUAL).ok()?;
        window.free.push(range);
        Some(window)
    }

    /// Reserves `size` bytes aligned to `align`, a power of two. `None` if no free range is large
    /// enough, or there is no memory for bookkeeping.
    pub fn reserve(&mut self, size: usize, align: usize) -> Option<usize> {
        let (size, align) = match size {
            LARGE.. => (size.checked_next_multiple_of(LARGE)?, align.max(LARGE)),
            _ => (size, align),
        };
        // One for this reservation, one more because n reservations part n + 1 free ranges.
        let needed = self.live + 2;
        if self.free.capacity() < needed {
            let mut larger = Vec::<Range<usize>>::new();
            larger.try_reserve_exact(2 * needed).ok()?;
            if is_drawn(larger.as_ptr().cast()) {
                return None;
            }
            larger.append(&mut self.free);
            self.free = larger;
        }
        let (index, start) = self.free.iter().enumerate().find_map(|(index, range)| {
            let start = range.start.checked_next_multiple_of(align)?;
            (start.checked_add(size)? <= range.end).then_some((index, start))
        })?;
        let found = &mut self.free[index];
        let (before, after) = (found.start..start, start + size..found.end);
        match (before.is_empty(), after.is_empty()) {
            (true, true) => drop(self.free.remove(index)),
            (true, false) => *found = after,
            (false, true) => *found = before,
            (false, false) => {
                *found = before;
                self.free.insert(index + 1, after);
            }
        }
        self.live += 1;
        Some(start)
    }

    /// How many bytes are free.
    #[must_use]
    pub fn free(&self) -> usize {
        self.free.iter().map(Range::len).sum()
    }

    /// Gives back a range that [`reserve`](Self::reserve) returned. Never allocates.
    ///
    /// # Panics
    /// In debug builds, part of the range is free already.
    pub fn release(&mut self, mut range: Range<usize>) {
        if range.len() >= LARGE {
            range.end = range.end.next_multiple_of(LARGE);
        }
        self.live -= 1;
        let next = self.free.partition_point(|free| free.start < range.start);
        debug_assert!(
            next == 0 || self.free[next - 1].end <= range.start,
            "released twice"
        );
        debug_assert!(
            next == self.free.len() || range.end <= self.free[next].start,
            "released twice"
        );
        let joins_before = next > 0 && self.free[next - 1].end == range.start;
        let joins_after = self
            .free
            .get(next)
            .is_some_and(|free| free.start == range.end);
        match (joins_before, joins_after) {
            (true, true) => self.free[next - 1].end = self.free.remove(next).end,
            (true, false) => self.free[next - 1].end = range.end,
            (false, true) => self.free[next].start = range.start,
            (false, false) => self.free.insert(next, range),
        }
    }
}

impl Default for Window {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;

    const MIB: usize = 1 << 20;
    const GIB: usize = 1 << 30;
    const BASE: usize = 0xffff_0000_0000_0000;
    const END: usize = BASE + (64 << 40);

    fn window() -> Window {
        Window::open(BASE..END).unwrap()
    }

    #[test]
    fn reservations_are_aligned_and_disjoint() {
        let mut window = window();
        let mut taken: Vec<Range<usize>> = vec![];
        let asked = [
            (4096, 4096),
            (6 * GIB, 2 * MIB),
            (4096, 4096),
            (64 * MIB, 64 * MIB),
            (4 * GIB + 4096, 4096),
            (6 * GIB, GIB),
        ];
        for (size, align) in asked.into_iter().cycle().take(200) {
            let start = window.reserve(size, align).unwrap();
            assert_eq!(start % align, 0);
            assert!(
                taken
                    .iter()
                    .all(|other| start + size <= other.start || other.end <= start)
            );
            taken.push(start..start + size);
        }
    }

    #[test]
    fn all_is_one_range_again_in_any_order_of_release() {
        let orders: [[usize; 4]; 5] = [
            [0, 1, 2, 3],
            [3, 2, 1, 0],
            [1, 3, 0, 2],
            [2, 0, 3, 1],
            [0, 2, 1, 3],
        ];
        for order in orders {
            let mut window = window();
            let starts = [0; 4].map(|_| window.reserve(3 * MIB, 2 * MIB).unwrap());
            let capacity = window.free.capacity();
            for index in order {
                window.release(starts[index]..starts[index] + 3 * MIB);
            }
            assert_eq!(window.free.len(), 1);
            assert_eq!(window.free[0], BASE..END);
            assert_eq!(window.free.capacity(), capacity);
        }
    }

    #[test]
    fn a_full_window_refuses_and_recovers() {
        let mut window = window();
        assert_eq!(window.reserve(END - BASE + 4096, 4096), None);
        assert_eq!(window.reserve(usize::MAX & !4095, 4096), None);
        let all = window.reserve(END - BASE, 4096).unwrap();
        assert_eq!(window.reserve(4096, 4096), None);
        window.release(all..END);
        assert_eq!(window.reserve(4096, 4096), Some(BASE));
    }

    #[test]
    fn thousands_of_large_reservations_fit() {
        let mut window = window();
        for _ in 0..10_000 {
            assert!(window.reserve(6 * GIB, 2 * MIB).is_some());
        }
    }
}
