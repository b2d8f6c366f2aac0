//! The engine's compiler, and what it makes: images.

use super::Engine;
use super::cache::{CacheCounts, EngineCache};
use crate::abi::tunables::Tunables;
use crate::compile::emit;
use crate::compile::{Compiler, ModuleLimitExceeded};
use crate::config::compiler_settings;
use crate::confine::{self, Ended};
use crate::oom::{self, Watch};
use crate::{Config, Error, Result};
use alloc::{string::String, vec::Vec};
use anyhow::{Context as _, format_err};
use core::fmt;
use core::hash::Hash;
use target_lexicon::Architecture;

/// The compiler of an engine.
pub(super) struct EngineCompiler {
    compiler: Compiler,
    nan_canonicalization: bool,
    cache: Option<EngineCache>,
}

impl EngineCompiler {
    pub(super) fn new(config: &Config, tunables: Tunables) -> Result<Self> {
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
        let wasm = crate::code::wasm_bytes(self, bytes)?;
        self.compile(&wasm)
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

    pub(crate) fn compile(&self, wasm: &[u8]) -> Result<Vec<u8>> {
        let compiler = &self.inner.compiler.compiler;
        if !self.confines() {
            return compiler.compile(wasm, self.config().compiler.executor);
        }
        // SAFETY: compiling reads the compiler and the module's bytes, writes nothing else, and holds no lock
        // and no count of anything outside (see `Compiler`).
        unsafe { self.confine(self.limit(), || compiler.compile(wasm, None), copy) }
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
        unsafe { self.confine(None, job, copy) }
    }

    pub(crate) fn validate(&self, wasm: &[u8]) -> Result<()> {
        let compiler = &self.inner.compiler.compiler;
        if !self.confines() {
            return compiler.validate(wasm);
        }
        // SAFETY: as in `compile`.
        unsafe { self.confine(self.limit(), || compiler.validate(wasm), |()| Ok(())) }
    }

    /// Whether the compiler runs confined.
    fn confines(&self) -> bool {
        let config = &self.config().compiler;
        let default = config.executor.is_none() && confine::is_available();
        default || config.memory_limit.is_some()
    }

    /// The most memory that the compiler may use.
    fn limit(&self) -> Option<usize> {
        self.config().compiler.memory_limit
    }

    /// Runs a job confined to `limit` bytes, and `keep` on its result outside.
    ///
    /// # Safety
    /// That of [`confine::run`] for the job.
    unsafe fn confine<R, K>(
        &self,
        limit: Option<usize>,
        job: impl FnOnce() -> Result<R>,
        keep: impl FnOnce(&R) -> Result<K>,
    ) -> Result<K> {
        if let Some(init) = self.thread_init() {
            init().context("cannot prepare this thread for faults")?;
        }
        let watch = Watch::start()?;
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
        let ended = unsafe { confine::run(self.platform(), limit, job, keep) }?;
        let kept = ended.unwrap_or_else(|ended| {
            Err(match ended {
                Ended::Memory { wanted, used } => CompilationStopped::Memory {
                    wanted,
                    used,
                    limit,
                },
                Ended::Stack => CompilationStopped::Stack,
                Ended::Panic(message) => CompilationStopped::Panic(message),
            }
            .into())
        })?;
        Ok(watch.passed(kept)?)
    }
}

#[allow(clippy::ptr_arg, reason = "that is what a job returns")]
fn copy(image: &Vec<u8>) -> Result<Vec<u8>> {
    let mut copy = oom::vec(image.len())?;
    copy.extend_from_slice(image);
    Ok(copy)
}

/// Why the compiler was cut off. See [`Config::compile_memory_limit`].
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
        }
    }
}

impl core::error::Error for CompilationStopped {}
