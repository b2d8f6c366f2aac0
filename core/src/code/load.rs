//! From images to modules: what must be true of one before its code is published.

use super::{InPlace, Module};
use crate::image::{LoadError, View, seal};
use crate::{Engine, Result};
use alloc::sync::Arc;
use core::ptr::NonNull;
use wasmetal_platform::Rights;

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
    /// A [`LoadError`](crate::LoadError), found in the error by its type: the bytes are no image, or a damaged one; it is not signed with
    /// a trusted key, or none is configured; its security version is
    /// [too low](crate::Config::minimum_security_version); it was made by another version, for another machine or with
    /// other settings. Or memory is exhausted.
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
    /// As for [`deserialize`](Self::deserialize), and: the image's code is not aligned to a page (see
    /// `compile::Packing::text_align`), or the platform can't execute it where it lies.
    pub fn deserialize_in_place(engine: &Engine, image: impl InPlace + 'static) -> Result<Self> {
        let image: Arc<dyn InPlace> = Arc::new(image);
        let view = View::parse(image.bytes())?;
        check_signed(engine, &view)?;
        // SAFETY: as in `deserialize`.
        unsafe { Self::from_view_in_place(engine, &image, Rights::Unknown, &view) }
    }

    /// As [`deserialize_in_place`](Self::deserialize_in_place), on the caller's word instead of a signature.
    ///
    /// # Errors
    /// As for [`deserialize_in_place`](Self::deserialize_in_place), but for the signature.
    ///
    /// # Safety
    /// That of [`deserialize_unsigned`](Self::deserialize_unsigned).
    pub unsafe fn deserialize_in_place_unsigned(
        engine: &Engine,
        image: impl InPlace + 'static,
    ) -> Result<Self> {
        // SAFETY: the caller's contract.
        unsafe { Self::load_in_place(engine, Arc::new(image), Rights::Unknown) }
    }

    /// As [`deserialize_in_place_unsigned`](Self::deserialize_in_place_unsigned), for memory that the caller looks
    /// after.
    ///
    /// # Errors
    /// As for [`deserialize_in_place_unsigned`](Self::deserialize_in_place_unsigned).
    ///
    /// # Safety
    /// That of [`deserialize_unsigned`](Self::deserialize_unsigned), and the memory can be read and nobody writes to it
    /// as long as the module lives: until it, its clones, all stores that have instances of it, and all else that has it are
    /// dropped: errors with a backtrace through it, their frames, [`InstancePre`](crate::InstancePre) and
    /// [`ModuleExport`](crate::ModuleExport).
    pub unsafe fn deserialize_raw(engine: &Engine, memory: NonNull<[u8]>) -> Result<Self> {
        // SAFETY: the bytes stay as they are as long as the module has them.
        let image: &'static [u8] = unsafe { memory.as_ref() };
        // SAFETY: the caller's contract.
        unsafe { Self::deserialize_in_place_unsigned(engine, image) }
    }

    /// # Safety
    /// That of [`deserialize_in_place_unsigned`](Self::deserialize_in_place_unsigned), and `rights` is true of the
    /// pages of the image's code.
    pub(super) unsafe fn load_in_place(
        engine: &Engine,
        image: Arc<dyn InPlace>,
        rights: Rights,
    ) -> Result<Self> {
        let view = View::parse(image.bytes())?;
        check_whole(engine, &view)?;
        // SAFETY: the caller's contract.
        unsafe { Self::from_view_in_place(engine, &image, rights, &view) }
    }
}

/// Checks that an image is signed with a key that the engine trusts.
pub(crate) fn check_signed(engine: &Engine, view: &View<'_>) -> Result<()> {
    let keys = engine.trusted_keys();
    if keys.is_empty() {
        return Err(LoadError::NoTrustedKey.into());
    }
    seal::check_signature(view, keys, engine.config().minimum_security_version)
}

/// Checks that an image is as it was made, and signed where the engine wants it.
pub(crate) fn check_whole(engine: &Engine, view: &View<'_>) -> Result<()> {
    match engine.trusted_keys() {
        [] if !engine.config().digest_checks => Ok(()),
        [] => seal::check_digest(view),
        _ => check_signed(engine, view),
    }
}
