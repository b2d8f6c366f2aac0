//! The whole compiler: what it accepts, what it refuses and how, and what comes out.

use super::{Compiler, Features, ModuleLimits, OptLevel, RegallocAlgorithm, Settings};
use crate::abi::{cpu, tunables::Tunables};
use crate::image::View;
use crate::module::{ConstOp, ElementItems, EntityIndex, ValueType};
use alloc::{borrow::ToOwned, format, string::String, vec, vec::Vec};
use core::str::FromStr;
use cranelift_entity::EntityRef;
use target_lexicon::Triple;

pub(crate) const X86_64: &str = "x86_64-unknown-linux-gnu";
pub(crate) const AARCH64: &str = "aarch64-unknown-none";

pub(crate) fn settings(target: &str) -> Settings {
    let target = Triple::from_str(target).unwrap();
    let isa_flags = match target.architecture {
        target_lexicon::Architecture::X86_64 => {
            cpu::isa_flags(target.architecture, |f| f.starts_with("s"))
        }
        _ => vec![],
    };
    Settings {
        target,
        opt_level: OptLevel::Speed,
        regalloc_algorithm: RegallocAlgorithm::Backtracking,
        tunables: Tunables {
            memory_reservation: 4 << 30,
            memory_guard_size: 32 << 20,
            memory_faults: true,
            stack_faults: true,
            stack_probe_size: 4096,
            heap_faults: true,
            stack_maps: true,
            spectre_mitigation: true,
            relaxed_simd_deterministic: false,
            consume_fuel: false,
            fuel_yields: false,
            operator_cost: None,
            epoch_interruption: false,
        },
        operator_cost: alloc::sync::Arc::default(),
        features: Features::default(),
        isa_flags,
        nan_canonicalization: false,
        verifier: true,
        address_map: true,
        limits: ModuleLimits::default(),
    }
}

pub(crate) fn compiler(target: &str) -> Compiler {
    Compiler::new(&settings(target)).unwrap()
}

/// One thread for each job, started last first.
fn threads(count: usize, job: &(dyn Fn(usize) + Sync)) {
    std::thread::scope(|scope| {
        for i in (0..count).rev() {
            scope.spawn(move || job(i));
        }
    });
}

pub(crate) const MODULE: &str = r#"(module $everything
    (type $unused (func (param f64)))
    (type $binary (func (param i32 i64) (result i64)))
    (import "env" "log" (func $log (param i32)))
    (import "env" "base" (global $base i32))
    (memory (export "memory") 1 2)
    (table $t 4 8 funcref)
    (table $e 1 externref)
    (global $counter (mut i64) (i64.const 7))
    (global $f (export "f") funcref (ref.func $second))
    (elem (table $t) (global.get $base) func $first $log)
    (elem $passive funcref (ref.func $first) (ref.null func))
    (elem declare func $third)
    (data (i32.const 16) "hello")
    (data $p "world")
    (start $init)
    (func $first (type $binary) (i64.add (i64.extend_i32_u (local.get 0)) (local.get 1)))
    (func $second (export "second") (result i32 f32) (i32.const 1) (f32.const 2))
    (func $third (param i32) (result i32)
        (call $first (local.get 0) (i64.const 2)) (drop)
        (i32.load offset=4 (local.get 0)))
    (func $init (call $log (i32.const 3)) (unreachable))
    (func $unnamed (drop (ref.func $third)))
)"#;

pub(crate) fn module() -> Vec<u8> {
    wat::parse_str(MODULE).unwrap()
}

