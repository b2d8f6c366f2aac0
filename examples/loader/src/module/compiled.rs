//! Wasm, compiled here.

use wasmetal::{Engine, Module, Result};

pub(crate) fn load(engine: &Engine, wasm: &[u8]) -> Result<Module> {
    Module::new(engine, wasm)
}
