//! `Instance`: imports that do not fit, failures half-way, exports.

use crate::support::{check_error, check_panic, engine, engines, instantiate, module};
use wasmetal::{
    Engine, Extern, Func, Global, GlobalType, IncompatibleImportError, Instance, Memory,
    MemoryType, Mutability, Ref, RefType, Store, Table, TableType, Trap, Val, ValType,
};

#[test]
fn imports_that_do_not_fit() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let func = Func::wrap(&mut store, |_: i32| 1_i64);
    let global = GlobalType::new(ValType::I32, Mutability::Const);
    let global = Global::new(&mut store, global, Val::I32(0)).unwrap();
    let table = TableType::new(RefType::FUNCREF, 1, Some(10));
    let table = Table::new(&mut store, table, Ref::Func(None)).unwrap();
    let memory = Memory::new(&mut store, MemoryType::new(1, Some(10))).unwrap();
    let (func, global): (Extern, Extern) = (func.into(), global.into());
    let (table, memory): (Extern, Extern) = (table.into(), memory.into());
    let mut check = |import: &str, item: &Extern, expected: Option<&[&str]>| {
        let module = module(&engine, &format!(r#"(import "mod" "name" {import})"#));
        let result = Instance::new(&mut store, &module, std::slice::from_ref(item));
        match expected {
            None => drop(result.unwrap()),
            Some(parts) => {
                let mut all = vec!["incompatible import type for `mod::name`"];
                all.extend(parts);
                let import = result.as_ref().unwrap_err();
                let import: &IncompatibleImportError = import.downcast_ref().unwrap();
                assert_eq!((import.module(), import.name()), ("mod", "name"));
                assert_eq!(import.found().to_string(), item.ty(&store).to_string());
                check_error(result, &all);
            }
        }
    };
    check("(func (param i32) (result i64))", &func, None);
    check(
        "(func (param i32))",
        &func,
        Some(&["(param i32)", "(result i64)"]),
    );
    check("(func)", &global, Some(&["func", "global"]));
    check("(global i32)", &global, None);
    check("(global i64)", &global, Some(&["i64", "i32"]));
    check("(global (mut i32))", &global, Some(&["mut"]));
    check("(global i32)", &memory, Some(&["global", "memory"]));
    check("(table 1 funcref)", &table, None);
    check("(table 1 10 funcref)", &table, None);
    check("(table 2 funcref)", &table, Some(&["table", "2"]));
    check("(table 1 9 funcref)", &table, Some(&["9", "10"]));
    check(
        "(table 1 externref)",
        &table,
        Some(&["externref", "funcref"]),
    );
    check("(table 1 funcref)", &func, Some(&["table", "func"]));
    check("(memory 1)", &memory, None);
    check("(memory 0 10)", &memory, None);
    check("(memory 2)", &memory, Some(&["memory", "2"]));
    check("(memory 1 9)", &memory, Some(&["9", "10"]));
    check("(memory 1)", &table, Some(&["memory", "table"]));
}

#[test]
fn the_current_size_counts_not_the_one_at_birth() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let memory = Memory::new(&mut store, MemoryType::new(1, None)).unwrap();
    let table = TableType::new(RefType::EXTERNREF, 1, None);
    let table = Table::new(&mut store, table, Ref::Extern(None)).unwrap();
    let module = module(
        &engine,
        r#"(import "" "m" (memory 3)) (import "" "t" (table 4 externref))"#,
    );
    let items = [memory.into(), table.into()];
    check_error(Instance::new(&mut store, &module, &items), &["`::m`"]);
    memory.grow(&mut store, 2).unwrap();
    check_error(Instance::new(&mut store, &module, &items), &["`::t`"]);
    table.grow(&mut store, 3, Ref::Extern(None)).unwrap();
    Instance::new(&mut store, &module, &items).unwrap();
}

#[test]
fn wrong_number_engine_and_store() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let importer = module(&engine, r#"(import "" "" (func))"#);
    let func = Func::wrap(&mut store, || {});
    check_error(
        Instance::new(&mut store, &importer, &[]),
        &["expected 1 imports, found 0"],
    );
    let two = [func.into(), func.into()];
    check_error(
        Instance::new(&mut store, &importer, &two),
        &["expected 1 imports, found 2"],
    );
    let mut other = Store::new(&engine, ());
    check_error(
        Instance::new(&mut other, &importer, &[func.into()]),
        &["wrong store"],
    );
    let foreign = Engine::new(engine.config()).unwrap();
    let foreign = module(&foreign, "(module)");
    check_error(Instance::new(&mut store, &foreign, &[]), &["wrong engine"]);
    Instance::new(&mut store, &importer, &[func.into()]).unwrap();
}

