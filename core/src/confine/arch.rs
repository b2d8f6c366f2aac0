//! The switch to a confined stack and back.
//!
//! - `enter(argument, body, top) -> status` saves the callee-saved registers on the host's stack, writes its
//!   stack pointer to `top`, calls `body(argument)` on the stack below `top`, and returns 0.
//! - `leave(host, status)` makes that `enter` return the status, from wherever it is called or resumed.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
pub(super) use aarch64::*;
#[cfg(target_arch = "x86_64")]
pub(super) use x86_64::*;
