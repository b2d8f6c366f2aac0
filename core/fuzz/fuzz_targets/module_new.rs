//! `Module::new` on hostile bytes: an error or a module, never a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use wasmetal::{Config, Engine, Module};

// The profile in `Cargo.toml` turns them on; they find many faults that nothing else shows.
const _: () = assert!(cfg!(debug_assertions), "debug assertions are off");

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let config = Config::new(wasmetal_platform_linux::platform());
    Engine::new(&config).expect("an engine with default settings")
});

fuzz_target!(|wasm: &[u8]| {
    match Module::new(&ENGINE, wasm) {
        Ok(module) => {
            let named = module.imports().count() + module.exports().count();
            let code: usize = module.functions().map(|function| function.len).sum();
            assert!(code <= module.text().len() && named < wasm.len());
        }
        Err(error) => assert!(!format!("{error:#}").is_empty()),
    }
});
