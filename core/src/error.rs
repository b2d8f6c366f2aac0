//! The error type of the whole API: [`anyhow::Error`], under Wasmtime's names.

/// An error: what went wrong, and the causes behind it.
///
/// One pointer wide. `{:#}` prints the whole chain of causes on one line, `{:?}` one per line.
/// A [`Trap`](crate::Trap) or a host function's own error is found in it with
/// [`downcast_ref`](anyhow::Error::downcast_ref).
pub type Error = anyhow::Error;

/// A result with wasmetal's [`Error`] unless another is named.
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// A successful [`Result`] whose error type is [`Error`].
#[allow(non_snake_case, reason = "it stands for the variant")]
pub fn Ok<T>(value: T) -> Result<T> {
    Result::Ok(value)
}

pub use crate::oom::OutOfMemory;
pub use anyhow::{Context, bail, ensure, format_err};
