//! The smallest host with no operating system: compiles a module on the device, lends it a function, and calls it.

#![no_std]
#![no_main]

use wasmetal::{Config, Engine, Linker, Module, Result, Store};
use wasmetal_platform_bare::{entry, platform, println};

/// `guest.wat`, assembled by `build.rs`.
const GUEST: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/guest.wasm"));

entry!(main);

fn main() -> i32 {
    match run() {
        Ok(()) => 0,
        Err(error) => {
            println!("error: {error:?}");
            1
        }
    }
}

fn run() -> Result<()> {
    let engine = Engine::new(&Config::new(platform()))?;
    let module = Module::new(&engine, GUEST)?;

    let mut linker = Linker::new(&engine);
    linker.func_wrap("host", "print", |n: i32| {
        println!("hello from the guest: {n}")
    })?;

    let mut store = Store::new(&engine, ());
    let instance = linker.instantiate(&mut store, &module)?;
    let run = instance.get_typed_func::<i32, i32>(&mut store, "run")?;
    println!("run(21) is {}", run.call(&mut store, 21)?);
    Ok(())
}
