//! The engines: one source for all, for they share Wasmtime's names.

use crate::observe::{Event, Message, Outcome};
use crate::shared;
use crate::turns::{self, Later};
use fastrand::Rng;
use std::hash::{DefaultHasher, Hasher as _};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use wasmetal::WasmFeatures as Features;
use wasmetal_fuzz::{Case, FUEL, HostFailure, Settings};

/// How far memories and tables grow: 4 MiB, and some elements.
const MEMORY_LIMIT: usize = 4 << 20;
const TABLE_LIMIT: usize = 5000;
/// How often exports are called in all.
const CALLS: usize = 24;

/// A number that makes trouble now and then.
fn number(rng: &mut Rng) -> u64 {
    const SPECIAL: &[u64] = &[
        0,
        1,
        0x7f,
        0x80,
        0xffff,
        0x7fff_ffff,
        0x8000_0000,
        0xffff_ffff,
        i64::MAX as u64,
        i64::MIN as u64,
        u64::MAX,
        // Floats: 1, infinity, the canonical NaN, a signalling one.
        0x3f80_0000,
        0x7f80_0000,
        0x7fc0_0000,
        0x7fa0_0001,
        0x3ff0_0000_0000_0000,
        0x7ff0_0000_0000_0000,
        0x7ff8_0000_0000_0000,
        0x7ff4_0000_0000_0001,
    ];
    match rng.u8(..4) {
        0 => *rng.choice(SPECIAL).expect("there are some"),
        1 => rng.u64(..256),
        2 => rng.u64(..1 << 20),
        _ => rng.u64(..),
    }
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}

