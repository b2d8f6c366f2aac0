//! Makes a module of what a job brings: an image, compiled elsewhere.

use wasmetal::{Engine, Module, Result};

pub(crate) fn load(engine: &Engine, image: &[u8]) -> Result<Module> {
    // SAFETY: whoever hands over the job has built this host as well, and compiled the image.
    unsafe { Module::deserialize_unsigned(engine, image) }
}
