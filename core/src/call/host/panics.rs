//! Panics of host functions: caught before they reach Wasm frames, and let go behind them.

use super::failed;
use crate::Result;
use crate::store::Pending;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `body` and catches its panic.
#[inline]
pub(in crate::call) fn catch<R>(body: impl FnOnce() -> Result<R>) -> Result<R, Pending> {
    // The panic goes on in the host's caller, so nobody sees what it may have left broken who would
    // not see it without us.
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(result) => result.map_err(failed),
        Err(payload) => Err(Pending::Panic(payload)),
    }
}
