//! What a guest is given: `WasiCtxBuilder` collects it.

use crate::descriptors::Preopened;
use crate::p1::WasiP1Ctx;
use crate::streams::{Ended, Nowhere};
use crate::system;
use crate::{
    DirPerms, Directory, FilePerms, HostMonotonicClock, HostWallClock, InputStream, OutputStream,
    Random,
};
use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::mem;

/// How many descriptors a guest may have at once, if nothing else is said.
const DEFAULT_DESCRIPTORS: u32 = 512;

/// Collects what a guest is given. By default that is nothing.
///
/// ```
/// use wasmetal_wasi::{MemoryInputPipe, WasiCtxBuilder};
///
/// let ctx = WasiCtxBuilder::new()
///     .args(&["wc", "-l"])
///     .env("LANG", "C")
///     .stdin(MemoryInputPipe::new(*b"one\ntwo\n"))
///     .build_p1();
/// ```
#[derive(Debug, Default)]
pub struct WasiCtxBuilder {
    ctx: WasiCtx,
}

/// What a guest is given.
pub struct WasiCtx {
    pub(crate) args: Vec<String>,
    /// `NAME=VALUE`.
    pub(crate) env: Vec<String>,
    pub(crate) stdin: Box<dyn InputStream>,
    pub(crate) stdout: Box<dyn OutputStream>,
    pub(crate) stderr: Box<dyn OutputStream>,
    pub(crate) preopened: Vec<Preopened>,
    pub(crate) wall_clock: Option<Box<dyn HostWallClock>>,
    /// `None`: the platform's.
    pub(crate) monotonic_clock: Option<Box<dyn HostMonotonicClock>>,
    pub(crate) random: Option<Box<dyn Random>>,
    pub(crate) max_descriptors: u32,
}

impl Default for WasiCtx {
    fn default() -> Self {
        Self {
            args: Vec::new(),
            env: Vec::new(),
            stdin: Box::new(Ended),
            stdout: Box::new(Nowhere),
            stderr: Box::new(Nowhere),
            preopened: Vec::new(),
            wall_clock: None,
            monotonic_clock: None,
            random: None,
            max_descriptors: DEFAULT_DESCRIPTORS,
        }
    }
}

impl fmt::Debug for WasiCtx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WasiCtx")
            .field("args", &self.args)
            .finish_non_exhaustive()
    }
}

impl WasiCtxBuilder {
    /// Gives nothing: no arguments and no environment, an input that has ended, outputs that go nowhere, no directory.
    ///
    /// With the feature `std` there are the system's clocks and randomness. Without it there is no time of day and no
    /// randomness ([`Errno::Notsup`](crate::Errno::Notsup)), and the clock that only goes on is the platform's, if it has
    /// one.
    #[must_use]
    pub fn new() -> Self {
        let mut builder = Self::default();
        system::give(&mut builder.ctx);
        builder
    }

