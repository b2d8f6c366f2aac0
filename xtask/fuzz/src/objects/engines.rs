//! The engines: one source for both, for they share Wasmtime's names.

use crate::observe::{Event, Outcome, Seen};
use std::num::NonZeroU32;
use wasmetal::{OptLevel, RegallocAlgorithm};
use wasmetal_fuzz::{CALLS, HostFailure, Program};

/// How an engine is set up.
#[derive(Clone, Copy)]
pub(crate) struct Way {
    pub(crate) name: &'static str,
    pub(crate) optimise: OptLevel,
    pub(crate) registers: RegallocAlgorithm,
    /// There is a collection at one allocation in this many.
    pub(crate) zeal: Option<u32>,
    /// The most bytes that the heap may have.
    pub(crate) heap: Option<usize>,
}

/// What the heap has at first: it grows, so that there are collections.
const HEAP: u64 = 64 << 10;

macro_rules! engine {
    (
        $module:ident, $krate:ident,
        config: |$way:ident| $config:expr,
        limits: $limits:expr,
    ) => {
        pub(crate) mod $module {
            use super::*;
            use $krate::{
                AnyRef, AsContextMut as _, Caller, Config, Engine, Error, Extern, ExternRef,
                GcHeapOutOfMemory, Instance, Linker, Module, OwnedRooted, Result, Rooted, Store,
                StoreLimits, StoreLimitsBuilder, ThrownException, Trap, Val,
            };

            /// An engine that is set up in some way.
            pub(crate) struct Subject {
                way: Way,
                pub(super) engine: Engine,
                linker: Linker<Host>,
            }

            /// What a store holds.
            pub(crate) struct Host {
                limits: StoreLimits,
                notes: Vec<i32>,
                kept: Option<OwnedRooted<AnyRef>>,
            }

            impl Subject {
                pub(crate) fn new($way: Way) -> anyhow::Result<Self> {
                    let config: Config = $config;
                    let make = || -> Result<Self> {
                        let engine = Engine::new(&config)?;
                        let linker = linker(&engine)?;
                        Ok(Self {
                            way: $way,
                            engine,
                            linker,
                        })
                    };
                    make().map_err(|error| anyhow::anyhow!("{error:?}"))
                }

                /// Compiles a program, and runs it.
                pub(crate) fn compile_and_run(&self, program: &Program) -> Seen {
                    let modules: Vec<&Vec<u8>> =
                        program.library.iter().chain([&program.main]).collect();
                    self.run(program, |engine, module| {
                        Module::new(engine, modules[module])
                    })
                }

                /// Runs a program whose modules, by number, come from elsewhere.
                pub(crate) fn run(
                    &self,
                    program: &Program,
                    module: impl Fn(&Engine, usize) -> Result<Module>,
                ) -> Seen {
                    let count = 1 + usize::from(program.library.is_some());
                    let modules: Result<Vec<Module>> = (0..count)
                        .map(|index| module(&self.engine, index))
                        .collect();
                    let events = match modules {
                        Ok(modules) => self.run_modules(program, &modules),
                        Err(error) => vec![Event::Refused(format!("{error:#}"))],
                    };
                    (self.way.name, events)
                }

                fn run_modules(&self, program: &Program, modules: &[Module]) -> Vec<Event> {
                    let host = Host {
                        limits: $limits(StoreLimitsBuilder::new(), &self.way).build(),
                        notes: Vec::new(),
                        kept: None,
                    };
                    let mut store = Store::new(&self.engine, host);
                    store.limiter(|host| &mut host.limits);
                    let mut instances: Vec<Instance> = Vec::new();
                    let mut events = Vec::new();
                    for module in modules {
                        match self.instantiate(&mut store, module, instances.first()) {
                            Ok(instance) => instances.push(instance),
                            Err(error) => {
                                let outcome = failure(&mut store, &error);
                                events.push(Event::Instantiated(outcome));
                                return events;
                            }
                        }
                    }
                    for call in &program.calls {
                        if call.collect {
                            let _ = store.gc(None);
                        }
                        for instance in &instances {
                            let fuel = instance.get_global(&mut store, "fuel");
                            let fuel = fuel.expect("it is exported");
                            fuel.set(&mut store, Val::I32(CALLS))
                                .expect("it is a mutable i32");
                        }
                        let main = instances.last().expect("there is a module");
                        let name = format!("run{}", call.function);
                        let run = main.get_typed_func::<i32, i64>(&mut store, &name);
                        let run = run.expect("it is exported");
                        let outcome = match run.call(&mut store, call.argument) {
                            Ok(result) => Outcome::Returned(result),
                            Err(error) => failure(&mut store, &error),
                        };
                        let notes = std::mem::take(&mut store.data_mut().notes);
                        events.push(Event::Called(outcome, notes));
                    }
                    for instance in instances {
                        last(&mut store, instance, &mut events);
                    }
                    events
                }

                fn instantiate(
                    &self,
                    store: &mut Store<Host>,
                    module: &Module,
                    library: Option<&Instance>,
                ) -> Result<Instance> {
                    let mut imports: Vec<Extern> = Vec::new();
                    for import in module.imports() {
                        let it = match library.filter(|_| import.module() == "lib") {
                            Some(library) => library.get_export(&mut *store, import.name()),
                            None => self.linker.get(&mut *store, "host", import.name()).ok(),
                        };
                        imports.push(it.expect("the generator knows what there is"));
                    }
                    Instance::new(store, module, &imports)
                }
            }

            /// The host's functions.
            fn linker(engine: &Engine) -> Result<Linker<Host>> {
                let mut linker = Linker::new(engine);
                linker.func_wrap("host", "gc", |mut caller: Caller<'_, Host>, _: i32| {
                    let _ = caller.gc(None);
                    0_i64
                })?;
                linker.func_wrap(
                    "host",
                    "note",
                    |mut caller: Caller<'_, Host>, value: i32| {
                        let notes = &mut caller.data_mut().notes;
                        notes.push(value);
                        notes.len() as i64
                    },
                )?;
                linker.func_wrap("host", "back", back)?;
                linker.func_wrap("host", "keep", keep)?;
                linker.func_wrap("host", "make", |caller: Caller<'_, Host>, value: i32| {
                    make(caller, value)
                })?;
                linker.func_wrap("host", "look", look)?;
                Ok(linker)
            }

            /// Calls its caller, and collects before, after, or both.
            fn back(mut caller: Caller<'_, Host>, value: i32) -> Result<i64> {
                let back = caller.get_export("back").and_then(Extern::into_func);
                let back = back.expect("it is exported").typed::<i32, i64>(&caller)?;
                if value & 1 != 0 {
                    let _ = caller.gc(None);
                }
                let result = back.call(&mut caller, value)?;
                if value & 2 != 0 {
                    let _ = caller.gc(None);
                }
                Ok(result)
            }

            /// Keeps a reference, and gives the one before it.
            fn keep(
                mut caller: Caller<'_, Host>,
                new: Option<Rooted<AnyRef>>,
            ) -> Result<Option<Rooted<AnyRef>>> {
                let new = new.map(|it| it.to_owned_rooted(&mut caller)).transpose()?;
                let old = std::mem::replace(&mut caller.data_mut().kept, new);
                Ok(old.map(|it| it.to_rooted(&mut caller)))
            }

            fn make(caller: Caller<'_, Host>, value: i32) -> Result<Option<Rooted<ExternRef>>> {
                match ExternRef::new(caller, value as u32) {
                    Ok(it) => Ok(Some(it)),
                    // The heap is full.
                    Err(_) => Err(Error::new(HostFailure)),
                }
            }

            /// The number in a host value; others for what has none.
            fn look(caller: Caller<'_, Host>, it: Option<Rooted<ExternRef>>) -> Result<i32> {
                let Some(it) = it else { return Ok(-1) };
                let data = it
                    .data(&caller)?
                    .and_then(|data| data.downcast_ref::<u32>());
                Ok(data.map_or(-2, |value| *value as i32))
            }

            wasmetal_fuzz::values!($krate, Host);

            /// How a call failed.
            fn failure(store: &mut Store<Host>, error: &Error) -> Outcome {
                if error.is::<GcHeapOutOfMemory<()>>() || error.is::<HostFailure>() {
                    return Outcome::Limit;
                }
                if error.is::<ThrownException>() {
                    let exception = store.take_pending_exception().expect("it was thrown");
                    let fields = exception.fields(&mut *store).expect("it is rooted");
                    let fields: Vec<Val> = fields.collect();
                    return Outcome::Exception(values(&mut *store, &fields));
                }
                match error.downcast_ref::<Trap>() {
                    Some(Trap::StackOverflow | Trap::AllocationTooLarge) => Outcome::Limit,
                    Some(trap) => Outcome::Trap(format!("{trap:?}")),
                    None => Outcome::Failed(format!("{error:#}")),
                }
            }

            /// What an instance's globals and tables hold at the end.
            fn last(store: &mut Store<Host>, instance: Instance, events: &mut Vec<Event>) {
                let exports = instance.exports(&mut *store);
                let exports: Vec<Extern> = exports.map(|export| export.into_extern()).collect();
                for it in exports {
                    match it {
                        Extern::Global(global) => {
                            let value = global.get(&mut *store);
                            let value = plain(&mut store.as_context_mut(), &value, 0);
                            events.push(Event::Global(value));
                        }
                        Extern::Table(table) => {
                            let elements = (0..table.size(&*store)).map(|index| {
                                let element = table.get(&mut *store, index);
                                let element = element.expect("it is in bounds").into();
                                plain(&mut store.as_context_mut(), &element, 0)
                            });
                            let elements = elements.collect();
                            events.push(Event::Table(elements));
                        }
                        _ => {}
                    }
                }
            }
        }
    };
}

