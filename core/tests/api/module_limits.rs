//! Limits on modules: each is exact, and its error says which, how much and where. And budgets too small for
//! anything.

use crate::support::{check_error, config};
use wasmetal::{Config, Engine, Module, ModuleLimitExceeded, ModuleLimits};

fn engine(limits: ModuleLimits) -> Engine {
    Engine::new(config().module_limits(limits)).unwrap()
}

fn wasm(wat: &str) -> Vec<u8> {
    wat::parse_str(format!("(module {wat})")).unwrap_or_else(|e| panic!("{e}\n{wat}"))
}

/// Checks that a module has `found` of what a limit is for: it is refused with a limit of one less, and
/// compiled with that limit. The error names the function, if there is one.
fn check(limit: &'static str, found: u32, function: Option<u32>, wat: &str) {
    let wasm = wasm(wat);
    let mut limits = ModuleLimits::default();
    *limits.get_mut(limit).unwrap() = found;
    Module::new(&engine(limits), &wasm).unwrap_or_else(|e| panic!("{limit}: {e}"));
    *limits.get_mut(limit).unwrap() = found - 1;
    let strict = engine(limits);
    for error in [
        Module::new(&strict, &wasm).map(drop).unwrap_err(),
        Module::validate(&strict, &wasm).unwrap_err(),
    ] {
        let exceeded = error.downcast_ref::<ModuleLimitExceeded>();
        let exceeded = exceeded.unwrap_or_else(|| panic!("{limit}: {error:?}"));
        assert_eq!(
            (
                exceeded.limit,
                exceeded.maximum,
                exceeded.found,
                exceeded.function
            ),
            (limit, found - 1, found.into(), function)
        );
        assert!(exceeded.offset <= wasm.len(), "{error}");
        let text = error.to_string();
        for part in [
            limit,
            &format!("is {}", found - 1),
            &format!("are {found}"),
            "at offset 0x",
        ] {
            assert!(text.contains(part), "{part:?} is not in {text:?}");
        }
    }
}

/// Those that only types of the garbage collection proposal have.
#[cfg(feature = "gc")]
#[test]
fn recursion_groups() {
    let groups = "(type (func)) (rec (type (func)) (type (func)))";
    check("types", 3, None, groups);
    check("rec_group_types", 2, None, groups);
}

