//! The engine's compiler, and what it makes: images.

use super::Engine;
use super::cache::{CacheCounts, EngineCache};
use crate::abi::tunables::Tunables;
use crate::code::Source;
use crate::compile::emit;
use crate::compile::{Compiler, Halted, ModuleLimitExceeded, Progress};
use crate::config::compiler_settings;
use crate::confine::{self, Ended, Stop};
use crate::interrupt::Interrupts;
use crate::oom::{self, Watch};
use crate::{Config, Error, Executor, Result};
use alloc::{string::String, vec::Vec};
use anyhow::{Context as _, ensure, format_err};
use core::fmt;
use core::hash::Hash;
use core::time::Duration;
use target_lexicon::Architecture;

/// The compiler of an engine.
pub(super) struct EngineCompiler {
    compiler: Compiler,
    nan_canonicalization: bool,
    cache: Option<EngineCache>,
}

impl EngineCompiler {
    pub(super) fn new(config: &Config, tunables: Tunables) -> Result<Self> {
        ensure!(
            config.compiler.time_limit.is_none() || config.platform.capabilities().interrupts,
            "compile_time_limit: this platform has no clock and no timer"
        );
        Ok(Self {
            compiler: Compiler::new(&compiler_settings(config, tunables)?)?,
            nan_canonicalization: config.compiler.nan_canonicalization(),
            cache: config.compiler.cache.clone().map(EngineCache::new),
        })
    }

    pub(super) fn nan_canonicalization(&self) -> bool {
        self.nan_canonicalization
    }
}

impl Engine {
    /// Compiles a module to an image that [`Module::deserialize`](crate::Module::deserialize) loads,
    /// here or on another machine.
    ///
    /// # Errors
    /// The module is not valid or exceeds a limit of the compiler: the error says what and where.
    pub fn precompile_module(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        self.compile(Source::new(bytes), None)
    }

    /// What can be hashed to tell engines apart whose compilers give different images for the same module: the
    /// version, the target, and every setting that changes code.
    #[must_use]
    pub fn precompile_compatibility_hash(&self) -> impl Hash + '_ {
        self.fingerprint()
    }

    /// How often the [cache](Config::cache) helped; `None` without one.
    #[must_use]
    pub fn cache_counts(&self) -> Option<CacheCounts> {
        self.cache().map(EngineCache::counts)
    }

    /// Everything that an image depends on besides the module, encoded.
    pub(crate) fn fingerprint(&self) -> &[u8] {
        self.inner.compiler.compiler.fingerprint()
    }

    /// The limits on modules, as bytes.
    pub(crate) fn module_limits(&self) -> Vec<u8> {
        let limits = self.inner.compiler.compiler.settings().limits.iter();
        limits.flat_map(|(_, limit)| limit.to_le_bytes()).collect()
    }

    pub(crate) fn cache(&self) -> Option<&EngineCache> {
        self.inner.compiler.cache.as_ref()
    }

    /// The architecture of this machine.
    pub(crate) fn architecture(&self) -> Architecture {
        self.inner.target.architecture
    }

    /// Compiles a module for anyone, or for the store of these interrupts, which end it too.
    pub(crate) fn compile(
        &self,
        source: Source<'_>,
        interrupts: Option<&Interrupts>,
    ) -> Result<Vec<u8>> {
        let compiler = &self.inner.compiler.compiler;
        let compile = |executor, progress: &Progress<'_>| {
            progress.check()?;
            let wasm = source.binary(&compiler.settings().limits)?;
            compiler.compile_watched(&wasm, executor, progress)
        };
        // SAFETY: parsing reads the text; compiling reads the compiler and the module's bytes, writes nothing else but the progress, and
        // takes no lock and no count of anything outside (see `Compiler`).
        unsafe { self.bounded(interrupts, compile, copy) }
    }

    /// Encodes an image of what has been compiled before.
    pub(crate) fn encode(&self, parts: &emit::Parts<'_>, fingerprint: &[u8]) -> Result<Vec<u8>> {
        let encode = || emit::image(self.architecture(), fingerprint, parts);
        // SAFETY: encoding only reads its parameters.
        unsafe { self.confined(encode) }
    }

    /// Runs a job that makes bytes, confined where that can be had.
    ///
    /// # Safety
    /// That of [`confine::run`].
    pub(crate) unsafe fn confined(&self, job: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        if !confine::is_available() {
            return job();
        }
        // SAFETY: the caller's contract.
        unsafe { self.confine(&Bounds::default(), job, copy) }
    }

    pub(crate) fn validate(&self, wasm: &[u8]) -> Result<()> {
        let compiler = &self.inner.compiler.compiler;
        let validate = |_, progress: &Progress<'_>| compiler.validate_watched(wasm, progress);
        // SAFETY: as in `compile`.
        unsafe { self.bounded(None, validate, |()| Ok(())) }
    }

    /// Runs a job of the compiler under the limits of the engine, confined where that can be.
    ///
    /// # Safety
    /// That of [`confine::run`] for the job.
    unsafe fn bounded<R>(
        &self,
        interrupts: Option<&Interrupts>,
        job: impl FnOnce(Option<Executor>, &Progress<'_>) -> Result<R>,
        keep: impl FnOnce(&R) -> Result<R>,
    ) -> Result<R> {
        let config = &self.config().compiler;
        let bounds = Bounds {
            memory: config.memory_limit,
            time: config.time_limit,
            stop: Stop::new(self.platform(), config.time_limit, interrupts),
        };
        let confined = bounds.memory.is_some()
            || confine::is_available() && (config.executor.is_none() || bounds.stop.is_some());
        if confined {
            let progress = Progress::default();
            // SAFETY: the caller's contract.
            return unsafe { self.confine(&bounds, || job(None, &progress), keep) }
                .map_err(|error| bounds.stopped(error, &progress));
        }
        let must_stop = || bounds.stop.as_ref().is_some_and(Stop::must_stop);
        let progress = match bounds.stop {
            Some(_) => Progress::asking(&must_stop),
            None => Progress::default(),
        };
        job(config.executor, &progress).map_err(|error| bounds.stopped(error, &progress))
    }

    /// Runs a job confined, and `keep` on its result outside. A job that was to stop fails with [`Halted`].
    ///
    /// # Safety
    /// That of [`confine::run`] for the job.
    unsafe fn confine<R, K>(
        &self,
        bounds: &Bounds<'_>,
        job: impl FnOnce() -> Result<R>,
        keep: impl FnOnce(&R) -> Result<K>,
    ) -> Result<K> {
        if let Some(init) = self.thread_init() {
            init().context("cannot prepare this thread for faults")?;
        }
        let watch = Watch::start()?;
        let limit = bounds.memory;
        let keep = |result: &Result<R>| match result {
            Ok(result) => keep(result),
            // The error is gone with the arena: its texts are not.
            Err(error) => Err(match error.downcast_ref::<ModuleLimitExceeded>() {
                Some(exceeded) => Error::new(*exceeded),
                None => error
                    .chain()
                    .rev()
                    .map(|cause| oom::text(format_args!("{cause}")))
                    .fold(None, |error: Option<Error>, text| match error {
                        None => Some(Error::msg(text)),
                        Some(error) => Some(error.context(text)),
                    })
                    .unwrap_or_else(|| format_err!("an error without a message")),
            }),
        };
        // SAFETY: the caller's contract; the engine has set the trap hook, and this thread is prepared.
        let ended =
            unsafe { confine::run(self.platform(), limit, bounds.stop.as_ref(), job, keep) }?;
        let kept = ended.unwrap_or_else(|ended| {
            Err(match ended {
                Ended::Memory { wanted, used } => CompilationStopped::Memory {
                    wanted,
                    used,
                    limit,
                },
                Ended::Stack => CompilationStopped::Stack,
                Ended::Panic(message) => CompilationStopped::Panic(message),
                Ended::Stopped => return Err(Halted.into()),
            }
            .into())
        })?;
        Ok(watch.passed(kept)?)
    }
}

