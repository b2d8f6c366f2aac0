//! wasmetal's platform on bare-metal aarch64: QEMU's `virt` board, at EL1, with nothing underneath.
//!
//! A firmware depends on this crate, names its main function with [`entry!`], and has from then on
//! a heap, a console, exit codes and the [`Platform`](wasmetal_platform::Platform). Pure parts
//! (frames, tables, address ranges) build and are tested anywhere; the rest is for
//! `aarch64-unknown-none` alone.

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod frame;
pub mod table;
pub mod window;

#[cfg(all(target_arch = "aarch64", target_os = "none"))]
mod device;
#[cfg(all(target_arch = "aarch64", target_os = "none"))]
pub use device::*;
