//! The firmware boots: console, heap, constants, RAM as the board has it, a clean exit.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::{string::ToString, vec, vec::Vec};
use wasmetal_platform_bare::{entry, heap, payload, perf, platform, println, timer};

entry!(main);

/// Zero before anything stores to it.
static mut ZERO: [u64; 4096] = [0; 4096];

/// The most bytes that the heap has in one piece.
fn in_one_piece() -> usize {
    let fits = |size| Vec::<u8>::new().try_reserve_exact(size).is_ok();
    let (mut fitting, mut too_much) = (0, heap::size() + 1);
    while too_much - fitting > 1 {
        let size = usize::midpoint(fitting, too_much);
        match fits(size) {
            true => fitting = size,
            false => too_much = size,
        }
    }
    fitting
}

/// Small blocks that are free do not count, whether or not they are kept at hand, and are in nobody's way.
fn small_blocks() {
    let (used, most) = (heap::used(), in_one_piece());
    let allocate = || -> [Vec<u8>; 160] {
        core::array::from_fn(|i| {
            let size = i % 32 * 16 / 2 + 1;
            let mut block = Vec::with_capacity(size);
            block.resize(size, i as u8);
            block
        })
    };
    let check = |blocks: [Vec<u8>; 160]| {
        let is_whole = |(i, block): (usize, &Vec<u8>)| block.iter().all(|byte| *byte == i as u8);
        assert!(blocks.iter().enumerate().all(is_whole));
    };
    check(allocate());
    assert_eq!(heap::used(), used);
    // These have the blocks of those before.
    check(allocate());
    assert_eq!(heap::used(), used);
    assert_eq!(in_one_piece(), most);
}

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
    small_blocks();

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