macro_rules! engine {
    (
        $module:ident, $krate:ident,
        config: |$settings:ident| $config:expr,
        prepare: |$prepared:ident, $slice:ident| $prepare:expr,
        host: |$owner:ident, $ty:ident, $host:ident| $func:expr,
        instantiate: |$within:ident, $module_of:ident, $imports:ident| $instantiate:expr,
        call: |$callee:ident, $calling:ident, $params:ident, $results:ident| $call:expr,
    ) => {
        pub(crate) mod $module {
            use super::*;
            use $krate::{
                AnyRef, AsContextMut, Caller, Config, Engine, Extern, ExternRef, ExternType, Func,
                GcHeapOutOfMemory, Global, HeapType, I31, Instance, Memory, Module, Ref,
                SharedMemory, Store, StoreLimits, StoreLimitsBuilder, Table, Tag, ThrownException,
                Trap, Val, ValType,
            };

            /// An engine with settings.
            pub(crate) struct Subject(Engine);

            /// What a store holds.
            struct Host {
                #[allow(dead_code, reason = "some engine's limiter is the other one")]
                limits: StoreLimits,
                #[allow(dead_code, reason = "some engine's limiter is the other one")]
                later: Later,
                rng: Rng,
                events: Vec<Event>,
                /// Instantiation has ended.
                started: bool,
                /// How often calls were not ready.
                suspensions: u64,
            }

            type Answer =
                dyn Fn(Caller<'_, Host>, &[Val], &mut [Val]) -> $krate::Result<()> + Send + Sync;

            impl Subject {
                pub(crate) fn new($settings: &Settings) -> anyhow::Result<Self> {
                    let config: Config = $config;
                    let engine = Engine::new(&config).map_err(|e| anyhow::anyhow!("{e:?}"))?;
                    Ok(Self(engine))
                }

                #[allow(dead_code, reason = "images are made and loaded by some only")]
                pub(crate) fn engine(&self) -> &Engine {
                    &self.0
                }

                /// Compiles a case's module, and does with it what the case says.
                #[allow(dead_code, reason = "some load an image")]
                pub(crate) fn run(&self, case: &Case) -> Vec<Event> {
                    match Module::new(&self.0, &case.wasm) {
                        Ok(module) => self.run_module(&module, case, None).0,
                        Err(e) => vec![Event::Refused(Message(format!("{e:#}")))],
                    }
                }

                /// Does with a module what a case says: what was seen, and how often calls were not ready.
                pub(crate) fn run_module(
                    &self,
                    module: &Module,
                    case: &Case,
                    $slice: Option<Duration>,
                ) -> (Vec<Event>, u64) {
                    if !case.runs {
                        return (vec![Event::Compiled], 0);
                    }
                    let limits = || {
                        StoreLimitsBuilder::new()
                            .memory_size(MEMORY_LIMIT)
                            .table_elements(TABLE_LIMIT)
                            .build()
                    };
                    let host = Host {
                        limits: limits(),
                        later: Later::new(MEMORY_LIMIT, TABLE_LIMIT, case.values),
                        rng: Rng::with_seed(case.values),
                        events: vec![Event::Compiled],
                        started: false,
                        suspensions: 0,
                    };
                    let mut store = Store::new(&self.0, host);
                    let $prepared = &mut store;
                    $prepare;
                    // What instantiation costs is another matter. Without fuel this is an error, and of no importance.
                    // As much as wasmetal counts: Wasmtime would go on with more.
                    let _ = store.set_fuel(1 << 62);
                    work(&mut store, module, case);
                    let Host {
                        events,
                        suspensions,
                        ..
                    } = store.into_data();
                    (events, suspensions)
                }
            }

            fn work(store: &mut Store<Host>, module: &Module, case: &Case) {
                let mut externs = Vec::new();
                for (index, import) in module.imports().enumerate() {
                    match import_of(store, index, &import.ty()) {
                        Some(it) => externs.push(it),
                        None => return store.data_mut().events.push(Event::Unlinkable),
                    }
                }
                let instance = {
                    let ($within, $module_of, $imports) = (&mut *store, module, &externs);
                    $instantiate
                };
                match instance {
                    Err(e) => {
                        let outcome = failure(store, &e);
                        store.data_mut().events.push(Event::Instantiated(outcome));
                    }
                    Ok(instance) => {
                        let outcome = Outcome::Returned(Vec::new());
                        store.data_mut().events.push(Event::Instantiated(outcome));
                        let exports = instance.exports(&mut *store);
                        let exports: Vec<_> = exports
                            .map(|e| (e.name().to_owned(), e.into_extern()))
                            .collect();
                        store.data_mut().started = true;
                        call(store, &exports, case);
                        externs.extend(exports.into_iter().map(|(_, it)| it));
                    }
                }
                for it in externs {
                    if let Some(event) = last(store, &it) {
                        store.data_mut().events.push(event);
                    }
                }
            }

            /// Calls every export that it has arguments for.
            fn call(store: &mut Store<Host>, exports: &[(String, Extern)], case: &Case) {
                let fuel = exports.iter().find(|(name, _)| name == FUEL);
                let fuel = fuel.and_then(|(_, it)| it.clone().into_global());
                let funcs = exports
                    .iter()
                    .filter_map(|(name, it)| Some((name, it.clone().into_func()?)));
                let funcs: Vec<_> = funcs.collect();
                for (name, func) in funcs.iter().cycle().take(CALLS.min(3 * funcs.len())) {
                    let ty = func.ty(&*store);
                    let params: Option<Vec<Val>> =
                        ty.params().map(|ty| any(&mut *store, &ty)).collect();
                    let Some(params) = params else { continue };
                    if let Some(fuel) = &fuel {
                        let set = fuel.set(&mut *store, Val::I32(case.fuel));
                        set.expect("it is a mutable i32");
                    }
                    let _ = store.set_fuel(case.units);
                    let mut results = vec![Val::I32(0); ty.results().len()];
                    let called = {
                        let ($callee, $calling) = (func, &mut *store);
                        let ($params, $results) = (&params, &mut results);
                        $call
                    };
                    let outcome = match called {
                        Ok(()) => Outcome::Returned(values(&mut *store, &results)),
                        Err(e) => failure(store, &e),
                    };
                    let event = Event::Called((*name).clone(), outcome, store.get_fuel().ok());
                    store.data_mut().events.push(event);
                }
            }

            /// What an import gets, if there is anything for it.
            fn import_of(store: &mut Store<Host>, index: usize, ty: &ExternType) -> Option<Extern> {
                Some(match ty {
                    ExternType::Func(ty) => {
                        let results: Vec<ValType> = ty.results().collect();
                        let answer =
                            move |mut caller: Caller<'_, Host>, params: &[Val], out: &mut [Val]| {
                                let params = values(&mut caller, params);
                                let fuel = match caller.data().started {
                                    true => caller.get_fuel().ok(),
                                    false => None,
                                };
                                let event = Event::HostCall(index, params, fuel);
                                caller.data_mut().events.push(event);
                                if caller.data_mut().rng.u8(..32) == 0 {
                                    return Err(HostFailure.into());
                                }
                                for (slot, ty) in out.iter_mut().zip(&results) {
                                    *slot = any(&mut caller, ty).ok_or(HostFailure)?;
                                }
                                Ok(())
                            };
                        let answer: Arc<Answer> = Arc::new(answer);
                        let ($owner, $ty, $host) = (&mut *store, ty.clone(), answer);
                        $func.into()
                    }
                    ExternType::Global(ty) => {
                        let value = any(&mut *store, ty.content())?;
                        Global::new(&mut *store, ty.clone(), value).ok()?.into()
                    }
                    ExternType::Table(ty) => {
                        if !ty.element().is_nullable() {
                            return None;
                        }
                        let null = Ref::null(ty.element().heap_type());
                        Table::new(&mut *store, ty.clone(), null).ok()?.into()
                    }
                    ExternType::Memory(ty) if ty.is_shared() => {
                        SharedMemory::new(store.engine(), ty.clone()).ok()?.into()
                    }
                    ExternType::Memory(ty) => Memory::new(&mut *store, ty.clone()).ok()?.into(),
                    _ => Tag::new(&mut *store, ty.tag()?).ok()?.into(),
                })
            }

            /// Some value of a type, if there is one.
            fn any(mut store: impl AsContextMut<Data = Host>, ty: &ValType) -> Option<Val> {
                let rng = &mut store.as_context_mut();
                let rng = &mut rng.data_mut().rng;
                let bits = number(rng);
                Some(match ty {
                    ValType::I32 => Val::I32(bits as i32),
                    ValType::I64 => Val::I64(bits as i64),
                    ValType::F32 => Val::F32(bits as u32),
                    ValType::F64 => Val::F64(bits),
                    ValType::V128 => {
                        let high = number(rng);
                        Val::V128((u128::from(high) << 64 | u128::from(bits)).into())
                    }
                    ValType::Ref(ty) => {
                        let heap = ty.heap_type();
                        let i31 = matches!(heap, HeapType::Any | HeapType::Eq | HeapType::I31);
                        if heap.is_extern() && bits % 4 > 0 {
                            Val::ExternRef(Some(ExternRef::new(store, bits as u32).ok()?))
                        } else if i31 && bits % 4 > 0 {
                            let value = I31::wrapping_u32((bits >> 2) as u32);
                            Val::AnyRef(Some(AnyRef::from_i31(store, value)))
                        } else if ty.is_nullable() {
                            Val::null_ref(heap)
                        } else {
                            return None;
                        }
                    }
                })
            }

            wasmetal_fuzz::values!($krate, Host);

            /// How a call failed.
            fn failure(store: &mut Store<Host>, error: &$krate::Error) -> Outcome {
                if error.downcast_ref::<HostFailure>().is_some() {
                    return Outcome::HostFailed;
                }
                if error.downcast_ref::<GcHeapOutOfMemory<()>>().is_some() {
                    return Outcome::Limit;
                }
                if error.downcast_ref::<ThrownException>().is_some() {
                    let exception = store.take_pending_exception().expect("it was thrown");
                    let fields = exception.fields(&mut *store).expect("it is rooted");
                    let fields: Vec<Val> = fields.collect();
                    return Outcome::Exception(values(&mut *store, &fields));
                }
                match error.downcast_ref::<Trap>() {
                    Some(Trap::StackOverflow | Trap::AllocationTooLarge) => Outcome::Limit,
                    // Of an atomic access that is both, engines see either.
                    Some(Trap::MemoryOutOfBounds | Trap::HeapMisaligned) => {
                        Outcome::Trap("out of bounds or misaligned".to_owned())
                    }
                    Some(trap) => Outcome::Trap(format!("{trap:?}")),
                    None => Outcome::Failed(Message(format!("{error:#}"))),
                }
            }

            /// What something holds at the end.
            fn last(store: &mut Store<Host>, it: &Extern) -> Option<Event> {
                Some(match it {
                    Extern::Memory(memory) => {
                        Event::Memory(memory.size(&*store), hash(memory.data(&*store)))
                    }
                    Extern::Global(global) => {
                        let value = global.get(&mut *store);
                        Event::Global(plain(&mut store.as_context_mut(), &value, 0))
                    }
                    Extern::Table(table) => {
                        let elements = (0..table.size(&*store)).map(|index| {
                            let element = table.get(&mut *store, index).expect("it is in bounds");
                            plain(&mut store.as_context_mut(), &element.into(), 0)
                        });
                        Event::Table(elements.collect())
                    }
                    Extern::SharedMemory(memory) => {
                        Event::Memory(memory.size(), hash(&shared::copy(memory.data())))
                    }
                    _ => return None,
                })
            }
        }
    };
}

