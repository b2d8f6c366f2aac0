//! Every trap has its code and says where it was; errors of the host come back as they are; host and
//! Wasm call each other.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "common/wasm.rs"]
mod wasm;

use alloc::{format, vec::Vec};
use core::fmt;
use wasm::{check_trap, engine, failed, func, instantiate};
use wasmetal::{Caller, Engine, Error, Extern, Func, Instance, Module, Store, Trap, WasmBacktrace};
use wasmetal_platform_bare::{entry, println};
use wasmetal_wat::wat;

entry!(main);

/// Each export traps at once, in the function itself.
const TRAPS: &[u8] = wat!(
    r#"(module
    (memory 1) (table $t 2 funcref) (elem (table $t) (i32.const 0) func $other)
    (table $x 2 externref) (data $d "abc") (elem $e func $other)
    (func $other (param i64))
    (func $unreachable (export "unreachable") unreachable)
    (func $div_s (export "div_s") (drop (i32.div_s (i32.const 1) (i32.const 0))))
    (func $rem_u (export "rem_u") (drop (i64.rem_u (i64.const 1) (i64.const 0))))
    (func $min (export "min") (drop (i32.div_s (i32.const 0x80000000) (i32.const -1))))
    (func $min64 (export "min64") (drop (i64.div_s (i64.const 0x8000000000000000) (i64.const -1))))
    (func $trunc (export "trunc") (drop (i32.trunc_f32_s (f32.const 1e20))))
    (func $nan (export "nan") (drop (i64.trunc_f64_u (f64.const nan))))
    (func $load (export "load") (drop (i32.load (i32.const 65536))))
    (func $store (export "store") (i64.store offset=4 (i32.const 65525) (i64.const 0)))
    (func $fill (export "fill") (memory.fill (i32.const 1) (i32.const 0) (i32.const 65536)))
    (func $copy (export "copy") (memory.copy (i32.const 1) (i32.const 0) (i32.const 65536)))
    (func $init (export "init") (memory.init $d (i32.const 0) (i32.const 1) (i32.const 3)))
    (func $get (export "get") (drop (table.get $x (i32.const 2))))
    (func $set (export "set") (table.set $x (i32.const -1) (ref.null extern)))
    (func $tinit (export "tinit") (table.init $t $e (i32.const 2) (i32.const 0) (i32.const 1)))
    (func $tfill (export "tfill") (table.fill $x (i32.const 1) (ref.null extern) (i32.const 2)))
    (func $outside (export "outside") (call_indirect $t (i32.const 2)))
    (func $null (export "null") (call_indirect $t (i32.const 1)))
    (func $type (export "type") (call_indirect $t (i32.const 0)))
    (func $overflow (export "overflow") (call $overflow)))"#
);

/// The exports of `TRAPS` in order, with the trap and the opcode of the operator.
const EXPECTED: [(&str, Trap, u8); 20] = [
    ("unreachable", Trap::UnreachableCodeReached, 0x00),
    ("div_s", Trap::IntegerDivisionByZero, 0x6d),
    ("rem_u", Trap::IntegerDivisionByZero, 0x82),
    ("min", Trap::IntegerOverflow, 0x6d),
    ("min64", Trap::IntegerOverflow, 0x7f),
    ("trunc", Trap::IntegerOverflow, 0xa8),
    ("nan", Trap::BadConversionToInteger, 0xb1),
    ("load", Trap::MemoryOutOfBounds, 0x28),
    ("store", Trap::MemoryOutOfBounds, 0x37),
    ("fill", Trap::MemoryOutOfBounds, 0xfc),
    ("copy", Trap::MemoryOutOfBounds, 0xfc),
    ("init", Trap::MemoryOutOfBounds, 0xfc),
    ("get", Trap::TableOutOfBounds, 0x25),
    ("set", Trap::TableOutOfBounds, 0x26),
    ("tinit", Trap::TableOutOfBounds, 0xfc),
    ("tfill", Trap::TableOutOfBounds, 0xfc),
    ("outside", Trap::TableOutOfBounds, 0x11),
    ("null", Trap::IndirectCallToNull, 0x11),
    ("type", Trap::BadSignature, 0x11),
    // On entry: at the body's first byte, the number of its locals.
    ("overflow", Trap::StackOverflow, 0x00),
];

const FRAMES: &[u8] = wat!(
    r#"(module $frames
    (import "" "host" (func $host (param i32)))
    (func $trap (export "trap") (param i32)
        (if (local.get 0) (then (call $recurse (local.get 0))))
        (drop (i32.div_u (i32.const 1) (local.get 0))))
    (func $recurse (param i32)
        (call $trap (i32.sub (local.get 0) (i32.const 1))))
    (func (export "run") (call $recurse (i32.const 2)))
    (func $out (export "out") (param i32) (call $host (local.get 0)))
    (func (export "works") (param i32 i64 f32 f64) (result f64 f32 i64 i32)
        (local.get 3) (local.get 2) (local.get 1) (local.get 0)))"#
);

fn main() -> i32 {
    let explicit = || Engine::new(wasm::config().explicit_checks(true)).expect("it fits");
    for (name, engine) in [("guard pages", engine()), ("explicit checks", explicit())] {
        println!("{name}");
        codes(&engine);
        frames(&engine);
        host_errors(&engine);
        through_the_host(&engine);
    }
    0
}

