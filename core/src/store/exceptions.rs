//! Exceptions on their way: between Wasm code, host functions and the host.

use super::{Pending, StoreOpaque};
use crate::abi::gc::EXCEPTION_TAG;
use crate::activation::frames::{STATUS_FAILED, STATUS_THROWN};
use crate::error::Error;
use core::fmt;

/// The error of a call that ended with an exception: the store's pending one.
///
/// A call into Wasm fails with this if an exception was thrown and nothing caught it. The exception itself is in the store:
/// [`Store::take_pending_exception`](crate::Store::take_pending_exception) gives it. A host function
/// that fails with this throws that exception into the Wasm code that called it.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{Instance, Module, Store, ThrownException};
///
/// let module = Module::new(&engine, r#"
///     (module
///         (tag $error (param i32))
///         (func (export "run") (throw $error (i32.const 7))))
/// "#)?;
/// let mut store = Store::new(&engine, ());
/// let instance = Instance::new(&mut store, &module, &[])?;
/// let run = instance.get_typed_func::<(), ()>(&mut store, "run")?;
///
/// let error = run.call(&mut store, ()).unwrap_err();
/// assert!(error.is::<ThrownException>() && store.has_pending_exception());
/// # wasmetal::error::Ok(())
/// ```
#[derive(Debug)]
pub struct ThrownException;

impl fmt::Display for ThrownException {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("thrown Wasm exception")
    }
}

impl core::error::Error for ThrownException {}

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

    /// Takes the pending exception away for a time, for what may throw another one; 0: there is none.
    pub(crate) fn set_exception_aside(&mut self) -> u32 {
        core::mem::take(&mut self.gc.pending_exception)
    }

    /// Makes an exception the pending one again.
    pub(crate) fn put_exception_back(&mut self, exception: u32) {
        self.gc.pending_exception = exception;
    }

    /// Makes an error of the pending exception, unless it comes with one.
    pub(crate) fn fail_with_exception(&mut self) {
        if self.pending.is_none() {
            self.pending = Some(Pending::Error(Error::new(ThrownException)));
        }
    }
}
