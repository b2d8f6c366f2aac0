//! A fault of a host function is no trap, though Wasm called it: it ends the firmware. The payload
//! "overflow" has it exhaust the firmware's stack instead of using an address that is not mapped.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "common/wasm.rs"]
mod wasm;

use core::hint::black_box;
use wasm::{engine, func};
use wasmetal::{Func, Instance, Module, Store};
use wasmetal_platform_bare::{entry, payload, println};
use wasmetal_wat::wat;

entry!(main);

const MODULE: &[u8] = wat!(
    r#"(module
    (import "" "host" (func $host))
    (func (export "run") (call $host)))"#
);

fn main() -> i32 {
    let engine = engine();
    let module = Module::new(&engine, MODULE).expect("a valid module");
    let mut store = Store::new(&engine, ());
    let host = Func::wrap(&mut store, || match payload() {
        Some(b"overflow") => {
            recurse(0);
        }
        // SAFETY: nothing is mapped there: this faults.
        _ => unsafe {
            (0x1_2345_6788 as *const i32).read_volatile();
        },
    });
    let instance = Instance::new(&mut store, &module, &[host.into()]).expect("an instance");
    let run = func::<(), ()>(&mut store, instance, "run");
    println!("the host faults");
    let outcome = run.call(&mut store, ());
    println!("it came back: {outcome:?}");
    1
}

#[inline(never)]
fn recurse(depth: u64) -> u64 {
    let frame = black_box([depth; 100]);
    match black_box(depth) {
        u64::MAX => 0,
        _ => recurse(depth + 1) + frame[50],
    }
}
