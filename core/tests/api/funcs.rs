//! `Func`: dynamic calls, types, and arguments that do not fit.

use crate::support::{check_error, check_panic, engine, engines, instantiate};
use wasmetal::{Engine, ExternRef, Func, FuncType, Rooted, Store, Val, ValType};

/// Values as text, since references have no equality.
fn text(values: &[Val]) -> String {
    format!("{values:?}")
}

#[track_caller]
fn check(wat: &str, params: &[Val], expected: &[Val]) {
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, wat, &[]).unwrap();
        let f = instance.get_func(&mut store, "f").unwrap();
        let mut results = vec![Val::FuncRef(None); expected.len()];
        f.call(&mut store, params, &mut results).unwrap();
        assert_eq!(text(&results), text(expected), "{wat}");
    }
}

#[test]
fn calls() {
    check(r#"(func (export "f"))"#, &[], &[]);
    check(
        r#"(func (export "f") (param i32 i64 f32 f64 funcref externref)
                (result externref funcref f64 f32 i64 i32)
            local.get 5 local.get 4 local.get 3 local.get 2 local.get 1 local.get 0)"#,
        &[
            Val::I32(-1),
            Val::I64(i64::MIN),
            Val::F32(0x7fa0_0000),
            Val::F64(0x7ff4_0000_0000_0000),
            Val::FuncRef(None),
            Val::ExternRef(None),
        ],
        &[
            Val::ExternRef(None),
            Val::FuncRef(None),
            Val::F64(0x7ff4_0000_0000_0000),
            Val::F32(0x7fa0_0000),
            Val::I64(i64::MIN),
            Val::I32(-1),
        ],
    );
}

#[test]
fn more_values_than_the_stack_array_holds() {
    let count = 1000;
    let wat = format!(
        r#"(func (export "f") (param {0}) (result {0}) {1})"#,
        "i32 ".repeat(count),
        (0..count)
            .rev()
            .map(|i| format!("local.get {i} "))
            .collect::<String>()
    );
    let params: Vec<Val> = (0..count as i32).map(Val::I32).collect();
    let expected: Vec<Val> = params.iter().rev().copied().collect();
    check(&wat, &params, &expected);
}

const SWAP: &str = r#"(func (export "f") (param i32 funcref externref) (result i32) local.get 0)"#;

#[test]
fn arguments_that_do_not_fit() {
    #[track_caller]
    fn check(params: &[Val], results: &mut [Val], expected: &[&str]) {
        for engine in engines() {
            let (mut store, instance) = instantiate(&engine, SWAP, &[]).unwrap();
            let f = instance.get_func(&mut store, "f").unwrap();
            check_error(f.call(&mut store, params, results), expected);
        }
    }
    let good = [Val::I32(1), Val::FuncRef(None), Val::ExternRef(None)];
    check(
        &good[..2],
        &mut [Val::I32(0)],
        &["expected 3 arguments, got 2"],
    );
    check(&[], &mut [Val::I32(0)], &["expected 3 arguments, got 0"]);
    check(&good, &mut [], &["expected 1 results, got 0"]);
    check(
        &good,
        &mut [Val::I32(0), Val::I32(0)],
        &["expected 1 results, got 2"],
    );
    let bad = [Val::I64(1), good[1], good[2]];
    check(&bad, &mut [Val::I32(0)], &["argument 0", "i32", "i64"]);
    let bad = [good[0], good[2], good[1]];
    check(
        &bad,
        &mut [Val::I32(0)],
        &["argument 1", "funcref", "noextern"],
    );
}

