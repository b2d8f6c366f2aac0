//! Modules compiled from files.

use crate::code::{Module, read_file};
use crate::error::Context as _;
use crate::{Engine, Result};
use alloc::format;
use std::path::Path;

impl Module {
    /// Compiles the module in a file, as [`new`](Self::new) does.
    ///
    /// # Errors
    /// As for [`new`](Self::new), or the file can't be read. The error names the file.
    pub fn from_file(engine: &Engine, file: impl AsRef<Path>) -> Result<Self> {
        let path = file.as_ref();
        Self::new(engine, read_file(path)?)
            .with_context(|| format!("failed to load {}", path.display()))
    }
}
