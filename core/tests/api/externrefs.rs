//! `ExternRef`: host values in Wasm's hands.

use crate::support::{check_error, check_panic, engine, instantiate};
use std::sync::Arc;
use wasmetal::{AsContextMut, ExternRef, OwnedRooted, RootScope, Rooted, Store, Val};

#[test]
fn values_go_through_wasm_and_come_back() {
    let (mut store, instance) = instantiate(
        &engine(),
        r#"
        (global $kept (mut externref) (ref.null extern))
        (func (export "swap") (param externref) (result externref)
            (global.get $kept)
            (global.set $kept (local.get 0)))
        (func (export "is_null") (param externref) (result i32) (ref.is_null (local.get 0)))"#,
        &[],
    )
    .unwrap();
    type Value = Option<Rooted<ExternRef>>;
    let swap = instance
        .get_typed_func::<Value, Value>(&mut store, "swap")
        .unwrap();
    let is_null = instance
        .get_typed_func::<Value, i32>(&mut store, "is_null")
        .unwrap();
    let hello = ExternRef::new(&mut store, String::from("hello")).unwrap();
    assert_eq!(is_null.call(&mut store, None).unwrap(), 1);
    assert_eq!(is_null.call(&mut store, Some(hello)).unwrap(), 0);
    assert!(swap.call(&mut store, Some(hello)).unwrap().is_none());
    let back = swap.call(&mut store, None).unwrap().unwrap();
    assert!(Rooted::ref_eq(&store, &back, &hello).unwrap());
    let text = back.data(&store).unwrap().unwrap();
    assert_eq!(text.downcast_ref::<String>().unwrap(), "hello");
    let text = back.data_mut(&mut store).unwrap().unwrap();
    text.downcast_mut::<String>().unwrap().push('!');
    let text = hello.data(&store).unwrap().unwrap();
    assert_eq!(text.downcast_ref::<String>().unwrap(), "hello!");
}

#[test]
fn values_are_dropped_with_their_store() {
    let value = Arc::new(());
    let mut store = Store::new(&engine(), ());
    for _ in 0..3 {
        ExternRef::new(&mut store, value.clone()).unwrap();
    }
    assert_eq!(Arc::strong_count(&value), 4);
    drop(store);
    assert_eq!(Arc::strong_count(&value), 1);
}

#[test]
fn identity() {
    let mut store = Store::new(&engine(), ());
    let a = ExternRef::new(&mut store, 1).unwrap();
    let b = ExternRef::new(&mut store, 1).unwrap();
    assert!(!Rooted::ref_eq(&store, &a, &b).unwrap());
    assert!(Rooted::rooted_eq(a, a));
    let owned: OwnedRooted<ExternRef> = a.to_owned_rooted(&mut store).unwrap();
    assert!(Rooted::ref_eq(&store, &a, &owned).unwrap());
    let rooted = owned.to_rooted(&mut store);
    assert!(Rooted::ref_eq(&store, &rooted, &owned).unwrap());
    let raw = a.to_raw(&mut store).unwrap();
    assert_ne!(raw, 0);
    let same = ExternRef::from_raw(&mut store, raw).unwrap();
    assert!(Rooted::ref_eq(&store, &a, &same).unwrap());
    assert!(ExternRef::from_raw(&mut store, 0).is_none());
    assert!(ExternRef::from_raw(&mut store, 1000).is_none());
    let mut scope = RootScope::new(&mut store);
    let c = ExternRef::new(&mut scope, 2).unwrap();
    let c = *c
        .data(scope.as_context_mut())
        .unwrap()
        .unwrap()
        .downcast_ref::<i32>()
        .unwrap();
    assert_eq!(c, 2);
}

#[test]
fn another_store() {
    const PANIC: &str = "object used with the wrong store";
    let engine = engine();
    let (mut a, mut b) = (Store::new(&engine, ()), Store::new(&engine, ()));
    let value = ExternRef::new(&mut a, 1).unwrap();
    check_panic(PANIC, || value.data(&b).map(|_| ()));
    check_panic(PANIC, || value.data_mut(&mut b).map(|_| ()));
    check_panic(PANIC, || value.to_raw(&mut b));
    check_panic(PANIC, || Val::from(value).to_raw(&mut b));
    let (mut store, instance) =
        instantiate(&engine, r#"(func (export "f") (param externref))"#, &[]).unwrap();
    let f = instance.get_func(&mut store, "f").unwrap();
    check_error(
        f.call(&mut store, &[value.into()], &mut []),
        &["wrong store"],
    );
    let f = instance
        .get_typed_func::<Option<Rooted<ExternRef>>, ()>(&mut store, "f")
        .unwrap();
    check_error(f.call(&mut store, Some(value)), &["wrong store"]);
}

#[test]
fn owned_references_are_parameters_too() {
    let (mut store, instance) = instantiate(
        &engine(),
        r#"(func (export "same") (param externref) (result externref) (local.get 0))"#,
        &[],
    )
    .unwrap();
    type Value = Option<OwnedRooted<ExternRef>>;
    let same = instance
        .get_typed_func::<Value, Value>(&mut store, "same")
        .unwrap();
    let value = ExternRef::new(&mut store, 5).unwrap();
    let owned = value.to_owned_rooted(&mut store).unwrap();
    let back = same.call(&mut store, Some(owned)).unwrap().unwrap();
    assert!(Rooted::ref_eq(&store, &back, &value).unwrap());
    assert!(same.call(&mut store, None).unwrap().is_none());
    let non_null = wasmetal::Func::wrap(&mut store, |value: OwnedRooted<ExternRef>| value);
    let mut results = [Val::null_extern_ref()];
    non_null
        .call(&mut store, &[value.into()], &mut results)
        .unwrap();
    let back = results[0].unwrap_externref().unwrap();
    assert!(Rooted::ref_eq(&store, back, &value).unwrap());
}
