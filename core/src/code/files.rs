//! Modules from files.

use super::Module;
use crate::{Engine, Result};
use alloc::{format, vec::Vec};
use anyhow::Context as _;
use std::fs;
use std::path::Path;

pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("failed to read {}", path.display()))
}

impl Module {
    /// Loads the image in a file, as [`deserialize`](Self::deserialize) does.
    ///
    /// # Errors
    /// As there, or the file can't be read. The error names the file.
    pub fn deserialize_file(engine: &Engine, path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        Self::deserialize(engine, read(path)?)
            .with_context(|| format!("failed to load {}", path.display()))
    }

    /// Loads the image in a file, as [`deserialize_unsigned`](Self::deserialize_unsigned) does.
    ///
    /// # Errors
    /// As there, or the file can't be read. The error names the file.
    ///
    /// # Safety
    /// As there.
    pub unsafe fn deserialize_file_unsigned(
        engine: &Engine,
        path: impl AsRef<Path>,
    ) -> Result<Self> {
        let path = path.as_ref();
        // SAFETY: the caller's contract is the same.
        unsafe { Self::deserialize_unsigned(engine, read(path)?) }
            .with_context(|| format!("failed to load {}", path.display()))
    }
}
