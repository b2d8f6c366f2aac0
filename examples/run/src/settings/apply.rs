//! Tells a configuration a setting.

use wasmetal::error::{Context, Error, Result};
use wasmetal::{Config, WasmFeatures};

use super::values::{bytes, switches};
use super::{check, compiler};

/// Tells a configuration a setting.
///
/// # Errors
/// No setting has this name, or it does not take this value.
pub fn apply(config: &mut Config, text: &str) -> Result<()> {
    let (setting, value) = check(text).map_err(Error::msg)?;
    set(config, setting.name, value).with_context(|| alloc::format!("setting {}", setting.name))
}

fn set(config: &mut Config, name: &str, value: &str) -> Result<()> {
    // What is none of its values is no setting: `check` has seen to that.
    let on = value == "on";
    let size = || bytes(value).map_err(Error::msg);
    match name {
        "consume-fuel" => config.consume_fuel(on),
        "epoch-interruption" => config.epoch_interruption(on),
        "async-support" => config.async_support(on),
        "explicit-checks" => config.explicit_checks(on),
        "memory-reservation" => config.memory_reservation(size()?),
        "memory-guard-size" => config.memory_guard_size(size()?),
        "gc-heap-reservation" => config.gc_heap_reservation(size()?),
        "spectre-mitigation" => config.spectre_mitigation(on),
        "relaxed-simd-deterministic" => config.relaxed_simd_deterministic(on),
        "proposals" => {
            for (name, on) in switches(value) {
                for (proposal, _) in WasmFeatures::ALL.iter().filter(|(_, it)| *it == name) {
                    config.wasm_features(*proposal, on);
                }
            }
            config
        }
        _ => return compiler::set(config, name, value),
    };
    Ok(())
}
