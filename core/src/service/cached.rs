//! Modules that were compiled before.

use super::Source;
use crate::error::OutOfMemory;
use crate::image::{View, seal};
use crate::{Engine, Module, Result};
use sha2::{Digest as _, Sha256};
use wasmetal_platform::CacheKey;

/// What an engine's cache is asked for: a digest of all that an image depends on,
/// and of the limits: what another engine took may be too large for this one.
pub(super) fn key(engine: &Engine, source: Source<'_>) -> CacheKey {
    let fingerprint = engine.fingerprint();
    Sha256::new()
        .chain_update((fingerprint.len() as u64).to_le_bytes())
        .chain_update(fingerprint)
        .chain_update(engine.limits_and_address_map())
        .chain_update([source.format()])
        .chain_update(source.bytes())
        .finalize()
        .into()
}

/// The module that the cache has. An entry that is damaged, or no image for this engine, is none.
///
/// # Errors
/// Memory is exhausted.
pub(super) fn find(engine: &Engine, key: &CacheKey) -> Result<Option<Module>> {
    let Some(cache) = engine.cache() else {
        return Ok(None);
    };
    let mut module = None;
    cache.store.get(key, &mut |image| {
        let load = || {
            let view = View::parse(image)?;
            seal::check_digest(&view)?;
            // SAFETY: by the contract of `Config::cache`, what has a good digest is what was put there: an
            // image from this compiler.
            unsafe { Module::from_view(engine, &view) }
        };
        module = match load() {
            Err(error) if error.is::<OutOfMemory>() => Some(Err(error)),
            loaded => loaded.ok().map(Ok),
        };
    });
    cache.count(matches!(module, Some(Ok(_))));
    module.transpose()
}

/// Gives an image to the cache.
pub(super) fn keep(engine: &Engine, key: &CacheKey, image: &[u8]) {
    if let Some(cache) = engine.cache() {
        cache.store.put(key, image);
    }
}
