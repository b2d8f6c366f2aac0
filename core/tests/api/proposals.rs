//! The switches for proposals: errors that name what is off, and what this build has not.

use crate::support::{check_error, config, engines};
use wasmetal::{Engine, InvalidModule, Module, WasmFeatures};

/// Proposals with their names, and modules that use them.
const MODULES: &[(WasmFeatures, &str, &[&str])] = &[
    (
        WasmFeatures::MULTI_VALUE,
        "multi-value",
        &["(func (result i32 i32) unreachable)"],
    ),
    (
        WasmFeatures::BULK_MEMORY,
        "bulk-memory",
        &["(memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)))"],
    ),
    (
        WasmFeatures::REFERENCE_TYPES,
        "reference-types",
        &[
            "(func (param externref))",
            "(table 1 funcref) (table 1 funcref)",
        ],
    ),
    (
        WasmFeatures::SIMD,
        "simd",
        &[
            "(func (drop (v128.const i64x2 0 0)))",
            "(func (param v128))",
            "(global v128 (v128.const i64x2 0 0))",
            "(memory 1) (func (drop (v128.load (i32.const 0))))",
        ],
    ),
    (
        WasmFeatures::RELAXED_SIMD,
        "relaxed-simd",
        &["(func unreachable i8x16.relaxed_swizzle drop)"],
    ),
    (
        WasmFeatures::THREADS,
        "threads",
        &[
            "(memory 1 1 shared)",
            "(memory 1) (func (drop (i32.atomic.load (i32.const 0))))",
            "(import \"\" \"\" (memory 1 1 shared))",
            "(func (atomic.fence))",
        ],
    ),
    (
        WasmFeatures::TAIL_CALL,
        "tail-call",
        &["(func return_call 0)"],
    ),
    (
        WasmFeatures::MULTI_MEMORY,
        "multi-memory",
        &[
            "(memory 1) (memory 1)",
            "(memory 1) (memory 1) (func (drop (i32.load 1 (i32.const 0))))",
        ],
    ),
    (
        WasmFeatures::EXCEPTIONS,
        "exceptions",
        &[
            "(tag)",
            "(import \"\" \"\" (tag))",
            "(func (try_table))",
            "(func unreachable throw_ref)",
            "(func (param exnref))",
            "(func (drop (ref.null exn)))",
        ],
    ),
    (
        WasmFeatures::MEMORY64,
        "memory64",
        &[
            "(memory i64 1)",
            "(table i64 1 funcref)",
            "(import \"\" \"\" (memory i64 1))",
        ],
    ),
    (
        WasmFeatures::EXTENDED_CONST,
        "extended-const",
        &["(global i32 (i32.add (i32.const 0) (i32.const 1)))"],
    ),
    (
        WasmFeatures::FUNCTION_REFERENCES,
        "function-references",
        &[
            "(type $f (func)) (func (param (ref $f)))",
            "(func (param (ref func)))",
            "(table 1 funcref (ref.null func))",
            "(func unreachable ref.as_non_null drop)",
        ],
    ),
    (
        WasmFeatures::GC,
        "gc",
        &[
            "(type (struct))",
            "(type (array i8))",
            "(rec (type (func)) (type (func)))",
            "(type (sub (func)))",
            "(func (param anyref))",
            "(table 1 structref)",
            "(global eqref (ref.null eq))",
            "(func (drop (ref.null none)))",
            "(func (drop (any.convert_extern (ref.null extern))))",
            "(func (drop (ref.i31 (i32.const 0))))",
        ],
    ),
    (
        WasmFeatures::CUSTOM_PAGE_SIZES,
        "custom-page-sizes",
        &["(memory 1 (pagesize 1))"],
    ),
    (
        WasmFeatures::WIDE_ARITHMETIC,
        "wide-arithmetic",
        &["(func i64.const 0 i64.const 0 i64.const 0 i64.const 0 i64.add128 drop drop)"],
    ),
    (
        WasmFeatures::LEGACY_EXCEPTIONS,
        "legacy-exceptions",
        &[
            "(func try end)",
            "(func try catch_all end)",
            "(func try delegate 0)",
            "(func try catch_all rethrow 0 end)",
        ],
    ),
    (
        WasmFeatures::STACK_SWITCHING,
        "stack-switching",
        &["(type $f (func)) (type (cont $f))"],
    ),
];

/// A module that uses a proposal that is off gets an error with the proposal's name. What this build can't have is off.
#[test]
fn what_is_off_is_named() {
    for (proposal, name, modules) in MODULES {
        let mut off = config();
        off.wasm_features(*proposal, false);
        let off = Engine::new(&off).unwrap();
        for wat in *modules {
            let error = Module::new(&off, wat).unwrap_err();
            let invalid: &InvalidModule = error.downcast_ref().unwrap();
            assert!(invalid.missing_proposals().contains(*proposal), "{error}");
            check_error::<()>(Err(error), &["the proposal", name]);
            for engine in engines() {
                let module = Module::new(&engine, wat);
                match WasmFeatures::default().contains(*proposal) {
                    true => drop(module.unwrap_or_else(|e| panic!("{wat}: {e:?}"))),
                    false => check_error(module, &["the proposal", name]),
                }
            }
            if WasmFeatures::SUPPORTED.contains(*proposal) {
                let on = Engine::new(config().wasm_features(*proposal, true)).unwrap();
                Module::new(&on, wat).unwrap_or_else(|e| panic!("{wat}: {e:?}"));
            }
        }
    }
}

#[test]
fn what_this_build_has_not() {
    #[track_caller]
    fn check(proposal: WasmFeatures, expected: &[&str]) {
        check_error(
            Engine::new(config().wasm_features(proposal, true)),
            expected,
        );
    }
    check(
        WasmFeatures::STACK_SWITCHING,
        &["invalid configuration", "implement", "stack-switching"],
    );
    for (built, proposal, name, feature) in [
        (cfg!(feature = "simd"), WasmFeatures::SIMD, "simd", "simd"),
        (
            cfg!(feature = "simd"),
            WasmFeatures::RELAXED_SIMD,
            "relaxed-simd",
            "simd",
        ),
        (
            cfg!(feature = "threads"),
            WasmFeatures::THREADS,
            "threads",
            "threads",
        ),
        (cfg!(feature = "gc"), WasmFeatures::GC, "gc", "gc"),
        (
            cfg!(feature = "exceptions"),
            WasmFeatures::EXCEPTIONS,
            "exceptions",
            "exceptions",
        ),
        (
            cfg!(feature = "exceptions"),
            WasmFeatures::LEGACY_EXCEPTIONS,
            "legacy-exceptions",
            "exceptions",
        ),
    ] {
        if !built {
            let feature = format!("needs the cargo feature `{feature}`");
            check(proposal, &["invalid configuration", name, &feature]);
        }
    }
}

/// What builds on a proposal goes with it; if both were asked for, that is an error.
#[test]
fn what_builds_on_what_is_off() {
    let mut config = config();
    config.wasm_reference_types(false);
    Engine::new(&config).unwrap();
    if WasmFeatures::SUPPORTED.contains(WasmFeatures::FUNCTION_REFERENCES) {
        config.wasm_function_references(true);
        check_error(
            Engine::new(&config),
            &["function-references", "builds on", "reference-types"],
        );
    }
    if WasmFeatures::SUPPORTED.contains(WasmFeatures::LEGACY_EXCEPTIONS) {
        let mut config = crate::support::config();
        config.wasm_exceptions(false).wasm_legacy_exceptions(true);
        check_error(
            Engine::new(&config),
            &["legacy-exceptions", "builds on", "exceptions"],
        );
    }
}
