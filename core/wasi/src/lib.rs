//! WASI for wasmetal: what programs for `wasm32-wasip1` import, of things that the host gives.
//!
//! ```
//! use wasmetal::{Config, Engine, Linker, Module, Store};
//! use wasmetal_wasi::{I32Exit, MemoryOutputPipe, WasiCtxBuilder, p1};
//!
//! let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
//! let module = Module::new(&engine, r#"(module
//!     (import "wasi_snapshot_preview1" "fd_write"
//!         (func $write (param i32 i32 i32 i32) (result i32)))
//!     (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
//!     (memory (export "memory") 1)
//!     (data (i32.const 0) "\08\00\00\00\06\00\00\00hello\n")
//!     (func (export "_start")
//!         (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))
//!         (call $exit (i32.const 3))))"#)?;
//!
//! let mut linker = Linker::new(&engine);
//! p1::add_to_linker_sync(&mut linker, |ctx| ctx)?;
//! let output = MemoryOutputPipe::new(4096);
//! let ctx = WasiCtxBuilder::new().stdout(output.clone()).build_p1();
//! let mut store = Store::new(&engine, ctx);
//! let instance = linker.instantiate(&mut store, &module)?;
//! let start = instance.get_typed_func::<(), ()>(&mut store, "_start")?;
//! let error = start.call(&mut store, ()).unwrap_err();
//! assert_eq!(error.downcast_ref::<I32Exit>(), Some(&I32Exit(3)));
//! assert_eq!(output.contents()[..], b"hello\n"[..]);
//! # wasmetal::error::Ok(())
//! ```
//!
//! # What a program has
//! Nothing but what [`WasiCtxBuilder`] was told to give it: without that, an input that has ended, outputs that go nowhere,
//! no file, no time of day and no randomness. What it has not fails with the [`Errno`] that WASI has for it. Names are
//! Wasmtime's, and so is what they do, where nothing else is said.
//!
//! # What a host gives
//! | | is a | from this crate |
//! |---|---|---|
//! | standard streams | [`InputStream`], [`OutputStream`] | [`MemoryInputPipe`], [`MemoryOutputPipe`]; the process's own |
//! | directories | [`Directory`], which opens [`File`]s | [`MemoryFileSystem`], also of an archive in flash or ROM; directories on Linux |
//! | time | [`HostWallClock`], [`HostMonotonicClock`] | the system's; the platform's for what passes |
//! | randomness | [`Random`] | the system's |
//!
//! # Waiting
//! Streams, files and clocks are asked as futures are polled. [`p1::add_to_linker_async`] defines functions that leave the
//! thread or core to others while they wait; those of [`p1::add_to_linker_sync`] park it.
//! What concerns names (to open, to rename ...) is answered at once.
//!
//! # Bounds
//! A guest makes the host allocate nothing but what is counted: [descriptors](WasiCtxBuilder::max_descriptors), and
//! [`MemoryFileSystem`]s, which have a quota. A path has at most 4096 bytes, a list of buffers 1024 elements, a poll 4096
//! subscriptions. What is read and written is not copied on its way. Where the host's memory runs out, and the program has a
//! [`confine::Allocator`](wasmetal_platform::confine::Allocator), a guest is told [`Errno::Nomem`], and nothing else happens.
//!
//! # Features
//! | feature | default | what it adds |
//! |---|---|---|
//! | `archive` | yes | [`MemoryFileSystem::from_tar`] |
//! | `async` | yes | [`p1::add_to_linker_async`] |
//! | `fat` | no | `FatFileSystem`: FAT on a block device, to be read |
//! | `std` | no | the system's streams, clocks and randomness: `WasiCtxBuilder::inherit_stdio` and the like |
//! | `directories` | no | directories of Linux: `WasiCtxBuilder::preopened_dir`; implies `std` |

#![cfg_attr(docsrs, feature(doc_cfg))]
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(any(test, feature = "std"))]
extern crate std;

mod clocks;
mod ctx;
mod descriptors;
mod error;
mod fs;
mod guest;
mod heap;
pub mod p1;
mod random;
mod streams;
// Twins: without a system there is nothing that a guest could have of it.
#[cfg_attr(not(feature = "std"), path = "no_system.rs")]
mod system;
mod wait;

pub use clocks::{HostMonotonicClock, HostWallClock};
pub use ctx::{WasiCtx, WasiCtxBuilder};
pub use error::{Errno, I32Exit};
#[cfg(feature = "archive")]
pub use fs::InvalidArchive;
pub use fs::{
    Advice, Directory, Entry, File, FileType, Listing, MemoryFileSystem, Metadata, NewTime, Open,
    OpenOptions, Sync, Times,
};
#[cfg(feature = "fat")]
pub use fs::{BlockDevice, FatFileSystem, InvalidVolume};
pub use fs::{DirPerms, FilePerms};
pub use random::Random;
pub use streams::{InputStream, MemoryInputPipe, MemoryOutputPipe, OutputStream};
