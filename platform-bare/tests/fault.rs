//! A fault that no hook takes: a register dump and a backtrace, and exit code 102.
#![no_std]
#![no_main]

use core::hint::black_box;
use wasmetal_platform_bare::{entry, println};

entry!(main);

#[inline(never)]
fn outer(address: usize) -> i32 {
    black_box(inner(black_box(address))) + 1
}

#[inline(never)]
fn inner(address: usize) -> i32 {
    // SAFETY: nothing is mapped there: this faults.
    unsafe { (address as *const i32).read_volatile() }
}

fn main() -> i32 {
    println!("loading from an address that is not mapped");
    outer(0x1_2345_6788)
}
