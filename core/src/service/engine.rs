//! What an engine does with its compiler: it makes images, and checks modules.

use super::Source;
use super::bounds::copy;
use crate::compile::{Compiler, Progress, emit};
use crate::engine::CacheCounts;
use crate::error::bounded::ensure;
use crate::interrupt::Interrupts;
use crate::{Engine, Result};
use alloc::vec::Vec;
use core::hash::Hash;

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
    /// version, the target, and every setting that changes them.
    #[must_use]
    pub fn precompile_compatibility_hash(&self) -> impl Hash + '_ {
        (self.fingerprint(), self.compiler().settings().address_map)
    }

    /// How often the [cache](crate::Config::cache) helped; `None` without one.
    #[must_use]
    pub fn cache_counts(&self) -> Option<CacheCounts> {
        self.cache().map(|cache| cache.counts())
    }

    /// Compiles a module for anyone, or for the store of these interrupts, which end it too.
    pub(crate) fn compile(
        &self,
        source: Source<'_>,
        interrupts: Option<&Interrupts>,
    ) -> Result<Vec<u8>> {
        let compiler = self.enabled_compiler()?;
        let compile = |executor, progress: &Progress<'_>| {
            progress.check()?;
            let wasm = source.binary(&compiler.settings().limits)?;
            compiler.compile_watched(&wasm, executor, progress)
        };
        // SAFETY: parsing reads the text; compiling reads the compiler and the module's bytes, writes nothing else but the
        // progress, and takes no lock and no count of anything outside (see `Compiler`).
        unsafe { self.bounded(interrupts, compile, copy) }
    }

    /// Encodes an image of what has been compiled before.
    pub(crate) fn encode(&self, parts: &emit::Parts<'_>, fingerprint: &[u8]) -> Result<Vec<u8>> {
        let encode = || emit::image(self.architecture(), fingerprint, parts);
        // SAFETY: encoding only reads its parameters.
        unsafe { self.confined(encode) }
    }

    /// The compiler, to make or check something with.
    ///
    /// # Errors
    /// It is turned off.
    fn enabled_compiler(&self) -> Result<&Compiler> {
        let enabled = self.config().compiler.enabled;
        ensure!(
            enabled,
            "this engine compiles nothing: enable_compiler is off"
        );
        Ok(self.compiler())
    }

    pub(crate) fn validate(&self, wasm: &[u8]) -> Result<()> {
        let compiler = self.enabled_compiler()?;
        let validate = |_, progress: &Progress<'_>| compiler.validate_watched(wasm, progress);
        // SAFETY: as in `compile`.
        unsafe { self.bounded(None, validate, |()| Ok(())) }
    }
}
