//! `Linker`: names, types that do not fit, commands and reactors.

use crate::support::{check_error, check_panic, engine, engines, module};
use wasmetal::{
    AsContext, AsContextMut, Caller, Engine, Extern, ExternType, Func, FuncType, Global,
    GlobalType, IncompatibleImportError, Instance, Linker, Memory, MemoryType, Module, Mutability,
    RefType, Result, Store, StoreContext, StoreContextMut, Table, TableType, UnknownImportError,
    Val, ValType,
};

/// Instantiates a module with the items `a::f`, `a::g`, `a::m`, `a::t` defined.
#[track_caller]
fn instantiate(engine: &Engine, wat: &str) -> Result<Instance> {
    let mut store = Store::new(engine, ());
    let mut linker = Linker::new(engine);
    linker.func_wrap("a", "f", |x: i32| x + 1)?;
    let ty = GlobalType::new(ValType::I32, Mutability::Const);
    let global = Global::new(&mut store, ty, Val::I32(7))?;
    let memory = Memory::new(&mut store, MemoryType::new(1, Some(2)))?;
    let table = Table::new(
        &mut store,
        TableType::new(RefType::FUNCREF, 1, Some(2)),
        wasmetal::Ref::Func(None),
    )?;
    linker
        .define(&store, "a", "g", global)?
        .define(&store, "a", "m", memory)?;
    linker.define(&store, "a", "t", table)?;
    linker.instantiate(&mut store, &module(engine, wat))
}

#[test]
fn imports_that_fit() {
    for engine in engines() {
        for wat in [
            "(module)",
            r#"(import "a" "f" (func (param i32) (result i32)))"#,
            r#"(import "a" "f" (func (param i32) (result i32)))
               (import "a" "f" (func (param i32) (result i32)))"#,
            r#"(import "a" "g" (global i32))"#,
            r#"(import "a" "m" (memory 1))"#,
            r#"(import "a" "m" (memory 0 3))"#,
            r#"(import "a" "t" (table 1 funcref))"#,
            r#"(import "a" "t" (table 0 2 funcref))"#,
        ] {
            instantiate(&engine, wat).unwrap_or_else(|e| panic!("{wat}: {e:?}"));
        }
    }
}

#[test]
fn imports_that_do_not_fit() {
    #[track_caller]
    fn check(wat: &str, expected: &[&str]) {
        for engine in engines() {
            check_error(instantiate(&engine, wat), expected);
        }
    }
    check(
        r#"(import "a" "f" (func (param i64) (result i32)))"#,
        &[
            "incompatible import type for `a::f`",
            "(func (param i64) (result i32))",
            "(func (param i32) (result i32))",
        ],
    );
    check(
        r#"(import "a" "f" (global i32))"#,
        &["`a::f`", "expected global", "found a function"],
    );
    check(
        r#"(import "a" "g" (global i64))"#,
        &["`a::g`", "(global i64)", "(global i32)"],
    );
    check(
        r#"(import "a" "g" (global (mut i32)))"#,
        &["`a::g`", "(global (mut i32))"],
    );
    check(
        r#"(import "a" "m" (memory 2))"#,
        &["`a::m`", "(memory 2)", "(memory 1 2)"],
    );
    check(
        r#"(import "a" "m" (memory 1 1))"#,
        &["`a::m`", "(memory 1 1)", "(memory 1 2)"],
    );
    check(
        r#"(import "a" "t" (table 2 funcref))"#,
        &["`a::t`", "(table 2 funcref)"],
    );
    check(
        r#"(import "a" "t" (table 1 1 funcref))"#,
        &["`a::t`", "(table 1 1 funcref)"],
    );
    check(
        r#"(import "a" "t" (table 1 externref))"#,
        &["`a::t`", "(table 1 externref)"],
    );
    check(
        r#"(import "a" "t" (func))"#,
        &["`a::t`", "expected function", "found a table"],
    );
}

