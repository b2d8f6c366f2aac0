//! A panic ends the machine with exit code 101.
#![no_std]
#![no_main]

use core::hint::black_box;
use wasmetal_platform_bare::entry;

entry!(main);

fn main() -> i32 {
    let list = [1, 2, 3];
    list[black_box(3)]
}