#[cfg(feature = "wasmtime")]
engine! {
    with_wasmtime, wasmtime,
    config: |settings| {
        let mut config = Config::new();
        for (feature, flags) in PROPOSALS {
            config.wasm_features(*flags, settings.features.contains(*feature));
        }
        let level = if settings.wasmtime.optimize {
            wasmtime::OptLevel::Speed
        } else {
            wasmtime::OptLevel::None
        };
        config
            .parallel_compilation(false)
            .wasm_backtrace_max_frames(None)
            .native_unwind_info(false)
            .shared_memory(true)
            .signals_based_traps(settings.wasmtime.signals)
            .cranelift_opt_level(level)
            .relaxed_simd_deterministic(settings.deterministic)
            .consume_fuel(settings.fuel)
            .cranelift_nan_canonicalization(true);
        config
    },
    prepare: |store, _slice| store.limiter(|host| &mut host.limits),
    host: |store, ty, answer| Func::new(store, ty, move |caller, params, out| answer(caller, params, out)),
    instantiate: |store, module, externs| Instance::new(store, module, externs),
    call: |func, store, params, results| func.call(store, params, results),
}

engine! {
    with_wasmetal, wasmetal,
    config: |settings| wasmetal_config(settings),
    prepare: |store, _slice| store.limiter(|host| &mut host.limits),
    host: |store, ty, answer| Func::new(store, ty, move |caller, params, out| answer(caller, params, out)),
    instantiate: |store, module, externs| Instance::new(store, module, externs),
    call: |func, store, params, results| func.call(store, params, results),
}

