//! A stack overflow traps, again and again, at any depth of host and Wasm calling each other.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "common/wasm.rs"]
mod wasm;

use alloc::vec::Vec;
use core::hint::black_box;
use wasm::{check_trap, engine, func, i64_locals, indexed, instantiate, one_function};
use wasmetal::{Caller, Engine, Func, Instance, Module, Result, Store, Trap, TypedFunc};
use wasmetal_platform_bare::{entry, println};
use wasmetal_wat::wat;

entry!(main);

/// The default of `Config::max_wasm_stack`.
const MAX_WASM_STACK: usize = 512 << 10;
/// The default of `Config::max_host_stack`.
const MAX_HOST_STACK: usize = 512 << 10;

const RECURSION: &[u8] = wat!(
    r#"(module
    (table funcref (elem $indirect))
    (func $small (export "small") (call $small))
    (func $indirect (export "indirect") (call_indirect (i32.const 0)))
    (func $values (export "values") (param i64 f64) (result i64 f64)
        (call $values (local.get 0) (local.get 1)))
    (func $parity (export "parity") (param i32) (result i32)
        (i32.add (call $other (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
    (func $other (param i32) (result i32)
        (i32.add (call $parity (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
    (func (export "works") (result i32) (i32.const 42)))"#
);

const STARTS: &[u8] = wat!(
    r#"(module
    (func $start (call $start))
    (start $start))"#
);

const NEST: &[u8] = wat!(
    r#"(module
    (import "" "host" (func $host (param i32) (result i32)))
    (func (export "nest") (param i32) (result i32) (call $host (local.get 0)))
    (func $deep (export "deep") (result i32) (i32.add (call $deep) (i32.const 1))))"#
);

fn main() -> i32 {
    let explicit = || Engine::new(wasm::config().explicit_checks(true)).expect("it fits");
    for (name, engine) in [("guard pages", engine()), ("explicit checks", explicit())] {
        println!("{name}");
        wasm_alone(&engine);
        at_start(&engine);
        for locals in [1_000, 9_000] {
            large_frames(&engine, MAX_WASM_STACK, locals);
        }
        at_any_depth(&engine);
        host_without_end::<0>(&engine);
        host_without_end::<5_000>(&engine);
        host_without_end::<300_000>(&engine);
        compile_at_the_end(&engine);
    }
    // With this size the guard is no larger than it has to be, and smaller than these frames.
    println!("128 KiB of guard");
    let stack = (1 << 20) - (128 << 10) - 16;
    let engine = Engine::new(wasm::config().max_wasm_stack(stack)).expect("it fits");
    large_frames(&engine, stack, 17_000);
    0
}

fn wasm_alone(engine: &Engine) {
    // Each on a fresh store and, by the pool, on a stack that overflowed before.
    for _ in 0..3 {
        let (mut store, instance) = instantiate(engine, RECURSION, &[]);
        let works = func::<(), i32>(&mut store, instance, "works");
        let values = func::<(i64, f64), (i64, f64)>(&mut store, instance, "values");
        let parity = func::<i32, i32>(&mut store, instance, "parity");
        for _ in 0..3 {
            for name in ["small", "indirect"] {
                let recurse = func::<(), ()>(&mut store, instance, name);
                // Twice in a row, with nothing in between.
                check_trap(recurse.call(&mut store, ()), Trap::StackOverflow);
                check_trap(recurse.call(&mut store, ()), Trap::StackOverflow);
                assert_eq!(works.call(&mut store, ()).expect("no trap"), 42);
            }
            check_trap(values.call(&mut store, (1, 2.0)), Trap::StackOverflow);
            check_trap(parity.call(&mut store, 1), Trap::StackOverflow);
        }
        assert_eq!(works.call(&mut store, ()).expect("no trap"), 42);
    }
}

/// Frames of 8 bytes for each local: larger than a page, and than what needs a probe.
fn large_frames(engine: &Engine, stack: usize, locals: usize) {
    // Each local is the product of the one before; all of them are needed after the call.
    let mut operators = Vec::new();
    for local in 1..=locals {
        operators.extend(indexed(0x20, local - 1));
        // i64.const 3, i64.mul
        operators.extend([0x42, 3, 0x7e]);
        operators.extend(indexed(0x21, local));
    }
    // (if (result i64) (i64.lt_s (i64.sub n 1) 0) (then 0) (else (call $f (i64.sub n 1))))
    operators.extend([0x20, 0, 0x42, 1, 0x7d, 0x42, 0, 0x53, 0x04, 0x7e]);
    operators.extend([0x42, 0, 0x05, 0x20, 0, 0x42, 1, 0x7d, 0x10, 0, 0x0b]);
    for local in 1..=locals {
        operators.extend(indexed(0x20, local));
        operators.push(0x85);
    }
    let ty = [0x60, 1, 0x7e, 1, 0x7e];
    let module = one_function(&ty, &i64_locals(locals), &operators);
    let native = |depth: i64| {
        let mut result = 0;
        for depth in 0..=depth {
            let mut local = depth;
            for _ in 0..locals {
                local = local.wrapping_mul(3);
                result ^= local;
            }
        }
        result
    };
    let (mut store, instance) = instantiate(engine, &module, &[]);
    let f = func::<i64, i64>(&mut store, instance, "f");
    let fitting = stack / (8 * locals + 1024);
    for _ in 0..3 {
        for depth in 0..fitting as i64 {
            assert_eq!(f.call(&mut store, depth).expect("no trap"), native(depth));
        }
        check_trap(f.call(&mut store, i64::MAX), Trap::StackOverflow);
        check_trap(f.call(&mut store, i64::MAX), Trap::StackOverflow);
    }
    println!("  {locals} locals: {fitting} frames fit");
}

fn at_start(engine: &Engine) {
    let module = Module::new(engine, STARTS).expect("a valid module");
    let mut store = Store::new(engine, ());
    for _ in 0..3 {
        check_trap(Instance::new(&mut store, &module, &[]), Trap::StackOverflow);
    }
}

struct Nest {
    into_wasm: Option<TypedFunc<i32, i32>>,
    /// How often the host was called.
    calls: i32,
}

/// A function that goes from Wasm to the host and back `depth` times, with `FRAME` bytes on the
/// host's stack each time, and then does `last`.
fn nest<const FRAME: usize>(
    engine: &Engine,
    last: impl Fn(&mut Caller<'_, Nest>) -> Result<i32> + Send + Sync + 'static,
) -> (Store<Nest>, TypedFunc<i32, i32>) {
    let nest = Nest {
        into_wasm: None,
        calls: 0,
    };
    let mut store = Store::new(engine, nest);
    let host = move |mut caller: Caller<'_, Nest>, depth: i32| {
        let mut frame = [0_u8; FRAME];
        black_box(&mut frame);
        caller.data_mut().calls += 1;
        if depth == 0 {
            return last(&mut caller);
        }
        let into_wasm = caller.data().into_wasm.expect("set below");
        let result = into_wasm.call(&mut caller, depth - 1);
        black_box(&mut frame);
        result.map(|result| result + 1)
    };
    let host = Func::wrap(&mut store, host);
    let module = Module::new(engine, NEST).expect("a valid module");
    let instance = Instance::new(&mut store, &module, &[host.into()]).expect("an instance");
    let nest = instance.get_typed_func(&mut store, "nest").expect("nest");
    store.data_mut().into_wasm = Some(nest);
    (store, nest)
}

fn deep(caller: &mut Caller<'_, Nest>) -> Result<i32> {
    let deep = caller.get_export("deep").and_then(|deep| deep.into_func());
    let deep = deep.expect("deep").typed::<(), i32>(&*caller)?;
    deep.call(caller, ())
}

fn at_any_depth(engine: &Engine) {
    let (mut store, f) = nest::<0>(engine, deep);
    for depth in [0, 1, 2, 3, 10, 30, 100] {
        check_trap(f.call(&mut store, depth), Trap::StackOverflow);
        check_trap(f.call(&mut store, depth), Trap::StackOverflow);
    }
    // The host functions in between go on after an overflow below them.
    let (mut store, f) = nest::<0>(engine, |caller| {
        check_trap(deep(caller), Trap::StackOverflow);
        check_trap(deep(caller), Trap::StackOverflow);
        Ok(7)
    });
    for depth in [0, 1, 50, 100] {
        assert_eq!(f.call(&mut store, depth).expect("no trap"), depth + 7);
    }
}

/// Ends in a trap, not in a fault on the firmware's own stack.
fn host_without_end<const FRAME: usize>(engine: &Engine) {
    let (mut store, f) = nest::<FRAME>(engine, |_| Ok(0));
    let mut calls = 0;
    for _ in 0..3 {
        check_trap(f.call(&mut store, i32::MAX), Trap::StackOverflow);
        calls = core::mem::take(&mut store.data_mut().calls);
        // The limit is reached, and not by far exceeded.
        let used = calls as usize * FRAME;
        assert!(calls >= 2 && used <= MAX_HOST_STACK + 2 * FRAME, "{calls}");
        assert_eq!(f.call(&mut store, 1).expect("no trap"), 1);
        store.data_mut().calls = 0;
    }
    println!("  host frames of {FRAME} bytes: {calls} calls deep");
}

/// As deep as calls go, the rest of the firmware's stack is enough to compile and to instantiate.
fn compile_at_the_end(engine: &Engine) {
    fn inner(engine: &Engine) -> i32 {
        let (mut store, instance) = instantiate(engine, RECURSION, &[]);
        let small = func::<(), ()>(&mut store, instance, "small");
        check_trap(small.call(&mut store, ()), Trap::StackOverflow);
        let works = func::<(), i32>(&mut store, instance, "works");
        works.call(&mut store, ()).expect("no trap")
    }
    let mut deepest = 0;
    for depth in (1..).map(|step| step * 8) {
        let (mut store, f) = nest::<5_000>(engine, |caller| Ok(inner(caller.engine())));
        match f.call(&mut store, depth) {
            Ok(result) => assert_eq!(result, depth + 42),
            Err(error) => {
                check_trap(Err::<(), _>(error), Trap::StackOverflow);
                break;
            }
        }
        deepest = depth;
    }
    assert!(deepest >= 64, "{deepest}");
    println!("  compiled below {deepest} host frames of 5000 bytes");
}
