//! Modules compiled from files.

use crate::code::{Module, files::read};
use crate::{Engine, Result};
use alloc::format;
use anyhow::Context as _;
use std::path::Path;

impl Module {
    /// Compiles the module in a file, as [`new`](Self::new) does.
    ///
    /// # Errors
    /// As there, or the file can't be read. The error names the file.
    pub fn from_file(engine: &Engine, file: impl AsRef<Path>) -> Result<Self> {
        let path = file.as_ref();
        Self::new(engine, read(path)?).with_context(|| format!("failed to load {}", path.display()))
    }
}
