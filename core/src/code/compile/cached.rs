//! Modules that were compiled before.

use crate::image::{View, seal};
use crate::{Engine, Module};
use sha2::{Digest as _, Sha256};
use wasmetal_platform::CacheKey;

/// What an engine's cache is asked for: a digest of all that an image depends on.
pub(super) fn key(engine: &Engine, wasm: &[u8]) -> CacheKey {
    let fingerprint = engine.fingerprint();
    Sha256::new()
        .chain_update((fingerprint.len() as u64).to_le_bytes())
        .chain_update(fingerprint)
        .chain_update(wasm)
        .finalize()
        .into()
}

/// The module that the cache has. An entry that is damaged, or no image for this engine, is none.
pub(super) fn find(engine: &Engine, key: &CacheKey) -> Option<Module> {
    let cache = engine.cache()?;
    let mut module = None;
    cache.store.get(key, &mut |image| {
        let load = || {
            let view = View::parse(image)?;
            seal::check_digest(&view)?;
            // SAFETY: by the contract of `Config::cache`, what has a good digest is what was put there: an
            // image from this compiler.
            unsafe { Module::from_view(engine, &view) }
        };
        module = load().ok();
    });
    cache.count(module.is_some());
    module
}

/// Gives an image to the cache.
pub(super) fn keep(engine: &Engine, key: &CacheKey, image: &[u8]) {
    if let Some(cache) = engine.cache() {
        cache.store.put(key, image);
    }
}
