//! Runs modules with fuel, and compares what they use with another machine.

use alloc::{
    format,
    string::{String, ToString},
};
use core::fmt::Write;

use wasmetal::error::{Context, Result, ensure};
use wasmetal::{Config, Engine, Extern, Instance, Linker, Module, Store, Trap};

use crate::{Fuel, load::load};

/// More than any of them uses.
const PLENTY: u64 = 1 << 50;

/// Each function with plenty of fuel, and then with half of what it used.
pub(crate) fn run(config: &Config, job: &Fuel<'_>, out: &mut dyn Write) -> Result<()> {
    let engine = Engine::new(config.clone().consume_fuel(true))?;
    let mut linker = Linker::new(&engine);
    linker.func_wrap("host", "echo", |value: u64| value + 3)?;
    let mut expected = job.expected.iter();
    let mut calls = 0;
    for stopped in &job.modules {
        let module = load(&engine, &stopped.wasm, out)?;
        for (name, argument) in &stopped.calls {
            let mut fuel = PLENTY;
            for _ in 0..2 {
                let (used, end) = call(&engine, &linker, &module, name, *argument, fuel)?;
                let line = format!(
                    "{} {name}({argument}), {fuel} units: {end}, used {used}",
                    stopped.name
                );
                if job.expected.is_empty() {
                    writeln!(out, "{line}")?;
                } else {
                    let expected = expected.next().context("no more was expected")?;
                    ensure!(line == *expected, "{line}\ninstead of\n{expected}");
                }
                fuel = used / 2;
                calls += 1;
            }
        }
    }
    ensure!(expected.next().is_none(), "more was expected");
    if !job.expected.is_empty() {
        writeln!(
            out,
            "{calls} calls used as much fuel as on the other machine, to the unit, and left the same"
        )?;
    }
    Ok(())
}

/// How much a call used, how it ended, and a digest of what it left.
fn call(
    engine: &Engine,
    linker: &Linker<()>,
    module: &Module,
    name: &str,
    argument: u32,
    fuel: u64,
) -> Result<(u64, String)> {
    let mut store = Store::new(engine, ());
    store.set_fuel(PLENTY)?;
    let instance = linker.instantiate(&mut store, module)?;
    let run = instance.get_typed_func::<u32, u64>(&mut store, name)?;
    store.set_fuel(fuel)?;
    let end = match run.call(&mut store, argument) {
        Ok(result) => format!("{result:#x}"),
        Err(error) => {
            let trap: &Trap = error.downcast_ref().context("it is no trap")?;
            trap.to_string()
        }
    };
    let used = fuel - store.get_fuel()?;
    let digest = digest(&mut store, instance);
    Ok((used, format!("{end}, left {digest:016x}")))
}

/// Of what an instance exports of memories and globals: FNV-1a (Fowler, Noll, Vo), on words.
fn digest(store: &mut Store<()>, instance: Instance) -> u64 {
    let mut digest: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |word: u64| digest = (digest ^ word).wrapping_mul(0x100_0000_01b3);
    let exports: alloc::vec::Vec<_> = instance
        .exports(&mut *store)
        .map(|export| export.into_extern())
        .collect();
    for export in exports {
        match export {
            Extern::Memory(memory) => {
                let (words, _) = memory.data(&*store).as_chunks();
                words.iter().for_each(|word| add(u64::from_le_bytes(*word)));
            }
            Extern::Global(global) => {
                let value = global.get(&mut *store);
                add(value.i64().unwrap_or_default().cast_unsigned());
                add(value.i32().unwrap_or_default().cast_unsigned().into());
            }
            _ => {}
        }
    }
    digest
}
