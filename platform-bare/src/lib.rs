//! A wasmetal platform.
#![no_std]
