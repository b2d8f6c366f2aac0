//! The engine's compiler, and what it makes: images.

use super::Engine;
use crate::abi::tunables::Tunables;
use crate::compile::Compiler;
use crate::config::compiler_settings;
use crate::{Config, Result};
use alloc::vec::Vec;
use target_lexicon::Architecture;

/// The compiler of an engine.
pub(super) struct EngineCompiler {
    compiler: Compiler,
    nan_canonicalization: bool,
}

impl EngineCompiler {
    pub(super) fn new(config: &Config, tunables: Tunables) -> Result<Self> {
        Ok(Self {
            compiler: Compiler::new(&compiler_settings(config, tunables)?)?,
            nan_canonicalization: config.compiler.nan_canonicalization(),
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
        let wasm = crate::code::wasm_bytes(bytes)?;
        self.compile(&wasm)
    }

    /// The architecture of this machine.
    pub(crate) fn architecture(&self) -> Architecture {
        self.inner.target.architecture
    }

    pub(crate) fn compile(&self, wasm: &[u8]) -> Result<Vec<u8>> {
        let executor = self.config().compiler.executor;
        self.inner.compiler.compiler.compile(wasm, executor)
    }

    pub(crate) fn validate(&self, wasm: &[u8]) -> Result<()> {
        self.inner.compiler.compiler.validate(wasm)
    }
}