/// What bounds a job of the compiler.
#[derive(Default)]
struct Bounds<'a> {
    /// In bytes.
    memory: Option<usize>,
    time: Option<Duration>,
    stop: Option<Stop<'a>>,
}

impl Bounds<'_> {
    /// Says of a job that was to stop why, and how far it was.
    fn stopped(&self, error: Error, progress: &Progress<'_>) -> Error {
        if !error.is::<Halted>() {
            return error;
        }
        let (compiled, functions) = progress.functions();
        match self.time {
            Some(limit) if !self.stop.as_ref().is_some_and(Stop::is_interrupted) => {
                CompilationStopped::Time {
                    limit,
                    compiled,
                    functions,
                }
            }
            _ => CompilationStopped::Interrupted {
                compiled,
                functions,
            },
        }
        .into()
    }
}

#[allow(clippy::ptr_arg, reason = "that is what a job returns")]
fn copy(image: &Vec<u8>) -> Result<Vec<u8>> {
    let mut copy = oom::vec(image.len())?;
    copy.extend_from_slice(image);
    Ok(copy)
}

/// Why the compiler was cut off. See [`Config::compile_memory_limit`], [`Config::compile_time_limit`] and
/// [`Store::compile`](crate::Store::compile).
///
/// Nothing is lost: the memory that it used is given back, and the engine goes on as before.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CompilationStopped {
    /// It needed more memory than it may use or than there is.
    Memory {
        /// The size of the allocation that failed, in bytes.
        wanted: usize,
        /// What was in use already, in bytes.
        used: usize,
        /// The limit, in bytes, if one is set.
        limit: Option<usize>,
    },
    /// It overflowed its stack.
    Stack,
    /// It panicked, which is an error in the compiler.
    Panic(String),
    /// It took more time than it may.
    Time {
        /// The limit.
        limit: Duration,
        /// How many functions were compiled.
        compiled: usize,
        /// How many there are; 0 if the module was still being decoded.
        functions: usize,
    },
    /// The store that it compiled for was interrupted, or its deadline came.
    Interrupted {
        /// How many functions were compiled.
        compiled: usize,
        /// How many there are; 0 if the module was still being decoded.
        functions: usize,
    },
}

impl fmt::Display for CompilationStopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the compiler was stopped: ")?;
        match self {
            Self::Memory {
                wanted,
                used,
                limit: Some(limit),
            } => write!(
                f,
                "{wanted} bytes more than the {used} bytes that it uses exceed its limit of {limit} bytes"
            ),
            Self::Memory { wanted, used, .. } => write!(
                f,
                "out of memory: it uses {used} bytes, and there is no room for {wanted} more"
            ),
            Self::Stack => f.write_str("stack overflow"),
            Self::Panic(message) => write!(f, "it panicked: {message}"),
            Self::Time {
                limit,
                compiled,
                functions,
            } => {
                write!(f, "its time limit of {limit:?} has passed")?;
                progress(f, *compiled, *functions)
            }
            Self::Interrupted {
                compiled,
                functions,
            } => {
                f.write_str("the store that it compiles for was interrupted")?;
                progress(f, *compiled, *functions)
            }
        }
    }
}

impl core::error::Error for CompilationStopped {}

fn progress(f: &mut fmt::Formatter<'_>, compiled: usize, functions: usize) -> fmt::Result {
    match functions {
        0 => f.write_str(" before the module was decoded"),
        _ => write!(f, " when {compiled} of {functions} functions were compiled"),
    }
}
