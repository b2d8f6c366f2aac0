//! Counting what a store has, before it is made.
#![forbid(unsafe_code)]

use super::usage::{ResourcesUsed, SizeLimits};
use super::{Store, StoreOpaque};
use crate::error::Result;

impl StoreOpaque {
    /// What the store will have when `more` is made: to be written to `used` then.
    ///
    /// # Errors
    /// `ResourceLimitExceeded`.
    pub(crate) fn used_with(&mut self, more: &ResourcesUsed) -> Result<ResourcesUsed> {
        let sizes = self.ask_limiter(SizeLimits::default(), |limiter| SizeLimits {
            memory_size: limiter.total_memory_size(),
            table_elements: limiter.total_table_elements(),
        });
        self.used.with(more, &self.count_limits, sizes)
    }

    /// Counts what `make` makes, unless that fails.
    ///
    /// # Errors
    /// `ResourceLimitExceeded`, or that of `make`; nothing is counted.
    pub(crate) fn count_made<R>(
        &mut self,
        more: &ResourcesUsed,
        make: impl FnOnce() -> Result<R>,
    ) -> Result<R> {
        let used = self.used_with(more)?;
        let made = make()?;
        self.used = used;
        Ok(made)
    }
}

impl<T: 'static> Store<T> {
    /// How much there is of everything that a [`limiter`](Self::limiter) bounds.
    #[must_use]
    pub fn resources_used(&self) -> ResourcesUsed {
        let store = &self.inner().opaque;
        ResourcesUsed {
            gc_heap_size: store.heap_capacity(),
            ..store.used
        }
    }
}
