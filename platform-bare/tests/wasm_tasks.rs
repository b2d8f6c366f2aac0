//! Tasks that compile, instantiate, run, trap and drop side by side, pre-empted every few microseconds: each as if alone,
//! and nothing is lost.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "common/wasm.rs"]
mod wasm;

use alloc::vec::Vec;
use core::time::Duration;

use wasm::{check_trap, engine};
use wasmetal::{Engine, Func, Instance, Module, Store, Trap};
use wasmetal_platform_bare::{entry, heap, platform, println, tasks};
use wasmetal_wat::wat;

entry!(main);

const GUEST: &[u8] = wat!(
    r#"(module
    (import "" "host" (func $host (param f64) (result f64)))
    (memory 1)
    (func (export "sum") (param $n i32) (result f64)
        (local $sum f64)
        (loop $next
            (local.set $sum (f64.add (f64.mul (local.get $sum) (f64.const 0.75)) (f64.convert_i32_u (local.get $n))))
            (i32.store (i32.and (local.get $n) (i32.const 0xfffc)) (local.get $n))
            (drop (memory.grow (i32.const 0)))
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $next (local.get $n)))
        (call $host (local.get $sum)))
    (func $deep (export "deep") (param i32) (result i32)
        (i32.add (call $deep (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
    (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))"#
);

const STACK: usize = 128 << 10;
const TASKS: usize = 6;

fn main() -> i32 {
    let mut before = None;
    for micros in [500, 50, 10] {
        let engine = engine();
        let alone = life(&engine, 0);
        let slice = Duration::from_micros(micros);
        let together: Vec<u64> = tasks::scope(slice, |scope| {
            let engine = &engine;
            let task = |index| {
                scope
                    .spawn(STACK, move || life(engine, index))
                    .expect("room")
            };
            let tasks: Vec<_> = (0..TASKS).map(task).collect();
            tasks.into_iter().map(tasks::Task::join).collect()
        });
        assert_eq!(together, [alone; TASKS]);
        drop(engine);
        let now = (heap::used(), platform().free_frames());
        println!("slices of {slice:?}: {now:?}");
        assert_eq!(*before.get_or_insert(now), now, "lost");
    }
    0
}

/// Lives of a module, from its bytes to its end; the result is always the same.
fn life(engine: &Engine, index: usize) -> u64 {
    let mut result = 0;
    for round in 0..6 {
        let module = Module::new(engine, GUEST).expect("a valid module");
        let garbage = Module::new(engine, &GUEST[..GUEST.len() - 5 - round]);
        assert!(garbage.is_err());
        let mut store = Store::new(engine, index);
        let host = Func::wrap(&mut store, |value: f64| value + 0.5);
        let instance = Instance::new(&mut store, &module, &[host.into()]).expect("an instance");
        let sum = instance
            .get_typed_func::<i32, f64>(&mut store, "sum")
            .expect("an export");
        let load = instance
            .get_typed_func::<i32, i32>(&mut store, "load")
            .expect("an export");
        let deep = instance
            .get_typed_func::<i32, i32>(&mut store, "deep")
            .expect("an export");
        for _ in 0..50 {
            check_trap(load.call(&mut store, 65_536), Trap::MemoryOutOfBounds);
        }
        check_trap(deep.call(&mut store, 0), Trap::StackOverflow);
        let value = sum.call(&mut store, 3_000).expect("no trap");
        result = value.to_bits();
    }
    result
}
