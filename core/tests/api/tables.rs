//! `Table`: elements, growth, copies.

use crate::support::{check_error, check_panic, engine, engines, instantiate, module};
use wasmetal::{
    ExternRef, Func, FuncType, HeapType, Instance, Ref, RefType, Rooted, Store, Table, TableType,
    Trap, Val,
};

fn externs(store: &mut Store<()>, table: Table) -> Vec<Option<u32>> {
    (0..table.size(&*store))
        .map(|i| {
            let value = table.get(&mut *store, i).unwrap();
            let value = value.unwrap_extern()?;
            let data = value.data(&*store).unwrap().unwrap();
            Some(*data.downcast_ref::<u32>().unwrap())
        })
        .collect()
}

fn value(store: &mut Store<()>, value: u32) -> Ref {
    ExternRef::new(store, value).unwrap().into()
}

#[test]
fn elements() {
    let mut store = Store::new(&engine(), ());
    let init = value(&mut store, 7);
    let table = Table::new(
        &mut store,
        TableType::new(RefType::EXTERNREF, 3, Some(5)),
        init,
    )
    .unwrap();
    assert_eq!(externs(&mut store, table), [Some(7); 3]);
    let nine = value(&mut store, 9);
    table.set(&mut store, 1, nine).unwrap();
    table.set(&mut store, 2, Ref::Extern(None)).unwrap();
    assert_eq!(externs(&mut store, table), [Some(7), Some(9), None]);
    assert_eq!(table.grow(&mut store, 2, nine).unwrap(), 3);
    check_error(
        table.grow(&mut store, 1, nine),
        &["failed to grow table by `1`"],
    );
    assert_eq!(
        externs(&mut store, table),
        [Some(7), Some(9), None, Some(9), Some(9)]
    );
    table.fill(&mut store, 0, Ref::Extern(None), 2).unwrap();
    assert_eq!(
        externs(&mut store, table),
        [None, None, None, Some(9), Some(9)]
    );
    Table::copy(&mut store, &table, 1, &table, 2, 3).unwrap();
    assert_eq!(
        externs(&mut store, table),
        [None, None, Some(9), Some(9), Some(9)]
    );

    assert!(table.get(&mut store, 5).is_none());
    for result in [
        table.set(&mut store, 5, nine),
        table.fill(&mut store, 4, nine, 2),
        table.fill(&mut store, u64::MAX, nine, 2),
        Table::copy(&mut store, &table, 0, &table, 4, 2),
        Table::copy(&mut store, &table, 4, &table, 0, 2),
    ] {
        assert_eq!(
            result.unwrap_err().downcast_ref(),
            Some(&Trap::TableOutOfBounds)
        );
    }
    assert_eq!(
        externs(&mut store, table),
        [None, None, Some(9), Some(9), Some(9)]
    );
}

#[test]
fn wrong_types() {
    const MISMATCH: &str = "type mismatch: value does not match table element type";
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let ty = TableType::new(RefType::FUNCREF, 1, None);
    let extern_value = value(&mut store, 1);
    check_error(
        Table::new(&mut store, ty.clone(), extern_value),
        &[MISMATCH, "funcref"],
    );
    let table = Table::new(&mut store, ty, Ref::Func(None)).unwrap();
    check_error(table.set(&mut store, 0, extern_value), &[MISMATCH]);
    check_error(table.grow(&mut store, 1, extern_value), &[MISMATCH]);
    check_error(table.fill(&mut store, 0, extern_value, 1), &[MISMATCH]);
    assert_eq!(table.size(&store), 1);

    let other = Table::new(
        &mut store,
        TableType::new(RefType::EXTERNREF, 1, None),
        extern_value,
    )
    .unwrap();
    check_error(
        Table::copy(&mut store, &table, 0, &other, 0, 1),
        &["element type"],
    );

    // A table of functions of one type.
    let ty = FuncType::new(&engine, [], []);
    let element = RefType::new(true, HeapType::ConcreteFunc(ty));
    let table = TableType::new(element, 2, None);
    let table = Table::new(&mut store, table, Ref::Func(None)).unwrap();
    let fits = Func::wrap(&mut store, || {});
    let does_not = Func::wrap(&mut store, |_: i32| {});
    table.set(&mut store, 0, fits.into()).unwrap();
    check_error(table.set(&mut store, 1, does_not.into()), &[MISMATCH]);
}