#[test]
fn an_image_holds_what_the_module_says() {
    for target in [X86_64, AARCH64] {
        let image = compiler(target).compile(&module(), None).unwrap();
        let view = View::parse(&image).unwrap();
        let info = view.info().unwrap();
        assert_eq!(info.name.as_deref(), Some("everything"));
        assert_eq!(info.imports.len(), 2);
        assert_eq!((info.functions.len(), info.imported_functions), (6, 1));
        assert_eq!((info.globals.len(), info.imported_globals), (3, 1));
        assert_eq!(info.start, Some(crate::module::FunctionIndex::new(4)));
        let names: Vec<_> = info.exports.iter().map(|e| e.name.as_str()).collect();
        assert_eq!(names, ["memory", "f", "second"]);
        assert!(matches!(info.exports[2].item, EntityIndex::Function(i) if i.index() == 2));
        // Escaping: the import, $first, $second, $third; neither $init nor $unnamed.
        let escaping: Vec<_> = info
            .functions
            .values()
            .map(|f| f.func_ref.is_some())
            .collect();
        assert_eq!(escaping, [true, true, true, true, false, false]);
        assert_eq!(info.func_refs, 4);
        let elements: Vec<_> = info.elements.values().map(|e| &e.items).collect();
        assert!(matches!(elements[0], ElementItems::Functions(f) if f.len() == 2));
        assert!(matches!(elements[1], ElementItems::Expressions(e) if e.len() == 2));
        assert!(matches!(elements[2], ElementItems::Functions(f) if f.len() == 1));
        let globals: Vec<_> = info
            .global_initializers
            .values()
            .map(|e| &e.ops[..])
            .collect();
        assert_eq!(globals[0], [ConstOp::I64Const(7)]);
        assert_eq!(
            info.globals[crate::module::GlobalIndex::new(1)].content,
            ValueType::I64
        );
        assert_eq!(view.data(), b"helloworld");
        assert_eq!(info.data[crate::module::DataIndex::new(1)].bytes, 5..10);

        let name =
            |i| crate::image::names::lookup(view.names(), crate::module::FunctionIndex::new(i));
        assert_eq!(name(0), Some("log"));
        assert_eq!(name(5), Some("unnamed"));
        assert_eq!(name(6), None);

        let code = view.code(&info).unwrap();
        assert_eq!(code.functions().len(), 5);
        for (i, range) in code.functions() {
            assert_eq!(code.function_at(range.start), Some(i));
            assert_eq!(code.function_at(range.end() - 1), Some(i));
            assert_ne!(code.function_at(range.end()), Some(i));
        }
        // There is a table: every type has a host trampoline.
        assert_eq!(code.host_trampolines().len(), info.types.len());
        let fingerprint = view.fingerprint().unwrap();
        assert_eq!(fingerprint.target(), target);
        assert_eq!(fingerprint.shared_flag("opt_level"), Some("speed"));
        assert_eq!(
            view.sections().text.start % crate::abi::sections::TEXT_ALIGN,
            0
        );
        assert_eq!(view.sections().seal.end, image.len());
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for target in [X86_64, AARCH64] {
        let compiler = compiler(target);
        let once = compiler.compile(&module(), None).unwrap();
        assert!(once == compiler.compile(&module(), None).unwrap());
        assert!(once == compiler.compile(&module(), Some(threads)).unwrap());
    }
}

/// Compiles text; the error must hold all of `expected`.
fn check_error(text: &str, expected: &[&str]) {
    check_bytes_error(&wat::parse_str(text).unwrap(), expected);
}

fn check_bytes_error(wasm: &[u8], expected: &[&str]) {
    let compiler = compiler(AARCH64);
    let compiled = compiler.compile(wasm, None).map(|_| ()).unwrap_err();
    let parallel = compiler
        .compile(wasm, Some(threads))
        .map(|_| ())
        .unwrap_err();
    assert_eq!(format!("{compiled}"), format!("{parallel}"));
    let validated = compiler.validate(wasm).unwrap_err();
    assert_eq!(format!("{compiled}"), format!("{validated}"));
    for part in expected {
        assert!(format!("{compiled}").contains(part), "{compiled} | {part}");
    }
}

#[test]
fn errors_name_what_and_where() {
    check_bytes_error(b"", &["invalid module", "offset 0x0"]);
    check_bytes_error(b"not wasm", &["magic", "offset 0x0"]);
    check_bytes_error(b"\0asm\x0d\0\x01\0", &["component"]);
    check_error(
        "(module (func $f (result i32) i64.const 0))",
        &["function 0 (`f`)", "type mismatch", "offset 0x"],
    );
    check_error(
        "(module (func) (func) (func $bad drop) (func) (func $worse drop))",
        &["function 2 (`bad`)"],
    );
    check_error(
        "(module (func (export \"e\")) (func (export \"e\")))",
        &["duplicate export name"],
    );
    check_error("(module (memory 65537))", &["memory size"]);
    // A function imported with its exact type: validation lets it through unasked.
    check_bytes_error(
        b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x06\x01\x01a\0\x20\0",
        &["not supported: import", "offset 0x10"],
    );
}

#[test]
fn counts_are_not_believed() {
    // Section id, size, count of 4 G or 1 M, nothing behind it.
    for id in 1..=13 {
        for count in [&b"\xff\xff\xff\xff\x0f"[..], b"\xc0\x84\x3d"] {
            let mut wasm = b"\0asm\x01\0\0\0".to_vec();
            wasm.extend([id, count.len() as u8]);
            wasm.extend(count);
            check_bytes_error(&wasm, &["offset 0x"]);
        }
    }
}

#[test]
fn a_truncated_module_is_an_error() {
    let wasm = module();
    let compiler = compiler(AARCH64);
    let mut valid = vec![];
    for len in 0..wasm.len() {
        let compiled = compiler.compile(&wasm[..len], None).map(|_| ());
        let validated = compiler.validate(&wasm[..len]);
        assert_eq!(compiled.is_ok(), validated.is_ok(), "{len}");
        match compiled {
            Ok(()) => valid.push(len),
            Err(e) => assert!(format!("{e}").contains("offset 0x"), "{len}: {e}"),
        }
    }
    // Cut between two sections, what is left can be a module: without functions, or without names.
    let ends: Vec<_> = wasmparser::Parser::new(0)
        .parse_all(&wasm)
        .filter_map(|payload| payload.unwrap().as_section().map(|(_, range)| range.end))
        .collect();
    assert!(
        valid.len() > 1 && valid.iter().all(|len| *len == 8 || ends.contains(len)),
        "{valid:?}"
    );
    compiler.compile(&wasm, None).unwrap();
}

#[test]
fn a_damaged_module_is_no_panic() {
    let wasm = module();
    let compiler = compiler(AARCH64);
    for i in 8..wasm.len() {
        for byte in [
            0x00,
            0x01,
            0x0b,
            0x7f,
            0x80,
            0xff,
            wasm[i] ^ 1,
            wasm[i].wrapping_add(1),
        ] {
            let mut wasm = wasm.clone();
            wasm[i] = byte;
            if let Ok(image) = compiler.compile(&wasm, None) {
                let view = View::parse(&image).unwrap();
                view.code(&view.info().unwrap()).unwrap();
            }
        }
    }
}

/// Makes a compiler of changed settings; the error must hold `expected`.
fn check_settings(target: &str, change: impl FnOnce(&mut Settings), expected: &str) {
    let mut settings = settings(target);
    change(&mut settings);
    let error = Compiler::new(&settings).map(|_| ()).unwrap_err();
    assert!(format!("{error}").contains(expected), "{error}");
}

#[test]
fn bad_settings_are_named() {
    let flag = |name: &str| (String::from(name), true);
    check_settings(AARCH64, |s| s.isa_flags = vec![flag("has_lsf")], "has_lsf");
    check_settings(X86_64, |s| s.isa_flags = vec![flag("has_lse")], "has_lse");
    check_settings(X86_64, |s| s.isa_flags.clear(), "has_sse3");
    check_settings(
        X86_64,
        |s| s.isa_flags.retain(|f| f.0 != "has_sse41"),
        "has_sse41",
    );
    check_settings(
        X86_64,
        |s| s.target = Triple::from_str("riscv64gc-unknown-none-elf").unwrap(),
        "riscv64",
    );
    check_settings(
        AARCH64,
        |s| s.tunables.stack_probe_size = 1000,
        "stack probe size 1000",
    );
    check_settings(
        AARCH64,
        |s| s.features.set(Features::STACK_SWITCHING, true),
        "stack-switching",
    );
    // Every flag of the table is one of Cranelift's.
    for target in [X86_64, AARCH64] {
        let mut settings = settings(target);
        settings.isa_flags = cpu::features(settings.target.architecture)
            .iter()
            .map(|f| (f.flag.to_owned(), true))
            .collect();
        Compiler::new(&settings).unwrap();
    }
}

#[test]
fn large_but_valid_modules_compile() {
    let many = |n: usize, text: &str| [text].repeat(n).join(" ");
    // As many parameters and results as validation allows, through calls of every kind.
    let types = many(250, "i32 i64 f32 f64");
    let consts = many(
        250,
        "(i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4)",
    );
    let signature = format!("(param {types}) (result {types})");
    let calls = format!(
        "(module (type $t (func {signature})) (import \"a\" \"b\" (func $h (type $t)))
            (table 1 funcref) (elem (i32.const 0) $f)
            (func $f (export \"f\") (type $t) {consts} (call $h) (call $f)
                (call_indirect (type $t) (i32.const 0))))"
    );
    let nested = format!(
        "(module (func {} {}))",
        many(1000, "block"),
        many(1000, "end")
    );
    let branches = format!(
        "(module (func (param i32) (block (block (br_table {} 1 (local.get 0))))))",
        many(60_000, "0")
    );
    let locals = format!("(module (func (local {})))", many(49_000, "i64"));
    let functions = format!("(module {})", many(500, "(func call 0)"));
    let long = format!(
        "(module (func (param i32) (result i32) local.get 0 {}))",
        many(5_000, "(i32.mul (i32.const 3)) (i32.add (local.get 0))")
    );
    for text in [calls, nested, branches, locals, functions, long] {
        let wasm = wat::parse_str(&text).unwrap();
        for target in [X86_64, AARCH64] {
            let mut settings = settings(target);
            settings.verifier = false;
            settings.opt_level = OptLevel::None;
            let compiler = Compiler::new(&settings).unwrap();
            let image = compiler.compile(&wasm, None).unwrap();
            let view = View::parse(&image).unwrap();
            view.code(&view.info().unwrap()).unwrap();
        }
    }
}

/// Where the device enforces landing pads, each block that a `br_table` reaches needs one, and the
/// default is reached by the table, too.
#[test]
fn every_target_of_a_br_table_is_a_landing_pad() {
    const BTI_J: [u8; 4] = 0xd503_249f_u32.to_le_bytes();
    let mut settings = settings(AARCH64);
    settings.isa_flags.push(("use_bti".into(), true));
    let wasm = wat::parse_str(
        r#"(module
            (func (param i32) (result i32)
                (block $a (block $b (block $c
                    (br_table $a $b $c (local.get 0)))
                    (return (i32.const 30)))
                    (return (i32.const 20)))
                (i32.const 10))
            ;; The default takes a parameter: a value that the loop carries.
            (func (param i32)
                (loop $again
                    (local.set 0 (i32.add (local.get 0) (i32.const 1)))
                    (block $end (br_table $end $again (local.get 0))))))"#,
    );
    let image = Compiler::new(&settings)
        .unwrap()
        .compile(&wasm.unwrap(), None)
        .unwrap();
    let pads = View::parse(&image)
        .unwrap()
        .text()
        .chunks(4)
        .filter(|word| *word == BTI_J);
    // Besides the five blocks, edges that were split have some.
    assert!(pads.count() >= 5);
}

