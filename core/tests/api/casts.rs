//! Casts to types that may have subtypes, and calls of functions of such types.

use crate::gc_heap::configs;
use crate::support::{config, engine, instantiate, module};
use std::fmt::Write as _;
use std::thread;
use wasmetal::{Caller, Engine, Func, FuncType, Instance, Store, Trap, TypedFunc, ValType};

/// More than a display of a type holds.
const DEPTH: u32 = 12;

/// Types each below the last, and one beside each; `test{n}` tests for the n-th, `call{n}` calls a
/// function of a type like the n-th's.
fn chain(depth: u32) -> String {
    let mut wat = String::from("(type $t0 (sub (struct))) (type $f0 (sub (func (result anyref))))");
    for i in 1..depth {
        let above = i - 1;
        write!(
            wat,
            "(type $t{i} (sub $t{above} (struct))) (type $beside{i} (sub $t{above} (struct (field i32))))
             (type $f{i} (sub $f{above} (func (result anyref))))"
        )
        .unwrap();
    }
    write!(
        wat,
        r#"(table $made (export "made") {depth} structref)
        (table $functions (export "functions") {depth} funcref)"#
    )
    .unwrap();
    for i in 0..depth {
        write!(
            wat,
            r#"(func $g{i} (type $f{i}) (ref.null any))
               (elem (table $made) (i32.const {i}) (ref null $t{i}) (item (struct.new $t{i})))
               (elem (table $functions) (i32.const {i}) func $g{i})
               (func (export "test{i}") (param i32) (result i32)
                   (ref.test (ref $t{i}) (table.get $made (local.get 0))))
               (func (export "beside{i}") (param i32) (result i32)
                   (ref.test (ref {beside}) (table.get $made (local.get 0))))
               (func (export "call{i}") (param i32) (result i32)
                   (drop (call_indirect $functions (type $f{i}) (local.get 0))) (i32.const 1))"#,
            beside = if i == 0 {
                "array".into()
            } else {
                format!("$beside{i}")
            },
        )
        .unwrap();
    }
    wat
}

/// Checks each type of a chain against each.
fn check_all(store: &mut Store<()>, instance: &Instance, depth: u32) {
    for to in 0..depth {
        check_row(store, instance, to, depth);
    }
}

/// Checks each type of a chain against one.
fn check_row(store: &mut Store<()>, instance: &Instance, to: u32, depth: u32) {
    let mut func = |name: &str| {
        let name = format!("{name}{to}");
        let func = instance.get_typed_func::<u32, u32>(&mut *store, &name);
        func.unwrap()
    };
    let (test, beside, call) = (func("test"), func("beside"), func("call"));
    for from in 0..depth {
        let expected = u32::from(from >= to);
        assert_eq!(
            test.call(&mut *store, from).unwrap(),
            expected,
            "{from} <: {to}"
        );
        assert_eq!(beside.call(&mut *store, from).unwrap(), 0, "{from} <: {to}");
        match call.call(&mut *store, from) {
            Ok(_) => assert_eq!(expected, 1, "call {from} as {to}"),
            Err(error) => {
                assert_eq!(expected, 0, "call {from} as {to}: {error:?}");
                assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::BadSignature));
            }
        }
    }
}

#[test]
fn each_type_against_each() {
    for config in configs() {
        let engine = Engine::new(&config).unwrap();
        let (mut store, instance) = instantiate(&engine, &chain(DEPTH), &[]).unwrap();
        check_all(&mut store, &instance, DEPTH);
    }
}

/// The engine's table of types grows, and shrinks, while code that reads it is running.
#[test]
fn types_come_and_go() {
    let engine = engine();
    let (mut first, instance) = instantiate(&engine, &chain(3), &[]).unwrap();
    let mut kept = Vec::new();
    for round in 0..40 {
        // A different chain each time: nothing is shared but its start.
        let wat = chain(3 + round % 7);
        let wat = wat.replace(
            "(field i32)",
            &format!("{} ", "(field i32)".repeat(round as usize + 2)),
        );
        let (mut store, other) = instantiate(&engine, &wat, &[]).unwrap();
        check_all(&mut store, &other, 3 + round % 7);
        check_all(&mut first, &instance, 3);
        if round % 3 == 0 {
            kept.push((store, other));
        }
    }
    for (round, (mut store, other)) in (0..40).step_by(3).zip(kept) {
        check_all(&mut store, &other, 3 + round % 7);
    }
}

