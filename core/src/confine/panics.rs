//! Panics of confined code, where they unwind.

use alloc::string::String;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a job; its panic is an error with the message.
pub(super) fn catch<R>(job: impl FnOnce() -> R) -> Result<R, String> {
    catch_unwind(AssertUnwindSafe(job)).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or(panic.downcast_ref::<String>().map(String::as_str));
        text.unwrap_or("a panic without a message").into()
    })
}

/// Whether this thread is panicking: what it allocates then belongs to the panic, which must not be
/// cut off.
pub(super) fn is_panicking() -> bool {
    std::thread::panicking()
}
