//! WASI's preview 1: `wasi_snapshot_preview1`, and `wasi_unstable`, which was before it.
//!
//! A pointer of a guest that is out of bounds or not aligned ends the guest, as it does in Wasmtime. Rights of descriptors
//! are those to read and to write; `fd_fdstat_set_rights` is [`Errno::Notsup`](crate::Errno::Notsup). So is `proc_raise`, and there are no sockets.

mod clocks;
mod environment;
#[allow(clippy::too_many_arguments, reason = "WASI's functions have as many")]
mod files;
#[allow(clippy::too_many_arguments, reason = "WASI's functions have as many")]
mod paths;
mod poll;
mod process;
mod types;
#[allow(clippy::too_many_arguments, reason = "WASI's functions have as many")]
mod unstable;

use crate::WasiCtx;
use crate::descriptors::Descriptors;
use crate::error::{Done, Fault};
use crate::guest::Guest;
use crate::wait;
use core::fmt;
use core::task::Poll;
use wasmetal::error::{Result, format_err};
use wasmetal::{Caller, Extern, Linker, Platform};
#[cfg(feature = "async")]
use {crate::wait::Task, alloc::boxed::Box, core::future::poll_fn};

/// What a guest has, and its descriptors. It is (a part of) the data of its store.
pub struct WasiP1Ctx {
    ctx: WasiCtx,
    descriptors: Descriptors,
}

impl WasiP1Ctx {
    pub(crate) fn new(mut ctx: WasiCtx) -> Self {
        let descriptors = Descriptors::new(&mut ctx);
        Self { ctx, descriptors }
    }
}

impl fmt::Debug for WasiP1Ctx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WasiP1Ctx")
            .field("ctx", &self.ctx)
            .finish_non_exhaustive()
    }
}

/// What a call of a guest has to do with.
struct Call<'a> {
    ctx: &'a mut WasiCtx,
    descriptors: &'a mut Descriptors,
    guest: Guest<'a>,
    platform: &'static dyn Platform,
}

/// Begins a call, or goes on with it.
///
/// # Errors
/// The caller exports no memory.
fn enter<T: 'static, R>(
    caller: &mut Caller<'_, T>,
    get: impl Fn(&mut T) -> &mut WasiP1Ctx,
    work: impl FnOnce(&mut Call<'_>) -> R,
) -> Result<R> {
    let platform = caller.engine().platform();
    let memory = match caller.get_export("memory") {
        Some(Extern::Memory(memory)) => memory,
        Some(Extern::SharedMemory(_)) => {
            return Err(format_err!(
                "the guest's memory is shared, which WASI's functions do not work on"
            ));
        }
        _ => return Err(format_err!("missing required memory export")),
    };
    let (memory, data) = memory.data_and_store_mut(caller);
    let WasiP1Ctx { ctx, descriptors } = get(data);
    Ok(work(&mut Call {
        ctx,
        descriptors,
        guest: Guest::new(memory),
        platform,
    }))
}

/// What the guest is told.
///
/// # Errors
/// It ends.
fn answer(done: Done) -> Result<i32> {
    match done {
        Ok(()) => Ok(0),
        Err(Fault::Errno(errno)) => Ok(errno as i32),
        Err(Fault::End(error)) => Err(error),
    }
}

/// As a poll that has failed.
fn flatten(polled: Result<Poll<Done>>) -> Poll<Done> {
    polled.unwrap_or_else(|error| Poll::Ready(Err(Fault::End(error))))
}

/// Defines functions that are answered at once.
macro_rules! immediate {
    (
        $linker:ident, $module:ident, $get:ident;
        $($file:ident::$name:ident($($arg:ident: $ty:ty),* $(,)?))*
    ) => {$(
        $linker.func_wrap(
            $module,
            stringify!($name),
            move |mut caller: Caller<'_, T>, $($arg: $ty),*| -> Result<i32> {
                answer(enter(&mut caller, $get, |call| $file::$name(call, $($arg),*))?)
            },
        )?;
    )*};
}

/// Defines functions that may have to wait, which park the thread or core meanwhile.
macro_rules! parking {
    (
        $linker:ident, $module:ident, $get:ident;
        $($file:ident::$name:ident($($arg:ident: $ty:ty),* $(,)?))*
    ) => {$(
        $linker.func_wrap(
            $module,
            stringify!($name),
            move |mut caller: Caller<'_, T>, $($arg: $ty),*| -> Result<i32> {
                let mut state = Default::default();
                answer(wait::park(&mut caller, |caller, task| {
                    flatten(enter(caller, $get, |call| {
                        $file::$name(call, task, &mut state, $($arg),*)
                    }))
                }))
            },
        )?;
    )*};
}

