//! Settings of engines that images depend on, as text: `NAME=VALUE`.
//!
//! An engine loads an image that was made with the settings that it has itself. `apply` tells a configuration one.

#[cfg(feature = "engine")]
mod apply;
#[cfg(feature = "compile")]
mod compiler;
#[cfg(all(feature = "engine", not(feature = "compile")))]
#[path = "settings/no_compiler.rs"]
mod compiler;

use alloc::{format, string::String};

#[cfg(feature = "engine")]
pub use apply::apply;

/// A setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// What values it takes.
    pub values: &'static str,
    /// The method of `Config` that it stands for.
    pub method: &'static str,
}

macro_rules! settings {
    ($($name:literal $values:literal $method:literal;)*) => {
        /// All settings.
        pub const SETTINGS: &[Setting] = &[
            $(Setting { name: $name, values: $values, method: $method },)*
        ];

        /// All settings, as help.
        pub const HELP: &str = concat!(
            "Settings of the engine (the method of Config):",
            $("\n  ", $name, "=", $values, "  (", $method, ")",)*
        );
    };
}

settings! {
    "consume-fuel" "on|off" "consume_fuel";
    "operator-cost" "OPERATOR:COST,..." "operator_cost, by names of fields";
    "epoch-interruption" "on|off" "epoch_interruption";
    "explicit-checks" "on|off" "explicit_checks";
    "memory-reservation" "BYTES" "memory_reservation";
    "memory-guard-size" "BYTES" "memory_guard_size";
    "gc-heap-reservation" "BYTES" "gc_heap_reservation";
    "spectre-mitigation" "on|off" "spectre_mitigation";
    "nan-canonicalization" "on|off" "cranelift_nan_canonicalization";
    "relaxed-simd-deterministic" "on|off" "relaxed_simd_deterministic";
    "proposals" "NAME,-NAME,..." "wasm_features: on, and with a hyphen off";
    "cpu-flags" "FLAG,-FLAG,..." "cranelift_flag_set: on, and with a hyphen off";
    "opt-level" "none|speed|speed-and-size" "cranelift_opt_level";
    "regalloc" "backtracking|single-pass" "cranelift_regalloc_algorithm";
    "address-map" "on|off" "generate_address_map";
    "module-limits" "default|firmware" "module_limits";
}

/// The name and the value of a setting; what has no `=` is `on`.
///
/// # Errors
/// No setting has this name: the text says which there are.
pub fn split(text: &str) -> Result<(&str, &str), String> {
    let (name, value) = text.split_once('=').unwrap_or((text, "on"));
    match SETTINGS.iter().any(|setting| setting.name == name) {
        true => Ok((name, value)),
        false => Err(format!("no setting is called {name:?}. {HELP}")),
    }
}

#[cfg(all(test, feature = "compile"))]
mod tests;
