//! `Global`: values of every type, mutability.

use crate::support::{check_error, check_panic, engine, engines, instantiate, module};
use wasmetal::{ExternRef, Func, Global, GlobalType, Instance, Mutability, Store, Val, ValType};

fn text(store: &Store<()>, value: Val) -> String {
    match value {
        Val::ExternRef(Some(value)) => {
            let data = value.data(store).unwrap().unwrap();
            format!("host value {}", data.downcast_ref::<i32>().unwrap())
        }
        value => format!("{value:?}"),
    }
}

#[test]
fn every_type() {
    let mut store = Store::new(&engine(), ());
    let func = Func::wrap(&mut store, || {});
    let host = ExternRef::new(&mut store, 1).unwrap();
    for (ty, a, b) in [
        (ValType::I32, Val::I32(-1), Val::I32(i32::MAX)),
        (ValType::I64, Val::I64(-1), Val::I64(i64::MIN)),
        (ValType::F32, Val::F32(0x7fa0_0001), Val::F32(0)),
        (ValType::F64, Val::F64(0x7ff4_0000_0000_0001), Val::F64(1)),
        (
            ValType::V128,
            Val::V128((u128::MAX - 1).into()),
            Val::V128(1.into()),
        ),
        (
            ValType::FUNCREF,
            Val::FuncRef(None),
            Val::FuncRef(Some(func)),
        ),
        (
            ValType::EXTERNREF,
            Val::ExternRef(Some(host)),
            Val::ExternRef(None),
        ),
    ] {
        let global_ty = GlobalType::new(ty.clone(), Mutability::Var);
        let global = Global::new(&mut store, global_ty, a).unwrap();
        let value = global.get(&mut store);
        assert_eq!(text(&store, value), text(&store, a));
        global.set(&mut store, b).unwrap();
        let value = global.get(&mut store);
        assert_eq!(text(&store, value), text(&store, b));
        let found = global.ty(&store);
        assert_eq!(
            (found.content().to_string(), found.mutability()),
            (ty.to_string(), Mutability::Var)
        );
        assert!(global.set(&mut store, a).is_ok());
    }
}

#[test]
fn errors() {
    let mut store = Store::new(&engine(), ());
    let ty = GlobalType::new(ValType::I32, Mutability::Const);
    check_error(
        Global::new(&mut store, ty.clone(), Val::I64(0)),
        &[
            "initial value provided does not match the type of this global",
            "i32",
            "i64",
        ],
    );
    let global = Global::new(&mut store, ty, Val::I32(1)).unwrap();
    check_error(
        global.set(&mut store, Val::I32(2)),
        &["immutable global cannot be set"],
    );
    let ty = GlobalType::new(ValType::I32, Mutability::Var);
    let global = Global::new(&mut store, ty, Val::I32(1)).unwrap();
    check_error(
        global.set(&mut store, Val::F32(2)),
        &[
            "attempt to set global to value of wrong type",
            "expected i32, found f32",
        ],
    );
    assert_eq!(global.get(&mut store).unwrap_i32(), 1);
}

#[test]
fn initial_values() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let ty = GlobalType::new(ValType::I32, Mutability::Const);
        let import = Global::new(&mut store, ty, Val::I32(30)).unwrap();
        let importer = module(
            &engine,
            r#"
            (import "" "" (global $import i32))
            (global (export "const") i64 (i64.const -5))
            (global (export "float") f64 (f64.const 1.5))
            (global (export "copy") i32 (global.get $import))
            (global (export "func") funcref (ref.func $f))
            (global (export "null") externref (ref.null extern))
            (export "import" (global $import))
            (func $f (result i32) (i32.const 4))"#,
        );
        let instance = Instance::new(&mut store, &importer, &[import.into()]).unwrap();
        let mut get = |name: &str| {
            let global = instance.get_global(&mut store, name).unwrap();
            global.get(&mut store)
        };
        assert_eq!(get("const").unwrap_i64(), -5);
        assert_eq!(get("float").unwrap_f64(), 1.5);
        assert_eq!(get("copy").unwrap_i32(), 30);
        assert_eq!(get("import").unwrap_i32(), 30);
        assert!(get("null").unwrap_externref().is_none());
        let func = *get("func").unwrap_funcref().unwrap();
        assert_eq!(
            func.typed::<(), i32>(&store)
                .unwrap()
                .call(&mut store, ())
                .unwrap(),
            4
        );
    }
}

#[test]
fn a_mutable_global_is_shared() {
    for engine in engines() {
        let (mut store, a) = instantiate(
            &engine,
            r#"(global (export "g") (mut i32) (i32.const 1))"#,
            &[],
        )
        .unwrap();
        let global = a.get_global(&mut store, "g").unwrap();
        let b = module(
            &engine,
            r#"
            (import "" "" (global $g (mut i32)))
            (func (export "add") (param i32) (result i32)
                (global.set $g (i32.add (global.get $g) (local.get 0)))
                (global.get $g))"#,
        );
        let b = Instance::new(&mut store, &b, &[global.into()]).unwrap();
        let add = b.get_typed_func::<i32, i32>(&mut store, "add").unwrap();
        assert_eq!(add.call(&mut store, 5).unwrap(), 6);
        assert_eq!(global.get(&mut store).unwrap_i32(), 6);
        global.set(&mut store, Val::I32(100)).unwrap();
        assert_eq!(add.call(&mut store, 1).unwrap(), 101);
    }
}

#[test]
fn another_store() {
    const PANIC: &str = "object used with the wrong store";
    let engine = engine();
    let (mut a, mut b) = (Store::new(&engine, ()), Store::new(&engine, ()));
    let ty = GlobalType::new(ValType::FUNCREF, Mutability::Var);
    let global = Global::new(&mut a, ty.clone(), Val::FuncRef(None)).unwrap();
    check_panic(PANIC, || global.get(&mut b));
    check_panic(PANIC, || global.ty(&b));
    check_panic(PANIC, || global.set(&mut b, Val::FuncRef(None)));
    let func = Func::wrap(&mut b, || {});
    check_error(global.set(&mut a, func.into()), &["wrong store"]);
    check_error(Global::new(&mut a, ty, func.into()), &["wrong store"]);
    assert!(global.get(&mut a).unwrap_funcref().is_none());
}
