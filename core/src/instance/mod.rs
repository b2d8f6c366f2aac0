//! Instances: what they are and own. How one is made is in the folder `instantiate`.

#[forbid(unsafe_code)]
pub(crate) mod const_expr;
mod data;
#[forbid(unsafe_code)]
mod externrefs;
#[forbid(unsafe_code)]
mod fuel;
mod global;
pub(crate) mod images;
mod mapping;
mod memory;
mod parts;
mod plan;
mod racy;
#[cfg(any(feature = "gc", feature = "exceptions"))]
mod roots;
pub(crate) mod segments;
// Twins: without the feature `threads` there are no shared memories.
#[cfg_attr(not(feature = "threads"), path = "no_shared.rs")]
pub(crate) mod shared;
mod table;
#[cfg(feature = "threads")]
mod waiters;

pub use shared::SharedMemory;
#[cfg(all(feature = "async", feature = "threads"))]
pub(crate) use shared::SharedWait;
#[cfg(feature = "threads")]
pub(crate) use shared::check_atomic;
#[cfg(feature = "threads")]
pub use waiters::WaitResult;

pub(crate) use data::InstanceData;
pub(crate) use externrefs::ExternRefs;
pub(crate) use global::{GlobalPlace, HostGlobal};
pub(crate) use mapping::MemoryPool;
pub(crate) use memory::{HostMemory, LinearMemory, Sizes as MemorySizes, used_by_memory};
pub(crate) use parts::Parts;
pub(crate) use plan::Plan;
pub(crate) use racy::{copy as racy_copy, fill as racy_fill};
pub(crate) use segments::{checked_range, drop_data, drop_elements, init_memory, init_table};
#[cfg(any(feature = "gc", feature = "exceptions"))]
pub(crate) use segments::{data_bytes, element_range, elements};
pub(crate) use table::{Element, HostTable, TableData, maximum as maximum_of_table, used_by_table};