    /// Adds an argument. The first one is the program's name.
    pub fn arg(&mut self, arg: impl AsRef<str>) -> &mut Self {
        self.ctx.args.push(arg.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    pub fn args(&mut self, args: &[impl AsRef<str>]) -> &mut Self {
        for arg in args {
            self.arg(arg);
        }
        self
    }

    /// Adds a variable of the environment. What was given before stays.
    pub fn env(&mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> &mut Self {
        let variable = [name.as_ref(), "=", value.as_ref()].concat();
        self.ctx.env.push(variable);
        self
    }

    /// Adds variables of the environment.
    pub fn envs(&mut self, env: &[(impl AsRef<str>, impl AsRef<str>)]) -> &mut Self {
        for (name, value) in env {
            self.env(name, value);
        }
        self
    }

    /// Sets what is read from the standard input.
    pub fn stdin(&mut self, stdin: impl InputStream + 'static) -> &mut Self {
        self.ctx.stdin = Box::new(stdin);
        self
    }

    /// Sets where the standard output goes to.
    pub fn stdout(&mut self, stdout: impl OutputStream + 'static) -> &mut Self {
        self.ctx.stdout = Box::new(stdout);
        self
    }

    /// Sets where the standard output for errors goes to.
    pub fn stderr(&mut self, stderr: impl OutputStream + 'static) -> &mut Self {
        self.ctx.stderr = Box::new(stderr);
        self
    }

    /// Gives the guest a directory, by the name `guest_path`.
    pub fn preopened_directory(
        &mut self,
        directory: Arc<dyn Directory>,
        guest_path: impl AsRef<str>,
        dir_perms: DirPerms,
        file_perms: FilePerms,
    ) -> &mut Self {
        self.ctx.preopened.push(Preopened {
            directory,
            path: guest_path.as_ref().to_owned(),
            dir_perms,
            file_perms,
        });
        self
    }

    /// Sets the clock of the time of day.
    pub fn wall_clock(&mut self, clock: impl HostWallClock + 'static) -> &mut Self {
        self.ctx.wall_clock = Some(Box::new(clock));
        self
    }

    /// Sets the clock that only goes on.
    pub fn monotonic_clock(&mut self, clock: impl HostMonotonicClock + 'static) -> &mut Self {
        self.ctx.monotonic_clock = Some(Box::new(clock));
        self
    }

    /// Sets where randomness comes from.
    pub fn secure_random(&mut self, random: impl Random + 'static) -> &mut Self {
        self.ctx.random = Some(Box::new(random));
        self
    }

    /// Sets how many descriptors the guest may have at once: standard streams, directories, open files. Default: 512. What
    /// is opened beyond fails with [`Errno::Mfile`](crate::Errno::Mfile).
    pub fn max_descriptors(&mut self, count: u32) -> &mut Self {
        self.ctx.max_descriptors = count;
        self
    }

    /// Adds the arguments of this process.
    #[cfg(feature = "std")]
    pub fn inherit_args(&mut self) -> &mut Self {
        self.args(&system::args())
    }

    /// Adds the environment of this process, but for what is not UTF-8.
    #[cfg(feature = "std")]
    pub fn inherit_env(&mut self) -> &mut Self {
        self.envs(&system::env())
    }

    /// Gives the guest the standard input of this process. A thread reads it, from the first time that a guest does.
    #[cfg(feature = "std")]
    pub fn inherit_stdin(&mut self) -> &mut Self {
        self.stdin(system::Stdin)
    }

    /// Gives the guest the standard output of this process.
    #[cfg(feature = "std")]
    pub fn inherit_stdout(&mut self) -> &mut Self {
        self.stdout(system::Stdout)
    }

    /// Gives the guest the standard output for errors of this process.
    #[cfg(feature = "std")]
    pub fn inherit_stderr(&mut self) -> &mut Self {
        self.stderr(system::Stderr)
    }

    /// Gives the guest all standard streams of this process.
    #[cfg(feature = "std")]
    pub fn inherit_stdio(&mut self) -> &mut Self {
        self.inherit_stdin().inherit_stdout().inherit_stderr()
    }

    /// Gives the guest a directory of the system, by the name `guest_path`. It reaches nothing outside of it.
    ///
    /// # Errors
    /// The directory can't be opened.
    #[cfg(feature = "directories")]
    pub fn preopened_dir(
        &mut self,
        host_path: impl AsRef<std::path::Path>,
        guest_path: impl AsRef<str>,
        dir_perms: DirPerms,
        file_perms: FilePerms,
    ) -> wasmetal::Result<&mut Self> {
        let directory = crate::fs::open_directory(host_path.as_ref())?;
        Ok(self.preopened_directory(directory, guest_path, dir_perms, file_perms))
    }

    /// What was given, for any version of WASI. The builder is as new afterwards.
    pub fn build(&mut self) -> WasiCtx {
        mem::replace(self, Self::new()).ctx
    }

    /// What was given, for WASI's preview 1. The builder is as new afterwards.
    pub fn build_p1(&mut self) -> WasiP1Ctx {
        WasiP1Ctx::new(self.build())
    }
}
