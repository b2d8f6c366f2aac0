//! The engines: one source for all, for they share Wasmtime's names.

use crate::subject::{Compiled, Running, Subject};
use anyhow::{Result, anyhow, ensure};
use std::{fmt::Debug, path::Path, rc::Rc};
use wasmetal::compile::{Packing, pack};

/// The engines. The first is what the others are compared with.
pub(crate) const NAMES: &[&str] = &["wasmtime", "wasmetal", "wasmtime again", "wasmi"];

/// The engines whose code counts fuel or looks at epochs, beside the same engines' code that does not.
pub(crate) const METERED: &[&str] = &[
    "wasmtime",
    "wasmetal",
    "wasmtime, fuel",
    "wasmetal, fuel",
    "wasmtime, epochs",
    "wasmetal, epochs",
];

/// How rarely an engine runs, in rounds: a slow one would take all the time.
pub(crate) fn apart(name: &str) -> u32 {
    if name == "wasmi" { 5 } else { 1 }
}

/// The engine with one of these names.
pub(crate) fn engine(name: &str) -> Result<Rc<dyn Subject>> {
    match name {
        "wasmtime" | "wasmtime again" => with_wasmtime::engine(&wasmtime_config()),
        "wasmetal" => with_wasmetal::engine(&wasmetal_config()),
        "wasmtime, fuel" => with_wasmtime::engine(wasmtime_config().consume_fuel(true)),
        "wasmetal, fuel" => with_wasmetal::engine(wasmetal_config().consume_fuel(true)),
        "wasmtime, epochs" => with_wasmtime::engine(wasmtime_config().epoch_interruption(true)),
        "wasmetal, epochs" => with_wasmetal::engine(wasmetal_config().epoch_interruption(true)),
        "wasmi" => with_wasmi::engine(&wasmi::Config::default()),
        _ => Err(anyhow!("no engine is called {name:?}")),
    }
}

/// Wasmtime's defaults, on one thread.
pub(crate) fn wasmtime_config() -> wasmtime::Config {
    let mut config = wasmtime::Config::new();
    config.parallel_compilation(false);
    config
}

/// The defaults; images are taken on trust, as Wasmtime takes them.
pub(crate) fn wasmetal_config() -> wasmetal::Config {
    let mut config = wasmetal::Config::new(wasmetal_platform_linux::platform());
    config.digest_checks(false);
    config
}

pub(crate) fn plain(error: impl Debug) -> anyhow::Error {
    anyhow!("{error:?}")
}

macro_rules! engine {
    (
        $module:ident, $krate:ident,
        new: |$config:ident| $new:expr,
        prepare: |$linker:ident, $compiled:ident| -> $prepared:ty { $prepare:expr },
        instantiate: |$pre:ident, $store:ident| $instantiate:expr,
        text: |$text_of:ident| $text:expr,
        precompile: |$precompiling:ident, $wasm:ident| $precompile:expr,
        load: |$loading:ident, $image:ident| $load:expr,
        load_file: |$loading_file:ident, $path:ident| $load_file:expr,
        lacks: $lacks:expr,
        limit: |$limited:ident| $limit:expr,
        fuel: |$burning:ident| $fuel:expr,
    ) => {
        mod $module {
            use super::*;
            use $krate::{Config, Engine, Instance, Linker, Module, Store};

            pub(super) fn engine(config: &Config) -> Result<Rc<dyn Subject>> {
                let $config = config;
                let engine = $new;
                Ok(Rc::new(Measured { engine }))
            }

            struct Measured {
                engine: Engine,
            }

            impl Subject for Measured {
                fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Compiled>> {
                    let $compiled = Module::new(&self.engine, wasm).map_err(plain)?;
                    let mut $linker = Linker::new(&self.engine);
                    $linker
                        .func_wrap("host", "echo", |value: i64| value + 3)
                        .map_err(plain)?;
                    $linker.func_wrap("host", "nop", || ()).map_err(plain)?;
                    $linker
                        .func_wrap("host", "add", |a: i32, b: i32| a + b)
                        .map_err(plain)?;
                    let prepared = $prepare;
                    let (engine, module) = (self.engine.clone(), $compiled);
                    Ok(Box::new(Prepared {
                        engine,
                        module,
                        prepared,
                    }))
                }

                fn compile_only(&self, wasm: &[u8]) -> Result<()> {
                    Module::new(&self.engine, wasm).map(drop).map_err(plain)
                }

                fn precompile(&self, $wasm: &[u8]) -> Result<Option<Vec<u8>>> {
                    let $precompiling = &self.engine;
                    $precompile
                }

                fn load(&self, $image: &[u8], times: u32) -> Result<()> {
                    let $loading = &self.engine;
                    (0..times).try_for_each(|_| $load)
                }

                fn load_file(&self, $path: &Path, times: u32) -> Result<()> {
                    let $loading_file = &self.engine;
                    (0..times).try_for_each(|_| $load_file)
                }

                fn lacks(&self, what: &str) -> bool {
                    let lacking: &[&str] = $lacks;
                    lacking.contains(&what)
                }
            }

            struct Prepared {
                engine: Engine,
                #[allow(dead_code, reason = "an interpreter's has no text")]
                module: Module,
                prepared: $prepared,
            }

            impl Prepared {
                fn instantiate(&self) -> Result<(Store<()>, Instance)> {
                    let mut store = Store::new(&self.engine, ());
                    let ($pre, $store) = (&self.prepared, &mut store);
                    let instance = $instantiate.map_err(plain)?;
                    Ok((store, instance))
                }
            }

            impl Compiled for Prepared {
                fn text_size(&self) -> Option<usize> {
                    let $text_of = &self.module;
                    $text
                }

                fn instantiate_and_drop(&self, times: u32) -> Result<()> {
                    (0..times).try_for_each(|_| self.instantiate().map(drop))
                }

                fn instance(&self) -> Result<Box<dyn Running>> {
                    let ($limited, instance) = self.instantiate()?;
                    let store = $limit;
                    Ok(Box::new(Instantiated { store, instance }))
                }
            }

            struct Instantiated {
                store: Store<()>,
                instance: Instance,
            }

            impl Running for Instantiated {
                fn fuel(&self) -> Option<u64> {
                    let $burning = &self.store;
                    $fuel
                }

                fn run(&mut self, export: &str, argument: u32) -> Result<u64> {
                    let (store, instance) = (&mut self.store, self.instance);
                    let run = instance.get_typed_func::<u32, u64>(&mut *store, export);
                    run.map_err(plain)?
                        .call(&mut *store, argument)
                        .map_err(plain)
                }

                fn call_nop(&mut self, times: u32) -> Result<()> {
                    let (store, instance) = (&mut self.store, self.instance);
                    let nop = instance.get_typed_func::<(), ()>(&mut *store, "nop");
                    let nop = nop.map_err(plain)?;
                    for _ in 0..times {
                        nop.call(&mut *store, ()).map_err(plain)?;
                    }
                    Ok(())
                }

                fn call_add(&mut self, times: u32) -> Result<i32> {
                    let (store, instance) = (&mut self.store, self.instance);
                    let add = instance.get_typed_func::<(i32, i32), i32>(&mut *store, "add");
                    let add = add.map_err(plain)?;
                    let mut sum = 0;
                    for _ in 0..times {
                        sum = add.call(&mut *store, (sum, 3)).map_err(plain)?;
                    }
                    Ok(sum)
                }

                fn trap(&mut self, export: &str, argument: i32, times: u32) -> Result<()> {
                    let (store, instance) = (&mut self.store, self.instance);
                    let trap = instance.get_typed_func::<i32, i32>(&mut *store, export);
                    let trap = trap.map_err(plain)?;
                    for _ in 0..times {
                        ensure!(
                            trap.call(&mut *store, argument).is_err(),
                            "{export} did not trap"
                        );
                    }
                    Ok(())
                }
            }
        }
    };
}

