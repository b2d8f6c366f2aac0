//! The few instructions that the checks are made of. Both modules offer the same names.
//!
//! A probe is a function without a frame that makes one access; [`OFFSET`] is how far into it the
//! access stands.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "aarch64")]
pub(super) use aarch64::*;

#[cfg(target_arch = "x86_64")]
mod x86_64;
#[cfg(target_arch = "x86_64")]
pub(super) use x86_64::*;
