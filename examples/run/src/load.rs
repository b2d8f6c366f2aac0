//! Makes a module of what a job brings: Wasm, compiled here, or an image.

use core::fmt::Write;
use wasmetal::{Engine, Loaded, Module, Result};

pub(crate) fn load(engine: &Engine, bytes: &[u8], out: &mut dyn Write) -> Result<Module> {
    match Engine::detect_precompiled(bytes) {
        None => Module::new(engine, bytes),
        Some(_) => {
            // SAFETY: whoever hands over the job has built this host as well, and compiled the image.
            let Loaded {
                module, recompiled, ..
            } = unsafe { Module::load_unsigned(engine, bytes) }?;
            if let Some(why) = recompiled {
                writeln!(out, "compiled again: {why}")?;
            }
            Ok(module)
        }
    }
}
