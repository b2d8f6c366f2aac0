//! WebAssembly to machine code on the device itself.
#![no_std]
