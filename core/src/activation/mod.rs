//! Activations: what it means to be inside Wasm. The floor on which all that runs stands.
//!
//! | file | is |
//! |---|---|
//! | `context` | what generated code and assembly see of a store, of instances and of functions |
//! | `stack` | the stacks of Wasm code |
//! | `frames` | what is saved on the host's stack on the way in and on the way out, and what becomes of it |
//! | `host_stacks` | whose stacks these frames are on |
//! | `values` | the slots of values, and what host functions and builtins return |
//! | `arch` | the way in, out, and away, in assembly |
//! | `signals` | the words by which a running store is told to stop, and its states |
//! | `suspension` | what is kept of an activation that waits in the host |
//! | `deadline` | when it is to |
//! | `epochs` | the words by which it is told that its epochs are over |
//!
//! Nothing in here knows what a store or an instance is: each is an address ([`StorePointee`], [`InstancePointee`]).
//! What assembly calls of what lies above is in the context ([`Upcalls`]).

#[cfg(feature = "async")]
pub(crate) mod alarm;
pub(crate) mod arch;
pub(crate) mod context;
mod deadline;
mod epochs;
pub(crate) mod frames;
pub(crate) mod host_stacks;
pub(crate) mod signals;
pub(crate) mod stack;
#[cfg(feature = "async")]
pub(crate) mod suspension;
mod values;

#[cfg(doc)]
use context::{InstancePointee, StorePointee};
pub(crate) use context::{ThreadInit, Upcalls};
pub(crate) use deadline::Deadline;
pub(crate) use epochs::{Clock, Epochs, Query};
pub use values::ValRaw;
pub(crate) use values::{HostFunction, HostResult};