#[test]
fn each_is_exact() {
    check("module_size", 8, None, "");
    check("types", 2, None, "(type (func)) (type (func (param i32)))");
    check("params", 3, None, "(type (func (param i32 i64 f32)))");
    check("results", 2, None, "(type (func (result i32 i64)))");
    check(
        "imports",
        2,
        None,
        r#"(import "" "" (func)) (import "" "" (global i32))"#,
    );
    check(
        "functions",
        3,
        None,
        r#"(import "" "" (func)) (func) (func)"#,
    );
    check("functions", 1, None, r#"(import "" "" (func))"#);
    check(
        "tables",
        2,
        None,
        r#"(import "" "" (table 0 funcref)) (table 0 funcref)"#,
    );
    check(
        "memories",
        2,
        None,
        r#"(import "" "" (memory 0)) (memory 0)"#,
    );
    check(
        "globals",
        2,
        None,
        r#"(import "" "" (global i32)) (global i32 (i32.const 0))"#,
    );
    check("exports", 2, None, r#"(func (export "a") (export "b"))"#);
    check("element_segments", 2, None, "(elem funcref) (elem funcref)");
    check("segment_items", 3, None, "(func $f) (elem func $f $f $f)");
    check(
        "segment_items",
        2,
        None,
        "(elem funcref (ref.null func) (ref.null func))",
    );
    check("data_segments", 2, None, r#"(data "") (data "")"#);
    check("name_size", 4, None, r#"(func (export "name"))"#);
    check("name_size", 5, None, r#"(import "m" "names" (func))"#);
    check("name_size", 5, None, r#"(import "names" "n" (func))"#);
    check(
        "const_expr_size",
        6,
        None,
        "(global i32 (i32.const 100000000))",
    );
    check(
        "const_expr_size",
        3,
        None,
        r#"(memory 0) (data (i32.const 0) "")"#,
    );
    check("function_size", 3, Some(1), "(func) (func nop)");
    check("locals", 3, Some(0), "(func (param i32) (local i64 i32))");
    check("locals", 2, Some(1), "(func) (func (param i32 i32))");
    check("block_depth", 2, Some(0), "(func (block (loop)) (block))");
    check(
        "br_table_targets",
        2,
        Some(0),
        "(func (br_table 0 0 0 (i32.const 0)))",
    );
    #[cfg(feature = "gc")]
    check("fields", 2, None, "(type (struct (field i32) (field i64)))");
    #[cfg(feature = "exceptions")]
    check("tags", 2, None, r#"(import "" "" (tag)) (tag)"#);
    #[cfg(feature = "exceptions")]
    check(
        "catches",
        2,
        Some(0),
        "(tag) (func (block (try_table (catch 0 0) (catch_all 0))))",
    );
}

#[test]
fn complexity_is_as_documented() {
    let check = |found, wat: &str| {
        let function = wat.matches("(import").count() as u32;
        check("function_complexity", found, Some(function), wat);
        check("module_complexity", found, Some(function), wat);
    };
    // The locals, and again at the end.
    check(4, "(func (param i32) (local i64))");
    // And at each begin and end of a block, with what is on the stack.
    check(8, "(func (param i32) (local i64) (block))");
    check(1 + 2 + 2 + 1, "(func (local i64) i32.const 0 (block) drop)");
    check(
        1 + 1 + 2 + 1 + 1,
        "(func (local i64) (block i32.const 0 (br_if 0 (i32.const 0)) drop))",
    );
    // What a call passes, and the result of the function at its end.
    check(
        3 + 1,
        r#"(import "" "" (func (param i32 i32) (result i32)))
           (func (result i32) (call 0 (i32.const 0) (i32.const 0)))"#,
    );
    // A table of 3 targets, of a value each: 3 * 2, and a value when the block ends, and the function.
    check(
        6 + 1 + 1,
        "(func (result i32) (block (result i32) (br_table 0 0 0 0 (i32.const 1) (i32.const 0))))",
    );
    // References, where garbage may be collected.
    check(1 + 8 + 1 + 8, "(func (local externref) (call 1)) (func)");
}

#[test]
fn functions_are_counted_together() {
    let wat = "(func (local i32)) (func (local i32 i64))";
    check("module_complexity", 6, Some(1), wat);
    check("function_complexity", 4, Some(1), wat);
}

#[test]
fn zero() {
    let every = ModuleLimits::default();
    let mut zero = every;
    for (name, value) in every.iter() {
        assert!(value > 0);
        *zero.get_mut(name).unwrap() = 0;
        // Alone: what has none of it compiles.
        let mut one = every;
        *one.get_mut(name).unwrap() = 0;
        let empty = Module::new(&engine(one), wasm(""));
        assert_eq!(empty.is_ok(), name != "module_size", "{name}");
    }
    assert_eq!(zero.get_mut("no such limit"), None);
    for bytes in [wasm(""), wasm("(func)"), Vec::new()] {
        let outcome = Module::new(&engine(zero), &bytes);
        match bytes.is_empty() {
            true => check_error(outcome, &["unexpected end"]),
            false => check_error(outcome, &["`module_size` is 0"]),
        }
    }
}

#[test]
fn limits_above_the_default_change_nothing() {
    let mut limits = ModuleLimits::default();
    for (name, _) in limits.iter() {
        *limits.get_mut(name).unwrap() = u32::MAX;
    }
    let many = wasm(&format!("(func (local {}))", "i32 ".repeat(50_001)));
    check_error(Module::new(&engine(limits), &many), &["too many locals"]);
    Module::new(&engine(limits), wasm("(func (local i32))")).unwrap();
}

#[test]
fn what_is_invalid_is_called_so() {
    let free = Engine::new(&config()).unwrap();
    let firmware = engine(ModuleLimits::firmware());
    for bad in [
        "(func $name (result i32))",
        "(func (drop))",
        "(func (local.get 7))",
        "(func (br_table 0 9 (i32.const 0)))",
    ] {
        let bytes = wasm(bad);
        let text = |engine: &Engine| format!("{:#}", Module::new(engine, &bytes).unwrap_err());
        assert_eq!(text(&firmware), text(&free));
    }
}

#[test]
fn images_are_the_same_with_and_without() {
    let bytes = wasm("(func (export \"f\") (param i32) (loop (br_if 0 (local.get 0))))");
    let image = |config: &Config| {
        Engine::new(config)
            .unwrap()
            .precompile_module(&bytes)
            .unwrap()
    };
    assert_eq!(
        image(&config()),
        image(config().module_limits(ModuleLimits::firmware()))
    );
}

/// With an allocator that confines nothing a budget is an error, and not ignored.
#[test]
fn a_budget_needs_an_allocator() {
    for bytes in [0, 1, 1 << 30] {
        let engine = Engine::new(config().compile_memory_limit(bytes)).unwrap();
        check_error(Module::new(&engine, wasm("")), &["allocator"]);
    }
}
