//! What programs are given by WASI.

use alloc::{format, vec::Vec};

use wasmetal::error::{Context, Error, Result};
use wasmetal::{Engine, Linker, Store, StoreLimits, StoreLimitsBuilder};
use wasmetal_wasi::p1::{self, WasiP1Ctx};
use wasmetal_wasi::{
    DirPerms, FilePerms, HostWallClock, I32Exit, MemoryFileSystem, MemoryInputPipe, WasiCtxBuilder,
};

use crate::{Directory, Given, Machine};

/// How much a program may write into what it is given as an archive, in bytes.
const QUOTA: usize = 64 << 20;

/// What a store holds.
pub(crate) struct State {
    wasi: WasiP1Ctx,
    limits: StoreLimits,
}

/// With which code a program has exited, if this is what it has ended with.
#[must_use]
pub fn exit_code(error: &Error) -> Option<i32> {
    error.downcast_ref::<I32Exit>().map(|exit| exit.0)
}

/// All functions of WASI.
///
/// # Errors
/// Memory is short.
pub(crate) fn linker(engine: &Engine) -> Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    p1::add_to_linker_sync(&mut linker, |state: &mut State| &mut state.wasi)?;
    Ok(linker)
}

/// A store for a program, with its bounds.
///
/// # Errors
/// The machine can't end it in time.
pub(crate) fn store(
    engine: &Engine,
    builder: &mut WasiCtxBuilder,
    given: &Given<'_>,
) -> Result<Store<State>> {
    let mut limits = StoreLimitsBuilder::new();
    if let Some(limit) = given.memory_limit {
        limits = limits.total_memory_size(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    let state = State {
        wasi: builder.build_p1(),
        limits: limits.build(),
    };
    let mut store = Store::new(engine, state);
    store.limiter(|state| &mut state.limits);
    if given.time_limit.is_some() {
        store.set_deadline(given.time_limit)?;
    }
    Ok(store)
}

/// What a job gives, and what the machine does.
///
/// # Errors
/// A directory is not there, an archive is damaged.
pub(crate) fn given(machine: &Machine, given: &Given<'_>) -> Result<WasiCtxBuilder> {
    let mut builder = WasiCtxBuilder::new();
    (machine.give)(&mut builder, given);
    builder.args(&given.arguments).envs(&given.environment);
    if let Some(input) = &given.input {
        builder.stdin(MemoryInputPipe::new(&**input));
    }
    for one in &given.directories {
        match &one.directory {
            Directory::Host(path) => (machine.give_directory)(&mut builder, path, &one.path)?,
            Directory::Archive(archive) => {
                let bytes: Vec<u8> = archive.to_vec();
                let files = MemoryFileSystem::from_tar(bytes, QUOTA);
                let files = files.with_context(|| format!("the directory {}", one.path))?;
                let files = files.with_clock(Since {
                    at_boot: given.now,
                    now: machine.now,
                });
                let (dirs, all) = (DirPerms::all(), FilePerms::all());
                builder.preopened_directory(files.root(), &one.path, dirs, all);
            }
        }
    }
    Ok(builder)
}

/// The time of day of a machine that was told it when it began.
#[derive(Clone, Copy, Debug)]
pub struct Since {
    /// The time since 1970 at that moment.
    pub at_boot: core::time::Duration,
    /// The time since then.
    pub now: fn() -> core::time::Duration,
}

impl HostWallClock for Since {
    fn resolution(&self) -> core::time::Duration {
        core::time::Duration::from_nanos(1)
    }

    fn now(&self) -> core::time::Duration {
        self.at_boot + (self.now)()
    }
}
