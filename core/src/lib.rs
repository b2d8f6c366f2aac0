//! WebAssembly to machine code on the device itself.

#![no_std]

extern crate alloc;

#[forbid(unsafe_code)]
pub mod abi;
#[forbid(unsafe_code)]
pub mod module;

#[cfg(feature = "compile")]
#[forbid(unsafe_code)]
pub mod compile;
#[forbid(unsafe_code)]
pub mod image;
