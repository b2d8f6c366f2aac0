//! Runs the guests, compares what they give back, and prints a table.

use alloc::{
    format,
    string::{String, ToString},
};
use core::{fmt::Write, time::Duration};

use wasmetal::error::{Context, Result, bail};
use wasmetal::{Engine, Linker, Module, Store};

use crate::{Guest, Guests, Machine, Recorded, load::load, recorded};

/// A row of the table; a guest that fails has only some of it.
#[derive(Default)]
struct Row {
    functions: Option<usize>,
    code: Option<usize>,
    compile: Option<Duration>,
    heap: Option<usize>,
    run: Option<Duration>,
}

/// Runs them all, each in a store of its own, even if one fails.
pub(crate) fn run(
    engine: &Engine,
    job: &Guests<'_>,
    machine: &Machine,
    out: &mut dyn Write,
) -> Result<()> {
    header(out)?;
    let mut failed = 0;
    for guest in &job.guests {
        let mut row = Row::default();
        let result = one(engine, guest, job.seed, machine, &mut row, out);
        failed += usize::from(result.is_err());
        let text = format!("equals native ({} bytes)", guest.expected.len());
        row.print(&guest.name, &guest.wasm, &outcome(result, text), out)?;
    }
    for guest in &job.recorded {
        let mut row = Row::default();
        let result = other(engine, guest, machine, &mut row, out);
        failed += usize::from(result.is_err());
        let text = format!("as recorded ({} calls)", guest.calls.len());
        row.print(&guest.name, &guest.wasm, &outcome(result, text), out)?;
    }
    let (native, recorded) = (job.guests.len(), job.recorded.len());
    if failed > 0 {
        bail!("{failed} of {} guests failed", native + recorded);
    }
    writeln!(
        out,
        "{native} guests, every result equal to the native one; {recorded} more as recorded"
    )?;
    Ok(())
}

/// A column: how a guest did.
fn outcome(result: Result<()>, good: String) -> String {
    match result {
        Ok(()) => good,
        Err(error) => format!("FAILED: {error:#}"),
    }
}

/// Compiles a guest.
fn load_one(
    engine: &Engine,
    wasm: &[u8],
    machine: &Machine,
    row: &mut Row,
    out: &mut dyn Write,
) -> Result<Module> {
    (machine.reset_heap_peak)();
    let start = (machine.now)();
    let module = load(engine, wasm, out)?;
    row.compile = Some((machine.now)().saturating_sub(start));
    row.functions = Some(module.functions().len());
    row.code = Some(module.text().len());
    row.heap = Some((machine.heap_peak)());
    Ok(module)
}

fn other(
    engine: &Engine,
    guest: &Recorded<'_>,
    machine: &Machine,
    row: &mut Row,
    out: &mut dyn Write,
) -> Result<()> {
    let module = load_one(engine, &guest.wasm, machine, row, out)?;
    let start = (machine.now)();
    recorded::run(engine, &module, guest)?;
    row.run = Some((machine.now)().saturating_sub(start));
    row.heap = Some((machine.heap_peak)());
    Ok(())
}

fn one(
    engine: &Engine,
    guest: &Guest<'_>,
    seed: u32,
    machine: &Machine,
    row: &mut Row,
    out: &mut dyn Write,
) -> Result<()> {
    let module = load_one(engine, &guest.wasm, machine, row, out)?;
    let mut store = Store::new(engine, ());
    let instance = Linker::new(engine).instantiate(&mut store, &module)?;
    let run = instance.get_typed_func::<u32, u64>(&mut store, "run")?;
    let start = (machine.now)();
    run.call(&mut store, seed)?;
    row.run = Some((machine.now)().saturating_sub(start));
    row.heap = Some((machine.heap_peak)());

    let mut word = |name: &str| -> Result<usize> {
        let function = instance.get_typed_func::<(), u32>(&mut store, name)?;
        Ok(function.call(&mut store, ())? as usize)
    };
    let (start, len) = (word("output_ptr")?, word("output_len")?);
    let memory = instance
        .get_memory(&mut store, "memory")
        .context("no memory is exported")?;
    let output = memory
        .data(&store)
        .get(start..start.saturating_add(len))
        .with_context(|| {
            format!("its output lies outside its memory: {len} bytes at {start:#x}")
        })?;
    compare(output, &guest.expected)
}

fn compare(output: &[u8], expected: &[u8]) -> Result<()> {
    if output == expected {
        return Ok(());
    }
    let at = output
        .iter()
        .zip(expected)
        .take_while(|(a, b)| a == b)
        .count();
    bail!(
        "differs from native at byte {at} ({} bytes, {} native)",
        output.len(),
        expected.len()
    );
}

fn header(out: &mut dyn Write) -> Result<()> {
    writeln!(
        out,
        "{:<10} {:>10} {:>9} {:>10} {:>10} {:>10} {:>10}  result",
        "guest", "wasm bytes", "functions", "code bytes", "compile", "heap peak", "run"
    )?;
    Ok(())
}

impl Row {
    fn print(&self, name: &str, wasm: &[u8], result: &str, out: &mut dyn Write) -> Result<()> {
        let number =
            |value: Option<usize>| value.map_or(String::from("-"), |value| value.to_string());
        let time = |value: Option<Duration>| {
            value.map_or(String::from("-"), |time| {
                format!("{:.1} ms", time.as_secs_f64() * 1e3)
            })
        };
        let size = |value: Option<usize>| {
            value.map_or(String::from("-"), |size| format!("{} KiB", size >> 10))
        };
        writeln!(
            out,
            "{:<10} {:>10} {:>9} {:>10} {:>10} {:>10} {:>10}  {result}",
            name,
            wasm.len(),
            number(self.functions),
            number(self.code),
            time(self.compile),
            size(self.heap),
            time(self.run),
        )?;
        Ok(())
    }
}
