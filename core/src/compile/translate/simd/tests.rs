//! Every operator compiles on every machine, with whatever extensions it has.

use crate::abi::cpu;
use crate::compile::Compiler;
use crate::compile::tests::{AARCH64, X86_64, settings};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The names of all operators, as wasmparser has them, and how many operands they take.
macro_rules! names {
    ($(@$_:ident $operator:ident $({ $($argument:tt)* })? => $name:ident (arity $count:literal -> $($results:tt)*))*) => {
        [$((stringify!($name), $count)),*]
    };
}

/// A function that does nothing but this operator.
fn function(name: &str, operands: usize) -> String {
    let name = name.trim_start_matches("visit_").replacen('_', ".", 1);
    let (lanes, operator) = name.split_once('.').unwrap();
    let scalar = match lanes {
        "i64x2" => "i64",
        "f32x4" => "f32",
        "f64x2" => "f64",
        _ => "i32",
    };
    let access = operator.starts_with("load") || operator.starts_with("store");
    let number = match operator {
        "shl" | "shr_s" | "shr_u" => Some((1, "i32")),
        "replace_lane" => Some((1, scalar)),
        "splat" => Some((0, scalar)),
        _ if access => Some((0, "i32")),
        _ => None,
    };
    let mut params = ["v128"; 3];
    if let Some((i, ty)) = number {
        params[i] = ty;
    }
    let result = match operator {
        "any_true" | "all_true" | "bitmask" => "(result i32)".to_string(),
        _ if operator.starts_with("extract_lane") => format!("(result {scalar})"),
        _ if operator.starts_with("store") => String::new(),
        _ => "(result v128)".to_string(),
    };
    let immediate = match operator {
        "const" => "i64x2 1 2",
        "shuffle" => "0 31 2 29 4 27 6 25 8 23 10 21 12 19 14 17",
        _ if operator.contains("_lane") && !operator.contains("select") => "1",
        _ => "",
    };
    let params = params[..operands].join(" ");
    let operands: String = (0..operands).map(|i| format!("(local.get {i})")).collect();
    format!("(func (param {params}) {result} ({name} {immediate} {operands}))\n")
}

#[test]
fn every_operator_compiles_everywhere() {
    let names = wasmparser::for_each_visit_simd_operator!(names);
    let functions: String = names.iter().map(|(name, n)| function(name, *n)).collect();
    let wasm = wat::parse_str(format!("(module (memory 1) {functions})")).unwrap();
    let every = |_: &str| true;
    // The least that x86-64 must have, and more of it from generation to generation.
    let x86_64: [&[&str]; 5] = [
        &[],
        &["sse4.2", "popcnt"],
        &["sse4.2", "avx"],
        &["sse4.2", "avx", "avx2", "fma"],
        &["sse4.2", "avx", "avx2", "fma", "avxvnni"],
    ];
    let with = |more: &[&str]| {
        let has = |name: &str| ["sse3", "ssse3", "sse4.1"].contains(&name) || more.contains(&name);
        (
            X86_64,
            cpu::isa_flags(settings(X86_64).target.architecture, has),
        )
    };
    let mut machines: Vec<_> = x86_64.into_iter().map(with).collect();
    machines.push((AARCH64, Vec::new()));
    for target in [X86_64, AARCH64] {
        let architecture = settings(target).target.architecture;
        machines.push((target, cpu::isa_flags(architecture, every)));
    }
    for (target, flags) in machines {
        for strict in [false, true] {
            let mut settings = settings(target);
            settings.isa_flags.clone_from(&flags);
            settings.tunables.relaxed_simd_deterministic = strict;
            settings.tunables.memory_faults = !strict;
            settings.nan_canonicalization = strict;
            Compiler::new(&settings)
                .and_then(|compiler| compiler.compile(&wasm, None))
                .unwrap_or_else(|e| panic!("{target} {flags:?} {strict}: {e:?}"));
        }
    }
}
