//! Twin of `compiler.rs` for builds without a compiler.

use crate::abi::tunables::Tunables;
use crate::{Config, Result};

/// Nothing.
pub(super) struct EngineCompiler;

impl EngineCompiler {
    pub(super) fn new(_: &Config, _: Tunables) -> Result<Self> {
        Ok(Self)
    }

    pub(super) fn nan_canonicalization(&self) -> bool {
        false
    }
}
