//! WebAssembly to machine code on the device itself: a `no_std` runtime that compiles with Cranelift,
//! sandboxes what it runs, and has Wasmtime's API.
//!
//! ```
//! use wasmetal::*;
//!
//! let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
//! let module = Module::new(&engine, r#"
//!     (module
//!         (import "host" "log" (func $log (param i32)))
//!         (func (export "factorial") (param $n i32) (result i32)
//!             (call $log (local.get $n))
//!             (if (result i32) (i32.eqz (local.get $n))
//!                 (then (i32.const 1))
//!                 (else (i32.mul (local.get $n)
//!                                (call 1 (i32.sub (local.get $n) (i32.const 1))))))))
//! "#)?;
//! let mut linker = Linker::new(&engine);
//! linker.func_wrap("host", "log", |mut caller: Caller<'_, Vec<i32>>, n: i32| {
//!     caller.data_mut().push(n);
//! })?;
//! let mut store = Store::new(&engine, Vec::new());
//! let instance = linker.instantiate(&mut store, &module)?;
//! let factorial = instance.get_typed_func::<i32, i32>(&mut store, "factorial")?;
//! assert_eq!(factorial.call(&mut store, 5)?, 120);
//! assert_eq!(*store.data(), [5, 4, 3, 2, 1, 0]);
//! # wasmetal::error::Ok(())
//! ```
//!
//! The machine underneath is a [`Platform`]: `wasmetal_platform_linux::platform()` on Linux,
//! `wasmetal_platform_bare::platform()` on bare-metal aarch64, or your own.
//!
//! # From bytes to results
//! A module goes through the folders in this order: `compile` makes machine code of Wasm bytes and puts
//! it into an *image*, an ELF file; `image` checks one; `code` maps it and makes it executable; `instance`
//! gives it memories, tables and globals in a `store`; `call` goes in and out; `trap` makes errors of
//! faults. `module` and `abi` are the data that several of these share.
//!
//! # Features
//! | feature | default | what it adds |
//! |---|---|---|
//! | `compile` | yes | the compiler: [`Module::new`], [`Engine::precompile_module`]. Without it images that were made elsewhere load and run: [`Module::deserialize`] |
//! | `signatures` | yes | signed images: [`Config::trusted_key`] |
//! | `simd` | yes | the proposals SIMD and relaxed SIMD |
//! | `threads` | yes | the proposal threads |
//! | `gc` | yes | the proposal garbage collection |
//! | `exceptions` | yes | the proposal exceptions |
//! | `std` | no | [`Module::from_file`], panics of host functions caught and passed on |
//! | `wat` | no | modules in the text format; implies `std` and `compile` |

#![cfg_attr(docsrs, feature(doc_cfg))]
#![no_std]

extern crate alloc;
#[cfg(any(test, feature = "std"))]
extern crate std;

// What a user sets up.
mod config;
mod engine;
pub mod error;
mod escaped;
#[forbid(unsafe_code)]
mod map;
mod oom;
mod owner;
mod types;

// Shared by several stages.
#[forbid(unsafe_code)]
pub mod abi;
#[forbid(unsafe_code)]
pub mod module;

// The way of a module.
mod call;
mod code;
// Twins: without a compiler nothing is confined.
#[cfg(feature = "compile")]
#[forbid(unsafe_code)]
pub mod compile;
#[cfg_attr(not(feature = "compile"), path = "confine/none.rs")]
mod confine;
#[cfg_attr(not(any(feature = "gc", feature = "exceptions")), path = "gc/none.rs")]
mod gc;
#[forbid(unsafe_code)]
pub mod image;
mod instance;
mod interrupt;
mod linker;
mod store;
mod trap;

pub use abi::features::Features as WasmFeatures;
pub use call::ValRaw;
pub use call::func::Func;
#[doc(hidden)]
pub use call::host::HostFunc;
pub use call::host::{Caller, IntoFunc};
pub use call::typed::{TypedFunc, WasmParams, WasmResults, WasmRet, WasmTy};
pub use code::{InPlace, Loaded, Module, ModuleExport, ModuleFunction, ResourcesRequired};
#[cfg(feature = "compile")]
pub use compile::{
    ModuleLimitExceeded, ModuleLimits, OperatorCost, OptLevel, RegallocAlgorithm,
    VariableOperatorCost,
};
#[cfg(feature = "compile")]
pub use config::Strategy;
pub use config::{Config, Executor, WasmBacktraceDetails};
#[cfg(feature = "compile")]
pub use engine::{CacheCounts, CompilationStopped};
pub use engine::{Engine, EngineWeak, Precompiled};
pub use error::{Error, Result, bail, ensure, format_err};
pub use escaped::Escaped;
#[cfg(feature = "threads")]
pub use instance::WaitResult;
pub use instance::{
    AnyRef, ArrayRef, ArrayRefPre, EqRef, ExnRef, Export, Extern, ExternRef, GcRef, Global, I31,
    Instance, Memory, MemoryAccessError, OwnedRooted, Ref, RootScope, Rooted, RootedGcRef,
    SharedMemory, StructRef, StructRefPre, Table, Tag, V128, Val,
};
pub use interrupt::InterruptHandle;
pub use linker::{InstancePre, Linker, UnknownImportError};
pub use store::{
    AsContext, AsContextMut, DEFAULT_INSTANCE_LIMIT, DEFAULT_MEMORY_LIMIT, DEFAULT_TABLE_LIMIT,
    GcHeapOutOfMemory, Resource, ResourceLimitExceeded, ResourceLimiter, ResourcesUsed, Store,
    StoreContext, StoreContextMut, StoreLimits, StoreLimitsBuilder, UpdateDeadline,
};
#[doc(hidden)]
pub use store::{RootIndex, StoreOpaque};
pub use trap::{FrameInfo, Trap, WasmBacktrace};
pub use types::{
    ArrayType, ExportType, ExternType, FieldType, Finality, FuncType, GlobalType, HeapType,
    ImportType, MemoryType, MemoryTypeBuilder, Mutability, RefType, StorageType, StructType,
    TableType, TagType, ValType,
};
pub use wasmetal_platform::{Cache, CacheKey, Platform};
#[cfg(feature = "exceptions")]
pub use {instance::ExnRefPre, trap::ThrownException, types::ExnType};

#[cfg(doctest)]
mod variance;

/// The README's examples are tests.
#[cfg(all(doctest, feature = "wat"))]
#[doc = include_str!("../../README.md")]
struct Readme;
