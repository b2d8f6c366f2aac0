//! References to functions of one type: typed tables, calls through them, subtyping.

use crate::support::{check_error, engine};
use wasmetal::{
    Finality, Func, FuncType, Global, GlobalType, HeapType, Instance, Linker, Module, Mutability,
    Ref, RefType, Result, Store, Table, TableType, Trap, Val, ValType,
};

fn instance(store: &mut Store<()>, wat: &str, imports: &[wasmetal::Extern]) -> Result<Instance> {
    let module = Module::new(store.engine(), wat)?;
    Instance::new(store, &module, imports)
}

#[test]
fn calls_through_references() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let instance = instance(
        &mut store,
        r#"(module
            (type $unary (func (param i32) (result i32)))
            (func $double (export "double") (type $unary) (i32.mul (local.get 0) (i32.const 2)))
            (func (export "call") (param (ref null $unary) i32) (result i32)
                (call_ref $unary (local.get 1) (local.get 0)))
            (func (export "tail") (param (ref null $unary) i32) (result i32)
                (return_call_ref $unary (local.get 1) (local.get 0)))
            (func (export "is_null") (param (ref null $unary)) (result i32)
                (block $null
                    (drop (br_on_null $null (local.get 0)))
                    (return (i32.const 0)))
                (i32.const 1)))"#,
        &[],
    )
    .unwrap();
    let double = instance.get_func(&mut store, "double").unwrap();
    // A host function, which no table and no import tells of.
    let ty = FuncType::new(&engine, [ValType::I32], [ValType::I32]);
    let triple = Func::new(&mut store, ty, |_, params, results| {
        results[0] = Val::I32(params[0].unwrap_i32() * 3);
        Ok(())
    });
    for name in ["call", "tail"] {
        let call = instance.get_func(&mut store, name).unwrap();
        let mut results = [Val::I32(0)];
        for (func, expected) in [(double, 42), (triple, 63)] {
            let arguments = [Val::FuncRef(Some(func)), Val::I32(21)];
            call.call(&mut store, &arguments, &mut results).unwrap();
            assert_eq!(results[0].unwrap_i32(), expected);
        }
        let arguments = [Val::FuncRef(None), Val::I32(21)];
        let error = call.call(&mut store, &arguments, &mut results).unwrap_err();
        assert_eq!(
            error.downcast_ref::<Trap>(),
            Some(&Trap::NullReference),
            "{name}"
        );
        // A function of another type is no argument.
        let arguments = [Val::FuncRef(Some(call)), Val::I32(21)];
        let error = call.call(&mut store, &arguments, &mut results);
        check_error(error, &["argument 0", "type mismatch", "concrete func"]);
    }
    let is_null = instance.get_func(&mut store, "is_null").unwrap();
    for (func, expected) in [(Some(double), 0), (None, 1)] {
        let mut results = [Val::I32(7)];
        is_null
            .call(&mut store, &[Val::FuncRef(func)], &mut results)
            .unwrap();
        assert_eq!(results[0].unwrap_i32(), expected);
    }
}

#[test]
fn typed_tables_and_globals() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let ty = FuncType::new(&engine, [], [ValType::I32]);
    let one = Func::wrap(&mut store, || 1);
    let other = Func::wrap(&mut store, || 1.0_f32);
    let element = RefType::new(false, HeapType::ConcreteFunc(ty.clone()));

    let table_type = TableType::new(element.clone(), 2, None);
    let table = Table::new(&mut store, table_type.clone(), Ref::Func(Some(one))).unwrap();
    for wrong in [Ref::Func(None), Ref::Func(Some(other))] {
        check_error(
            Table::new(&mut store, table_type.clone(), wrong),
            &["type mismatch"],
        );
        check_error(table.set(&mut store, 0, wrong), &["type mismatch"]);
    }
    assert!(table_type.default_value(&mut store).is_err());
    let global_type = GlobalType::new(element.into(), Mutability::Const);
    check_error(
        Global::new(&mut store, global_type.clone(), Val::FuncRef(None)),
        &["type mismatch"],
    );
    let global = Global::new(&mut store, global_type, one.into()).unwrap();

    let instance = instance(
        &mut store,
        r#"(module
            (type $get (func (result i32)))
            (import "" "table" (table 1 (ref $get)))
            (import "" "global" (global $global (ref $get)))
            (table $own 3 (ref $get) (global.get $global))
            (func (export "sum") (result i32)
                (i32.add (call_indirect (type $get) (i32.const 1))
                    (i32.add (call_ref $get (global.get $global))
                        (call_indirect $own (type $get) (i32.const 2))))))"#,
        &[table.into(), global.into()],
    )
    .unwrap();
    let sum = instance.get_typed_func::<(), i32>(&mut store, "sum");
    assert_eq!(sum.unwrap().call(&mut store, ()).unwrap(), 3);
}

#[test]
fn subtypes_of_function_types() {
    let engine = engine();
    let top = |finality, sup: Option<&FuncType>, result| {
        FuncType::with_finality_and_supertype(&engine, finality, sup, [], [result])
    };
    let any = top(Finality::NonFinal, None, ValType::FUNCREF).unwrap();
    let non_null = ValType::Ref(RefType::new(false, HeapType::Func));
    let sub = top(Finality::Final, Some(&any), non_null.clone()).unwrap();
    assert!(sub.matches(&any) && !any.matches(&sub));
    assert_eq!(sub.supertype(), Some(any.clone()));
    assert!(any.finality().is_non_final() && sub.finality().is_final());
    // On its own it is another type.
    let alone = FuncType::new(&engine, [], [non_null.clone()]);
    assert!(alone != sub && !alone.matches(&any));
    check_error(top(Finality::Final, Some(&sub), non_null), &["final"]);
    check_error(
        top(Finality::Final, Some(&any), ValType::I32),
        &["does not match"],
    );

    let (a, b) = (HeapType::from(any), HeapType::from(sub));
    assert!(b.matches(&a) && b.matches(&HeapType::Func) && !a.matches(&b));
    assert!(HeapType::NoFunc.matches(&b) && !HeapType::None.matches(&b));
    assert!(b.top().is_func() && b.bottom().is_no_func());
}

/// Types of two modules are the same if they are equal.
#[test]
fn types_of_two_modules() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let provider = |ty: &str| {
        format!(
            r#"(module
                (type $f (func (result i32)))
                (type $g (func (param (ref null {ty}))))
                (func (export "f") (type $g)))"#
        )
    };
    let user = r#"(module
        (type $unused (func (param f32)))
        (type $f (func (result i32)))
        (import "provider" "f" (func (param (ref null $f)))))"#;
    for (ty, fits) in [("$f", true), ("func", false)] {
        let mut linker = Linker::new(&engine);
        let provider = instance(&mut store, &provider(ty), &[]).unwrap();
        linker.instance(&mut store, "provider", provider).unwrap();
        let module = Module::new(&engine, user).unwrap();
        let result = linker.instantiate(&mut store, &module);
        match fits {
            true => drop(result.unwrap()),
            false => check_error(result, &["incompatible import type"]),
        }
    }
}
