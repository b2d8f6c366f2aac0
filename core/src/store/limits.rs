//! Limits on what a store may contain, set by the embedder.
#![forbid(unsafe_code)]

use crate::error::bounded::bail;
use crate::error::{Error, Result};
#[cfg(feature = "async")]
use {alloc::boxed::Box, core::future::Future, core::pin::Pin};

/// How many instances a store may have where nothing else is said.
pub const DEFAULT_INSTANCE_LIMIT: usize = 10_000;
/// How many tables a store may have where nothing else is said.
pub const DEFAULT_TABLE_LIMIT: usize = 10_000;
/// How many memories a store may have where nothing else is said.
pub const DEFAULT_MEMORY_LIMIT: usize = 10_000;

/// Decides how much the instances of a store may use: see [`Store::limiter`](crate::Store::limiter).
///
/// What the host itself allocates to keep track of things is not asked about.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{Memory, MemoryType, ResourceLimiter, Result, Store};
///
/// /// Counts what memories have asked for, and allows 1 MiB each.
/// struct Meter {
///     asked: usize,
/// }
///
/// impl ResourceLimiter for Meter {
///     fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> Result<bool> {
///         self.asked += desired - current;
///         Ok(desired <= 1 << 20)
///     }
///
///     fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool> {
///         Ok(true)
///     }
/// }
///
/// let mut store = Store::new(&engine, Meter { asked: 0 });
/// store.limiter(|meter| meter);
/// let memory = Memory::new(&mut store, MemoryType::new(1, None))?;
/// assert!(memory.grow(&mut store, 16).is_err());
/// assert_eq!(store.data().asked, 17 << 16);
/// # wasmetal::error::Ok(())
/// ```
pub trait ResourceLimiter: Send {
    /// Whether a memory may grow from `current` to `desired` bytes. A new memory grows from 0.
    ///
    /// `maximum` is the largest size, in bytes, that the memory's type allows; growth beyond it
    /// fails, whatever the answer. Not asked where the size does not fit in a `usize`.
    ///
    /// The garbage-collected heap of a store is asked about like a memory, with both its halves.
    ///
    /// With `Ok(false)`, `memory.grow` returns -1; functions of the API fail; an allocation for which there
    /// is no room then ends with a [`GcHeapOutOfMemory`](crate::GcHeapOutOfMemory).
    ///
    /// # Errors
    /// An error ends the Wasm code that wants to grow, as a trap would, and comes out of the call.
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool>;

    /// Growth that [`memory_growing`](Self::memory_growing) allowed has failed, with `error`.
    ///
    /// # Errors
    /// As for [`memory_growing`](Self::memory_growing). By default the error is ignored.
    fn memory_grow_failed(&mut self, error: Error) -> Result<()> {
        let _ = error;
        Ok(())
    }

    /// Whether a table may grow from `current` to `desired` elements. A new table grows from 0.
    ///
    /// `maximum` is the largest number of elements that the table's type allows.
    ///
    /// # Errors
    /// As for [`memory_growing`](Self::memory_growing).
    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool>;

    /// Growth that [`table_growing`](Self::table_growing) allowed has failed, with `error`.
    ///
    /// # Errors
    /// As for [`memory_growing`](Self::memory_growing). By default the error is ignored.
    fn table_grow_failed(&mut self, error: Error) -> Result<()> {
        let _ = error;
        Ok(())
    }

    /// How many bytes all memories of the store may have together. By default unlimited.
    ///
    /// It is asked at each growth that [`memory_growing`](Self::memory_growing) has allowed, and whenever a
    /// memory is made. Growth beyond it fails: [`memory_grow_failed`](Self::memory_grow_failed) hears of it,
    /// with a [`ResourceLimitExceeded`](crate::ResourceLimitExceeded), and may make a trap of it. What can't
    /// be made fails with that error. A memory that threads share counts with its maximum in the store whose
    /// instance defines it, and nowhere else: not where it is imported.
    fn total_memory_size(&self) -> Option<usize> {
        None
    }