/// Defines functions that may have to wait, which suspend the guest meanwhile.
#[cfg(feature = "async")]
macro_rules! suspending {
    (
        $linker:ident, $module:ident, $get:ident;
        $($file:ident::$name:ident($($arg:ident: $ty:ty),* $(,)?))*
    ) => {$(
        $linker.func_wrap_async(
            $module,
            stringify!($name),
            move |mut caller: Caller<'_, T>, ($($arg,)*): ($($ty,)*)| {
                Box::new(async move {
                    let mut state = Default::default();
                    let done = poll_fn(|context| {
                        let mut task = Task::new(context);
                        let polled = flatten(enter(&mut caller, $get, |call| {
                            $file::$name(call, &mut task, &mut state, $($arg),*)
                        }));
                        if let (true, Some(time)) = (polled.is_pending(), task.at_latest) {
                            let waker = context.waker();
                            enter(&mut caller, $get, |call| call.wake_after(time, waker))
                                .map_err(Fault::End)?;
                        }
                        polled
                    });
                    answer(done.await)
                })
            },
        )?;
    )*};
}

/// Defines what is the same in both versions and in both linkers.
macro_rules! common {
    ($linker:ident, $module:ident, $get:ident) => {
        immediate! { $linker, $module, $get;
            environment::args_get(argv: u32, text: u32)
            environment::args_sizes_get(count: u32, size: u32)
            environment::environ_get(environ: u32, text: u32)
            environment::environ_sizes_get(count: u32, size: u32)
            clocks::clock_res_get(id: u32, resolution: u32)
            clocks::clock_time_get(id: u32, precision: u64, time: u32)
            files::fd_advise(fd: u32, offset: u64, len: u64, advice: u32)
            files::fd_allocate(fd: u32, offset: u64, len: u64)
            files::fd_close(fd: u32)
            files::fd_datasync(fd: u32)
            files::fd_fdstat_get(fd: u32, stat: u32)
            files::fd_fdstat_set_flags(fd: u32, flags: u32)
            files::fd_fdstat_set_rights(fd: u32, base: u64, inheriting: u64)
            files::fd_filestat_set_size(fd: u32, size: u64)
            files::fd_filestat_set_times(fd: u32, accessed: u64, modified: u64, flags: u32)
            files::fd_prestat_get(fd: u32, stat: u32)
            files::fd_prestat_dir_name(fd: u32, path: u32, len: u32)
            files::fd_readdir(fd: u32, buffer: u32, len: u32, cookie: u64, used: u32)
            files::fd_renumber(from: u32, to: u32)
            files::fd_sync(fd: u32)
            files::fd_tell(fd: u32, offset: u32)
            paths::path_create_directory(fd: u32, path: u32, len: u32)
            paths::path_filestat_set_times(
                fd: u32, flags: u32, path: u32, len: u32, accessed: u64, modified: u64, set: u32,
            )
            paths::path_link(
                fd: u32, flags: u32, path: u32, len: u32, to_fd: u32, to_path: u32, to_len: u32,
            )
            paths::path_open(
                fd: u32, lookup: u32, path: u32, len: u32, flags: u32, base: u64, inheriting: u64,
                descriptor: u32, opened: u32,
            )
            paths::path_readlink(
                fd: u32, path: u32, len: u32, buffer: u32, buffer_len: u32, used: u32,
            )
            paths::path_remove_directory(fd: u32, path: u32, len: u32)
            paths::path_rename(
                fd: u32, path: u32, len: u32, to_fd: u32, to_path: u32, to_len: u32,
            )
            paths::path_symlink(target: u32, target_len: u32, fd: u32, path: u32, len: u32)
            paths::path_unlink_file(fd: u32, path: u32, len: u32)
            process::proc_raise(signal: u32)
            process::sock_recv(
                fd: u32, buffers: u32, count: u32, flags: u32, received: u32, how: u32,
            )
            process::sock_send(fd: u32, buffers: u32, count: u32, flags: u32, sent: u32)
            process::sock_shutdown(fd: u32, how: u32)
        }
        $linker.func_wrap($module, "proc_exit", process::proc_exit)?;
    };
}

/// Defines what is in the snapshot only, or has other records there.
macro_rules! snapshot {
    ($linker:ident, $module:ident, $get:ident) => {
        immediate! { $linker, $module, $get;
            files::fd_filestat_get(fd: u32, stat: u32)
            files::fd_seek(fd: u32, offset: u64, whence: u32, position: u32)
            paths::path_filestat_get(fd: u32, flags: u32, path: u32, len: u32, stat: u32)
            process::sock_accept(fd: u32, flags: u32, accepted: u32)
        }
    };
}

