//! The cache of an engine, and how often it helped.

use alloc::sync::Arc;
use core::sync::atomic::{AtomicU64, Ordering};
use wasmetal_platform::Cache;

/// An engine's cache.
pub(crate) struct EngineCache {
    pub(crate) store: Arc<dyn Cache>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// How often an engine's cache helped. See [`Engine::cache_counts`](crate::Engine::cache_counts).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheCounts {
    /// Modules that were found.
    pub hits: u64,
    /// Modules that had to be compiled: they were not there, or damaged.
    pub misses: u64,
}

impl EngineCache {
    pub(super) fn new(store: Arc<dyn Cache>) -> Self {
        Self {
            store,
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    pub(crate) fn count(&self, hit: bool) {
        let counter = if hit { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn counts(&self) -> CacheCounts {
        CacheCounts {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
        }
    }
}
