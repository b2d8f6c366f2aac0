//! Counting.

use alloc::vec::Vec;
use core::hint::black_box;
use wasmetal_platform_bare::perf::instructions;

/// Instructions that `work` takes, without the counting itself.
pub(crate) fn count<R>(work: impl FnOnce() -> R) -> (u64, R) {
    let empty = {
        let start = instructions();
        instructions() - start
    };
    let start = instructions();
    let result = black_box(work());
    let end = instructions();
    ((end - start).saturating_sub(empty), result)
}

/// Counts of the same work done again and again.
pub(crate) struct Counts(Vec<u64>);

impl Counts {
    /// Does `work` often enough to see its steady state.
    pub(crate) fn of<E>(mut work: impl FnMut() -> Result<u64, E>) -> Result<Self, E> {
        let mut counts = Vec::with_capacity(101);
        for _ in 0..101 {
            counts.push(work()?);
        }
        counts.remove(0);
        counts.sort_unstable();
        Ok(Self(counts))
    }

    /// The least.
    pub(crate) fn least(&self) -> u64 {
        self.0[0]
    }

    /// The median.
    pub(crate) fn typical(&self) -> u64 {
        self.0[self.0.len() / 2]
    }

    /// The most.
    pub(crate) fn most(&self) -> u64 {
        self.0[self.0.len() - 1]
    }
}
