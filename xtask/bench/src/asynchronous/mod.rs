//! Asynchronous calls: one source for the engines that have them.

pub(crate) mod cases;

use crate::engines::{plain, wasmetal_config, wasmtime_config};
use anyhow::{Context as _, Result};
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// How a call's turn ends before the call does.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Turns {
    /// When it waits.
    None,
    /// Wherever the code looks at the epochs, besides: each time it finds them over.
    Epochs,
    /// After this time, besides.
    Slices(Duration),
}

/// An instance of `asynchronous.wat`.
pub(crate) trait Instance {
    /// Calls an export `(i32) -> i64`, and polls the call until it is ready: the result, and how often it was polled.
    fn run(&mut self, export: &str, argument: u32) -> Result<(u64, u32)>;
    /// Calls the export `nop: () -> ()`, which is ready at the first poll.
    fn call_nop(&mut self, times: u32) -> Result<()>;
}

/// An instance in an engine with one of the names that engines have; `None`: the engine has nothing of that kind.
///
/// Wasmtime has no time slices: its turns end with epochs then, which somebody else would have to have go on.
pub(crate) fn instance(
    engine: &str,
    wasm: &[u8],
    turns: Turns,
) -> Result<Option<Box<dyn Instance>>> {
    let turns = match turns {
        Turns::Slices(_) if engine.starts_with("wasmtime") => Turns::Epochs,
        turns => turns,
    };
    let epochs = turns == Turns::Epochs;
    Ok(match engine {
        "wasmtime" | "wasmtime again" => {
            let mut config = wasmtime_config();
            let config = config.epoch_interruption(epochs);
            Some(with_wasmtime::instance(config, wasm, turns)?)
        }
        "wasmetal" => {
            let mut config = wasmetal_config();
            let config = config.epoch_interruption(epochs);
            Some(with_wasmetal::instance(config, wasm, turns)?)
        }
        _ => None,
    })
}

/// Is not ready when it is polled for the first time.
struct Once(bool);

impl Future for Once {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        match std::mem::replace(&mut self.0, true) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}

/// Polls a future until it is ready: what it comes to, and how often it was polled.
fn drive<F: Future>(future: F) -> (F::Output, u32) {
    let mut future = pin!(future);
    let mut task = Context::from_waker(Waker::noop());
    let mut polls = 1;
    loop {
        match future.as_mut().poll(&mut task) {
            Poll::Ready(output) => return (output, polls),
            Poll::Pending => polls += 1,
        }
    }
}

macro_rules! engine {
    ($module:ident, $krate:ident, slice: |$store:ident, $slice:ident| $set_slice:expr,) => {
        mod $module {
            use super::*;
            use $krate::{Caller, Config, Engine, Linker, Module, Store};

            struct Instantiated {
                store: Store<()>,
                instance: $krate::Instance,
            }

            pub(super) fn instance(
                config: &Config,
                wasm: &[u8],
                turns: Turns,
            ) -> Result<Box<dyn Instance>> {
                let engine = Engine::new(config).map_err(plain)?;
                let module = Module::new(&engine, wasm).map_err(plain)?;
                let mut linker = Linker::new(&engine);
                type Host<'a> = Caller<'a, ()>;
                linker
                    .func_wrap("host", "sync", |a: i32, b: i32| a + b)
                    .map_err(plain)?;
                linker
                    .func_wrap_async("host", "ready", |_: Host<'_>, (a, b): (i32, i32)| {
                        Box::new(async move { a + b })
                    })
                    .map_err(plain)?;
                linker
                    .func_wrap_async("host", "waits", |_: Host<'_>, (a, b): (i32, i32)| {
                        Box::new(async move {
                            Once(false).await;
                            a + b
                        })
                    })
                    .map_err(plain)?;
                let mut $store = Store::new(&engine, ());
                match turns {
                    Turns::None => {}
                    Turns::Epochs => {
                        $store.epoch_deadline_async_yield_and_update(0);
                        $store.set_epoch_deadline(0);
                    }
                    Turns::Slices($slice) => $set_slice,
                }
                let instance = drive(linker.instantiate_async(&mut $store, &module)).0;
                let instance = instance.map_err(plain)?;
                Ok(Box::new(Instantiated {
                    store: $store,
                    instance,
                }))
            }

            impl Instance for Instantiated {
                fn run(&mut self, export: &str, argument: u32) -> Result<(u64, u32)> {
                    let (store, instance) = (&mut self.store, self.instance);
                    let run = instance.get_typed_func::<u32, u64>(&mut *store, export);
                    let run = run.map_err(plain)?;
                    let (result, polls) = drive(run.call_async(&mut *store, argument));
                    Ok((result.map_err(plain)?, polls))
                }

                fn call_nop(&mut self, times: u32) -> Result<()> {
                    let (store, instance) = (&mut self.store, self.instance);
                    let nop = instance.get_typed_func::<(), ()>(&mut *store, "nop");
                    let nop = nop.map_err(plain)?;
                    for _ in 0..times {
                        let mut call = pin!(nop.call_async(&mut *store, ()));
                        let mut task = Context::from_waker(Waker::noop());
                        match call.as_mut().poll(&mut task) {
                            Poll::Ready(result) => result.map_err(plain)?,
                            Poll::Pending => return None.context("it is not ready at once"),
                        }
                    }
                    Ok(())
                }
            }
        }
    };
}

engine! {
    with_wasmtime, wasmtime,
    slice: |_store, _slice| anyhow::bail!("Wasmtime has no time slices"),
}

engine! {
    with_wasmetal, wasmetal,
    slice: |store, slice| store.set_time_slice(Some(slice))?,
}