#[cfg(feature = "wasmtime")]
engine! {
    with_wasmtime, wasmtime,
    config: |way| {
        let mut config = Config::new();
        // What takes least time. Without collections there are none that could go wrong.
        config
            .collector(wasmtime::Collector::Null)
            .cranelift_opt_level(wasmtime::OptLevel::None)
            .cranelift_regalloc_algorithm(wasmtime::RegallocAlgorithm::SinglePass)
            .concurrency_support(false)
            .generate_address_map(false)
            .memory_init_cow(false)
            .parallel_compilation(false)
            .wasm_backtrace_max_frames(None)
            .native_unwind_info(false)
            .wasm_function_references(true)
            .wasm_gc(true)
            .wasm_exceptions(true);
        config
    },
    limits: |limits, _: &Way| limits,
}

engine! {
    with_wasmetal, wasmetal,
    config: |way| {
        let mut config = Config::new(wasmetal_platform_linux::platform());
        config
            .cranelift_opt_level(way.optimise)
            .cranelift_regalloc_algorithm(way.registers)
            .gc_zeal_alloc_counter(way.zeal.and_then(NonZeroU32::new))
            .gc_heap_initial_size(way.heap.map_or(HEAP, |size| size as u64));
        config
    },
    limits: |limits: StoreLimitsBuilder, way: &Way| match way.heap {
        Some(size) => limits.gc_heap_size(size),
        None => limits,
    },
}

impl with_wasmetal::Subject {
    /// The engine, to compile for others with the same settings for code.
    pub(crate) fn engine(&self) -> &wasmetal::Engine {
        &self.engine
    }
}
