//! Scripts that need what the official ones do not: what passes, and what the report says of the rest.

use wasmetal::{Config, WasmFeatures};
use wasmetal_script::{Batch, Suite, run_all};

use crate::{convert, threads};

/// Runs a script and compares the whole report.
fn check(named_imports: bool, collector: Option<(&str, &str)>, text: &str, expected: &[&str]) {
    let batch = Batch {
        suites: 1,
        explicit_checks: false,
        deterministic: false,
        collect_always: false,
        no_optimisation: false,
        single_pass: false,
        metered: false,
        slices: false,
        complete: true,
        named_imports,
        collector: collector.map(|(module, name)| (module.to_owned(), name.to_owned())),
    };
    let suite = Suite {
        name: "files".to_owned(),
        proposals: WasmFeatures::ALL
            .iter()
            .map(|(_, name)| (*name).to_owned())
            .collect(),
        scripts: 1,
    };
    let mut packed = postcard::to_stdvec(&batch).expect("a batch");
    packed.extend(postcard::to_stdvec(&suite).expect("a suite"));
    packed.extend(postcard::to_stdvec(&convert("test", text)).expect("a script"));
    let config = Config::new(wasmetal_platform_linux::platform());
    let mut report = String::new();
    run_all(&packed, config, &threads::Native, &mut report).expect("the pack is good");
    let lines: Vec<&str> = report.lines().collect();
    assert_eq!(lines.len(), expected.len() + 1, "{report}");
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.starts_with(expected), "{expected:?} in {report}");
    }
}

#[test]
fn names_are_importable_where_that_is_asked_for() {
    let text = "(module $m (func (export \"f\")))\n(module (import \"m\" \"f\" (func)))";
    check(true, None, text, &["test: 2 passed, 0 failed"]);
    let unknown = ["FAIL test:2: unknown import", "test: 1 passed, 1 failed"];
    check(false, None, text, &unknown);
}

#[test]
fn a_function_that_collects() {
    let text = r#"(module
        (import "wasmtime" "gc" (func $gc)) (type $s (struct (field i32)))
        (func (export "f") (result i32) (local $s (ref $s))
            (local.set $s (struct.new $s (i32.const 7))) (call $gc) (struct.get $s 0 (local.get $s))))
        (assert_return (invoke "f") (i32.const 7))"#;
    let collector = Some(("wasmtime", "gc"));
    check(false, collector, text, &["test: 2 passed, 0 failed"]);
    let unknown = [
        "FAIL test:1: unknown import",
        "FAIL test:5: the instance it needs failed",
        "test: 0 passed, 2 failed",
    ];
    check(false, None, text, &unknown);
}

#[test]
fn what_becomes_of_a_threads_commands_is_counted_once() {
    let text = r#"(module $m (memory (export "m") 1 1 shared) (func (export "f")))
        (thread $t (shared (module $m))
            (register "m" $m)
            (module (import "m" "m" (memory 1 1 shared)) (func (export "seven") (result i32) (i32.const 7)))
            (assert_return (invoke "seven") (i32.const 8))
            (invoke $m "f")
            (thread $inner (assert_unlinkable (module (import "m" "m" (memory 1 1 shared))) "unknown import")))
        (wait $t)
        (wait $t)
        (thread $left (module))"#;
    let expected = [
        "FAIL test:5: returned [I32(7)]",
        "FAIL test:6: that instance is another thread's",
        "FAIL test:9: there is no thread t",
        "test: 9 passed, 3 failed",
    ];
    check(false, None, text, &expected);
}
