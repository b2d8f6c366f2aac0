//! Errors about modules: what is wrong, and where.

use crate::abi::features::Features;
use crate::escaped::Escaped;
use crate::module::FunctionIndex;
use crate::oom;
use alloc::{format, string::String};
use anyhow::Error;
use cranelift_entity::EntityRef;
use wasmparser::WasmFeatures;

/// An error outside of function bodies.
#[cold]
pub(in crate::compile) fn invalid(error: wasmparser::Error) -> Error {
    Error::msg(oom::text(format_args!(
        "invalid module: {}",
        describe(&error)
    )))
}

/// An error in a function body.
#[cold]
pub(in crate::compile) fn invalid_function(
    index: FunctionIndex,
    name: Option<&str>,
    error: wasmparser::Error,
) -> Error {
    Error::msg(oom::text(format_args!(
        "invalid {}: {}",
        describe_function(index, name),
        describe(&error)
    )))
}

/// How errors call a function.
pub(in crate::compile) fn describe_function(index: FunctionIndex, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("function {} (`{}`)", index.index(), Escaped(name)),
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
    if error
        .missing_wasm_feature()
        .is_some_and(|flags| flags.contains(WasmFeatures::LEGACY_EXCEPTIONS))
    {
        text.push_str(
            "; the proposal legacy-exceptions is not supported: `wasm-opt --translate-to-exnref` \
             translates it to the proposal exceptions",
        );
    }
    if !missing.is_empty() {
        text.push_str("; the proposal ");
        text.push_str(&missing.names());
        text.push_str(" is not enabled");
    }
    text
}
