//! What a store has of everything that is limited, and the error where that would be too much.
#![forbid(unsafe_code)]

use super::limits::{DEFAULT_INSTANCE_LIMIT, DEFAULT_MEMORY_LIMIT, DEFAULT_TABLE_LIMIT};
use crate::error::Result;
use core::fmt;
use core::ops::{AddAssign, SubAssign};

/// What a store has: [`Store::resources_used`](crate::Store::resources_used).
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{Memory, MemoryType, Store};
///
/// let mut store = Store::new(&engine, ());
/// Memory::new(&mut store, MemoryType::new(2, None))?;
/// assert_eq!(store.resources_used().memory_size, 2 << 16);
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResourcesUsed {
    /// How many instances were made.
    pub instances: usize,
    /// How many memories were made; imported ones do not count.
    pub memories: usize,
    /// How many tables were made; imported ones do not count.
    pub tables: usize,
    /// The bytes of all these memories. One that threads share counts with its maximum: it may grow
    /// without asking the store that made it.
    pub memory_size: usize,
    /// The elements of all these tables.
    pub table_elements: usize,
    /// The bytes of the garbage-collected heap, both halves together.
    pub gc_heap_size: usize,
}

/// What is limited for a store as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resource {
    /// Instances.
    Instances,
    /// Memories.
    Memories,
    /// Tables.
    Tables,
    /// Bytes of all memories.
    MemorySize,
    /// Elements of all tables.
    TableElements,
    /// Bytes of the garbage-collected heap.
    GcHeapSize,
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Instances => "instance count",
            Self::Memories => "memory count",
            Self::Tables => "table count",
            Self::MemorySize => "total memory size in bytes",
            Self::TableElements => "total number of table elements",
            Self::GcHeapSize => "garbage-collected heap size in bytes",
        })
    }
}

/// A store would have more than its [`ResourceLimiter`](crate::ResourceLimiter) allows.
///
/// Found by `error.downcast_ref::<ResourceLimitExceeded>()`.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{Memory, MemoryType, Resource, ResourceLimitExceeded, Store, StoreLimitsBuilder};
///
/// let limits = StoreLimitsBuilder::new().total_memory_size(1 << 16).build();
/// let mut store = Store::new(&engine, limits);
/// store.limiter(|limits| limits);
/// let error = Memory::new(&mut store, MemoryType::new(2, None)).unwrap_err();
/// let exceeded = error.downcast_ref::<ResourceLimitExceeded>().unwrap();
/// assert_eq!(exceeded.resource, Resource::MemorySize);
/// assert_eq!((exceeded.limit, exceeded.present, exceeded.wanted), (1 << 16, 0, 2 << 16));
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResourceLimitExceeded {
    /// Of what.
    pub resource: Resource,
    /// How much the store may have.
    pub limit: usize,
    /// How much it has.
    pub present: usize,
    /// How much more was wanted.
    pub wanted: usize,
}

impl fmt::Display for ResourceLimitExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            resource,
            limit,
            present,
            wanted,
        } = self;
        write!(
            f,
            "resource limit exceeded: {resource} too high at {}: the limit is {limit}, there are \
             {present}, and {wanted} more are wanted",
            present.saturating_add(*wanted)
        )
    }
}

crate::error::debug_is_display!(ResourceLimitExceeded);

impl core::error::Error for ResourceLimitExceeded {}

/// How many instances, memories and tables a store may have.
#[derive(Debug)]
pub(crate) struct CountLimits {
    pub(super) instances: usize,
    pub(super) memories: usize,
    pub(super) tables: usize,
}

impl Default for CountLimits {
    fn default() -> Self {
        Self {
            instances: DEFAULT_INSTANCE_LIMIT,
            memories: DEFAULT_MEMORY_LIMIT,
            tables: DEFAULT_TABLE_LIMIT,
        }
    }
}

/// Limits on sizes, as a limiter states them; `None`: unlimited.
#[derive(Clone, Copy, Default)]
pub(super) struct SizeLimits {
    pub(super) memory_size: Option<usize>,
    pub(super) table_elements: Option<usize>,
}

