//! What generated modules have found (`cargo xtask fuzz differential`), each cut down to what it takes.

use crate::support::{config, instantiate};
use wasmetal::{Engine, OptLevel};

/// Calls the export `f`, compiled with and without optimisation, guard pages and the verifier.
#[track_caller]
fn check(wat: &str, argument: i32, expected: i32) {
    for setting in 0..8 {
        let on = |bit| setting & bit != 0;
        let mut config = config();
        config
            .explicit_checks(on(1))
            .cranelift_debug_verifier(on(2));
        if on(4) {
            config.cranelift_opt_level(OptLevel::None);
        }
        let engine = Engine::new(&config).unwrap();
        let (mut store, instance) = instantiate(&engine, wat, &[]).unwrap();
        let f = instance.get_typed_func::<i32, i32>(&mut store, "f");
        let result = f.unwrap().call(&mut store, argument).unwrap();
        assert_eq!(result, expected, "{config:?}");
    }
}

/// A comparison is extended to an `i32` ahead of all edges.
#[test]
fn a_comparison_goes_along_several_edges_of_a_table() {
    let wat = r#"(module (func (export "f") (param i32) (result i32)
        (block $b (result i32)
            (block $a (result i32)
                (br_table $a $b (i32.eqz (i32.const 0)) (local.get 0)))
            (i32.add (i32.const 10)))))"#;
    check(wat, 0, 11);
    check(wat, 1, 1);
}