#[test]
fn exports() {
    let engine = engine();
    let (mut store, instance) = instantiate(
        &engine,
        r#"
        (func (export "f") (result i32) (i32.const 1))
        (table (export "t") 1 funcref)
        (memory (export "m") 1)
        (global (export "g") i32 (i32.const 2))"#,
        &[],
    )
    .unwrap();
    let exports: Vec<_> = instance
        .exports(&mut store)
        .map(|export| (export.name().to_owned(), export.into_extern()))
        .collect();
    let names: Vec<_> = exports.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["f", "t", "m", "g"]);
    for (name, item) in exports {
        let ty = item.ty(&store).to_string();
        let expected = instance
            .module(&store)
            .get_export(&name)
            .unwrap()
            .to_string();
        assert_eq!(ty, expected);
        let index = instance.module(&store).get_export_index(&name).unwrap();
        assert!(instance.get_module_export(&mut store, &index).is_some());
        let other = Instance::new(&mut store, &module(&engine, "(module)"), &[]).unwrap();
        assert!(other.get_module_export(&mut store, &index).is_none());
    }
    assert!(instance.get_func(&mut store, "t").is_none());
    assert!(instance.get_table(&mut store, "m").is_none());
    assert!(instance.get_memory(&mut store, "g").is_none());
    assert!(instance.get_global(&mut store, "f").is_none());
    assert!(instance.get_export(&mut store, "x").is_none());
    check_error(
        instance.get_typed_func::<(), ()>(&mut store, "x").map(drop),
        &["failed to find function export `x`"],
    );
    check_error(
        instance.get_typed_func::<(), ()>(&mut store, "f").map(drop),
        &["failed to convert function `f` to given type"],
    );
    let mut other = Store::new(&engine, ());
    const PANIC: &str = "object used with the wrong store";
    check_panic(PANIC, || instance.get_export(&mut other, "f"));
    check_panic(PANIC, || instance.module(&other).name().is_some());
}

#[test]
fn a_start_function_runs_and_its_failure_comes_out() {
    for engine in engines() {
        let (mut store, instance) = instantiate(
            &engine,
            r#"(global (export "g") (mut i32) (i32.const 0))
               (func $start (global.set 0 (i32.const 5)))
               (start $start)"#,
            &[],
        )
        .unwrap();
        let global = instance.get_global(&mut store, "g").unwrap();
        assert_eq!(global.get(&mut store).unwrap_i32(), 5);

        let error = instantiate(&engine, "(func $start unreachable) (start $start)", &[]);
        let error = error.map(drop).unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&Trap::UnreachableCodeReached));

        // An imported start function.
        let mut store = Store::new(&engine, 0);
        let tick = Func::wrap(&mut store, |mut caller: wasmetal::Caller<'_, u32>| {
            *caller.data_mut() += 1;
        });
        let importer = module(&engine, r#"(import "" "" (func $start)) (start $start)"#);
        Instance::new(&mut store, &importer, &[tick.into()]).unwrap();
        assert_eq!(*store.data(), 1);
    }
}

#[test]
fn a_failed_instance_lives_on_in_tables() {
    for engine in engines() {
        let (mut store, owner) = instantiate(
            &engine,
            r#"
            (table (export "t") 3 funcref)
            (memory (export "m") 1)
            (func (export "call") (param i32) (result i32)
                (call_indirect (result i32) (local.get 0)))"#,
            &[],
        )
        .unwrap();
        let table = owner.get_table(&mut store, "t").unwrap();
        let memory = owner.get_memory(&mut store, "m").unwrap();
        let failing = module(
            &engine,
            r#"
            (import "" "t" (table 3 funcref))
            (import "" "m" (memory 1))
           
            (global $g (mut i32) (i32.const 40))
            (elem (i32.const 0) $f)
            (data (i32.const 0) "\07")
            (data (i32.const 65535) "\01\02")
            (data (i32.const 1) "\08")
            (func $f (result i32)
                (global.set $g (i32.add (global.get $g) (i32.const 1)))
                (global.get $g))"#,
        );
        let error =
            Instance::new(&mut store, &failing, &[table.into(), memory.into()]).unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&Trap::MemoryOutOfBounds));
        // What came before the trap has been written; nothing of the failing segment, nothing after.
        assert_eq!(memory.data(&store)[..2], [7, 0]);
        assert_eq!(memory.data(&store)[65535], 0);
        let call = owner
            .get_typed_func::<i32, i32>(&mut store, "call")
            .unwrap();
        assert_eq!(call.call(&mut store, 0).unwrap(), 41);
        assert_eq!(call.call(&mut store, 0).unwrap(), 42);
    }
}