#[test]
fn references_of_another_store() {
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, SWAP, &[]).unwrap();
        let f = instance.get_func(&mut store, "f").unwrap();
        let mut other = Store::new(&engine, ());
        let func = Func::wrap(&mut other, || {});
        let value = ExternRef::new(&mut other, 1_i32).unwrap();
        let results = &mut [Val::I32(0)];
        let call = f.call(
            &mut store,
            &[1.into(), func.into(), Val::ExternRef(None)],
            results,
        );
        check_error(call, &["argument 1", "wrong store"]);
        let call = f.call(
            &mut store,
            &[1.into(), Val::FuncRef(None), value.into()],
            results,
        );
        check_error(call, &["argument 2", "wrong store"]);
        check_error(f.call(&mut other, &[], &mut []), &["wrong store"]);
        check_panic("wrong store", || f.ty(&other));
        check_panic("wrong store", || f.typed::<(), ()>(&other));
    }
}

#[test]
fn types() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let f = Func::wrap(
        &mut store,
        |_: i32, _: u64, _: f32, _: f64, _: Option<Func>, _: Option<Rooted<ExternRef>>| 0_i64,
    );
    let ty = f.ty(&store);
    assert_eq!(
        ty.to_string(),
        "(func (param i32 i64 f32 f64 funcref externref) (result i64))"
    );
    assert_eq!(ty.params().len(), 6);
    assert!(ty.param(3).unwrap().is_f64() && ty.param(6).is_none());
    assert!(ty.result(0).unwrap().is_i64() && ty.result(1).is_none());
    let same = FuncType::new(&engine, ty.params(), ty.results());
    assert!(FuncType::eq(&ty, &same) && f.matches_ty(&store, &same));
    let other = FuncType::new(&engine, ty.params(), []);
    assert!(!f.matches_ty(&store, &other));
    let void = Func::wrap(&mut store, || {});
    assert_eq!(void.ty(&store).to_string(), "(func)");
}

#[test]
fn types_of_another_engine() {
    let (engine, other) = (engine(), engine());
    let foreign = FuncType::new(&other, [ValType::I32], []);
    let ours = FuncType::new(&engine, [ValType::I32], []);
    assert_ne!(foreign, ours);
    check_panic("wrong engine", || ours.matches(&foreign));
    let mut store = Store::new(&engine, ());
    check_panic("wrong engine", || {
        Func::new(&mut store, foreign.clone(), |_, _, _| Ok(()))
    });
    check_error(foreign.default_value(&mut store), &["wrong engine"]);
}

#[test]
fn default_values() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let results = [
        ValType::I32,
        ValType::F64,
        ValType::FUNCREF,
        ValType::EXTERNREF,
    ];
    let ty = FuncType::new(&engine, [ValType::I64], results);
    let f = ty.default_value(&mut store).unwrap();
    let mut results = [Val::I32(1); 4];
    f.call(&mut store, &[Val::I64(1)], &mut results).unwrap();
    let expected = [
        Val::I32(0),
        Val::F64(0),
        Val::FuncRef(None),
        Val::ExternRef(None),
    ];
    assert_eq!(text(&results), text(&expected));
}

/// Ids of types are given back, and to other types: nothing may mix them up.
#[test]
fn type_ids_are_reused() {
    let engine: Engine = engine();
    for round in 0..3 {
        for count in 0..50 {
            let params = vec![ValType::I32; count];
            let wat = format!(
                r#"(type $t (func (param {0})))
                   (table funcref (elem $g))
                   (func $g (param {0}))
                   (func (export "f") {1} (call_indirect (type $t) (i32.const 0)))
                   (func (export "g") (call_indirect (param f32 f32 f32 f32) (f32.const 0)
                       (f32.const 0) (f32.const 0) (f32.const 0) (i32.const 0)))"#,
                "i32 ".repeat(count),
                "(i32.const 0) ".repeat(count)
            );
            let (mut store, instance) = instantiate(&engine, &wat, &[]).unwrap();
            let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
            f.call(&mut store, ())
                .unwrap_or_else(|e| panic!("{round} {count}: {e:?}"));
            let g = instance.get_typed_func::<(), ()>(&mut store, "g").unwrap();
            check_error(g.call(&mut store, ()), &["indirect call type mismatch"]);
            let ty = FuncType::new(&engine, params, []);
            assert_eq!(ty.params().len(), count);
        }
    }
}
