//! Exceptions on their way: between Wasm code, host functions and the host.

use super::{Pending, StoreOpaque};
use crate::abi::gc::EXCEPTION_TAG;
use crate::call::arch::{STATUS_FAILED, STATUS_THROWN};
use crate::error::Error;
use crate::trap::ThrownException;

impl StoreOpaque {
    /// The status of a host function that failed for the pending reason.
    pub(crate) fn failure_status(&self) -> usize {
        let thrown = match &self.pending {
            Some(Pending::Error(error)) => error.is::<ThrownException>(),
            _ => false,
        };
        match thrown && self.gc.pending_exception != 0 {
            true => STATUS_THROWN,
            false => STATUS_FAILED,
        }
    }

    /// The number of the pending exception's tag; `None` if the heap is damaged.
    pub(crate) fn pending_tag(&self) -> Option<u32> {
        let field = self.gc.pending_exception.checked_add(EXCEPTION_TAG)?;
        self.gc.heap.read(field).ok()
    }

    /// Takes the pending exception for the code that catches it, as that takes it.
    pub(crate) fn hand_over_exception(&mut self) -> usize {
        self.pending = None;
        core::mem::take(&mut self.gc.pending_exception) as usize
    }

    /// Makes an error of the pending exception, unless it comes with one.
    pub(crate) fn fail_with_exception(&mut self) {
        if self.pending.is_none() {
            self.pending = Some(Pending::Error(Error::new(ThrownException)));
        }
    }
}
