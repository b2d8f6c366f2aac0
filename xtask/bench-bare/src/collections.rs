//! What a collection of garbage costs for each thing that it has to look at.

use crate::counter::count;
use wasmetal::error::Result;
use wasmetal::{Caller, Engine, ExternRef, Instance, Linker, Module, RootScope, Store};
use wasmetal_platform_bare::println;

/// What there is more of, by an export of the module; how many of it, and in how many the cost is told.
const OF_WASM: &[(&str, &str, u32, u32)] = &[
    ("object of two fields that is alive", "objects", 1000, 1),
    ("KiB of an array that is alive", "bytes", 1 << 20, 1024),
    ("element of a table that is an object", "elements", 8192, 1),
    ("frame, with an object", "frames", 100, 1),
];

pub(crate) fn print(engine: &Engine, wasm: &[u8]) -> Result<()> {
    let module = Module::new(engine, wasm)?;
    println!("\na collection: instructions");
    for &(what, export, many, unit) in OF_WASM {
        let cost = |many: u32| -> Result<u64> {
            let (mut store, instance) = instance(engine, &module)?;
            let run = instance.get_typed_func::<u32, ()>(&mut store, export)?;
            run.call(&mut store, many)?;
            Ok(*store.data())
        };
        row(what, cost(many)?, cost(2 * many)?, many / unit);
    }
    const ROOTS: u32 = 1000;
    let roots = |many: u32| -> Result<u64> {
        let (mut store, instance) = instance(engine, &module)?;
        let mut scope = RootScope::new(&mut store);
        let object = instance.get_func(&mut scope, "object").expect("an export");
        for _ in 0..many {
            object.call(&mut scope, &[], &mut [wasmetal::Val::I32(0)])?;
        }
        let collect = instance.get_typed_func::<(), ()>(&mut scope, "collect")?;
        collect.call(&mut scope, ())?;
        drop(scope);
        Ok(*store.data())
    };
    row(
        "root, with an object",
        roots(ROOTS)?,
        roots(2 * ROOTS)?,
        ROOTS,
    );
    for (what, is_alive) in [
        ("host value that is alive", true),
        ("host value that is dropped", false),
    ] {
        let values = |many: u32| -> Result<u64> {
            let (mut store, instance) = instance(engine, &module)?;
            let mut scope = RootScope::new(&mut store);
            {
                let mut inner = RootScope::new(&mut scope);
                for number in 0..many {
                    let _ = ExternRef::new(&mut inner, number)?;
                }
                if is_alive {
                    instance
                        .get_typed_func::<(), ()>(&mut inner, "collect")?
                        .call(&mut inner, ())?;
                }
            }
            if !is_alive {
                instance
                    .get_typed_func::<(), ()>(&mut scope, "collect")?
                    .call(&mut scope, ())?;
            }
            drop(scope);
            Ok(*store.data())
        };
        row(what, values(ROOTS)?, values(2 * ROOTS)?, ROOTS);
    }
    Ok(())
}

/// An instance in a store of its own, whose data is what the last collection took.
fn instance(engine: &Engine, module: &Module) -> Result<(Store<u64>, Instance)> {
    let mut linker = Linker::new(engine);
    linker.func_wrap("host", "collect", |mut caller: Caller<'_, u64>| {
        let (instructions, result) = count(|| caller.gc(None));
        *caller.data_mut() = instructions;
        result
    })?;
    let mut store = Store::new(engine, 0);
    let instance = linker.instantiate(&mut store, module)?;
    Ok((store, instance))
}

/// The cost of one more, by that of some and of twice as many.
fn row(what: &str, some: u64, twice: u64, many: u32) {
    println!(
        "for each {what:<40}{:>10.1}",
        (twice - some) as f64 / f64::from(many)
    );
}
