//! Modules from files.

use super::{InPlace, Module};
use crate::error::Context as _;
use crate::image::View;
use crate::{Engine, Result};
use alloc::{format, sync::Arc, vec::Vec};
use memmap2::Mmap;
use std::fs::{self, File};
use std::path::Path;
use wasmetal_platform::Rights;

pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("failed to read {}", path.display()))
}

impl Module {
    /// Loads the image in a file, as [`deserialize`](Self::deserialize) does.
    ///
    /// # Errors
    /// As for [`deserialize`](Self::deserialize), or the file can't be read. The error names the file.
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
    /// As for [`deserialize_unsigned`](Self::deserialize_unsigned), or the file can't be read. The error names the file.
    ///
    /// # Safety
    /// As for [`deserialize_unsigned`](Self::deserialize_unsigned), and nobody changes the file as long as the module
    /// lives.
    pub unsafe fn deserialize_file_unsigned(
        engine: &Engine,
        path: impl AsRef<Path>,
    ) -> Result<Self> {
        let path = path.as_ref();
        let load = || {
            let file = File::open(path).context("failed to read it")?;
            // SAFETY: the caller's contract.
            unsafe { Self::deserialize_open_file(engine, file) }
        };
        load().with_context(|| format!("failed to load {}", path.display()))
    }

    /// As [`deserialize_file_unsigned`](Self::deserialize_file_unsigned), for a file that somebody else has opened. It
    /// need not be open for writing.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine, Module};
    /// use std::fs::{self, File};
    ///
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// # let path = std::env::temp_dir().join(format!("{}.image", std::process::id()));
    /// fs::write(&path, engine.precompile_module(b"(module $stored)")?)?;
    /// // SAFETY: the image is what the compiler made, and nobody changes the file.
    /// let module = unsafe { Module::deserialize_open_file(&engine, File::open(&path)?) }?;
    /// assert_eq!(module.name(), Some("stored"));
    /// # fs::remove_file(path)?;
    /// # wasmetal::error::Ok(())
    /// ```
    ///
    /// # Errors
    /// As for [`deserialize_file_unsigned`](Self::deserialize_file_unsigned). The error does not name the file.
    ///
    /// # Safety
    /// As for [`deserialize_file_unsigned`](Self::deserialize_file_unsigned).
    pub unsafe fn deserialize_open_file(engine: &Engine, file: File) -> Result<Self> {
        let file = MappedFile::of(&file)?;
        let view = View::parse(file.bytes())?;
        let text = view.text();
        let page = engine.platform().capabilities().page_size;
        if text.as_ptr().addr().is_multiple_of(page) && !text.is_empty() {
            // SAFETY: the caller's contract. All pages that have a byte of the map are read-only (`MappedFile`), and
            // nobody else knows of them.
            return unsafe { Self::load_in_place(engine, Arc::new(file), Rights::ReadOnly) };
        }
        // SAFETY: the caller's contract.
        unsafe { Self::deserialize_unsigned(engine, file.bytes()) }
    }
}

/// A file in memory, in pages of its own that can be read and nothing else.
struct MappedFile(Mmap);

impl MappedFile {
    fn of(file: &File) -> Result<Self> {
        // SAFETY: nobody changes the file (contract of `Module::deserialize_open_file`).
        let map = unsafe { Mmap::map(file) }.context("failed to map it")?;
        Ok(Self(map))
    }
}

// SAFETY: the map stays as it is until it is dropped, and nobody changes the file (contract of
// `Module::deserialize_open_file`).
unsafe impl InPlace for MappedFile {
    fn bytes(&self) -> &[u8] {
        &self.0
    }
}
