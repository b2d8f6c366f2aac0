//! An overflow of the exception stack, in an interrupt handler, is caught: exit code 105.
#![no_std]
#![no_main]

use core::hint::black_box;
use wasmetal_platform_bare::{Interrupted, entry, timer};

entry!(main);

#[inline(never)]
fn recurse(depth: u64) -> u64 {
    let local = [depth; 16];
    black_box(&local);
    match black_box(depth) {
        u64::MAX => 0,
        _ => 1 + recurse(depth + 1) + black_box(local[3]),
    }
}

fn handler(_: &mut Interrupted) {
    black_box(recurse(0));
}

fn main() -> ! {
    timer::once(1, handler);
    loop {
        core::hint::spin_loop();
    }
}
