//! Modules from files.

use super::{InPlace, Module};
use crate::image::View;
use crate::{Engine, Result};
use alloc::{format, vec::Vec};
use anyhow::Context as _;
use memmap2::Mmap;
use std::fs::{self, File};
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

    /// Loads the image in a file, as [`deserialize_unsigned`](Self::deserialize_unsigned) does. The file is
    /// mapped; if its code is aligned to a page (`compile::Packing::text_align`), it is executed there, and
    /// nothing is copied.
    ///
    /// # Errors
    /// As there, or the file can't be read. The error names the file.
    ///
    /// # Safety
    /// As there, and nobody changes the file as long as the module lives.
    pub unsafe fn deserialize_file_unsigned(
        engine: &Engine,
        path: impl AsRef<Path>,
    ) -> Result<Self> {
        let path = path.as_ref();
        let load = || {
            let file = MappedFile::open(path)?;
            let view = View::parse(file.bytes())?;
            let page = engine.platform().capabilities().page_size;
            if view.text().as_ptr().addr().is_multiple_of(page) {
                // SAFETY: the caller's contract.
                return unsafe { Self::deserialize_in_place_unsigned(engine, file) };
            }
            // SAFETY: the caller's contract.
            unsafe { Self::deserialize_unsigned(engine, file.bytes()) }
        };
        load().with_context(|| format!("failed to load {}", path.display()))
    }
}

/// A file in memory.
struct MappedFile(Mmap);

impl MappedFile {
    fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).context("failed to read it")?;
        // SAFETY: nobody changes the file (contract of `Module::deserialize_file_unsigned`).
        let map = unsafe { Mmap::map(&file) }.context("failed to map it")?;
        Ok(Self(map))
    }
}

// SAFETY: the map stays as it is until it is dropped, and nobody changes the file (contract of
// `Module::deserialize_file_unsigned`).
unsafe impl InPlace for MappedFile {
    fn bytes(&self) -> &[u8] {
        &self.0
    }
}
