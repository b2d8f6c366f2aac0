//! The firmware's own locks: spin locks whose holder is not pre-empted by another task of its core.
//!
//! Interrupts stay on while one is held; only the change of tasks is put off until it is free again. So
//! that nobody spins for the rest of its turn, for a lock whose holder waits for its own.

use core::ops::{Deref, DerefMut};

use spin::RelaxStrategy;
use spin::mutex::{Mutex, MutexGuard};

use super::arch::event;
use super::tasks;

/// A value behind a lock. Never taken in handlers.
pub(crate) struct Lock<T>(Mutex<T, GiveWay>);

/// What who waits for a lock does.
struct GiveWay;

impl RelaxStrategy for GiveWay {
    fn relax() {
        event::give_way();
    }
}

/// Access to the value; dropping it frees the lock.
pub(crate) struct Guard<'a, T> {
    // The order matters: fields are dropped from the first to the last, and the lock must be free before a task may
    // be pre-empted.
    value: MutexGuard<'a, T, GiveWay>,
    _held: Held,
}

/// While this lives, the task that made it keeps its core.
struct Held;

impl<T> Lock<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    #[inline]
    pub(crate) fn lock(&self) -> Guard<'_, T> {
        tasks::hold();
        let held = Held;
        Guard {
            value: self.0.lock(),
            _held: held,
        }
    }
}

impl Drop for Held {
    #[inline]
    fn drop(&mut self) {
        tasks::release();
    }
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Guard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}
