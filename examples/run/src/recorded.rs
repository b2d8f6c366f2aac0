//! Runs a guest that was built elsewhere, and compares what it does with what was recorded.

use alloc::string::String;

use wasmetal::error::{Context, Result, ensure};
use wasmetal::{Engine, Module};
use wasmetal_wasi::{MemoryOutputPipe, WasiCtxBuilder};

use crate::{Given, Recorded, call, wasi};

/// Calls what is to be called, in one store.
///
/// # Errors
/// It does not link, it traps, or it does something else.
pub(crate) fn run(engine: &Engine, module: &Module, job: &Recorded<'_>) -> Result<()> {
    let output = MemoryOutputPipe::new(1 << 16);
    let mut given = WasiCtxBuilder::new();
    given.stdout(output.clone());
    let mut store = wasi::store(engine, &mut given, &Given::default())?;
    let instance = wasi::linker(engine)?.instantiate(&mut store, module)?;
    for call in &job.calls {
        let function = call::find(&mut store, &instance, module, &call.function)?;
        let results =
            call::by_text(&mut store, &function, &call.arguments).with_context(|| named(call))?;
        ensure!(
            results == call.results,
            "{} returned {results:?}, recorded is {:?}",
            named(call),
            call.results
        );
    }
    let printed = output.contents();
    let printed = String::from_utf8_lossy(&printed);
    ensure!(
        printed == job.printed,
        "printed {printed:?}, recorded is {:?}",
        job.printed
    );
    Ok(())
}

fn named(call: &crate::RecordedCall) -> String {
    alloc::format!("{}({})", call.function, call.arguments.join(", "))
}
