//! The smallest host on Linux: compiles a module, lends it a function, and calls it.

use wasmetal::{Config, Engine, Linker, Module, Result, Store};

const GUEST: &str = r#"
    (module
        (import "host" "print" (func $print (param i32)))
        (func (export "run") (param $n i32) (result i32)
            (call $print (local.get $n))
            (i32.mul (local.get $n) (i32.const 2))))
"#;

fn main() -> Result<()> {
    let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
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