#[test]
fn unknown_imports() {
    let engine = engine();
    let error = instantiate(&engine, r#"(import "no" "such" (func (param i32)))"#).unwrap_err();
    assert_eq!(
        error.to_string(),
        "unknown import: `no::such` has not been defined"
    );
    let unknown = error.downcast_ref::<UnknownImportError>().unwrap();
    assert_eq!((unknown.module(), unknown.name()), ("no", "such"));
    assert_eq!(unknown.ty().unwrap_func().to_string(), "(func (param i32))");
}

#[test]
fn all_unknown_imports_are_named() {
    let check = |wat: &str, expected: &[&str], text: &str| {
        for engine in engines() {
            let error = instantiate(&engine, wat).unwrap_err();
            let unknown = error.downcast_ref::<UnknownImportError>().unwrap();
            let found: Vec<_> = unknown
                .imports()
                .map(|import| format!("{}::{}: {}", import.module(), import.name(), import.ty()))
                .collect();
            assert_eq!(found, expected);
            assert_eq!(error.to_string(), text);
        }
    };
    check(
        r#"(import "no" "such" (func (param i32)))
           (import "a" "g" (global i32))
           (import "no" "memory" (memory 2))
           (import "a" "h" (table 1 funcref))"#,
        &[
            "no::such: (func (param i32))",
            "no::memory: (memory 2)",
            "a::h: (table 1 funcref)",
        ],
        "unknown imports: `no::such`, `no::memory`, `a::h` have not been defined",
    );
    // One that does not fit comes after those that are missing.
    check(
        r#"(import "a" "g" (func)) (import "no" "such" (func))"#,
        &["no::such: (func)"],
        "unknown import: `no::such` has not been defined",
    );
    let many: String = (0..12)
        .map(|i| format!(r#"(import "" "{i}" (func))"#))
        .collect();
    let engine = engine();
    let error = instantiate(&engine, &many).unwrap_err();
    let unknown = error.downcast_ref::<UnknownImportError>().unwrap();
    assert_eq!(unknown.imports().len(), 12);
    check_error::<()>(
        Err(error),
        &["`::0`, `::1`,", "`::9` and 2 more have not been"],
    );
}

#[test]
fn both_types_of_an_import_that_does_not_fit_are_known() {
    let check = |import: &str, expected: &str, found: &str| {
        for engine in engines() {
            let error = instantiate(&engine, &format!("(import \"a\" {import})")).unwrap_err();
            let import = error.downcast_ref::<IncompatibleImportError>().unwrap();
            assert_eq!(import.module(), "a");
            assert!(
                error
                    .to_string()
                    .ends_with(&format!("`a::{}`", import.name()))
            );
            assert_eq!(import.expected().to_string(), expected);
            assert_eq!(import.found().to_string(), found);
        }
    };
    let f = "(func (param i32) (result i32))";
    check("\"f\" (func)", "(func)", f);
    check("\"f\" (global i32)", "(global i32)", f);
    check("\"g\" (global i64)", "(global i64)", "(global i32)");
    check("\"m\" (memory 2)", "(memory 2)", "(memory 1 2)");
    check(
        "\"t\" (table 2 funcref)",
        "(table 2 funcref)",
        "(table 1 2 funcref)",
    );
}

/// The size of a memory counts as it is, not as it was when it was defined.
#[test]
fn memories_that_have_grown() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::new(&engine);
        let memory = Memory::new(&mut store, MemoryType::new(1, None)).unwrap();
        linker.define(&store, "", "m", memory).unwrap();
        let module = module(&engine, r#"(import "" "m" (memory 2))"#);
        check_error(
            linker.instantiate(&mut store, &module),
            &["(memory 2)", "(memory 1)"],
        );
        memory.grow(&mut store, 1).unwrap();
        linker.instantiate(&mut store, &module).unwrap();
    }
}

#[test]
fn shadowing() {
    let engine = engine();
    let mut linker = Linker::<()>::new(&engine);
    linker.func_wrap("a", "f", || 1_i32).unwrap();
    let twice = linker.func_wrap("a", "f", || 2_i32).map(|_| ());
    check_error(twice, &["import of `a::f` defined twice"]);
    linker.allow_shadowing(true);
    linker.func_wrap("a", "f", || 2_i32).unwrap();
    let mut store = Store::new(&engine, ());
    let f = linker
        .get(&mut store, "a", "f")
        .unwrap()
        .into_func()
        .unwrap();
    let f = f.typed::<(), i32>(&store).unwrap();
    assert_eq!(f.call(&mut store, ()).unwrap(), 2);
    linker.allow_shadowing(false);
    check_error(
        linker.func_wrap("a", "f", || 2_i32).map(|_| ()),
        &["defined twice"],
    );
}

#[test]
fn names() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::new(&engine);
    linker.func_wrap("a", "f", || {}).unwrap();
    linker.func_wrap("a", "g", || {}).unwrap();
    linker.alias("a", "f", "b", "h").unwrap();
    check_error(
        linker.alias("a", "x", "b", "x").map(|_| ()),
        &["no item named `a::x`"],
    );
    check_error(
        linker.alias("a", "f", "a", "g").map(|_| ()),
        &["`a::g` defined twice"],
    );
    linker.alias_module("a", "c").unwrap();
    linker.alias_module("absent", "d").unwrap();
    let mut names: Vec<(String, String)> = linker
        .iter(&mut store)
        .map(|(m, n, _)| (m.to_string(), n.to_string()))
        .collect();
    names.sort();
    let names: Vec<_> = names.iter().map(|(m, n)| format!("{m}::{n}")).collect();
    assert_eq!(names, ["a::f", "a::g", "b::h", "c::f", "c::g"]);
    check_error(
        linker.get(&mut store, "a", "x"),
        &["missing definition for `a::x`"],
    );
    let module = module(
        &engine,
        r#"(import "c" "g" (func)) (import "c" "x" (func))"#,
    );
    let found: Vec<bool> = module
        .imports()
        .map(|i| linker.get_by_import(&mut store, &i).is_some())
        .collect();
    assert_eq!(found, [true, false]);
}

#[test]
fn unknown_imports_as_traps() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::new(&engine);
        let module = module(
            &engine,
            r#"(import "a" "f" (func $f (param i32) (result i64)))
               (func (export "g") (drop (call $f (i32.const 0))))"#,
        );
        linker.define_unknown_imports_as_traps(&module).unwrap();
        linker.define_unknown_imports_as_traps(&module).unwrap();
        let instance = linker.instantiate(&mut store, &module).unwrap();
        let g = instance.get_typed_func::<(), ()>(&mut store, "g").unwrap();
        let error = g.call(&mut store, ()).unwrap_err();
        assert_eq!(
            error.downcast_ref::<UnknownImportError>().unwrap().name(),
            "f"
        );
    }
}