// Asynchronous calls in time slices; the limiter and host functions wait now and then, and collect garbage meanwhile.
engine! {
    in_slices, wasmetal,
    config: |settings| {
        let mut config = wasmetal_config(settings);
        // The code is the same.
        config.gc_zeal_alloc_counter(NonZeroU32::new(settings.wasmetal.zeal));
        config
    },
    prepare: |store, slice| {
        store.limiter_async(|host| &mut host.later);
        store.set_time_slice(slice).expect("Linux has timers");
    },
    host: |store, ty, answer| Func::new_async(store, ty, move |mut caller, params, out| {
        let answer = answer.clone();
        Box::new(async move {
            for _ in 0..caller.data_mut().later.waits() {
                turns::once().await;
                caller.gc_async(None).await?;
            }
            answer(caller, params, out)
        })
    }),
    instantiate: |store, module, externs| {
        store.data_mut().later.begin();
        let (instance, suspensions) = turns::drive(Instance::new_async(&mut *store, module, externs));
        store.data_mut().suspensions += suspensions;
        instance
    },
    call: |func, store, params, results| {
        let (result, suspensions) = turns::drive(func.call_async(&mut *store, params, results));
        store.data_mut().suspensions += suspensions;
        result
    },
}

fn wasmetal_config(settings: &Settings) -> wasmetal::Config {
    let mut config = wasmetal::Config::new(wasmetal_platform_linux::platform());
    for (feature, _) in Features::ALL {
        config.wasm_features(*feature, settings.features.contains(*feature));
    }
    let level = if settings.wasmetal.optimize {
        wasmetal::OptLevel::Speed
    } else {
        wasmetal::OptLevel::None
    };
    config
        .explicit_checks(settings.wasmetal.explicit_checks)
        .spectre_mitigation(settings.wasmetal.spectre_mitigation)
        .memory_init_cow(settings.wasmetal.memory_init_cow)
        .cranelift_opt_level(level)
        .cranelift_debug_verifier(settings.wasmetal.verifier)
        .relaxed_simd_deterministic(settings.deterministic)
        .consume_fuel(settings.fuel)
        .cranelift_nan_canonicalization(true);
    config
}

/// What Wasmtime calls the proposals.
#[cfg(feature = "wasmtime")]
const PROPOSALS: &[(Features, wasmtime::WasmFeatures)] = {
    use wasmtime::WasmFeatures as W;
    &[
        (Features::MUTABLE_GLOBAL, W::MUTABLE_GLOBAL),
        (
            Features::SATURATING_FLOAT_TO_INT,
            W::SATURATING_FLOAT_TO_INT,
        ),
        (Features::SIGN_EXTENSION, W::SIGN_EXTENSION),
        (Features::MULTI_VALUE, W::MULTI_VALUE),
        (
            Features::BULK_MEMORY,
            W::BULK_MEMORY.union(W::BULK_MEMORY_OPT),
        ),
        (
            Features::REFERENCE_TYPES,
            W::REFERENCE_TYPES.union(W::CALL_INDIRECT_OVERLONG),
        ),
        (Features::SIMD, W::SIMD),
        (Features::RELAXED_SIMD, W::RELAXED_SIMD),
        (Features::THREADS, W::THREADS),
        (Features::TAIL_CALL, W::TAIL_CALL),
        (Features::MULTI_MEMORY, W::MULTI_MEMORY),
        (Features::EXCEPTIONS, W::EXCEPTIONS),
        (Features::MEMORY64, W::MEMORY64),
        (Features::EXTENDED_CONST, W::EXTENDED_CONST),
        (Features::FUNCTION_REFERENCES, W::FUNCTION_REFERENCES),
        (Features::GC, W::GC),
        (Features::CUSTOM_PAGE_SIZES, W::CUSTOM_PAGE_SIZES),
        (Features::WIDE_ARITHMETIC, W::WIDE_ARITHMETIC),
        (Features::STACK_SWITCHING, W::STACK_SWITCHING),
    ]
};
