//! Which granules of the reserve are taken: a bit for each.

use super::reserve::GRANULES;
use core::ops::Range;

/// A set of granules.
pub(super) struct Granules([u64; GRANULES / 64]);

impl Granules {
    pub(super) const NONE: Self = Self([0; GRANULES / 64]);

    /// Takes the first `count` granules in a row that are free, from a multiple of `step` on: the number of the first.
    pub(super) fn take(&mut self, count: usize, step: usize) -> Option<usize> {
        let mut firsts = (0..=GRANULES.checked_sub(count)?).step_by(step);
        let first = firsts.find(|first| (*first..first + count).all(|at| !self.has(at)))?;
        for at in first..first + count {
            self.0[at / 64] |= 1 << (at % 64);
        }
        Some(first)
    }

    /// Frees granules.
    pub(super) fn free(&mut self, granules: Range<usize>) {
        for at in granules {
            self.0[at / 64] &= !(1 << (at % 64));
        }
    }

    fn has(&self, at: usize) -> bool {
        self.0[at / 64] >> (at % 64) & 1 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn granules_in_a_row() {
        let mut taken = Granules::NONE;
        let mut check = |free: Range<usize>, count, step, expected| {
            taken.free(free.clone());
            let first = taken.take(count, step);
            assert_eq!(first, expected, "{count} by {step}, without {free:?}");
        };
        check(0..0, 1, 1, Some(0));
        // Across a border of words.
        check(0..0, 100, 1, Some(1));
        check(0..0, 1, 64, Some(128));
        check(0..0, 1, 1, Some(101));
        // A gap that is too small, and one that is not.
        check(10..13, 4, 1, Some(102));
        check(0..0, 3, 1, Some(10));
        check(62..66, 4, 1, Some(62));
        check(0..0, GRANULES + 1, 1, None);
        check(0..GRANULES, GRANULES, 1, Some(0));
        check(0..0, 1, 1, None);
        check(GRANULES - 1..GRANULES, 1, 1, Some(GRANULES - 1));
    }
}