#[test]
fn unknown_imports_as_default_values() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::new(&engine);
        let wat = r#"
            (import "a" "f" (func $f (param i32) (result i64)))
            (import "a" "g" (global $g f64))
            (import "a" "m" (memory 1))
            (import "a" "t" (table 3 externref))
            (func (export "h") (result i64 f64 i32 i32)
                (call $f (i32.const 0)) (global.get $g) (memory.size) (table.size 0))
        "#;
        let module = module(&engine, wat);
        linker
            .define_unknown_imports_as_default_values(&mut store, &module)
            .unwrap();
        let instance = linker.instantiate(&mut store, &module).unwrap();
        let h = instance
            .get_typed_func::<(), (i64, f64, i32, i32)>(&mut store, "h")
            .unwrap();
        assert_eq!(h.call(&mut store, ()).unwrap(), (0, 0.0, 1, 3));
    }
}

#[test]
fn instances() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::new(&engine);
        let first = module(
            &engine,
            r#"(func (export "f") (result i32) (i32.const 3)) (memory (export "m") 1)"#,
        );
        let instance = linker.instantiate(&mut store, &first).unwrap();
        linker.instance(&mut store, "first", instance).unwrap();
        let again = linker.instance(&mut store, "first", instance).map(|_| ());
        check_error(again, &["`first::", "defined twice"]);
        let second = module(
            &engine,
            r#"(import "first" "f" (func $f (result i32))) (import "first" "m" (memory 1))
               (func (export "g") (result i32) (i32.add (call $f) (i32.load (i32.const 8))))"#,
        );
        let memory = instance.get_memory(&mut store, "m").unwrap();
        memory.write(&mut store, 8, &[100, 0, 0, 0]).unwrap();
        let instance = linker.instantiate(&mut store, &second).unwrap();
        let g = instance.get_typed_func::<(), i32>(&mut store, "g").unwrap();
        assert_eq!(g.call(&mut store, ()).unwrap(), 103);
    }
}

