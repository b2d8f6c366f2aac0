//! The public API on Linux, a file per topic. Needs the feature `wat`.

mod bad_input;
mod config;
mod funcs;
mod host_funcs;
mod linker;
mod modules;
mod nesting;
mod support;
mod threads;
mod traps;
mod typed;
