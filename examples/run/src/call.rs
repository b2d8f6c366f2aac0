//! Calls one function of a module, with arguments given as text.

use alloc::{format, string::String, vec, vec::Vec};
use core::fmt::Write;

use wasmetal::error::{Context, Result, bail};
use wasmetal::{Config, Engine, ExternType, Func, Instance, Module, Store, Val, ValType};
use wasmetal_wasi::WasiCtxBuilder;

use crate::{Call, Machine, exit_code, load::load, settings, unknown, wasi};

/// What runs when no function is named (the conventions of WASI commands and reactors).
const ENTRIES: [&str; 2] = ["_start", "_initialize"];

/// Compiles, links and calls, and prints each result on a line of its own.
pub(crate) fn run(
    config: &Config,
    job: &Call<'_>,
    machine: &Machine,
    out: &mut dyn Write,
) -> Result<()> {
    let mut given = wasi::given(machine, &job.given)?;
    run_with(config, job, &mut given, out)
}

/// As [`run`], with what it is given.
pub(crate) fn run_with(
    config: &Config,
    job: &Call<'_>,
    given: &mut WasiCtxBuilder,
    out: &mut dyn Write,
) -> Result<()> {
    let mut config = config.clone();
    for setting in &job.settings {
        settings::apply(&mut config, setting)?;
    }
    let engine = Engine::new(&config)?;
    let module = load(&engine, &job.wasm, out)?;
    let mut store = wasi::store(&engine, given, &job.given)?;
    // Enough of what the settings have code look for.
    let _without_fuel = store.set_fuel(u64::MAX);
    store.set_epoch_deadline(1);
    let instance = wasi::linker(&engine)?.instantiate(&mut store, &module);
    let instance = instance.map_err(unknown::explain)?;

    let function = match &job.invoke {
        Some(name) => Some(find(&mut store, &instance, &module, name)?),
        None => ENTRIES
            .iter()
            .find_map(|name| instance.get_func(&mut store, name)),
    };
    let Some(function) = function else {
        writeln!(out, "instantiated; {}", exports(&module))?;
        return Ok(());
    };

    let results = match by_text(&mut store, &function, &job.arguments) {
        // It has ended as programs do.
        Err(error) if exit_code(&error) == Some(0) => return Ok(()),
        results => results?,
    };
    for result in results {
        writeln!(out, "{result}")?;
    }
    Ok(())
}

/// Calls a function with arguments given as text, and returns its results as text.
pub(crate) fn by_text<T: 'static>(
    store: &mut Store<T>,
    function: &Func,
    arguments: &[String],
) -> Result<Vec<String>> {
    let ty = function.ty(&*store);
    let parameters: Vec<ValType> = ty.params().collect();
    if parameters.len() != arguments.len() {
        bail!(
            "the function takes {} argument{}, not {}: {ty}",
            parameters.len(),
            if parameters.len() == 1 { "" } else { "s" },
            arguments.len()
        );
    }
    let arguments = arguments
        .iter()
        .zip(&parameters)
        .map(|(text, ty)| parse(text, ty))
        .collect::<Result<Vec<Val>>>()?;
    let mut results = vec![Val::I32(0); ty.results().len()];
    function.call(store, &arguments, &mut results)?;
    Ok(results.iter().map(print).collect())
}

/// An exported function.
pub(crate) fn find<T: 'static>(
    store: &mut Store<T>,
    instance: &Instance,
    module: &Module,
    name: &str,
) -> Result<Func> {
    instance
        .get_func(store, name)
        .with_context(|| format!("no function {name:?} is exported; {}", exports(module)))
}

/// The functions that a module exports, as a part of a message.
fn exports(module: &Module) -> String {
    let names: Vec<String> = module
        .exports()
        .filter(|export| matches!(export.ty(), ExternType::Func(_)))
        .map(|export| format!("{:?}", export.name()))
        .collect();
    match names.as_slice() {
        [] => String::from("it exports no function"),
        names => format!("it exports the functions {}", names.join(", ")),
    }
}

/// A value from its text: decimal, or hexadecimal bits with `0x`; integers with or without sign.
fn parse(text: &str, ty: &ValType) -> Result<Val> {
    let bits = text
        .strip_prefix("0x")
        .map(|digits| u64::from_str_radix(digits, 16));
    let value = match (ty, bits) {
        (ValType::I32, Some(Ok(bits))) => {
            u32::try_from(bits).ok().map(|bits| Val::I32(bits as i32))
        }
        (ValType::I32, None) => {
            let signed = text.parse::<i32>();
            signed
                .or_else(|_| text.parse::<u32>().map(|value| value as i32))
                .ok()
                .map(Val::I32)
        }
        (ValType::I64, Some(Ok(bits))) => Some(Val::I64(bits as i64)),
        (ValType::I64, None) => {
            let signed = text.parse::<i64>();
            signed
                .or_else(|_| text.parse::<u64>().map(|value| value as i64))
                .ok()
                .map(Val::I64)
        }
        (ValType::F32, None) => text
            .parse::<f32>()
            .ok()
            .map(|value| Val::F32(value.to_bits())),
        (ValType::F64, None) => text
            .parse::<f64>()
            .ok()
            .map(|value| Val::F64(value.to_bits())),
        (ValType::F32, Some(Ok(bits))) => u32::try_from(bits).ok().map(Val::F32),
        (ValType::F64, Some(Ok(bits))) => Some(Val::F64(bits)),
        (ValType::Ref(_), _) => bail!("an argument of type {ty} can't be given as text"),
        _ => None,
    };
    value.with_context(|| format!("{text:?} is no {ty}"))
}

fn print(value: &Val) -> String {
    match value {
        Val::I32(value) => format!("{value}"),
        Val::I64(value) => format!("{value}"),
        Val::F32(bits) => format!("{}", f32::from_bits(*bits)),
        Val::F64(bits) => format!("{}", f64::from_bits(*bits)),
        other => format!("{other:?}"),
    }
}