const COUNTER: &str = r#"
    (global $count (mut i32) (i32.const 0))
    (func (export "count") (result i32)
        (global.set $count (i32.add (global.get $count) (i32.const 1)))
        (global.get $count))
"#;

#[track_caller]
fn count_twice(engine: &Engine, marker: &str) -> [i32; 2] {
    let mut store = Store::new(engine, ());
    let mut linker = Linker::new(engine);
    let counter = module(engine, &format!("{COUNTER} {marker}"));
    linker.module(&mut store, "counter", &counter).unwrap();
    let user = module(
        engine,
        r#"(import "counter" "count" (func $count (result i32)))
           (func (export "run") (result i32 i32) (call $count) (call $count))"#,
    );
    let instance = linker.instantiate(&mut store, &user).unwrap();
    let run = instance
        .get_typed_func::<(), (i32, i32)>(&mut store, "run")
        .unwrap();
    run.call(&mut store, ()).unwrap().into()
}

#[test]
fn commands_and_reactors() {
    for engine in engines() {
        assert_eq!(count_twice(&engine, ""), [1, 2]);
        let command = r#"(func (export "_start")) (memory (export "memory") 0)"#;
        assert_eq!(count_twice(&engine, command), [1, 1]);
        let reactor = r#"(func (export "_initialize") (global.set $count (i32.const 10)))"#;
        assert_eq!(count_twice(&engine, reactor), [11, 12]);
    }
}

#[test]
fn modules_that_are_neither() {
    #[track_caller]
    fn check(wat: &str, expected: &[&str]) {
        let engine = engine();
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::new(&engine);
        let result = linker
            .module(&mut store, "m", &module(&engine, wat))
            .map(|_| ());
        check_error(result, expected);
    }
    check(
        r#"(func (export "_start")) (func (export "_initialize"))"#,
        &["both a Command and a Reactor"],
    );
    check(
        r#"(memory (export "_start") 1)"#,
        &["`_start` must be a function"],
    );
    check(
        r#"(memory (export "_initialize") 1)"#,
        &["`_initialize` must be a function"],
    );
    check(
        r#"(func (export "_start")) (global (export "x") i32 (i32.const 0))"#,
        &["command export 'x' is not a function"],
    );
    check(
        r#"(func (export "_initialize") unreachable)"#,
        &["Reactor initialization", "unreachable"],
    );
    check(
        r#"(func (export "_initialize") (param i32))"#,
        &["Reactor initialization"],
    );
}

#[test]
fn unknown_exports_of_commands() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::new(&engine);
    linker.allow_unknown_exports(true);
    let wat = r#"(func (export "_start")) (global (export "x") i32 (i32.const 0))"#;
    linker
        .module(&mut store, "m", &module(&engine, wat))
        .unwrap();
    check_error(linker.get(&mut store, "m", "x"), &["missing definition"]);
}

#[test]
fn default_functions() {
    let engine = engine();
    let mut store = Store::new(&engine, 0_i32);
    let mut linker = Linker::new(&engine);
    let set = |value| move |mut caller: Caller<'_, i32>| *caller.data_mut() = value;
    linker.func_wrap("both", "", set(1)).unwrap();
    linker.func_wrap("both", "_start", set(2)).unwrap();
    linker.func_wrap("start", "_start", set(3)).unwrap();
    let memory = Memory::new(&mut store, MemoryType::new(0, None)).unwrap();
    linker.define(&store, "memory", "", memory).unwrap();
    for (module, expected) in [("both", 1), ("start", 3), ("absent", 3)] {
        let f = linker.get_default(&mut store, module).unwrap();
        f.typed::<(), ()>(&store)
            .unwrap()
            .call(&mut store, ())
            .unwrap();
        assert_eq!(*store.data(), expected, "{module}");
    }
    check_error(
        linker.get_default(&mut store, "memory"),
        &["memory", "not a function"],
    );
}

