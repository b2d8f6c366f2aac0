//! Tells a configuration a setting.

use alloc::format;

use wasmetal::error::{Context, Error, Result, bail};
use wasmetal::{Config, WasmFeatures};

use super::{compiler, split};

/// Tells a configuration a setting.
///
/// # Errors
/// No setting has this name, or it does not take this value.
pub fn apply(config: &mut Config, text: &str) -> Result<()> {
    let (name, value) = split(text).map_err(Error::msg)?;
    set(config, name, value).with_context(|| format!("setting {name}"))
}

fn set(config: &mut Config, name: &str, value: &str) -> Result<()> {
    match name {
        "consume-fuel" => config.consume_fuel(switch(value)?),
        "epoch-interruption" => config.epoch_interruption(switch(value)?),
        "explicit-checks" => config.explicit_checks(switch(value)?),
        "memory-reservation" => config.memory_reservation(bytes(value)?),
        "memory-guard-size" => config.memory_guard_size(bytes(value)?),
        "gc-heap-reservation" => config.gc_heap_reservation(bytes(value)?),
        "spectre-mitigation" => config.spectre_mitigation(switch(value)?),
        "relaxed-simd-deterministic" => config.relaxed_simd_deterministic(switch(value)?),
        "proposals" => {
            for (name, on) in switches(value) {
                let known = WasmFeatures::ALL.iter().find(|(_, known)| *known == name);
                let (proposal, _) =
                    known.with_context(|| format!("no proposal is called {name:?}"))?;
                config.wasm_features(*proposal, on);
            }
            config
        }
        _ => return compiler::set(config, name, value),
    };
    Ok(())
}

/// `on` or `off`.
pub(super) fn switch(value: &str) -> Result<bool> {
    match value {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => bail!("{value:?} is neither on nor off"),
    }
}

/// Names, each to be on, or, after a hyphen, off.
pub(super) fn switches(value: &str) -> impl Iterator<Item = (&str, bool)> {
    let names = value.split(',').filter(|name| !name.is_empty());
    names.map(|name| match name.strip_prefix('-') {
        Some(name) => (name, false),
        None => (name, true),
    })
}

fn bytes(value: &str) -> Result<u64> {
    let bytes = value.parse().ok();
    bytes.with_context(|| format!("{value:?} is no number of bytes"))
}
