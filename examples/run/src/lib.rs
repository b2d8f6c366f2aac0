//! What the example hosts do with a module: the same on Linux and on bare metal.
//!
//! A [`Job`] says what to run. It travels as bytes, in a file or in the memory of a board, and
//! borrows the modules in them.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

#[cfg(feature = "engine")]
mod call;
#[cfg(feature = "engine")]
mod execute;
#[cfg(feature = "engine")]
mod guests;
mod job;

#[cfg(feature = "engine")]
pub use execute::{Machine, execute};
pub use job::{Call, Guest, Guests, Job};