#[test]
fn pre_instantiated() {
    for engine in engines() {
        let mut linker = Linker::<i32>::new(&engine);
        linker
            .func_wrap("", "f", |mut caller: Caller<'_, i32>| {
                *caller.data_mut() += 1
            })
            .unwrap();
        let module = module(
            &engine,
            r#"(import "" "f" (func $f)) (start $f) (export "f" (func $f))"#,
        );
        let pre = linker.instantiate_pre(&module).unwrap();
        for _ in 0..3 {
            let mut store = Store::new(&engine, 0);
            pre.instantiate(&mut store).unwrap();
            let instance = pre.instantiate(&mut store).unwrap();
            let f = instance.get_func(&mut store, "f").unwrap();
            f.call(&mut store, &[], &mut []).unwrap();
            assert_eq!(*store.data(), 3);
        }
    }
}

#[test]
fn other_stores_and_engines() {
    let (engine, other_engine) = (engine(), engine_again());
    let (mut store, mut other) = (Store::new(&engine, ()), Store::new(&engine, ()));
    let mut foreign = Store::new(&other_engine, ());
    let mut linker = Linker::new(&engine);
    let func = Func::wrap(&mut other, || {});
    check_error(
        linker.define(&store, "", "f", func).map(|_| ()),
        &["`::f`", "wrong store"],
    );
    linker.define(&other, "", "f", func).unwrap();
    let wat = r#"(import "" "f" (func))"#;
    let importer = module(&engine, wat);
    check_error(linker.instantiate(&mut store, &importer), &["wrong store"]);
    linker.instantiate(&mut other, &importer).unwrap();
    let pre = linker.instantiate_pre(&importer).unwrap();
    check_error(pre.instantiate(&mut store), &["wrong store"]);
    check_error(pre.instantiate(&mut foreign), &["engine"]);

    let foreign_module = module(&other_engine, wat);
    check_error(linker.instantiate(&mut store, &foreign_module), &["engine"]);
    check_error(linker.instantiate(&mut foreign, &importer), &["engine"]);
    check_error(linker.instantiate_pre(&foreign_module), &["engine"]);
    let func = Func::wrap(&mut foreign, || {});
    check_error(
        linker.define(&foreign, "", "g", func).map(|_| ()),
        &["engine"],
    );
    let ty = FuncType::new(&other_engine, [], []);
    let result = linker.func_new("", "h", ty, |_, _, _| Ok(())).map(|_| ());
    check_error(result, &["engine"]);
    check_panic("engine", || linker.get(&mut foreign, "", "f"));
    check_error(
        Instance::new(&mut foreign, &importer, &[]),
        &["wrong engine"],
    );
}

fn engine_again() -> Engine {
    engine()
}

#[test]
fn instances_without_a_linker() {
    #[track_caller]
    fn check(wat: &str, imports: impl Fn(&mut Store<()>) -> Vec<Extern>, expected: &[&str]) {
        let engine = engine();
        let mut store = Store::new(&engine, ());
        let imports = imports(&mut store);
        check_error(
            Instance::new(&mut store, &module(&engine, wat), &imports),
            expected,
        );
    }
    let wat = r#"(import "a" "f" (func (param i32)))"#;
    check(wat, |_| vec![], &["expected 1 imports, found 0"]);
    let two = |store: &mut Store<()>| {
        let f = Func::wrap(store, |_: i32| {});
        vec![f.into(), f.into()]
    };
    check(wat, two, &["expected 1 imports, found 2"]);
    let wrong = |store: &mut Store<()>| vec![Func::wrap(store, |_: i64| {}).into()];
    check(
        wat,
        wrong,
        &["`a::f`", "(func (param i32))", "(func (param i64))"],
    );
}

