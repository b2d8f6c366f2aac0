//! Settings of engines that images depend on, as text: `NAME=VALUE`.
//!
//! An engine loads an image that was made with the settings that it has itself. `check` finds mistakes without an engine,
//! `apply` tells a configuration one.

#[cfg(feature = "engine")]
mod apply;
#[cfg(feature = "compile")]
mod compiler;
#[cfg(all(feature = "engine", not(feature = "compile")))]
#[path = "settings/no_compiler.rs"]
mod compiler;
mod values;

use alloc::{format, string::String};

#[cfg(feature = "engine")]
pub use apply::apply;
pub use values::{PROPOSALS, proposal};

/// A setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// What values it takes, as help.
    pub values: &'static str,
    /// What values it takes.
    kind: values::Kind,
    /// The method of `Config` that it stands for.
    pub method: &'static str,
}

macro_rules! settings {
    ($($name:literal $kind:ident $values:literal $method:literal;)*) => {
        /// All settings.
        pub const SETTINGS: &[Setting] = &[
            $(Setting { name: $name, values: $values, kind: values::Kind::$kind, method: $method },)*
        ];

        /// All settings, as help.
        pub const HELP: &str = concat!(
            "Settings of the engine (the method of Config):",
            $("\n  ", $name, "=", $values, "  (", $method, ")",)*
        );
    };
}

settings! {
    "consume-fuel" OneOf "on|off" "consume_fuel";
    "operator-cost" Costs "OPERATOR:COST,..." "operator_cost, by names of fields";
    "epoch-interruption" OneOf "on|off" "epoch_interruption";
    "async-support" OneOf "on|off" "async_support: with fuel, code can give others their turn";
    "explicit-checks" OneOf "on|off" "explicit_checks";
    "memory-reservation" Bytes "BYTES" "memory_reservation";
    "memory-guard-size" Bytes "BYTES" "memory_guard_size";
    "gc-heap-reservation" Bytes "BYTES" "gc_heap_reservation";
    "spectre-mitigation" OneOf "on|off" "spectre_mitigation";
    "nan-canonicalization" OneOf "on|off" "cranelift_nan_canonicalization";
    "relaxed-simd-deterministic" OneOf "on|off" "relaxed_simd_deterministic";
    "proposals" Proposals "NAME,-NAME,..." "wasm_features: on, and with a hyphen off";
    "cpu-flags" Flags "FLAG,-FLAG,..." "cranelift_flag_set: on, and with a hyphen off";
    "opt-level" OneOf "none|speed|speed-and-size" "cranelift_opt_level";
    "regalloc" OneOf "backtracking|single-pass" "cranelift_regalloc_algorithm";
    "address-map" OneOf "on|off" "generate_address_map";
    "module-limits" OneOf "default|firmware" "module_limits";
}

/// A setting and its value; what has no `=` is `on`.
///
/// # Errors
/// No setting has this name: the text says which there are. Or it takes no such value, as far as that can be told without
/// an engine: costs and flags go by names that only the compiler has.
pub fn check(text: &str) -> Result<(&'static Setting, &str), String> {
    let (name, value) = text.split_once('=').unwrap_or((text, "on"));
    let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) else {
        return Err(format!("no setting is called {name:?}. {HELP}"));
    };
    match setting.kind.check(setting.values, value) {
        Ok(()) => Ok((setting, value)),
        Err(problem) => Err(format!("setting {name}: {problem}")),
    }
}

#[cfg(all(test, feature = "compile"))]
mod tests;
