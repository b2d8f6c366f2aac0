//! Embassy on the device: an executor for each core (`run`), and the driver of its time.
//!
//! A firmware that depends on this crate uses `embassy-executor`, `embassy-time` and `embassy-sync` as they are published.
//! Guests are tasks: what a host function awaits is polled with the waker of the guest's task.

#![cfg(all(target_arch = "aarch64", target_os = "none"))]
#![no_std]

mod executor;
mod time;

pub use executor::run;