#[test]
fn types_of_definitions() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::new(&engine);
    linker.func_wrap("", "f", |_: i32| 0_i64).unwrap();
    let ty = linker.get(&mut store, "", "f").unwrap().ty(&store);
    assert!(matches!(ty, ExternType::Func(_)));
    assert_eq!(ty.to_string(), "(func (param i32) (result i64))");
}

/// Gives a store when it is asked for the first time, and another one after that.
struct Liar<'a> {
    stores: [&'a mut Store<()>; 2],
    asked: std::cell::Cell<usize>,
}

impl<'a> Liar<'a> {
    fn new(first: &'a mut Store<()>, then: &'a mut Store<()>) -> Self {
        let asked = std::cell::Cell::new(0);
        let stores = [first, then];
        Self { stores, asked }
    }

    fn next(&self) -> usize {
        self.asked.replace(self.asked.get() + 1).min(1)
    }
}

impl AsContext for Liar<'_> {
    type Data = ();

    fn as_context(&self) -> StoreContext<'_, ()> {
        self.stores[self.next()].as_context()
    }
}

impl AsContextMut for Liar<'_> {
    fn as_context_mut(&mut self) -> StoreContextMut<'_, ()> {
        self.stores[self.next()].as_context_mut()
    }
}

#[test]
fn whoever_lies_about_stores_is_found_out() {
    let (a, b) = (engine(), engine());
    let (mut ours, mut theirs) = (Store::new(&a, ()), Store::new(&b, ()));
    let mut linker = Linker::new(&a);
    linker.func_wrap("", "f", |x: i64| x).unwrap();
    check_panic("store used with the wrong engine", || {
        let liar = Liar::new(&mut ours, &mut theirs);
        linker
            .iter(liar)
            .map(|(_, _, item)| item)
            .collect::<Vec<_>>()
    });
    // The first answer counts.
    let get = linker.get(Liar::new(&mut ours, &mut theirs), "", "f");
    let func = get.unwrap().into_func().unwrap();
    assert_eq!(func.ty(&ours).params().len(), 1);
    let ty = FuncType::new(&a, [], []);
    let func = ty.default_value(Liar::new(&mut ours, &mut theirs)).unwrap();
    func.call(&mut ours, &[], &mut []).unwrap();
    linker
        .get_default(Liar::new(&mut ours, &mut theirs), "none")
        .unwrap()
        .call(&mut ours, &[], &mut [])
        .unwrap();
    check_panic("wrong store", || {
        let module = Module::new(&a, r#"(func (export "f"))"#).unwrap();
        let instance = Instance::new(&mut ours, &module, &[]).unwrap();
        let liar = Liar::new(&mut ours, &mut theirs);
        instance.get_typed_func::<(), ()>(liar, "f")
    });
}

/// What is defined keeps its type, also when its store is gone.
#[test]
fn definitions_outlive_their_stores() {
    let engine = engine();
    let mut linker = Linker::new(&engine);
    {
        let mut store = Store::new(&engine, ());
        let text = r#"(type $t (func (param f32 f32 f64))) (global (export "g") (ref null $t) (ref.null $t))"#;
        let instance = Instance::new(&mut store, &module(&engine, text), &[]).unwrap();
        linker.instance(&mut store, "", instance).unwrap();
    }
    // These take the numbers that are free.
    let text =
        r#"(type $u (func (param i64) (result f64))) (import "" "g" (global (ref null $u)))"#;
    let importer = module(&engine, text);
    check_error(linker.instantiate_pre(&importer), &["types incompatible"]);
    let text = r#"(import "" "g" (global i32))"#;
    let importer = module(&engine, text);
    check_error(linker.instantiate_pre(&importer), &["types incompatible"]);
    let mut store = Store::new(&engine, ());
    let text = r#"(type $t (func (param f32 f32 f64))) (import "" "g" (global (ref null $t)))"#;
    let pre = linker.instantiate_pre(&module(&engine, text)).unwrap();
    check_error(pre.instantiate(&mut store), &["wrong store"]);
}