    /// How many elements all tables of the store may have together. By default unlimited.
    ///
    /// As [`total_memory_size`](Self::total_memory_size).
    fn total_table_elements(&self) -> Option<usize> {
        None
    }

    /// How many bytes the garbage-collected heap of the store may have, both halves together. By default
    /// unlimited, but for what [`memory_growing`](Self::memory_growing) says.
    ///
    /// The heap grows up to it. Where more is needed, [`memory_grow_failed`](Self::memory_grow_failed) hears of
    /// it, and the allocation ends with a [`GcHeapOutOfMemory`](crate::GcHeapOutOfMemory).
    ///
    /// It also bounds how long a collection takes, which no deadline cuts short:
    /// [`Store::set_deadline`](crate::Store::set_deadline).
    fn gc_heap_size(&self) -> Option<usize> {
        None
    }

    /// How many instances the store may have. By default 10,000.
    ///
    /// This and the other two counts are asked once, by [`Store::limiter`](crate::Store::limiter).
    fn instances(&self) -> usize {
        DEFAULT_INSTANCE_LIMIT
    }

    /// How many tables the store may have. By default 10,000.
    fn tables(&self) -> usize {
        DEFAULT_TABLE_LIMIT
    }

    /// How many memories the store may have. By default 10,000.
    fn memories(&self) -> usize {
        DEFAULT_MEMORY_LIMIT
    }
}

/// As [`ResourceLimiter`], but may answer later: see [`Store::limiter_async`](crate::Store::limiter_async).
///
/// The functions that return futures are what `#[async_trait::async_trait]` makes of an `async fn`, so that an
/// implementation may be written with it.
///
/// ```
/// use std::future::Future;
/// use std::pin::Pin;
/// use wasmetal::{ResourceLimiterAsync, Result};
///
/// struct Refuses;
///
/// type Answer<'a> = Pin<Box<dyn Future<Output = Result<bool>> + Send + 'a>>;
///
/// impl ResourceLimiterAsync for Refuses {
///     fn memory_growing<'a, 'b>(&'a mut self, _: usize, _: usize, _: Option<usize>) -> Answer<'b>
///     where
///         'a: 'b,
///         Self: 'b,
///     {
///         Box::pin(async { Ok(false) })
///     }
///
///     fn table_growing<'a, 'b>(&'a mut self, _: usize, _: usize, _: Option<usize>) -> Answer<'b>
///     where
///         'a: 'b,
///         Self: 'b,
///     {
///         Box::pin(async { Ok(false) })
///     }
/// }
/// # let _: &dyn ResourceLimiterAsync = &Refuses;
/// ```
#[cfg(feature = "async")]
pub trait ResourceLimiterAsync: Send {
    /// As [`ResourceLimiter::memory_growing`].
    fn memory_growing<'life0, 'async_trait>(
        &'life0 mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Pin<Box<dyn Future<Output = Result<bool>> + Send + 'async_trait>>
    where
        'life0: 'async_trait,
        Self: 'async_trait;

    /// As [`ResourceLimiter::memory_grow_failed`].
    ///
    /// # Errors
    /// As for [`ResourceLimiter::memory_grow_failed`].
    fn memory_grow_failed(&mut self, error: Error) -> Result<()> {
        let _ = error;
        Ok(())
    }

    /// As [`ResourceLimiter::table_growing`].
    fn table_growing<'life0, 'async_trait>(
        &'life0 mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Pin<Box<dyn Future<Output = Result<bool>> + Send + 'async_trait>>
    where
        'life0: 'async_trait,
        Self: 'async_trait;

    /// As [`ResourceLimiter::table_grow_failed`].
    ///
    /// # Errors
    /// As for [`ResourceLimiter::table_grow_failed`].
    fn table_grow_failed(&mut self, error: Error) -> Result<()> {
        let _ = error;
        Ok(())
    }

    /// As [`ResourceLimiter::total_memory_size`].
    fn total_memory_size(&self) -> Option<usize> {
        None
    }

    /// As [`ResourceLimiter::total_table_elements`].
    fn total_table_elements(&self) -> Option<usize> {
        None
    }

    /// As [`ResourceLimiter::gc_heap_size`].
    fn gc_heap_size(&self) -> Option<usize> {
        None
    }

    /// As [`ResourceLimiter::instances`].
    fn instances(&self) -> usize {
        DEFAULT_INSTANCE_LIMIT
    }

    /// As [`ResourceLimiter::tables`].
    fn tables(&self) -> usize {
        DEFAULT_TABLE_LIMIT
    }

    /// As [`ResourceLimiter::memories`].
    fn memories(&self) -> usize {
        DEFAULT_MEMORY_LIMIT
    }
}

/// A [`ResourceLimiter`] with fixed limits, made by a [`StoreLimitsBuilder`].
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{Memory, MemoryType, Store, StoreLimits, StoreLimitsBuilder};
///
/// /// The limits are in the data of the store, beside whatever else the host keeps for a guest.
/// struct State {
///     limits: StoreLimits,
/// }
///
/// let limits = StoreLimitsBuilder::new().memory_size(2 << 16).build();
/// let mut store = Store::new(&engine, State { limits });
/// store.limiter(|state| &mut state.limits);
/// let memory = Memory::new(&mut store, MemoryType::new(1, None))?;
/// assert_eq!(memory.grow(&mut store, 1)?, 1);
/// assert!(memory.grow(&mut store, 1).is_err());
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Debug)]
pub struct StoreLimits {
    memory_size: Option<usize>,
    table_elements: Option<usize>,
    total_memory_size: Option<usize>,
    total_table_elements: Option<usize>,
    gc_heap_size: Option<usize>,
    instances: usize,
    tables: usize,
    memories: usize,
    trap_on_grow_failure: bool,
}

