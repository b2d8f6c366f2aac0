//! Twin of `panics.rs` for machines without unwinding: a panic there is the firmware's own affair.

use super::failed;
use crate::Result;
use crate::store::Pending;

/// Runs `body`.
#[inline]
pub(in crate::call) fn catch<R>(body: impl FnOnce() -> Result<R>) -> Result<R, Pending> {
    body().map_err(failed)
}
