//! From images to modules: what must be true of one before its code is published.

// Twins: without the feature `compile` no image is compiled again.
#[cfg_attr(not(feature = "compile"), path = "load/no_compiler.rs")]
mod heal;

use super::{InPlace, Module};
use crate::image::{View, seal};
use crate::{Engine, Result};
use alloc::{string::String, sync::Arc};
use anyhow::ensure;

/// A module that [`Module::load`] has made.
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
    /// Loads an image that the owner of a key in [`Config::trusted_key`] has signed: one that
    /// [`Engine::precompile_module`] made, here or on another machine.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine};
    /// use wasmetal::Module;
    /// use wasmetal::compile::{Packing, Signer, pack};
    ///
    /// let secret = [7; 32]; // From a safe place.
    /// let image = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?
    ///     .precompile_module(b"(module $stored)")?;
    /// let image = pack(&image, &Packing { signer: Some(Signer::Secret(&secret)), ..Packing::default() })?;
    ///
    /// let mut config = Config::new(wasmetal_platform_linux::platform());
    /// config.trusted_key(&public_key(&secret)?)?;
    /// let engine = Engine::new(&config)?;
    /// assert_eq!(Module::deserialize(&engine, &image)?.name(), Some("stored"));
    /// # use wasmetal::compile::public_key;
    /// # wasmetal::error::Ok(())
    /// ```
    ///
    /// # Errors
    /// The bytes are no image, or a damaged one; it is not signed with a trusted key, or none is
    /// configured; its security version is [too low](crate::Config::minimum_security_version); it was made by another version, for another machine or with other settings: the error
    /// names what differs, and both values. Or memory is exhausted.
    ///
    /// [`Config::trusted_key`]: crate::Config::trusted_key
    /// [`Engine::precompile_module`]: crate::Engine::precompile_module
    pub fn deserialize(engine: &Engine, bytes: impl AsRef<[u8]>) -> Result<Self> {
        let view = View::parse(bytes.as_ref())?;
        check_signed(engine, &view)?;
        // SAFETY: somebody whom the engine's owner trusts to sign what the compiler made has signed these bytes.
        unsafe { Self::from_view(engine, &view) }
    }

    /// Loads an image on the caller's word instead of a signature. (An engine with trusted keys wants the
    /// signature all the same.)
    ///
    /// ```
    /// # use wasmetal::{Config, Engine};
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// use wasmetal::Module;
    ///
    /// let image = engine.precompile_module(b"(module $stored)")?;
    /// // SAFETY: the image is what the compiler made.
    /// let module = unsafe { Module::deserialize_unsigned(&engine, &image) }?;
    /// assert_eq!(module.name(), Some("stored"));
    /// # wasmetal::error::Ok(())
    /// ```
    ///
    /// # Errors
    /// As [`deserialize`](Self::deserialize), but for the signature.
    ///
    /// # Safety
    /// The image comes from this crate's compiler by a way on which nobody could make another of it: its
    /// digest finds damage, not forgery. Everything else in an image is checked, but machine code can't be.
    pub unsafe fn deserialize_unsigned(engine: &Engine, bytes: impl AsRef<[u8]>) -> Result<Self> {
        let view = View::parse(bytes.as_ref())?;
        check_whole(engine, &view)?;
        // SAFETY: the caller's contract.
        unsafe { Self::from_view(engine, &view) }
    }

    /// As [`deserialize`](Self::deserialize), for an image that is executed where it lies: nothing of it is
    /// copied, and nothing written. The module keeps `image`.
    ///
    /// # Errors
    /// As there, and: the image's code is not aligned to a page (see
    /// `compile::Packing::text_align`), or the platform can't execute it where it lies.
    pub fn deserialize_in_place(engine: &Engine, image: impl InPlace + 'static) -> Result<Self> {
        let image: Arc<dyn InPlace> = Arc::new(image);
        let view = View::parse(image.bytes())?;
        check_signed(engine, &view)?;
        // SAFETY: as in `deserialize`.
        unsafe { Self::from_view_in_place(engine, &image, &view) }
    }

    /// As [`deserialize_in_place`](Self::deserialize_in_place), on the caller's word instead of a signature.
    ///
    /// # Errors
    /// As there, but for the signature.
    ///
    /// # Safety
    /// That of [`deserialize_unsigned`](Self::deserialize_unsigned).
    pub unsafe fn deserialize_in_place_unsigned(
        engine: &Engine,
        image: impl InPlace + 'static,
    ) -> Result<Self> {
        let image: Arc<dyn InPlace> = Arc::new(image);
        let view = View::parse(image.bytes())?;
        check_whole(engine, &view)?;
        // SAFETY: the caller's contract.
        unsafe { Self::from_view_in_place(engine, &image, &view) }
    }

    /// As [`deserialize`](Self::deserialize); an image that does not fit this engine and carries its Wasm
    /// bytes is compiled again from them.
    ///
    /// # Errors
    /// As there. Where the image does not fit: it carries no Wasm bytes, this build has no compiler, or
    /// compiling fails.
    pub fn load(engine: &Engine, bytes: impl AsRef<[u8]>) -> Result<Loaded> {
        let view = View::parse(bytes.as_ref())?;
        check_signed(engine, &view)?;
        // SAFETY: as in `deserialize`.
        unsafe { heal::load(engine, &view) }
    }

    /// As [`load`](Self::load), on the caller's word instead of a signature.
    ///
    /// # Errors
    /// As there, but for the signature.
    ///
    /// # Safety
    /// That of [`deserialize_unsigned`](Self::deserialize_unsigned).
    pub unsafe fn load_unsigned(engine: &Engine, bytes: impl AsRef<[u8]>) -> Result<Loaded> {
        let view = View::parse(bytes.as_ref())?;
        check_whole(engine, &view)?;
        // SAFETY: the caller's contract.
        unsafe { heal::load(engine, &view) }
    }
}

/// Checks that an image is signed with a key that the engine trusts.
fn check_signed(engine: &Engine, view: &View<'_>) -> Result<()> {
    let keys = engine.trusted_keys();
    ensure!(
        !keys.is_empty(),
        "this engine trusts no key: images are loaded safely with `Config::trusted_key`, or by an unsafe function"
    );
    seal::check_signature(view, keys, engine.config().minimum_security_version)
}

/// Checks that an image is as it was made, and signed where the engine wants it.
fn check_whole(engine: &Engine, view: &View<'_>) -> Result<()> {
    match engine.trusted_keys() {
        [] if !engine.config().digest_checks => Ok(()),
        [] => seal::check_digest(view),
        _ => check_signed(engine, view),
    }
}
