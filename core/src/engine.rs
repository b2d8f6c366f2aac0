//! The context that modules and stores share: settings, platform, compiler, function types.

#[cfg(feature = "compile")]
mod cache;
// Twins: without the feature `compile` there is no compiler.
#[cfg_attr(not(feature = "compile"), path = "engine/no_compiler.rs")]
mod compiler;
mod new;

use crate::abi::tunables::Tunables;
use crate::activation::context::Surroundings;
use crate::activation::stack::StackPool;
use crate::activation::{Epochs, ThreadInit, Upcalls};
#[cfg(feature = "std")]
use crate::error::Context as _;
use crate::image::{CpuFlags, Fingerprint, Host, TrustedKey, View};
use crate::instance::MemoryPool;
use crate::types::registry::TypeRegistry;
use crate::{Config, Result};
use alloc::sync::{Arc, Weak};
#[cfg(feature = "std")]
use alloc::{format, vec::Vec};
#[cfg(feature = "compile")]
pub use cache::CacheCounts;
use compiler::EngineCompiler;
use core::fmt;
use target_lexicon::Triple;
use wasmetal_platform::Platform;

/// The global context: what a [`Config`] says, the platform, the compiler, the function types.
///
/// A clone is cheap and is the same engine. All [`Module`](crate::Module)s and
/// [`Store`](crate::Store)s that work together must be of one engine.
///
/// ```
/// use wasmetal::{Config, Engine, Module, Store};
///
/// let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// let module = Module::new(&engine, "(module)")?;
/// let store = Store::new(&engine, ());
/// assert!(Engine::same(module.engine(), store.engine()));
/// assert!(Engine::same(&engine, &engine.clone()));
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone)]
pub struct Engine {
    inner: Arc<EngineInner>,
}

struct EngineInner {
    config: Config,
    tunables: Tunables,
    target: Triple,
    cpu: CpuFlags,
    compiler: EngineCompiler,
    types: TypeRegistry,
    stacks: Arc<StackPool>,
    memories: Arc<MemoryPool>,
    thread_init: Option<ThreadInit>,
    upcalls: Upcalls,
    epochs: Epochs,
}

/// What [`Engine::detect_precompiled`] finds.
///
/// ```
/// use wasmetal::{Config, Engine, Precompiled};
///
/// let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// let image = engine.precompile_module(b"(module)")?;
/// assert_eq!(Engine::detect_precompiled(&image), Some(Precompiled::Module));
/// assert_eq!(Engine::detect_precompiled(b"(module)"), None);
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Precompiled {
    /// A module.
    Module,
}

/// An [`Engine`] that does not keep it alive.
///
/// ```
/// use wasmetal::{Config, Engine};
///
/// let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// let weak = engine.weak();
/// assert!(weak.upgrade().is_some());
/// drop(engine);
/// assert!(weak.upgrade().is_none());
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone)]
pub struct EngineWeak {
    inner: Weak<EngineInner>,
}

impl Engine {
    /// The settings.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// Whether `a` and `b` are the same engine.
    #[inline]
    #[must_use]
    pub fn same(a: &Self, b: &Self) -> bool {
        Arc::ptr_eq(&a.inner, &b.inner)
    }

    /// A reference to this engine that does not keep it alive.
    #[must_use]
    pub fn weak(&self) -> EngineWeak {
        EngineWeak {
            inner: Arc::downgrade(&self.inner),
        }
    }

    /// Ends an epoch, and begins the next: code whose store's deadline has come with it finds out soon.
    ///
    /// Any thread and any core may call it, and signal and interrupt handlers: it takes no lock and makes no
    /// system call. It looks at each store of the engine once.
    ///
    /// See [`Config::epoch_interruption`].
    pub fn increment_epoch(&self) {
        self.inner.epochs.increment();
    }

    pub(crate) fn epochs(&self) -> &Epochs {
        &self.inner.epochs
    }

    /// Whether its code is for an interpreter: never. For the sake of programs written for Wasmtime.
    #[must_use]
    pub fn is_pulley(&self) -> bool {
        false
    }

    /// Whether these bytes are an image, and so something to load instead of to compile. They may still be
    /// damaged, or made for another machine.
    #[must_use]
    pub fn detect_precompiled(bytes: &[u8]) -> Option<Precompiled> {
        View::begins(bytes).then_some(Precompiled::Module)
    }

    /// Whether a file is an image, as [`detect_precompiled`](Self::detect_precompiled) says it of bytes. Its head is read
    /// only.
    ///
    /// # Errors
    /// The file can't be read. The error names it.
    #[cfg(feature = "std")]
    pub fn detect_precompiled_file(
        path: impl AsRef<std::path::Path>,
    ) -> Result<Option<Precompiled>> {
        use std::io::Read as _;

        let path = path.as_ref();
        let mut head = Vec::new();
        std::fs::File::open(path)
            .and_then(|file| file.take(View::HEAD).read_to_end(&mut head))
            .with_context(|| format!("failed to read {}", path.display()))?;
        Ok(Self::detect_precompiled(&head))
    }

    /// Checks that an image was made for an engine like this one and that its code can run on
    /// this machine.
    ///
    /// # Errors
    /// Names the first thing that differs.
    pub(crate) fn check_fingerprint(&self, fingerprint: &Fingerprint<'_>) -> Result<()> {
        fingerprint.check(&Host {
            target: &self.inner.target,
            tunables: &self.inner.tunables,
            features: self.inner.config.features,
            nan_canonicalization: self.inner.compiler.nan_canonicalization(),
            cpu: self.inner.cpu,
        })
    }

    /// The keys whose owners' images are trusted.
    pub(crate) fn trusted_keys(&self) -> &[TrustedKey] {
        &self.inner.config.trusted_keys
    }

    /// The machine that the engine was made for. Host functions find time and waiting there.
    #[inline]
    #[must_use]
    pub fn platform(&self) -> &'static dyn Platform {
        self.inner.config.platform
    }

    #[inline]
    pub(crate) fn tunables(&self) -> &Tunables {
        &self.inner.tunables
    }

    pub(crate) fn types(&self) -> &TypeRegistry {
        &self.inner.types
    }

    pub(crate) fn stacks(&self) -> &Arc<StackPool> {
        &self.inner.stacks
    }

    /// Mappings for the memories of instances.
    pub(crate) fn memories(&self) -> &Arc<MemoryPool> {
        &self.inner.memories
    }

    /// What each thread must run before it enters generated code.
    #[inline]
    pub(crate) fn thread_init(&self) -> Option<ThreadInit> {
        self.inner.thread_init
    }

    /// What the context of a store gets.
    pub(crate) fn surroundings(&self) -> Surroundings {
        Surroundings {
            displays: self.inner.types.displays(),
            thread_init: self.inner.thread_init,
            upcalls: self.inner.upcalls,
        }
    }

    /// How many frames the backtraces of errors have; 0: errors have none.
    /// Whether no memory moves when it grows.
    pub(crate) fn memories_stay(&self) -> bool {
        self.inner.config.memories_stay.is_some()
    }

    pub(crate) fn max_backtrace_frames(&self) -> usize {
        self.inner.config.max_backtrace_frames
    }

    /// How much of the host's stack nested calls may use, in bytes.
    #[inline]
    pub(crate) fn max_host_stack(&self) -> usize {
        self.inner.config.max_host_stack
    }
}

impl EngineWeak {
    /// The engine, if it still exists.
    #[must_use]
    pub fn upgrade(&self) -> Option<Engine> {
        self.inner.upgrade().map(|inner| Engine { inner })
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("config", self.config())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for EngineWeak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineWeak").finish_non_exhaustive()
    }
}