#[test]
fn reexported_imports_are_the_same_items() {
    let engine = engine();
    let (mut store, a) = instantiate(
        &engine,
        r#"(func (export "f") (result i32) (i32.const 3))
           (global (export "g") (mut i32) (i32.const 0))
           (memory (export "m") 1)
           (table (export "t") 1 externref)"#,
        &[],
    )
    .unwrap();
    let items: Vec<Extern> = a
        .exports(&mut store)
        .map(|export| export.into_extern())
        .collect();
    let importer = module(
        &engine,
        r#"(import "" "f" (func $f (result i32))) (import "" "g" (global $g (mut i32)))
           (import "" "m" (memory $m 1)) (import "" "t" (table $t 1 externref))
           (table $own 1 funcref) (elem (table $own) (i32.const 0) func $f)
           (export "f" (func $f)) (export "g" (global $g)) (export "m" (memory $m))
           (export "t" (table $t)) (export "own" (table $own))
           (func (export "ref") (result funcref) (ref.func $f))"#,
    );
    let b = Instance::new(&mut store, &importer, &items).unwrap();
    let own = b
        .get_table(&mut store, "own")
        .unwrap()
        .get(&mut store, 0)
        .unwrap();
    let by_ref = b
        .get_typed_func::<(), Option<Func>>(&mut store, "ref")
        .unwrap();
    let by_ref = by_ref.call(&mut store, ()).unwrap().unwrap();
    for f in [
        b.get_func(&mut store, "f").unwrap(),
        *own.unwrap_func().unwrap(),
        by_ref,
    ] {
        assert_eq!(
            f.typed::<(), i32>(&store)
                .unwrap()
                .call(&mut store, ())
                .unwrap(),
            3
        );
    }
    b.get_global(&mut store, "g")
        .unwrap()
        .set(&mut store, Val::I32(8))
        .unwrap();
    assert_eq!(
        a.get_global(&mut store, "g")
            .unwrap()
            .get(&mut store)
            .unwrap_i32(),
        8
    );
    b.get_memory(&mut store, "m")
        .unwrap()
        .grow(&mut store, 1)
        .unwrap();
    assert_eq!(a.get_memory(&mut store, "m").unwrap().size(&store), 2);
    b.get_table(&mut store, "t")
        .unwrap()
        .grow(&mut store, 1, Ref::Extern(None))
        .unwrap();
    assert_eq!(a.get_table(&mut store, "t").unwrap().size(&store), 2);
    check_error(
        b.get_global(&mut store, "g")
            .unwrap()
            .set(&mut store, Val::I64(0)),
        &["wrong type"],
    );
}

#[test]
fn thousands_of_instances_come_and_go() {
    for engine in engines() {
        let module = module(
            &engine,
            r#"(memory (export "m") 1) (data (i32.const 3) "abc") (table 10 funcref) (elem (i32.const 1) 0)
               (func (export "f") (result i32) (i32.load8_u (i32.const 4)))"#,
        );
        for _ in 0..300 {
            let mut store = Store::new(&engine, ());
            for _ in 0..4 {
                let instance = Instance::new(&mut store, &module, &[]).unwrap();
                let f = instance.get_typed_func::<(), i32>(&mut store, "f").unwrap();
                assert_eq!(f.call(&mut store, ()).unwrap(), i32::from(b'b'));
                // Dirty what the next instance must find clean.
                instance
                    .get_memory(&mut store, "m")
                    .unwrap()
                    .data_mut(&mut store)
                    .fill(0xff);
            }
        }
    }
}

#[test]
fn into_data_drops_the_rest() {
    let engine = engine();
    let mut store = Store::new(&engine, String::from("data"));
    Instance::new(&mut store, &module(&engine, "(memory 1)"), &[]).unwrap();
    store.data_mut().push('!');
    assert_eq!(store.into_data(), "data!");
}

#[test]
fn a_store_of_many_modules() {
    let engine = engine();
    let modules: Vec<_> = (0..30)
        .map(|i| {
            let wat = format!(r#"(import "" "" (func $f (param i32))) (func $start (call $f (i32.const {i}))) (start $start)"#);
            module(&engine, &wat)
        })
        .collect();
    let mut store = Store::new(&engine, Vec::new());
    let push = Func::wrap(
        &mut store,
        |mut caller: wasmetal::Caller<'_, Vec<usize>>, i: i32| {
            caller.data_mut().push(i as usize);
        },
    );
    let order: Vec<usize> = (0..200).map(|i| i * i % 31 % 30).collect();
    for &i in &order {
        Instance::new(&mut store, &modules[i], &[push.into()]).unwrap();
    }
    drop(modules);
    assert_eq!(*store.data(), order);
}
