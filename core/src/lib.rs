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
//! faults. `module` and `abi`, which are no API, are the data that several of these share.
//!
//! # What is API
//! All that this documentation shows. For tools there are [`image`] (what is in an image, its seal and signature) and
//! `compile` (how images are packed and signed). What can be named and is not shown belongs to the runtime, and changes
//! with any version.
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
//! | `async` | yes | asynchronous calls: host functions that return futures, code that yields at the end of its epochs or of a time slice |
//! | `std` | no | [`Module::from_file`], panics of host functions caught and passed on |
//! | `demangle` | no | backtraces show Rust's names of functions as they were written; without `std` only those of the older kind (`_ZN...`), which take no stack to speak of |
//! | `anyhow` | no | `anyhow::Error` from [`Error`] by `?`, and back by `Error::from_anyhow` |
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

// Shared by several stages. Hidden is what the tools, tests and fuzzers of the tree reach into, and nobody else.
#[doc(hidden)]
#[forbid(unsafe_code)]
pub mod abi;
#[forbid(unsafe_code)]
mod digest;
#[doc(hidden)]
#[forbid(unsafe_code)]
pub mod module;
#[doc(hidden)]
#[forbid(unsafe_code)]
pub mod wire;

// What it means to be inside Wasm.
mod activation;

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
mod handles;
mod hook;
#[forbid(unsafe_code)]
pub mod image;
mod instance;
mod instantiate;
mod interrupt;
mod linker;
mod service;
mod store;
mod trap;

pub use abi::features::Features as WasmFeatures;
pub use activation::ValRaw;
pub use code::{InPlace, Module, ModuleExport, ModuleFunction, ResourcesRequired};
#[cfg(feature = "compile")]
pub use compile::{
    InvalidModule, ModuleLimitExceeded, ModuleLimits, OperatorCost, OptLevel, RegallocAlgorithm,
    VariableOperatorCost,
};
pub use config::{
    Collector, Config, Executor, InstanceAllocationStrategy, ModuleVersionStrategy,
    ProfilingStrategy, WasmBacktraceDetails,
};
#[cfg(feature = "compile")]
pub use config::{Inlining, Strategy};
pub use engine::{Engine, EngineWeak, Precompiled};
pub use error::{Error, Result};
pub use escaped::Escaped;
pub use handles::{
    AnyRef, ArrayRef, ArrayRefPre, Caller, EqRef, ExnRef, Export, Extern, ExternRef, Func, GcRef,
    Global, I31, Instance, IntoFunc, Memory, MemoryAccessError, NoExtern, NoFunc, NoneRef,
    OwnedRooted, Ref, RootScope, Rooted, RootedGcRef, StructRef, StructRefPre, Table, Tag,
    TypedFunc, V128, Val, WasmParams, WasmResults, WasmRet, WasmTy,
};
pub use image::LoadError;
pub use instance::SharedMemory;
#[cfg(feature = "threads")]
pub use instance::WaitResult;
pub use linker::{InstancePre, Linker, UnknownImport, UnknownImportError};
#[cfg(feature = "wat")]
pub use service::InvalidText;
pub use service::Loaded;
pub use store::{
    AsContext, AsContextMut, CallHook, DEFAULT_INSTANCE_LIMIT, DEFAULT_MEMORY_LIMIT,
    DEFAULT_TABLE_LIMIT, GcHeapOutOfMemory, InterruptHandle, Resource, ResourceLimitExceeded,
    ResourceLimiter, ResourcesUsed, Store, StoreContext, StoreContextMut, StoreLimits,
    StoreLimitsBuilder, UpdateDeadline,
};
#[cfg(feature = "async")]
pub use store::{CallHookHandler, ResourceLimiterAsync};
#[doc(hidden)]
pub use store::{HostFunc, RootIndex, StoreOpaque};
pub use trap::{FrameInfo, MemoryFault, Trap, WasmBacktrace};
pub use types::{
    ArrayType, ExportType, ExternType, FieldType, Finality, FuncType, GlobalType, HeapType,
    ImportType, IncompatibleImportError, MemoryType, MemoryTypeBuilder, Mutability, RefType,
    StorageType, StructType, TableType, TagType, ValType,
};
pub use wasmetal_platform::{Cache, CacheKey, Platform};
#[cfg(feature = "compile")]
pub use {engine::CacheCounts, service::CompilationStopped};
#[cfg(feature = "exceptions")]
pub use {handles::ExnRefPre, store::ThrownException, types::ExnType};

#[cfg(doctest)]
mod variance;

/// The README's examples are tests.
#[cfg(all(doctest, feature = "wat"))]
#[doc = include_str!("../../README.md")]
struct Readme;