impl ResourcesUsed {
    /// This with as much more.
    pub(super) fn with(self, more: &Self, counts: &CountLimits, sizes: SizeLimits) -> Result<Self> {
        let add = |resource, present: usize, wanted, limit: Option<usize>| {
            let sum = present.saturating_add(wanted);
            match limit.filter(|&limit| wanted > 0 && sum > limit) {
                None => Ok(sum),
                Some(limit) => Err(ResourceLimitExceeded {
                    resource,
                    limit,
                    present,
                    wanted,
                }),
            }
        };
        let count = |resource, present, wanted, limit| add(resource, present, wanted, Some(limit));
        Ok(Self {
            instances: count(
                Resource::Instances,
                self.instances,
                more.instances,
                counts.instances,
            )?,
            memories: count(
                Resource::Memories,
                self.memories,
                more.memories,
                counts.memories,
            )?,
            tables: count(Resource::Tables, self.tables, more.tables, counts.tables)?,
            memory_size: add(
                Resource::MemorySize,
                self.memory_size,
                more.memory_size,
                sizes.memory_size,
            )?,
            table_elements: add(
                Resource::TableElements,
                self.table_elements,
                more.table_elements,
                sizes.table_elements,
            )?,
            gc_heap_size: self.gc_heap_size,
        })
    }
}

impl AddAssign for ResourcesUsed {
    /// Sums that do not fit stay at the largest number: nothing of that size is ever made.
    fn add_assign(&mut self, more: Self) {
        let add = |sum: &mut usize, more: usize| *sum = sum.saturating_add(more);
        add(&mut self.instances, more.instances);
        add(&mut self.memories, more.memories);
        add(&mut self.tables, more.tables);
        add(&mut self.memory_size, more.memory_size);
        add(&mut self.table_elements, more.table_elements);
        add(&mut self.gc_heap_size, more.gc_heap_size);
    }
}

impl SubAssign for ResourcesUsed {
    /// Takes back what was added, and made.
    fn sub_assign(&mut self, less: Self) {
        self.instances -= less.instances;
        self.memories -= less.memories;
        self.tables -= less.tables;
        self.memory_size -= less.memory_size;
        self.table_elements -= less.table_elements;
        self.gc_heap_size -= less.gc_heap_size;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn sums_stay_within_limits() {
        let used = ResourcesUsed {
            instances: 1,
            memory_size: 100,
            table_elements: 5,
            ..Default::default()
        };
        let counts = CountLimits {
            instances: 2,
            memories: 1,
            tables: 0,
        };
        let sizes = SizeLimits {
            memory_size: Some(120),
            table_elements: None,
        };
        let check = |more: ResourcesUsed, expected: Option<(Resource, usize, usize, usize)>| {
            let found = used.with(&more, &counts, sizes).err().map(|error| {
                let error = error.downcast::<ResourceLimitExceeded>().unwrap();
                (error.resource, error.limit, error.present, error.wanted)
            });
            assert_eq!(found, expected, "{more:?}");
        };
        let none = ResourcesUsed::default();
        check(none, None);
        check(
            ResourcesUsed {
                instances: 1,
                ..none
            },
            None,
        );
        check(
            ResourcesUsed {
                instances: 2,
                ..none
            },
            Some((Resource::Instances, 2, 1, 2)),
        );
        check(
            ResourcesUsed { tables: 7, ..none },
            Some((Resource::Tables, 0, 0, 7)),
        );
        check(
            ResourcesUsed {
                memory_size: 20,
                ..none
            },
            None,
        );
        check(
            ResourcesUsed {
                memory_size: 21,
                ..none
            },
            Some((Resource::MemorySize, 120, 100, 21)),
        );
        check(
            ResourcesUsed {
                table_elements: usize::MAX,
                ..none
            },
            None,
        );
    }

    #[test]
    fn the_error_says_limit_present_and_wanted() {
        let error = ResourceLimitExceeded {
            resource: Resource::MemorySize,
            limit: 120,
            present: 100,
            wanted: 21,
        };
        assert_eq!(
            error.to_string(),
            "resource limit exceeded: total memory size in bytes too high at 121: the limit is 120, \
             there are 100, and 21 more are wanted"
        );
    }
}
