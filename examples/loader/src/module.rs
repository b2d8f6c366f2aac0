//! An image, compiled elsewhere, that is executed where the host has put it.

use wasmetal::{Engine, Module, Result};

pub(crate) fn load(engine: &Engine, image: &'static [u8]) -> Result<Module> {
    // SAFETY: `cargo xtask run --loader` has compiled the image.
    unsafe { Module::deserialize_in_place_unsigned(engine, image) }
}
