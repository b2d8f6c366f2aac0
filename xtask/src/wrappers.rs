//! Platforms of tests that stand before another one pass on what that can do: a method with a default would be missed by
//! nobody.

use std::fs;

use crate::cargo::root;

/// The files with such platforms. What one does not have on purpose is beside it.
const WRAPPERS: &[(&str, &[&str])] = &[
    (
        "platform/src/fake/mod.rs",
        &["execute_in_place", "end_in_place"],
    ),
    (
        "platform-linux/tests/lies.rs",
        &["execute_in_place", "end_in_place"],
    ),
    ("core/tests/api/machine.rs", &[]),
    ("core/tests/lives/walk.rs", &[]),
];

/// The methods of the first trait or of the first implementation of a trait `Platform` in a source.
fn methods(source: &str) -> Vec<&str> {
    let begin = ["unsafe trait Platform", "Platform for "];
    let begin = begin.iter().find_map(|begin| source.find(begin));
    let (_, rest) = source.split_at(begin.expect("it has one"));
    let rest = rest.split("\n}\n").next().expect("it ends");
    let lines = rest.lines().filter_map(|line| {
        let line = line.strip_prefix("    ")?;
        line.strip_prefix("unsafe fn ").or(line.strip_prefix("fn "))
    });
    lines.filter_map(|line| line.split('(').next()).collect()
}

#[test]
fn platforms_of_tests_pass_everything_on() {
    let read = |path: &str| fs::read_to_string(root().join(path)).expect(path);
    let source = read("platform/src/lib.rs");
    let all = methods(&source);
    assert!(all.len() > 20 && all.contains(&"populate"), "{all:?}");
    for (path, without) in WRAPPERS {
        let source = read(path);
        let found = methods(&source);
        for method in &all {
            assert_ne!(
                found.contains(method),
                without.contains(method),
                "{path}: `{method}` is to be passed on, or in the list here"
            );
        }
    }
}
