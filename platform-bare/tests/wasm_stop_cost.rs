//! How long it takes to stop a guest, in instructions (run with icount), and upper bounds of it: from the moment that a
//! deadline passes to the error that the host has.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "common/wasm.rs"]
mod wasm;

use alloc::vec::Vec;
use core::time::Duration;

use wasm::{SMALL, check_trap, engine, func, instantiate};
use wasmetal::{Platform, Store, Trap, TypedFunc};
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

/// How many instructions a call takes at most, there and back: of a store that can be interrupted, and of one that has a
/// deadline.
const CALLS: [u64; 2] = [480, 650];
/// How many other stores can be interrupted meanwhile.
const OTHERS: usize = 1_000;
/// So many calls, that a tick of the counter is less than an instruction of one.
const ROUNDS: u64 = 64;

/// A call takes as long, to the instruction, whatever other stores there are.
fn calls() {
    let engine = engine();
    let (mut store, instance) = instantiate(&engine, SMALL, &[]);
    let f: TypedFunc<(), i32> = func(&mut store, instance, "f");
    let _handle = store.interrupt_handle().expect("interrupts");
    let mut measure = || {
        [None, Some(Duration::from_secs(3600))].map(|deadline| {
            store.set_deadline(deadline).expect("a timer");
            // The first is slower.
            f.call(&mut store, ()).expect("it returns");
            let begin = platform().now();
            for _ in 0..ROUNDS {
                f.call(&mut store, ()).expect("it returns");
            }
            (platform().now() - begin).as_nanos() as u64 / ROUNDS
        })
    };
    let alone = measure();
    let others: Vec<_> = (0..OTHERS)
        .map(|_| {
            let mut other = Store::new(&engine, ());
            other
                .set_deadline(Some(Duration::from_secs(3600)))
                .expect("a timer");
            other
        })
        .collect();
    let among = measure();
    println!(
        "a call: {alone:?} instructions; beside {} stores: {among:?}",
        others.len()
    );
    assert!(alone == among, "other stores cost something");
    for (calls, most) in alone.into_iter().zip(CALLS) {
        assert!(calls <= most, "a call takes too long");
    }
}

fn main() -> i32 {
    calls();
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
