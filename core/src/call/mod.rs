//! Calls: host to Wasm, and Wasm to host.

#[cfg(feature = "async")]
pub(crate) mod asynchronous;
pub(crate) mod entry;
mod hooks;
pub(crate) mod host;
mod interrupts;
pub(crate) mod libcalls;
// Only the model of assembly can run what is neither compiled nor loaded.
#[cfg(all(test, miri))]
mod tests;
