//! The compiler of an engine, and its cache. What is done with them is in the folder `service`.

use super::Engine;
use super::cache::EngineCache;
use crate::abi::tunables::Tunables;
use crate::compile::Compiler;
use crate::config::compiler_settings;
use crate::error::bounded::ensure;
use crate::{Config, Result};
use alloc::vec::Vec;
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
    pub(crate) fn compiler(&self) -> &Compiler {
        &self.inner.compiler.compiler
    }

    /// Everything that an image depends on besides the module, encoded.
    pub(crate) fn fingerprint(&self) -> &[u8] {
        self.compiler().fingerprint()
    }

    /// What decides besides the fingerprint whether a module has an image, and which, as bytes: the limits on modules,
    /// and whether there is an address map.
    pub(crate) fn limits_and_address_map(&self) -> Vec<u8> {
        let settings = self.compiler().settings();
        let limits = settings.limits.iter();
        let limits = limits.flat_map(|(_, limit)| limit.to_le_bytes());
        limits.chain([settings.address_map.into()]).collect()
    }

    pub(crate) fn cache(&self) -> Option<&EngineCache> {
        self.inner.compiler.cache.as_ref()
    }

    /// The architecture of this machine.
    pub(crate) fn architecture(&self) -> Architecture {
        self.inner.target.architecture
    }
}
