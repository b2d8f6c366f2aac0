//! What the host hands over arrives, read-only.
#![no_std]
#![no_main]

mod common;

use common::catch;
use wasmetal_platform_bare::{entry, payload};

entry!(main);

fn main() -> i32 {
    let bytes = payload().expect("the run in kernels.toml has a payload");
    assert_eq!(bytes, b"bytes from the host");
    let address = bytes.as_ptr() as usize;
    // SAFETY: the store faults.
    assert!(catch(move || unsafe { (address as *mut u8).write_volatile(0) }).is_err());
    0
}