/// Threads register types and give them back, some the same ones and each its own: always they mean the same.
#[test]
fn types_in_many_threads() {
    let engine = engine();
    thread::scope(|scope| {
        for thread in 0..4_u32 {
            let engine = &engine;
            scope.spawn(move || {
                for round in 0..25 {
                    let own = if round % 2 == 0 { thread } else { 0 };
                    let field = "(field i32)".repeat((2 + round % 3 + 5 * own) as usize);
                    let depth = 3 + round % 5;
                    let types = chain(depth).replace("(field i32)", &field);
                    let (mut store, instance) = instantiate(engine, &types, &[]).unwrap();
                    check_all(&mut store, &instance, depth);
                    // The same types in another module, after others.
                    let wat = format!(
                        r#"(type (func (param f32))) (type (struct {field}))
                        (rec (type $t0 (sub (struct)))) (rec (type $f0 (sub (func (result anyref)))))
                        (rec (type $t1 (sub $t0 (struct)))) (rec (type $beside1 (sub $t0 (struct {field}))))
                        (rec (type $f1 (sub $f0 (func (result anyref)))))
                        (import "" "objects" (table $objects 3 structref))
                        (import "" "functions" (table $functions 3 funcref))
                        (func (export "test1") (param i32) (result i32)
                            (ref.test (ref $t1) (table.get $objects (local.get 0))))
                        (func (export "beside1") (param i32) (result i32)
                            (ref.test (ref $beside1) (table.get $objects (local.get 0))))
                        (func (export "call1") (param i32) (result i32)
                            (drop (call_indirect $functions (type $f1) (local.get 0))) (i32.const 1))"#
                    );
                    let imports = ["made", "functions"]
                        .map(|name| instance.get_table(&mut store, name).unwrap().into());
                    let second = Instance::new(&mut store, &module(engine, &wat), &imports);
                    let second = second.unwrap();
                    check_row(&mut store, &second, 1, depth);
                    let ty = FuncType::new(engine, vec![ValType::F32; round as usize], []);
                    let same = FuncType::new(engine, vec![ValType::F32; round as usize], []);
                    assert!(ty == same && ty.matches(&same));
                }
            });
        }
    });
}

/// A host function registers types, in the middle of a Wasm function, until the table grows.
#[test]
fn types_come_while_code_runs() {
    let engine = engine();
    let mut store = Store::new(&engine, Vec::new());
    let more = Func::wrap(&mut store, |mut caller: Caller<'_, Vec<Instance>>| {
        let engine = caller.engine().clone();
        let fields = "(field f64)".repeat(caller.data().len() + 3);
        let wat = chain(30).replace("(field i32)", &fields);
        let instance = Instance::new(&mut caller, &module(&engine, &wat), &[])?;
        caller.data_mut().push(instance);
        wasmetal::error::Ok(())
    });
    let wat = r#"
        (import "" "more" (func $more))
        (type $top (sub (struct)))
        (type $below (sub $top (struct (field i64))))
        (func (export "run") (result i32) (local $top (ref null $top)) (local $sum i32) (local $n i32)
            (local.set $top (struct.new $below (i64.const 1)))
            (loop $again
                (local.set $sum (i32.add (local.get $sum) (ref.test (ref $below) (local.get $top))))
                (call $more)
                (local.set $sum (i32.add (local.get $sum) (ref.test (ref $below) (local.get $top))))
                (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 8))))
            (local.get $sum))"#;
    let instance = Instance::new(&mut store, &module(&engine, wat), &[more.into()]).unwrap();
    let run = instance
        .get_typed_func::<(), i32>(&mut store, "run")
        .unwrap();
    assert_eq!(run.call(&mut store, ()).unwrap(), 16);
}

/// An object that says it is of a type that there is not is of none.
#[test]
fn corrupt_types() {
    let wat = r#"
        (type $words (array (mut i32)))
        (type $top (sub (struct)))
        (type $below (sub $top (struct (field i64))))
        (func (export "words") (param i32) (result (ref $words))
            (array.new $words (local.get 0) (i32.const 16)))
        (func (export "test") (param (ref $top)) (result i32)
            (ref.test (ref $below) (local.get 0)))"#;
    for explicit in [false, true] {
        let engine = Engine::new(config().explicit_checks(explicit)).unwrap();
        let (mut store, instance) = instantiate(&engine, wat, &[]).unwrap();
        let mut func = |name| instance.get_func(&mut store, name).unwrap();
        let (words, test) = (func("words"), func("test"));
        for id in [
            0,
            1000,
            1 << 16,
            1 << 20,
            1 << 27,
            1 << 31,
            u32::MAX - 1,
            u32::MAX,
        ] {
            // SAFETY: that the types are lies is the point: nothing but the heap and the table may be read.
            let found = unsafe {
                let words = TypedFunc::<u32, u32>::new_unchecked(&store, words);
                let test = TypedFunc::<u32, u32>::new_unchecked(&store, test);
                let words = words.call(&mut store, id).unwrap();
                test.call(&mut store, words + 16).unwrap()
            };
            assert_eq!(found, 0, "{id:#x}");
        }
    }
}
