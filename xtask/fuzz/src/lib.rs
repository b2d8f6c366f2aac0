//! Generated modules: from a seed to a module that ends by itself, and what is done with it.

#![forbid(unsafe_code)]

pub mod arguments;
pub mod command;
mod edit;
mod failure;
mod generate;
pub mod pool;
mod programs;
mod settings;
mod tally;
mod value;

pub use failure::HostFailure;
pub use generate::{Case, FUEL, case};
pub use programs::{CALLS, Call, Program, program};
pub use settings::Settings;
pub use tally::Tally;
pub use value::{DEPTH, PARTS, Value};

/// For programs that look for faults: debug assertions find many that nothing else shows.
///
/// # Panics
/// Debug assertions are off.
pub fn check_assertions() {
    if !cfg!(debug_assertions) {
        panic!("built without debug assertions: `cargo xtask fuzz` builds it with them");
    }
}
