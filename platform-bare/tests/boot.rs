//! The firmware boots: console, heap, constants, RAM as the board has it, a clean exit.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::{string::ToString, vec, vec::Vec};
use wasmetal_platform_bare::{entry, heap, payload, perf, platform, println, timer};

entry!(main);

/// Zero before anything stores to it.
static mut ZERO: [u64; 4096] = [0; 4096];

fn main() -> i32 {
    // SAFETY: the one access.
    assert!(unsafe { (&raw const ZERO).read() } == [0; 4096]);
    let level: u64;
    // SAFETY: reads a register.
    unsafe { core::arch::asm!("mrs {}, CurrentEL", out(reg) level) };
    assert_eq!(level >> 2, 1, "EL1");

    let used = heap::used();
    heap::reset_peak();
    let words: Vec<usize> = (0..10_000).collect();
    assert_eq!(words.iter().sum::<usize>().to_string(), "49995000");
    drop(words);
    assert_eq!(heap::used(), used);
    assert!(heap::peak() >= used + 80_000);
    assert!(vec![0u8; 1 << 20].iter().all(|byte| *byte == 0));

    let mut too_much = Vec::<u8>::new();
    assert!(too_much.try_reserve(heap::size() + 1).is_err());

    assert!(payload().is_none());
    assert!(timer::frequency() > 0);
    let (ticks, count) = (timer::now(), perf::instructions());
    assert!(timer::now() >= ticks);
    assert!(perf::instructions() > count);
    println!(
        "heap {} KiB, {} free frames",
        heap::size() >> 10,
        platform().free_frames()
    );
    0
}
