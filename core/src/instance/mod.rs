//! Instances: what they own, how they are made, and the handles that the API has of it all.

mod build;
#[forbid(unsafe_code)]
mod const_expr;
mod data;
#[forbid(unsafe_code)]
mod externrefs;
#[forbid(unsafe_code)]
mod fuel;
mod global;
mod handles;
mod images;
mod mapping;
mod memory;
// Twins: without the feature `gc` no expression makes objects.
#[cfg_attr(not(feature = "gc"), path = "no_objects.rs")]
#[forbid(unsafe_code)]
mod objects;
mod plan;
mod racy;
#[cfg(any(feature = "gc", feature = "exceptions"))]
mod roots;
mod segments;
// Twins: without the feature `threads` there are no shared memories.
#[cfg_attr(not(feature = "threads"), path = "no_shared.rs")]
pub(crate) mod shared;
mod table;
pub(crate) mod vmctx;
#[cfg(feature = "threads")]
mod waiters;

pub use handles::*;
pub use shared::SharedMemory;
#[cfg(feature = "threads")]
pub(crate) use shared::check_atomic;
#[cfg(feature = "threads")]
pub use waiters::WaitResult;

pub(crate) use build::{incompatible, instantiate};
pub(crate) use data::InstanceData;
pub(crate) use externrefs::ExternRefs;
pub(crate) use global::HostGlobal;
pub(crate) use mapping::MemoryPool;
pub(crate) use memory::{HostMemory, LinearMemory};
pub(crate) use plan::Plan;
pub(crate) use racy::{copy as racy_copy, fill as racy_fill};
pub(crate) use segments::{checked_range, drop_data, drop_elements, init_memory, init_table};
#[cfg(any(feature = "gc", feature = "exceptions"))]
pub(crate) use segments::{data_bytes, element_range, elements};
pub(crate) use table::{HostTable, TableData};
