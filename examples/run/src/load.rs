//! Makes a module of what a job brings: Wasm, compiled here, or an image.

use core::fmt::Write;
use wasmetal::{Config, Engine, Loaded, Module, Result};

/// The same, but the compiler runs on this thread alone: others would keep memory.
pub(crate) fn in_turn(config: &Config) -> Config {
    let mut config = config.clone();
    config.parallel_compilation(|count, job| (0..count).for_each(job));
    config
}

pub(crate) fn load(engine: &Engine, bytes: &[u8], out: &mut dyn Write) -> Result<Module> {
    match Engine::detect_precompiled(bytes) {
        None => Module::new(engine, bytes),
        Some(_) => {
            // SAFETY: the tool that hands over the job has built this host as well, and compiled the image.
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