engine! {
    with_wasmtime, wasmtime,
    new: |config| Engine::new(config).map_err(plain)?,
    prepare: |linker, module| -> wasmtime::InstancePre<()> {
        linker.instantiate_pre(&module).map_err(plain)?
    },
    instantiate: |pre, store| pre.instantiate(&mut *store),
    text: |module| Some(module.text().len()),
    precompile: |engine, wasm| engine.precompile_module(wasm).map(Some).map_err(plain),
    load: |engine, image| {
        // SAFETY: the image is what `precompile` has made.
        unsafe { Module::deserialize(engine, image) }.map(drop).map_err(plain)
    },
    load_file: |engine, path| {
        // SAFETY: the image is what `precompile` has made; nobody changes the file.
        unsafe { Module::deserialize_file(engine, path) }.map(drop).map_err(plain)
    },
    lacks: &[],
    limit: |store| {
        let mut store = store;
        store.set_epoch_deadline(1 << 60);
        // Without fuel this is an error, and of no importance.
        let _ = store.set_fuel(u64::MAX);
        store
    },
    fuel: |store| store.get_fuel().ok(),
}

engine! {
    with_wasmetal, wasmetal,
    new: |config| Engine::new(config).map_err(plain)?,
    prepare: |linker, module| -> wasmetal::InstancePre<()> {
        linker.instantiate_pre(&module).map_err(plain)?
    },
    instantiate: |pre, store| pre.instantiate(&mut *store),
    text: |module| Some(module.text().len()),
    precompile: |engine, wasm| {
        let image = engine.precompile_module(wasm)?;
        // Aligned as Wasmtime's: files are executed where they are mapped.
        let packing = Packing { text_align: 4096, ..Packing::default() };
        Ok(Some(pack(&image, &packing)?))
    },
    load: |engine, image| {
        // SAFETY: the image is what `precompile` has made.
        unsafe { Module::deserialize_unsigned(engine, image) }.map(drop).map_err(Into::into)
    },
    load_file: |engine, path| {
        // SAFETY: the image is what `precompile` has made; nobody changes the file.
        unsafe { Module::deserialize_file_unsigned(engine, path) }.map(drop).map_err(Into::into)
    },
    lacks: &[],
    limit: |store| {
        let mut store = store;
        store.set_epoch_deadline(1 << 60);
        // Without fuel this is an error, and of no importance.
        let _ = store.set_fuel(u64::MAX);
        store
    },
    fuel: |store| store.get_fuel().ok(),
}

engine! {
    with_wasmi, wasmi,
    new: |config| Engine::new(config),
    prepare: |linker, module| -> (Linker<()>, Module) { (linker, module.clone()) },
    instantiate: |pre, store| pre.0.instantiate_and_start(&mut *store, &pre.1),
    text: |_module| None,
    precompile: |_engine, _wasm| Ok(None),
    load: |_engine, _image| Err(anyhow!("an interpreter has no images")),
    load_file: |_engine, _path| Err(anyhow!("an interpreter has no images")),
    lacks: &["atomics", "exceptions", "objects"],
    limit: |store| store,
    fuel: |_store| None,
}
