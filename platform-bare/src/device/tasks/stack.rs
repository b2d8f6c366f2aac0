//! A task's stack: a reservation, the lowest page of which is never backed.

use core::ops::Range;

use wasmetal_platform::{Platform, Result};

use crate::device::platform;
use crate::frame::FRAME_SIZE;

/// A stack; dropping it gives it back.
#[derive(Debug)]
pub(super) struct Stack {
    reservation: Range<usize>,
}

impl Stack {
    /// The stack of the code that opens a scope, which has one already.
    pub(super) const fn none() -> Self {
        Self { reservation: 0..0 }
    }

    /// A stack of at least `size` bytes.
    pub(super) fn new(size: usize) -> Result<Self> {
        let size = size.max(1).next_multiple_of(FRAME_SIZE);
        let base = platform().reserve(FRAME_SIZE + size, FRAME_SIZE)?;
        let stack = Self {
            reservation: base.addr()..base.addr() + FRAME_SIZE + size,
        };
        // SAFETY: the upper part of the reservation just made.
        unsafe { platform().commit(base.wrapping_add(FRAME_SIZE), size) }?;
        Ok(stack)
    }

    /// Where it begins: its end, as it grows down.
    pub(super) fn top(&self) -> usize {
        self.reservation.end
    }

    /// Whether `address` is in the page below.
    pub(super) fn guards(&self, address: usize) -> bool {
        let start = self.reservation.start;
        !self.reservation.is_empty() && (start..start + FRAME_SIZE).contains(&address)
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        let Range { start, end } = self.reservation;
        if start != end {
            // SAFETY: a whole reservation; the task that ran on the stack never runs again.
            unsafe { platform().release(start as *mut u8, end - start) };
        }
    }
}