#[test]
fn functions_through_tables() {
    for engine in engines() {
        let (mut store, instance) = instantiate(
            &engine,
            r#"
            (table (export "table") 3 funcref)
            (elem (i32.const 1) $ten)
            (func $ten (result i32) (i32.const 10))
            (func (export "call") (param i32) (result i32)
                (call_indirect (result i32) (local.get 0)))
            (func (export "grow") (param i32) (result i32)
                (table.grow (ref.func $ten) (local.get 0)))"#,
            &[],
        )
        .unwrap();
        let call = instance
            .get_typed_func::<i32, i32>(&mut store, "call")
            .unwrap();
        let grow = instance
            .get_typed_func::<i32, i32>(&mut store, "grow")
            .unwrap();
        let table = instance.get_table(&mut store, "table").unwrap();
        let check = |store: &mut Store<()>, index, expected: Result<i32, Trap>| {
            let result = call.call(store, index);
            assert_eq!(
                result.map_err(|e| *e.downcast_ref::<Trap>().unwrap()),
                expected
            );
        };
        check(&mut store, 1, Ok(10));
        check(&mut store, 0, Err(Trap::IndirectCallToNull));
        check(&mut store, 3, Err(Trap::TableOutOfBounds));
        check(&mut store, -1, Err(Trap::TableOutOfBounds));
        // A function of the host, of the right type and of another.
        let host = Func::wrap(&mut store, || 77);
        table.set(&mut store, 0, host.into()).unwrap();
        check(&mut store, 0, Ok(77));
        let wrong = Func::wrap(&mut store, || 1_i64);
        table.set(&mut store, 2, wrong.into()).unwrap();
        check(&mut store, 2, Err(Trap::BadSignature));
        // Growth moves the table out of the instance.
        assert_eq!(grow.call(&mut store, 10_000).unwrap(), 3);
        check(&mut store, 0, Ok(77));
        check(&mut store, 10_002, Ok(10));
        check(&mut store, 10_003, Err(Trap::TableOutOfBounds));
        // A function out of the table can be called.
        let func = table.get(&mut store, 1).unwrap();
        let mut results = [Val::I32(0)];
        func.unwrap_func()
            .unwrap()
            .call(&mut store, &[], &mut results)
            .unwrap();
        assert_eq!(results[0].unwrap_i32(), 10);
    }
}

#[test]
fn a_shared_table_is_shared() {
    let engine = engine();
    let (mut store, exporter) =
        instantiate(&engine, r#"(table (export "t") 1 externref)"#, &[]).unwrap();
    let table = exporter.get_table(&mut store, "t").unwrap();
    let importer = module(
        &engine,
        r#"
        (import "" "" (table 1 externref))
        (func (export "grow") (param externref) (result i32)
            (table.grow (local.get 0) (i32.const 2000)))
        (func (export "get") (param i32) (result externref) (table.get (local.get 0)))"#,
    );
    let importer = Instance::new(&mut store, &importer, &[table.into()]).unwrap();
    let grow = importer.get_typed_func::<Option<Rooted<ExternRef>>, i32>(&mut store, "grow");
    let value = ExternRef::new(&mut store, 5_u32).unwrap();
    assert_eq!(grow.unwrap().call(&mut store, Some(value)).unwrap(), 1);
    assert_eq!(table.size(&store), 2001);
    let all = externs(&mut store, table);
    assert_eq!((all[0], all[1], all[2000]), (None, Some(5), Some(5)));
    let get = importer.get_typed_func::<i32, Option<Rooted<ExternRef>>>(&mut store, "get");
    let got = get.unwrap().call(&mut store, 2000).unwrap().unwrap();
    assert!(Rooted::ref_eq(&store, &got, &value).unwrap());
}

#[test]
fn too_large() {
    let mut store = Store::new(&engine(), ());
    let ty = TableType::new64(RefType::EXTERNREF, 1 << 60, None);
    check_error(
        Table::new(&mut store, ty, Ref::Extern(None)),
        &["1152921504606846976 elements"],
    );
    let ty = TableType::new64(RefType::EXTERNREF, 0, None);
    let table = Table::new(&mut store, ty, Ref::Extern(None)).unwrap();
    check_error(
        table.grow(&mut store, 1 << 60, Ref::Extern(None)),
        &["failed to grow table"],
    );
    assert_eq!(table.size(&store), 0);
}

#[test]
fn another_store() {
    const PANIC: &str = "object used with the wrong store";
    let engine = engine();
    let (mut a, mut b) = (Store::new(&engine, ()), Store::new(&engine, ()));
    let ty = TableType::new(RefType::EXTERNREF, 1, None);
    let table = Table::new(&mut a, ty.clone(), Ref::Extern(None)).unwrap();
    check_panic(PANIC, || table.get(&mut b, 0));
    check_panic(PANIC, || table.size(&b));
    check_panic(PANIC, || table.set(&mut b, 0, Ref::Extern(None)));
    let other = Table::new(&mut b, ty.clone(), Ref::Extern(None)).unwrap();
    check_panic(PANIC, || Table::copy(&mut b, &table, 0, &other, 0, 1));
    let value = value(&mut b, 1);
    check_error(table.set(&mut a, 0, value), &["wrong store"]);
    check_error(Table::new(&mut a, ty, value), &["wrong store"]);
}
