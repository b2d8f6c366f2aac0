//! Generated modules: from a seed to a module that ends by itself, and what is done with it.

#![forbid(unsafe_code)]

mod edit;
mod generate;
mod settings;

pub use generate::{Case, FUEL, case};
pub use settings::Settings;
