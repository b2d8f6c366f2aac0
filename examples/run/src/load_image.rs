//! Makes a module of what a job brings: an image, compiled elsewhere.

use core::fmt::Write;
use wasmetal::{Engine, Module, Result};

pub(crate) fn load(engine: &Engine, image: &[u8], _: &mut dyn Write) -> Result<Module> {
    // SAFETY: whoever hands over the job has built this host as well, and compiled the image.
    unsafe { Module::deserialize_unsigned(engine, image) }
}