fn codes(engine: &Engine) {
    let (mut store, instance) = instantiate(engine, TRAPS, &[]);
    // All in one store, twice: no trap leaves anything behind.
    for _ in 0..2 {
        for (number, (name, trap, opcode)) in (1..).zip(EXPECTED) {
            let f = func::<(), ()>(&mut store, instance, name);
            let error = failed(f.call(&mut store, ()));
            assert_eq!(
                error.downcast_ref::<Trap>(),
                Some(&trap),
                "{name}: {error:?}"
            );
            let trace = error.downcast_ref::<WasmBacktrace>().expect("a backtrace");
            let frame = &trace.frames()[0];
            assert_eq!(
                (frame.func_index(), frame.func_name()),
                (number, Some(name))
            );
            let offset = frame.module_offset().expect("an address map");
            assert_eq!(TRAPS[offset], opcode, "{name}: {offset:#x}");
            assert!(frame.func_offset().expect("an address map") < offset);
            let text = format!("{error:?}");
            assert!(
                text.contains(trap.message()) && text.contains(name),
                "{text}"
            );
        }
    }
}

type Found<'a> = (u32, Option<&'a str>, u8);

/// Index, name and opcode of each frame.
fn found(error: &Error) -> Vec<Found<'_>> {
    let trace = error.downcast_ref::<WasmBacktrace>().expect("a backtrace");
    let found = trace.frames().iter().map(|frame| {
        let offset = frame.module_offset().expect("an address map");
        (frame.func_index(), frame.func_name(), FRAMES[offset])
    });
    found.collect()
}

const CALL: u8 = 0x10;
const DIV_U: u8 = 0x6e;

fn frames(engine: &Engine) {
    let mut store = Store::new(engine, ());
    let host: Extern = Func::wrap(&mut store, |_: i32| {}).into();
    let module = Module::new(engine, FRAMES).expect("a valid module");
    let instance = Instance::new(&mut store, &module, &[host]).expect("an instance");
    let run = func::<(), ()>(&mut store, instance, "run");
    for _ in 0..3 {
        let error = failed(run.call(&mut store, ()));
        let expected = [
            (1, Some("trap"), DIV_U),
            (2, Some("recurse"), CALL),
            (1, Some("trap"), CALL),
            (2, Some("recurse"), CALL),
            (3, None, CALL),
        ];
        assert_eq!(found(&error), expected);
    }
    type Params = (i32, i64, f32, f64);
    let works = func::<Params, (f64, f32, i64, i32)>(&mut store, instance, "works");
    let values = works.call(&mut store, (1, i64::MIN, -0.5, 1e300));
    assert_eq!(values.expect("no trap"), (1e300, -0.5, i64::MIN, 1));
}

/// An error of the host's own.
#[derive(Debug, PartialEq)]
struct HostError {
    number: i32,
    text: &'static str,
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "host error {}: {}", self.number, self.text)
    }
}

impl core::error::Error for HostError {}

fn host_errors(engine: &Engine) {
    let mut store = Store::new(engine, ());
    let host = |number: i32| match number {
        0 => Ok(()),
        1 => Err(Trap::OutOfFuel.into()),
        _ => Err(Error::from(HostError {
            number,
            text: "as it is",
        })),
    };
    let host = Func::wrap(&mut store, host);
    let module = Module::new(engine, FRAMES).expect("a valid module");
    let instance = Instance::new(&mut store, &module, &[host.into()]).expect("an instance");
    let out = func::<i32, ()>(&mut store, instance, "out");
    for number in 2..20 {
        let error = failed(out.call(&mut store, number));
        let expected = HostError {
            number,
            text: "as it is",
        };
        assert_eq!(error.downcast_ref::<HostError>(), Some(&expected));
        assert_eq!(found(&error), [(4, Some("out"), CALL)]);
        assert_eq!(error.downcast::<HostError>().expect("owned"), expected);
        check_trap(out.call(&mut store, 1), Trap::OutOfFuel);
        out.call(&mut store, 0).expect("no error");
        // Without Wasm in between.
        let error = failed(host.call(&mut store, &[number.into()], &mut []));
        assert!(error.is::<HostError>());
    }
}

/// Wasm, host, Wasm: frames of both, errors from the innermost, and results all the way.
fn through_the_host(engine: &Engine) {
    let mut store = Store::new(engine, 0);
    let host = |mut caller: Caller<'_, i32>, depth: i32| {
        *caller.data_mut() += 1;
        let name = if depth == 0 { "trap" } else { "out" };
        let next = caller.get_export(name).and_then(Extern::into_func);
        let next = next.expect("exported").typed::<i32, ()>(&caller)?;
        next.call(&mut caller, (depth - 1).max(0))
    };
    let host = Func::wrap(&mut store, host);
    let module = Module::new(engine, FRAMES).expect("a valid module");
    let instance = Instance::new(&mut store, &module, &[host.into()]).expect("an instance");
    let out = instance.get_typed_func::<i32, ()>(&mut store, "out");
    let out = out.expect("out");
    for depth in 0..20 {
        let error = failed(out.call(&mut store, depth));
        let trap = error.downcast_ref::<Trap>();
        assert_eq!(trap, Some(&Trap::IntegerDivisionByZero));
        let found = found(&error);
        assert_eq!(found.len(), depth as usize + 2);
        assert_eq!(found[0], (1, Some("trap"), DIV_U));
        assert!(
            found[1..]
                .iter()
                .all(|frame| *frame == (4, Some("out"), CALL))
        );
        assert_eq!(core::mem::take(store.data_mut()), depth + 1);
    }
}
