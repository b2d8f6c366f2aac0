//! Errors about modules: what is wrong, and where.

use crate::abi::features::Features;
use crate::module::FunctionIndex;
use alloc::{format, string::String};
use anyhow::{Error, anyhow};
use cranelift_entity::EntityRef;

/// An error outside of function bodies.
#[cold]
pub(in crate::compile) fn invalid(error: wasmparser::Error) -> Error {
    anyhow!("invalid module: {}", describe(&error))
}

/// An error in a function body.
#[cold]
pub(in crate::compile) fn invalid_function(
    index: FunctionIndex,
    name: Option<&str>,
    error: wasmparser::Error,
) -> Error {
    anyhow!(
        "invalid {}: {}",
        describe_function(index, name),
        describe(&error)
    )
}

/// How errors call a function.
pub(in crate::compile) fn describe_function(index: FunctionIndex, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("function {} (`{name}`)", index.index()),
        None => format!("function {}", index.index()),
    }
}

/// Messages about a proposal that wasmparser does not name.
const UNNAMED: &[(&str, Features)] = &[
    ("multiple memories", Features::MULTI_MEMORY),
    ("multiple tables", Features::REFERENCE_TYPES),
    // Without the cargo feature `simd`.
    (
        "unexpected SIMD opcode: 0xfd",
        Features::SIMD.union(Features::RELAXED_SIMD),
    ),
];

/// The message with the offset; if a proposal would make it valid, with its name.
fn describe(error: &wasmparser::Error) -> String {
    let missing = match error.missing_wasm_feature() {
        Some(flags) => super::types::proposals(flags),
        None => UNNAMED
            .iter()
            .find(|(message, _)| error.message() == *message)
            .map_or(Features::NONE, |(_, proposal)| *proposal),
    };
    let mut text = format!("{error}");
    if !missing.is_empty() {
        text.push_str("; the proposal ");
        text.push_str(&missing.names());
        text.push_str(" is not enabled");
    }
    text
}