/// A `br_table` with a default alone is a plain branch: no jump table, whose one target would need a
/// landing pad.
#[test]
fn a_br_table_without_targets_is_a_branch() {
    let mut settings = settings(AARCH64);
    settings.isa_flags.push(("use_bti".into(), true));
    let wasm = wat::parse_str(
        "(module (func (param i32) (result i32)
            (block $a (result i32) (br_table $a (i32.const 1) (local.get 0)) (i32.const 2))))",
    );
    let image = Compiler::new(&settings)
        .unwrap()
        .compile(&wasm.unwrap(), None)
        .unwrap();
    let view = View::parse(&image).unwrap();
    let is_br = |word: &[u8]| {
        let word = u32::from_le_bytes(word.try_into().unwrap());
        word & 0xffff_fc1f == 0xd61f_0000
    };
    assert!(!view.text().chunks_exact(4).any(is_br));
}

/// What is refused is refused before anything is compiled, with the limits of firmware and without. All kinds: what
/// validation and the limits find in the module and in its last function, and what the compiler does not take.
#[cfg(feature = "exceptions")]
#[test]
fn nothing_is_compiled_of_what_is_refused() {
    let check = |module: &str, expected: &[&str]| {
        let wasm = wat::parse_str(module).unwrap();
        for limits in [ModuleLimits::default(), ModuleLimits::firmware()] {
            let mut settings = settings(X86_64);
            settings.limits = limits;
            settings.limits.br_table_targets = 100_000;
            settings.limits.function_size = 1_000_000;
            settings.limits.catches = 1_000;
            settings.limits.locals = 1_000;
            let compiler = Compiler::new(&settings).unwrap();
            for executor in [None, Some(threads as super::Executor)] {
                let progress = super::Progress::default();
                let compiled = compiler.compile_watched(&wasm, executor, &progress);
                let error = format!("{}", compiled.map(|_| ()).unwrap_err());
                assert_eq!(progress.functions().0, 0, "{error}");
                for part in expected.iter().chain(&["at offset"]) {
                    assert!(error.contains(part), "{error} | {part}");
                }
            }
        }
    };
    let last = |last: &str, expected: &[&str]| {
        let module = format!("(module (func) (tag $tag) (memory 1) (func $last {last}))");
        let expected = [expected, &["function 1 (`last`)"]].concat();
        check(&module, &expected);
    };
    for code in [
        "try catch_all end",
        "try catch $tag end",
        "try delegate 0",
        "try catch_all rethrow 0 end",
    ] {
        last(code, &["the proposal legacy-exceptions is not enabled"]);
    }
    last("i32.add", &["type mismatch"]);
    last(
        "(drop (ref.func $last))",
        &["undeclared function reference"],
    );
    last("(call 9)", &["unknown function 9"]);
    last("(drop (i32.load 1 (i32.const 0)))", &["unknown memory 1"]);
    last(
        "(drop (i32.load align=8 (i32.const 0)))",
        &["alignment must not be larger than natural"],
    );
    last("(local (ref 9))", &["unknown type"]);
    last(
        "(drop (memory.discard (i32.const 0) (i32.const 0)))",
        &["memory control"],
    );
    last("(drop (ref.null (shared any)))", &["shared"]);
    last(&format!("(local {})", "i32 ".repeat(60_000)), &["locals"]);
    let targets = "0 ".repeat(65_521);
    last(
        &format!("(br_table 0 {targets} (i32.const 0))"),
        &["a `br_table` of more than 65520 targets is not supported"],
    );
    let clauses = "(catch $tag 0) ".repeat(1_000);
    for code in ["(call 0) ", "(throw $tag)", "(throw_ref (ref.null exn))"] {
        let code = format!("(block (try_table {clauses} {}))", code.repeat(100));
        last(
            &code,
            &["so many catch clauses in effect at calls are not supported"],
        );
    }
    // Outside of bodies.
    check(
        "(module (func) (memory 65537) (func))",
        &["memory size must be at most"],
    );
    check(
        "(module (func) (memory i64 0x1_0000_0000_0001) (func))",
        &["memory size must be at most"],
    );
    check(
        "(module (func) (global i32 (i64.const 0)) (func))",
        &["type mismatch"],
    );
    check("(module (func) (start 9) (func))", &["unknown function"]);
    check(
        "(module (func) (memory 1) (data (i32.const 0)) (data (i32.add)) (func))",
        &["type mismatch"],
    );
}