/// Defines what has other records before the snapshot.
macro_rules! unstable {
    ($linker:ident, $module:ident, $get:ident) => {
        immediate! { $linker, $module, $get;
            unstable::fd_filestat_get(fd: u32, stat: u32)
            unstable::fd_seek(fd: u32, offset: u64, whence: u32, position: u32)
            unstable::path_filestat_get(fd: u32, flags: u32, path: u32, len: u32, stat: u32)
        }
    };
}

/// Defines what may have to wait, by one of the macros above.
macro_rules! waiting {
    ($define:ident, $linker:ident, $module:ident, $get:ident) => {
        $define! { $linker, $module, $get;
            files::fd_pread(fd: u32, buffers: u32, count: u32, offset: u64, read: u32)
            files::fd_pwrite(fd: u32, buffers: u32, count: u32, offset: u64, written: u32)
            files::fd_read(fd: u32, buffers: u32, count: u32, read: u32)
            files::fd_write(fd: u32, buffers: u32, count: u32, written: u32)
            process::random_get(buffer: u32, len: u32)
            process::sched_yield()
        }
    };
}

macro_rules! waiting_with_records {
    ($define:ident, $linker:ident, $module:ident, $get:ident, $file:ident) => {
        $define! { $linker, $module, $get;
            $file::poll_oneoff(subscriptions: u32, events: u32, count: u32, ready: u32)
        }
    };
}

/// The snapshot's name, and that of what was before it.
const SNAPSHOT: &str = "wasi_snapshot_preview1";
const UNSTABLE: &str = "wasi_unstable";

/// Defines all functions of WASI's preview 1, for calls that do not wait by themselves: where the guest waits, the thread or
/// core is parked. `get` finds the guest's context in the data of its store, at each call.
///
/// A store that can be [interrupted](wasmetal::Store::set_deadline) ends while it waits too, some milliseconds late.
///
/// ```
/// # use wasmetal::{Config, Engine, Linker};
/// use wasmetal_wasi::p1::{self, WasiP1Ctx};
///
/// struct State {
///     wasi: WasiP1Ctx,
///     requests: u32,
/// }
///
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// let mut linker = Linker::<State>::new(&engine);
/// p1::add_to_linker_sync(&mut linker, |state| &mut state.wasi)?;
/// # wasmetal::error::Ok(())
/// ```
///
/// # Errors
/// One of the names is taken, or memory is short.
pub fn add_to_linker_sync<T: Send + 'static>(
    linker: &mut Linker<T>,
    get: impl Fn(&mut T) -> &mut WasiP1Ctx + Copy + Send + Sync + 'static,
) -> Result<()> {
    for module in [SNAPSHOT, UNSTABLE] {
        common!(linker, module, get);
        waiting!(parking, linker, module, get);
    }
    snapshot!(linker, SNAPSHOT, get);
    unstable!(linker, UNSTABLE, get);
    waiting_with_records!(parking, linker, SNAPSHOT, get, poll);
    waiting_with_records!(parking, linker, UNSTABLE, get, unstable);
    Ok(())
}

/// Defines all functions of WASI's preview 1, for asynchronous calls: where the guest waits, it is suspended. `get` finds the
/// guest's context in the data of its store, at each call.
///
/// Timers are the clock's: [`HostMonotonicClock::wake_at`](crate::HostMonotonicClock::wake_at).
///
/// ```
/// # use wasmetal::{Config, Engine, Linker};
/// use wasmetal_wasi::p1::{self, WasiP1Ctx};
///
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// let mut linker = Linker::<WasiP1Ctx>::new(&engine);
/// p1::add_to_linker_async(&mut linker, |ctx| ctx)?;
/// # wasmetal::error::Ok(())
/// ```
///
/// # Errors
/// One of the names is taken, or memory is short.
#[cfg(feature = "async")]
pub fn add_to_linker_async<T: Send + 'static>(
    linker: &mut Linker<T>,
    get: impl Fn(&mut T) -> &mut WasiP1Ctx + Copy + Send + Sync + 'static,
) -> Result<()> {
    for module in [SNAPSHOT, UNSTABLE] {
        common!(linker, module, get);
        waiting!(suspending, linker, module, get);
    }
    snapshot!(linker, SNAPSHOT, get);
    unstable!(linker, UNSTABLE, get);
    waiting_with_records!(suspending, linker, SNAPSHOT, get, poll);
    waiting_with_records!(suspending, linker, UNSTABLE, get, unstable);
    Ok(())
}
