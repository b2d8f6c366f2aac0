//! Has many guests wait at once in one process, all in one engine, and prints what memory they take.
//!
//! A process of its own: its allocator counts, and nothing else is in it.

mod heap;
#[forbid(unsafe_code)]
mod memory;

use anyhow::{Result, anyhow, bail};
use clap::Parser;
use memory::Memory;

/// Each has a memory, of which it touches nothing.
const GUEST: &str = r#"(module
    (import "host" "wait" (func $wait (param i32) (result i32)))
    (memory 1)
    (func (export "run") (param i32) (result i32) (i32.add (call $wait (local.get 0)) (i32.const 1))))"#;

/// Measures the memory of guests that wait.
#[derive(Debug, Parser)]
struct Arguments {
    /// wasmtime, wasmtime-pooling or wasmetal
    engine: String,
    /// How many guests
    guests: usize,
}

/// What a process has in use, on the way to many guests that wait.
struct Stages {
    /// With an engine and a module.
    begin: Memory,
    /// With all stores and instances.
    idle: Memory,
    /// With a call in each that waits.
    waiting: Memory,
}

macro_rules! engine {
    ($module:ident, $krate:ident) => {
        mod $module {
            use super::*;
            use std::future::{Future, pending};
            use std::pin::{Pin, pin};
            use std::task::{Context, Poll, Waker};
            use $krate::{Caller, Config, Engine, Linker, Module, Store, TypedFunc};

            pub(super) fn suspend(config: &Config, wasm: &[u8], guests: usize) -> Result<Stages> {
                let engine = Engine::new(config).map_err(|e| anyhow!("{e:?}"))?;
                let module = Module::new(&engine, wasm).map_err(|e| anyhow!("{e:?}"))?;
                let mut linker = Linker::new(&engine);
                linker
                    .func_wrap_async("host", "wait", |_: Caller<'_, ()>, (_,): (i32,)| {
                        Box::new(pending::<i32>())
                    })
                    .map_err(|e| anyhow!("{e:?}"))?;
                let guest = || -> Result<(Store<()>, TypedFunc<i32, i32>)> {
                    let mut store = Store::new(&engine, ());
                    let instance = {
                        let mut task = Context::from_waker(Waker::noop());
                        let mut instance = pin!(linker.instantiate_async(&mut store, &module));
                        let Poll::Ready(instance) = instance.as_mut().poll(&mut task) else {
                            bail!("an instance without a start function waits");
                        };
                        instance.map_err(|e| anyhow!("{e:?}"))?
                    };
                    let run = instance.get_typed_func(&mut store, "run");
                    let run = run.map_err(|e| anyhow!("{e:?}"))?;
                    Ok((store, run))
                };
                // What the engine has once.
                drop(guest()?);
                let mut all = Vec::with_capacity(guests);
                type Call<'a> = Pin<Box<dyn Future<Output = $krate::Result<i32>> + 'a>>;
                let mut calls: Vec<Call<'_>> = Vec::with_capacity(guests);
                let begin = Memory::now()?;
                for _ in 0..guests {
                    all.push(guest()?);
                }
                let idle = Memory::now()?;
                let mut task = Context::from_waker(Waker::noop());
                for (store, run) in &mut all {
                    calls.push(Box::pin(run.call_async(store, 1)));
                    let call = calls.last_mut().expect("it was pushed");
                    if let Poll::Ready(result) = call.as_mut().poll(&mut task) {
                        bail!("it is ready: {result:?}");
                    }
                }
                let waiting = Memory::now()?;
                Ok(Stages {
                    begin,
                    idle,
                    waiting,
                })
            }
        }
    };
}

engine!(with_wasmtime, wasmtime);
engine!(with_wasmetal, wasmetal);

/// Wasmtime's allocator of instances for servers, with room for so many.
fn pooling(guests: usize) -> Result<wasmtime::Config> {
    let room = u32::try_from(guests + 1)?;
    let mut pool = wasmtime::PoolingAllocationConfig::new();
    pool.total_core_instances(room)
        .total_memories(room)
        .total_tables(room)
        .total_stacks(room);
    let mut config = wasmtime::Config::new();
    config.allocation_strategy(wasmtime::InstanceAllocationStrategy::Pooling(pool));
    Ok(config)
}

fn main() -> Result<()> {
    let Arguments { engine, guests } = Arguments::parse();
    let wasm = wat::parse_str(GUEST)?;
    let stages = match engine.as_str() {
        "wasmtime" => with_wasmtime::suspend(&wasmtime::Config::new(), &wasm, guests)?,
        "wasmtime-pooling" => with_wasmtime::suspend(&pooling(guests)?, &wasm, guests)?,
        "wasmetal" => {
            let config = wasmetal::Config::new(wasmetal_platform_linux::platform());
            with_wasmetal::suspend(&config, &wasm, guests)?
        }
        _ => bail!("no engine is called {engine:?}"),
    };
    let each = |bytes: u64| bytes as f64 / guests as f64;
    let Stages {
        begin,
        idle,
        waiting,
    } = stages;
    println!("{}", each(waiting.heap - idle.heap));
    println!("{}", each(waiting.resident - idle.resident));
    println!("{}", each(waiting.resident - begin.resident));
    println!("{}", each(waiting.page_tables - begin.page_tables));
    Ok(())
}
