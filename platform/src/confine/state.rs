//! What is unusual about allocations, so that one load says that nothing is.

use core::sync::atomic::{AtomicUsize, Ordering};

/// How many computations are confined, in the lowest 16 bits; a bit that is set until an [`Allocator`](super::Allocator)
/// was seen at work; and in the bits above how many blocks of the reserve are in use.
pub(super) struct State(AtomicUsize);

const CONFINED: usize = 1;
const NO_ALLOCATOR: usize = 1 << 16;
const DRAWN: usize = 1 << 17;

/// More are never confined at once.
const _: () = assert!(super::MAX_CONFINED < NO_ALLOCATOR);

impl State {
    /// At the start of the program.
    pub(super) const fn new() -> Self {
        Self(AtomicUsize::new(NO_ALLOCATOR))
    }

    #[inline(always)]
    fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// Whether there is an allocator, nobody is confined, and nothing drawn.
    #[inline(always)]
    pub(super) fn is_usual(&self) -> bool {
        self.get() == 0
    }

    /// Whether somebody is confined.
    #[inline(always)]
    pub(super) fn is_anyone_confined(&self) -> bool {
        self.get() & (NO_ALLOCATOR - 1) != 0
    }

    /// Whether an allocator was seen at work.
    pub(super) fn has_allocator(&self) -> bool {
        self.get() & NO_ALLOCATOR == 0
    }

    /// An allocator is at work.
    pub(super) fn see_allocator(&self) {
        self.0.fetch_and(!NO_ALLOCATOR, Ordering::Relaxed);
    }

    /// A computation begins to be confined, by a slot that was written before.
    pub(super) fn confine(&self) {
        self.0.fetch_add(CONFINED, Ordering::Release);
    }

    /// One is over.
    pub(super) fn release(&self) {
        self.0.fetch_sub(CONFINED, Ordering::Relaxed);
    }

    /// A block is drawn from the reserve.
    pub(super) fn draw(&self) {
        self.0.fetch_add(DRAWN, Ordering::Relaxed);
    }

    /// One is given back.
    pub(super) fn give_back(&self) {
        self.0.fetch_sub(DRAWN, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_touch() {
        let state = State::new();
        let check = |usual, allocator, confined| {
            assert_eq!(state.is_usual(), usual);
            assert_eq!(state.has_allocator(), allocator);
            assert_eq!(state.is_anyone_confined(), confined);
        };
        check(false, false, false);
        state.draw();
        check(false, false, false);
        state.confine();
        check(false, false, true);
        state.see_allocator();
        state.see_allocator();
        check(false, true, true);
        state.give_back();
        check(false, true, true);
        state.release();
        check(true, true, false);
        for _ in 0..super::super::MAX_CONFINED {
            state.confine();
        }
        check(false, true, true);
        for _ in 0..super::super::MAX_CONFINED {
            state.release();
        }
        check(true, true, false);
    }
}