/// Calls in as many clauses as are taken, and in such as a clause for everything hides.
#[cfg(feature = "exceptions")]
#[test]
fn what_few_clauses_catch_is_taken() {
    let check = |code: &str| {
        let module = format!("(module (tag $tag) (func $f {code}))");
        let compiler = compiler(X86_64);
        let wasm = wat::parse_str(module).unwrap();
        compiler.compile(&wasm, None).unwrap();
    };
    let clauses = "(catch $tag 0) ".repeat(1_000);
    let calls = "(call $f) ".repeat(100);
    check(&format!("(block (try_table {clauses} (call $f)))"));
    check(&format!(
        "(block (try_table (catch_all 0) {clauses} {calls}))"
    ));
    check(&format!(
        "(block (try_table {clauses} (block (try_table (catch_all 0) {calls}))))"
    ));
    check(&format!("(block (try_table {clauses})) {calls}"));
}

/// However much a `try` catches, it is one clause to the calls in it; to throw again is a call outside of it.
#[cfg(feature = "exceptions")]
#[test]
fn a_legacy_try_is_one_clause() {
    let compile = |code: &str| {
        let module = format!("(module (tag $tag) (func $f {code}))");
        let mut settings = settings(X86_64);
        settings.features = Features::SUPPORTED;
        let compiler = Compiler::new(&settings).unwrap();
        compiler.compile(&wat::parse_str(module).unwrap(), None)
    };
    let calls = "(call $f) ".repeat(1_000);
    let catches = "catch $tag ".repeat(1_000);
    compile(&format!("try {calls} {catches} catch_all {calls} end")).unwrap();
    let tries = "try ".repeat(1_000);
    let ends = "catch $tag end ".repeat(1_000);
    compile(&format!("{tries} {calls} {ends}")).unwrap();
    compile(&format!("{tries} {calls} {}", "delegate 0 ".repeat(1_000))).unwrap();
    let clauses = "(catch $tag 0) ".repeat(1_000);
    for code in ["try end ", "try call $f delegate 0 "] {
        let code = code.repeat(100);
        let error = compile(&format!("(block (try_table {clauses} {code}))")).unwrap_err();
        let error = format!("{error}");
        assert!(error.contains("so many catch clauses"), "{error}");
    }
}

/// Each proposal whose operators wasmparser knows is either one that the translator has, or never enabled. (A new version
/// of it may have more.)
#[test]
fn every_operator_belongs_to_a_proposal() {
    const HAVE: &[&str] = &[
        "mvp",
        "exceptions",
        "legacy_exceptions",
        "tail_call",
        "reference_types",
        "sign_extension",
        "saturating_float_to_int",
        "bulk_memory",
        "threads",
        "simd",
        "relaxed_simd",
        "gc",
        "function_references",
        "wide_arithmetic",
    ];
    const NEVER: &[&str] = &[
        "memory_control",
        "shared_everything_threads",
        "stack_switching",
        "custom_descriptors",
    ];
    macro_rules! proposals {
        ($(@$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
            [$((stringify!($op), stringify!($proposal))),*]
        };
    }
    let operators = wasmparser::for_each_operator!(proposals);
    // Without the feature `simd` those on vectors are not among them.
    assert!(operators.len() > 300, "{}", operators.len());
    for (operator, proposal) in operators {
        assert!(
            HAVE.contains(&proposal) || NEVER.contains(&proposal),
            "{operator} of {proposal}"
        );
    }
}
