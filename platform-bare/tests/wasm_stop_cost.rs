//! How long it takes to stop a guest, in instructions (run with icount), and upper bounds of it: from the moment that a
//! deadline passes to the error that the host has.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "common/wasm.rs"]
mod wasm;

use alloc::vec::Vec;
use core::time::Duration;

use wasm::{check_trap, engine, func, instantiate};
use wasmetal::{Platform, Trap, TypedFunc};
use wasmetal_platform_bare::{entry, platform, println};
use wasmetal_wat::wat;

entry!(main);

const GUEST: &[u8] = wat!(
    r#"(module
    (memory 256)
    (func $tight (export "tight") (param i32) (loop br 0))
    (func $deep (export "deep") (param i32)
        (if (local.get 0)
            (then (call $deep (i32.sub (local.get 0) (i32.const 1))))
            (else (call $tight (i32.const 0)))))
    (func (export "fill") (param i32) (loop
        (memory.fill (i32.const 0) (i32.const 7) (local.get 0)) (br 0))))"#
);

/// What is stopped, its argument, and how many instructions that takes at most: in the middle, and ever.
const CASES: &[(&str, i32, u64, u64)] = &[
    ("tight", 0, 1_600, 1_700),
    ("deep", 20, 2_400, 2_600),
    ("fill", 64, 1_700, 1_900),
    ("fill", 256 << 16, 2_200, 2_600),
];

fn main() -> i32 {
    let (mut store, instance) = instantiate(&engine(), GUEST, &[]);
    for &(name, argument, median, most) in CASES {
        let endless: TypedFunc<i32, ()> = func(&mut store, instance, name);
        let mut latencies = Vec::new();
        for round in 0..100 {
            let time = Duration::from_nanos(20_000 + 112 * round);
            let begin = platform().now();
            store.set_deadline(Some(time)).expect("a timer");
            let result = endless.call(&mut store, argument);
            let end = platform().now();
            check_trap(result, Trap::Interrupt);
            store.set_deadline(None).expect("it takes one back");
            latencies.push((end - begin - time).as_nanos() as u64);
        }
        // The first takes room on the heap.
        latencies.remove(0);
        latencies.sort_unstable();
        let (middle, worst) = (latencies[49], latencies[98]);
        println!("{name:<8}{argument:>10}: median {middle}, worst {worst} instructions");
        assert!(
            middle <= median && worst <= most,
            "{name} takes too long to stop"
        );
    }
    0
}
