//! An image, compiled elsewhere.

use wasmetal::{Engine, Module, Result};

pub(crate) fn load(engine: &Engine, image: &[u8]) -> Result<Module> {
    // SAFETY: `cargo xtask run --loader` has compiled the image.
    unsafe { Module::deserialize_unsigned(engine, image) }
}