impl Default for StoreLimits {
    fn default() -> Self {
        Self {
            memory_size: None,
            table_elements: None,
            total_memory_size: None,
            total_table_elements: None,
            gc_heap_size: None,
            instances: DEFAULT_INSTANCE_LIMIT,
            tables: DEFAULT_TABLE_LIMIT,
            memories: DEFAULT_MEMORY_LIMIT,
            trap_on_grow_failure: false,
        }
    }
}

impl StoreLimits {
    fn allow(
        &self,
        what: &str,
        desired: usize,
        limit: Option<usize>,
        maximum: Option<usize>,
    ) -> Result<bool> {
        let allowed = limit.is_none_or(|limit| desired <= limit)
            && maximum.is_none_or(|maximum| desired <= maximum);
        if !allowed && self.trap_on_grow_failure {
            bail!("forcing trap when growing {what}: {desired} is over the limit");
        }
        Ok(allowed)
    }

    fn failed(&self, what: &str, error: Error) -> Result<()> {
        match self.trap_on_grow_failure {
            true => Err(error.context(alloc::format!("forcing trap when growing {what} failed"))),
            false => Ok(()),
        }
    }
}

impl ResourceLimiter for StoreLimits {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool> {
        self.allow("memory", desired, self.memory_size, maximum)
    }

