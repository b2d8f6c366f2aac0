//! Fuel is used to the unit as on other machines; epochs are counted by a timer interrupt, and code that runs
//! longer than its store may ends, or calls back with every register as it was.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "common/wasm.rs"]
mod wasm;

use spin::Once;
use wasm::{check_trap, config, func};
use wasmetal::{Engine, Instance, Module, Store, Trap, TypedFunc, UpdateDeadline};
use wasmetal_platform_bare::{Interrupted, entry, heap, platform, println, timer};
use wasmetal_wat::wat;

entry!(main);

const GUEST: &[u8] = wat!(
    r#"(module
    (memory 1)
    (tag $t (param i32))
    (func $throw (throw $t (i32.const 7)))
    (func (export "count") (param i32) (result i32)
        (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
        (local.get 0))
    (func (export "paths") (param i32) (result i32)
        (block $out (loop $next
            (if (i32.and (local.get 0) (i32.const 1)) (then (drop (i32.const 0))))
            (br_if $out (i32.eqz (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
            (drop (i32.const 0)) (drop (i32.const 0))
            (br $next)))
        (local.get 0))
    (func (export "fill") (param i32) (result i32)
        (memory.fill (i32.const 0) (i32.const 0) (local.get 0))
        (local.get 0))
    (func (export "throw") (param i32) (result i32)
        (block $caught (result i32) (try_table (catch $t $caught) (call $throw)) (i32.const 1)))
    (func (export "load") (param i32) (result i32)
        (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
        (i32.add (i32.const 1) (i32.load (i32.sub (local.get 0) (i32.const 8)))))
    (func $divide (param i32) (result i32) (nop) (i32.div_u (i32.const 1) (local.get 0)))
    (func (export "divide") (param i32) (result i32)
        (block $caught (result i32) (try_table (catch $t $caught) (call $throw)) (i32.const 1))
        (drop) (call $divide (i32.const 0)))
    (func $deeper (export "deeper") (param i32) (result i32) (return_call $deepest (local.get 0)))
    (func $deepest (param i32) (result i32) (call $deepest (call $deeper (local.get 0))))
    (func (export "spin") (param i32) (result i32) (loop (br 0)) (unreachable))
    (func (export "sum") (param i32) (result i32) (local i64 i64 i64 i64 f64 f64 f64 f64)
        (local.set 1 (i64.const 1)) (local.set 2 (i64.const 2)) (local.set 3 (i64.const 3))
        (local.set 4 (i64.const 4)) (local.set 5 (f64.const 5)) (local.set 6 (f64.const 6))
        (local.set 7 (f64.const 7)) (local.set 8 (f64.const 8))
        (loop
            (local.set 1 (i64.add (local.get 1) (local.get 2)))
            (local.set 2 (i64.add (local.get 2) (local.get 3)))
            (local.set 3 (i64.add (local.get 3) (local.get 4)))
            (local.set 4 (i64.add (local.get 4) (i64.const 1)))
            (local.set 5 (f64.add (local.get 5) (local.get 6)))
            (local.set 6 (f64.add (local.get 6) (local.get 7)))
            (local.set 7 (f64.add (local.get 7) (local.get 8)))
            (local.set 8 (f64.add (local.get 8) (f64.const 1)))
            (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
        (i32.xor (i32.wrap_i64 (i64.xor (local.get 1) (local.get 4)))
            (i32.trunc_sat_f64_u (f64.sub (local.get 5) (local.get 8))))))"#
);

/// An export, its argument, and the fuel it uses, also with Wasmtime.
const USED: &[(&str, i32, u64)] = &[
    ("count", 10, 1 + 5 * 10 + 1),
    ("paths", 10, 1 + 9 * (4 + 6 + 2 + 1) + 5 + (4 + 6) + 1),
    ("fill", 1000, 1 + 4 + 1000 + 1),
    ("throw", 0, 1 + 2 + 1 + 2),
];

/// The same of what traps.
const USED_UP_TO_TRAPS: &[(&str, i32, u64, Trap)] = &[
    ("load", 10, 1 + 5 * 10 + 5, Trap::MemoryOutOfBounds),
    (
        "divide",
        0,
        1 + 2 + 1 + 2 + 2 + 1 + 3,
        Trap::IntegerDivisionByZero,
    ),
];

static ENGINE: Once<Engine> = Once::new();

fn tick(_: &mut Interrupted) {
    if let Some(engine) = ENGINE.get() {
        engine.increment_epoch();
    }
}

fn main() -> i32 {
    let engine = ENGINE.call_once(|| {
        Engine::new(config().consume_fuel(true).epoch_interruption(true)).expect("they go together")
    });
    let module = Module::new(engine, GUEST).expect("a valid module");
    let mut before = None;
    for _ in 0..3 {
        fuel(engine, &module);
        epochs(engine, &module);
        let now = (heap::used(), platform().free_frames());
        assert_eq!(*before.get_or_insert(now), now, "lost");
    }
    0
}

fn fuel(engine: &Engine, module: &Module) {
    let mut store = Store::new(engine, ());
    store.set_epoch_deadline(u64::MAX);
    let instance = Instance::new(&mut store, module, &[]).expect("an instance");
    for &(name, argument, expected) in USED {
        let function: TypedFunc<i32, i32> = func(&mut store, instance, name);
        store.set_fuel(10_000).expect("fuel is on");
        function.call(&mut store, argument).expect("enough fuel");
        let left = store.get_fuel().expect("fuel is on");
        assert_eq!(10_000 - left, expected, "{name}");
        store.set_fuel(1).expect("fuel is on");
        check_trap(function.call(&mut store, argument), Trap::OutOfFuel);
        assert_eq!(store.get_fuel().expect("fuel is on"), 0);
    }
    for &(name, argument, expected, trap) in USED_UP_TO_TRAPS {
        let function: TypedFunc<i32, i32> = func(&mut store, instance, name);
        store.set_fuel(10_000).expect("fuel is on");
        check_trap(function.call(&mut store, argument), trap);
        let left = store.get_fuel().expect("fuel is on");
        assert_eq!(10_000 - left, expected, "{name}");
    }
    // Each has paid its entry, its operand and its call.
    let deeper: TypedFunc<i32, i32> = func(&mut store, instance, "deeper");
    store.set_fuel(1 << 40).expect("fuel is on");
    check_trap(deeper.call(&mut store, 0), Trap::StackOverflow);
    let used = (1 << 40) - store.get_fuel().expect("fuel is on");
    assert!(used > 3 * 1000 && used.is_multiple_of(3), "{used}");
    println!("fuel");
}

fn epochs(engine: &Engine, module: &Module) {
    let mut store = Store::new(engine, ());
    store.set_fuel(u64::MAX).expect("fuel is on");
    let instance = Instance::new(&mut store, module, &[]).expect("an instance");
    let spin: TypedFunc<i32, i32> = func(&mut store, instance, "spin");
    let sum: TypedFunc<i32, i32> = func(&mut store, instance, "sum");
    check_trap(spin.call(&mut store, 0), Trap::Interrupt);
    timer::periodic(timer::frequency() / 10_000, tick);
    for deadline in [1, 2, 10] {
        store.set_epoch_deadline(deadline);
        check_trap(spin.call(&mut store, 0), Trap::Interrupt);
    }
    timer::stop();
    // With a callback in every round there is the same result as without any.
    store.set_epoch_deadline(u64::MAX);
    let expected = sum.call(&mut store, 1000).expect("enough of all");
    store.set_epoch_deadline(0);
    store.epoch_deadline_callback(|_| Ok(UpdateDeadline::Continue(0)));
    assert_eq!(sum.call(&mut store, 1000).expect("it goes on"), expected);
    println!("epochs");
}
