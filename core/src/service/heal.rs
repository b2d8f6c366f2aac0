//! Images that may not fit: loaded, or compiled again.

// Twins: without the feature `compile` no image is compiled again.
#[cfg_attr(not(feature = "compile"), path = "heal/no_compiler.rs")]
mod compiler;

use crate::code::{Module, check_signed, check_whole};
use crate::image::View;
use crate::{Engine, Result};
use alloc::string::String;

/// A module that [`Module::load`] has made.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// use wasmetal::Module;
///
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// let image = engine.precompile_module(br#"(module (func (export "f")))"#)?;
/// // SAFETY: this program has just made the image.
/// let loaded = unsafe { Module::load_unsigned(&engine, &image)? };
/// assert!(loaded.module.get_export("f").is_some());
/// // It is as good as new: nothing was compiled again.
/// assert_eq!(loaded.recompiled, None);
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Loaded {
    /// The module.
    pub module: Module,
    /// Why the image's code could not be used, if the module was compiled again from the Wasm bytes in
    /// it: the caller may want to store [`Module::serialize`] in its place.
    pub recompiled: Option<String>,
}

impl Module {
    /// As [`deserialize`](Self::deserialize); an image that does not fit this engine and carries its Wasm
    /// bytes is compiled again from them.
    ///
    /// # Errors
    /// As for [`deserialize`](Self::deserialize). Where the image does not fit: it carries no Wasm bytes, this build
    /// has no compiler, or compiling fails.
    pub fn load(engine: &Engine, bytes: impl AsRef<[u8]>) -> Result<Loaded> {
        let view = View::parse(bytes.as_ref())?;
        check_signed(engine, &view)?;
        // SAFETY: as in `deserialize`.
        unsafe { compiler::load(engine, &view) }
    }

    /// As [`load`](Self::load), on the caller's word instead of a signature.
    ///
    /// # Errors
    /// As for [`load`](Self::load), but for the signature.
    ///
    /// # Safety
    /// That of [`deserialize_unsigned`](Self::deserialize_unsigned).
    pub unsafe fn load_unsigned(engine: &Engine, bytes: impl AsRef<[u8]>) -> Result<Loaded> {
        let view = View::parse(bytes.as_ref())?;
        check_whole(engine, &view)?;
        // SAFETY: the caller's contract.
        unsafe { compiler::load(engine, &view) }
    }
}