    fn memory_grow_failed(&mut self, error: Error) -> Result<()> {
        self.failed("memory", error)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool> {
        self.allow("table", desired, self.table_elements, maximum)
    }

    fn table_grow_failed(&mut self, error: Error) -> Result<()> {
        self.failed("table", error)
    }

    fn total_memory_size(&self) -> Option<usize> {
        self.total_memory_size
    }

    fn total_table_elements(&self) -> Option<usize> {
        self.total_table_elements
    }

    fn gc_heap_size(&self) -> Option<usize> {
        self.gc_heap_size
    }

    fn instances(&self) -> usize {
        self.instances
    }

    fn tables(&self) -> usize {
        self.tables
    }

    fn memories(&self) -> usize {
        self.memories
    }
}

/// Makes [`StoreLimits`].
///
/// ```
/// use wasmetal::{ResourceLimiter as _, StoreLimitsBuilder};
///
/// let limits = StoreLimitsBuilder::new().instances(4).total_memory_size(16 << 20).build();
/// assert_eq!(limits.instances(), 4);
/// assert_eq!(limits.total_memory_size(), Some(16 << 20));
/// // Where nothing else is said.
/// assert_eq!(limits.tables(), wasmetal::DEFAULT_TABLE_LIMIT);
/// ```
#[derive(Clone, Debug, Default)]
pub struct StoreLimitsBuilder(StoreLimits);

impl StoreLimitsBuilder {
    /// No limits but the default counts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Limits each memory, and the garbage-collected heap, to `limit` bytes. By default unlimited.
    #[must_use]
    pub fn memory_size(mut self, limit: usize) -> Self {
        self.0.memory_size = Some(limit);
        self
    }

    /// Limits each table to `limit` elements. By default unlimited.
    #[must_use]
    pub fn table_elements(mut self, limit: usize) -> Self {
        self.0.table_elements = Some(limit);
        self
    }

    /// Limits all memories together to `limit` bytes. By default unlimited. See
    /// [`ResourceLimiter::total_memory_size`].
    #[must_use]
    pub fn total_memory_size(mut self, limit: usize) -> Self {
        self.0.total_memory_size = Some(limit);
        self
    }

    /// Limits all tables together to `limit` elements. By default unlimited.
    #[must_use]
    pub fn total_table_elements(mut self, limit: usize) -> Self {
        self.0.total_table_elements = Some(limit);
        self
    }

    /// Limits the garbage-collected heap to `limit` bytes, both halves together: objects have half of it.
    /// By default unlimited, but for [`memory_size`](Self::memory_size).
    ///
    /// It also bounds how long a collection takes, which no deadline cuts short:
    /// [`Store::set_deadline`](crate::Store::set_deadline).
    #[must_use]
    pub fn gc_heap_size(mut self, limit: usize) -> Self {
        self.0.gc_heap_size = Some(limit);
        self
    }

    /// Limits the number of instances. By default 10,000.
    #[must_use]
    pub fn instances(mut self, limit: usize) -> Self {
        self.0.instances = limit;
        self
    }

    /// Limits the number of tables. By default 10,000.
    #[must_use]
    pub fn tables(mut self, limit: usize) -> Self {
        self.0.tables = limit;
        self
    }

    /// Limits the number of memories. By default 10,000.
    #[must_use]
    pub fn memories(mut self, limit: usize) -> Self {
        self.0.memories = limit;
        self
    }

    /// Whether `memory.grow` and `table.grow` end the Wasm code with an error where they would
    /// return -1. Against the spec, but it shows where memory ran out. By default false.
    #[must_use]
    pub fn trap_on_grow_failure(mut self, trap: bool) -> Self {
        self.0.trap_on_grow_failure = trap;
        self
    }

    /// The limits.
    #[must_use]
    pub fn build(self) -> StoreLimits {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_limits() {
        let check = |trap, limit, desired, maximum, expected: Option<bool>| {
            let mut limits = StoreLimitsBuilder::new()
                .memory_size(limit)
                .trap_on_grow_failure(trap)
                .build();
            assert_eq!(limits.memory_growing(0, desired, maximum).ok(), expected);
        };
        check(false, 100, 100, None, Some(true));
        check(false, 100, 101, None, Some(false));
        check(false, 100, 50, Some(49), Some(false));
        check(true, 100, 101, None, None);
        check(true, 100, 100, Some(100), Some(true));
    }
}
