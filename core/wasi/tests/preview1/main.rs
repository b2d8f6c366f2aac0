//! What guests see of WASI's preview 1, on every kind of file system.

mod archives;
mod asynchronous;
mod bad_input;
mod escapes;
#[cfg(feature = "fat")]
mod fat;
mod files;
mod linking;
mod stops;
mod streams;
mod support;
mod unstable;
mod waiting;
