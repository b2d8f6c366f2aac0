//! The smallest useful host: executes an image of `guest.wat` where the host has put it in memory, lends it a
//! function, calls it, and survives its trap. It is what `cargo xtask size` weighs.

#![no_std]
#![no_main]

// Twins: with a compiler the payload is Wasm.
#[cfg_attr(feature = "compile", path = "module/compiled.rs")]
mod module;

use wasmetal::{Config, Engine, Linker, Result, Store, Trap, ensure, format_err};
use wasmetal_platform_bare::{entry, payload, platform, println};

entry!(main);

fn main() -> i32 {
    match run() {
        Ok(()) => 0,
        Err(error) => {
            println!("error: {error:#}");
            1
        }
    }
}

fn run() -> Result<()> {
    let bytes = payload().ok_or_else(|| {
        format_err!("no payload; start this firmware by `cargo xtask run --loader`")
    })?;
    let engine = Engine::new(&Config::new(platform()))?;
    let module = module::load(&engine, bytes)?;
    let mut linker = Linker::new(&engine);
    linker.func_wrap("host", "log", |n: i32| println!("the guest says {n}"))?;
    let mut store = Store::new(&engine, ());
    let instance = linker.instantiate(&mut store, &module)?;

    let factorial = instance.get_typed_func::<i32, i32>(&mut store, "factorial")?;
    let result = factorial.call(&mut store, 5)?;
    println!("factorial(5) is {result}");
    ensure!(result == 120, "which is wrong");

    let divide = instance.get_typed_func::<(i32, i32), i32>(&mut store, "divide")?;
    match divide.call(&mut store, (1, 0)) {
        Ok(result) => Err(format_err!("1 / 0 is {result}")),
        Err(error) if error.downcast_ref() == Some(&Trap::IntegerDivisionByZero) => {
            println!("divide(1, 0) failed: {error:#}");
            Ok(())
        }
        Err(error) => Err(error),
    }
}
