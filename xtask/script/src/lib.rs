//! The official test scripts (`.wast`) in a form that a device can run, and what runs them.
//!
//! A host parses the text and sends a [`Batch`], then for each suite a [`Suite`] and one [`Script`] per
//! file, as postcard frames one after another: a device decodes one script at a time, and borrows the
//! modules in it.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod directive;
#[cfg(feature = "run")]
mod run;
mod value;

pub use directive::{Action, Command, Directive, Refusal, Wasm};
#[cfg(feature = "run")]
pub use run::{Join, Log, Summary, Threads, Work, run_all};
pub use value::{Expected, Float, Heap, Value, Vector};

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

/// What comes before the suites.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Batch {
    /// How many suites follow.
    pub suites: u32,
    /// Compile bounds checks into the code, as on a machine without guard pages.
    pub explicit_checks: bool,
    /// Follow the deterministic profile: canonical NaNs, and one result of each relaxed operator.
    pub deterministic: bool,
    /// Collect garbage at every allocation.
    pub collect_always: bool,
    /// Compile without optimisation.
    pub no_optimisation: bool,
    /// Compile with the allocator of registers that works in one pass.
    pub single_pass: bool,
    /// Compile code that uses fuel and looks at epochs, of which there are enough.
    pub metered: bool,
    /// Make every call an asynchronous one, in time slices.
    pub slices: bool,
    /// Count what is not supported as failed.
    pub complete: bool,
    /// Let an instance that has a name be imported from by that name, as if it were registered.
    pub named_imports: bool,
    /// The module and name under which scripts import a host function that collects garbage.
    pub collector: Option<(String, String)>,
}

/// What comes before the scripts of a suite.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Suite {
    /// Its name.
    pub name: String,
    /// The proposals that are on, by name.
    pub proposals: Vec<String>,
    /// How many scripts follow.
    pub scripts: u32,
}

/// One `.wast` file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Script<'a> {
    /// The file's name.
    pub file: String,
    /// Its directives, in order.
    #[serde(borrow)]
    pub commands: Vec<Command<'a>>,
}
