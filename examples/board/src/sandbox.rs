//! Runs a guest once, under its quotas.

use alloc::vec::Vec;
use core::time::Duration;

use wasmetal::error::{Context as _, Result, ensure};
use wasmetal::{
    AsContextMut, Caller, Engine, Instance, Linker, Module, Store, StoreLimits, StoreLimitsBuilder,
};
use wasmetal_platform_bare::timer;
use wasmetal_wat::wat;

use crate::SLICE;
use crate::executor::{Account, end_turn};
use crate::guests::{Code, Expected, Guest};

/// What guests run in: the functions of the host, and a seed for their work.
pub(crate) struct Sandbox {
    engine: Engine,
    linker: Linker<State>,
    plugin: Module,
    seed: u32,
}

/// What the host keeps for a guest.
struct State {
    limits: StoreLimits,
    /// The plug-in that a guest may load, as often as it has instances left.
    plugin: Module,
    /// What it has logged: the last few values.
    log: [i32; 16],
    logged: usize,
}

/// What came of a run.
pub(crate) struct Run {
    /// How it ended; `Ok` is the end of good work.
    pub(crate) ending: Result<()>,
    /// The time that it had the core for.
    pub(crate) used: Duration,
    /// The time from its start to its end.
    pub(crate) took: Duration,
}

const PLUGIN: &[u8] = wat!(r#"(module (memory 1) (func (export "f")))"#);

impl Sandbox {
    pub(crate) fn new(engine: &Engine, seed: u32) -> Result<Self> {
        let mut linker = Linker::new(engine);
        linker.func_wrap(
            "host",
            "log",
            |mut caller: Caller<'_, State>, value: i32| {
                let state = caller.data_mut();
                let next = state.logged % state.log.len();
                state.log[next] = value;
                state.logged += 1;
            },
        )?;
        linker.func_wrap(
            "host",
            "load",
            |mut caller: Caller<'_, State>| -> Result<()> {
                let plugin = caller.data().plugin.clone();
                Instance::new(caller.as_context_mut(), &plugin, &[]).map(drop)
            },
        )?;
        Ok(Self {
            engine: engine.clone(),
            linker,
            plugin: Module::new(engine, PLUGIN)?,
            seed,
        })
    }

    pub(crate) fn compile(&self, wasm: &[u8]) -> Result<Module> {
        Module::new(&self.engine, wasm)
    }

    /// Runs a guest to its end, in a store of its own.
    pub(crate) async fn run(&self, guest: &Guest, account: &Account) -> Run {
        let (used, begin) = (account.used(), timer::now());
        let ending = self.run_in_store(guest, account).await;
        // From here on its handle interrupts nobody.
        account.set_limit(None);
        // What it has used of this turn is charged when that is over.
        end_turn().await;
        Run {
            ending,
            used: account.used() - used,
            took: timer::duration(timer::now() - begin),
        }
    }

    async fn run_in_store(&self, guest: &Guest, account: &Account) -> Result<()> {
        let quota = &guest.quota;
        let limits = StoreLimitsBuilder::new()
            .memory_size(quota.memory)
            .table_elements(quota.table)
            .instances(quota.instances)
            .trap_on_grow_failure(true);
        let state = State {
            limits: limits.build(),
            plugin: self.plugin.clone(),
            log: [0; 16],
            logged: 0,
        };
        let mut store = Store::new(&self.engine, state);
        store.limiter(|state| &mut state.limits);
        store.set_time_slice(Some(SLICE))?;
        // Two clocks: the time that it has the core for, and the time that passes.
        account.set_limit(Some((quota.time, store.interrupt_handle()?)));
        store.set_deadline(Some(quota.deadline))?;
        // A turn has the limit that there was when it began.
        end_turn().await;
        let module = match &guest.code {
            Code::Compiled(module) => module.clone(),
            Code::Wasm(wasm) => store.compile(wasm)?,
        };
        let instance = self.linker.instantiate_async(&mut store, &module).await?;
        let run = instance.get_typed_func::<u32, u64>(&mut store, "run")?;
        run.call_async(&mut store, self.seed).await?;
        match &guest.expected {
            Expected::Output(expected) => check_output(&mut store, instance, expected),
            _ => Ok(()),
        }
    }
}

/// Compares what a guest of `examples/guests` gives back with what it gave natively.
fn check_output(store: &mut Store<State>, instance: Instance, expected: &[u8]) -> Result<()> {
    let mut word = |name: &str| -> Result<usize> {
        let function = instance.get_typed_func::<(), u32>(&mut *store, name)?;
        Ok(function.call(&mut *store, ())? as usize)
    };
    let (start, len) = (word("output_ptr")?, word("output_len")?);
    let memory = instance
        .get_memory(&mut *store, "memory")
        .context("no memory is exported")?;
    let output: Vec<u8> = memory
        .data(&*store)
        .get(start..start.saturating_add(len))
        .context("its output lies outside its memory")?
        .into();
    ensure!(output == expected, "its output differs from the native one");
    Ok(())
}
