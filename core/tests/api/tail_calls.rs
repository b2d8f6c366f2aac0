//! Tail calls: bounded stack, no matter what is called; stack arguments; whose call a host function sees.

use crate::support::{check_error, engines, module};
use wasmetal::{Caller, Engine, Func, Instance, Linker, Store, Trap, Val};

/// Far more than fit on a stack, were there a frame for each.
const MANY: i64 = 1_000_000;

/// An instance with two modules' functions that call each other: one by an import, one by a table.
fn ping_pong(engine: &Engine) -> (Store<()>, Instance) {
    let mut store = Store::new(engine, ());
    let pong = module(
        engine,
        r#"
        (type $f (func (param i64 i64) (result i64)))
        (table (export "table") 2 funcref)
        (func (export "pong") (type $f)
            (return_call_indirect (type $f)
                (local.get 0) (i64.add (local.get 1) (i64.const 1)) (i32.const 1)))
        "#,
    );
    let mut linker = Linker::new(engine);
    let pong = linker.instantiate(&mut store, &pong).unwrap();
    linker.instance(&mut store, "pong", pong).unwrap();
    let ping = module(
        engine,
        r#"
        (type $f (func (param i64 i64) (result i64)))
        (import "pong" "pong" (func $pong (type $f)))
        (import "pong" "table" (table 2 funcref))
        (elem (i32.const 1) $ping)
        (func $ping (export "ping") (type $f)
            (if (i64.eqz (local.get 0)) (then (return (local.get 1))))
            (return_call $pong (i64.sub (local.get 0) (i64.const 1)) (local.get 1)))
        (func (export "same") (type $f)
            (if (i64.eqz (local.get 0)) (then (return (local.get 1))))
            (return_call 2 (i64.sub (local.get 0) (i64.const 1)) (i64.add (local.get 1) (i64.const 1))))
        "#,
    );
    let ping = linker.instantiate(&mut store, &ping).unwrap();
    (store, ping)
}

#[test]
fn a_million_between_modules() {
    for engine in engines() {
        let (mut store, instance) = ping_pong(&engine);
        for name in ["ping", "same"] {
            let f = instance
                .get_typed_func::<(i64, i64), i64>(&mut store, name)
                .unwrap();
            assert_eq!(f.call(&mut store, (MANY, 0)).unwrap(), MANY, "{name}");
        }
    }
}

/// Host functions in the place of a frame: by import, by table; from a frame of many arguments.
#[test]
fn a_million_to_the_host() {
    for engine in engines() {
        let mut linker = Linker::new(&engine);
        linker
            .func_wrap("", "add", |mut caller: Caller<'_, i64>, n: i64| {
                *caller.data_mut() += n;
                n
            })
            .unwrap();
        let params = "(param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)";
        let arguments = "(local.get 0) ".repeat(12);
        let module = module(
            &engine,
            &format!(
                r#"
                (type $f (func (param i64) (result i64)))
                (import "" "add" (func $add (type $f)))
                (table funcref (elem $add))
                (func $import {params} (result i64) (return_call $add (local.get 11)))
                (func $table {params} (result i64)
                    (return_call_indirect (type $f) (local.get 11) (i32.const 0)))
                (func (export "run") (param i64) (result i64)
                    (local $sum i64)
                    (loop $again
                        (local.set $sum (i64.add (local.get $sum) (call $import {arguments})))
                        (local.set $sum (i64.add (local.get $sum) (call $table {arguments})))
                        (local.set 0 (i64.sub (local.get 0) (i64.const 1)))
                        (br_if $again (i64.ne (local.get 0) (i64.const 0))))
                    (local.get $sum))
                "#
            ),
        );
        let mut store = Store::new(&engine, 0);
        let instance = linker.instantiate(&mut store, &module).unwrap();
        let run = instance
            .get_typed_func::<i64, i64>(&mut store, "run")
            .unwrap();
        let sum = MANY * (MANY + 1);
        assert_eq!(run.call(&mut store, MANY).unwrap(), sum);
        assert_eq!(*store.data(), sum);
    }
}

/// A host function is called by the instance that made the tail call, and sees its exports.
#[test]
fn the_caller_is_the_instance_that_calls() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::new(&engine);
        let who = Func::wrap(&mut store, |mut caller: Caller<'_, ()>| -> i32 {
            let name = caller.get_export("name").unwrap().into_global().unwrap();
            name.get(&mut caller).unwrap_i32()
        });
        linker.define(&mut store, "host", "who", who).unwrap();
        let inner = module(
            &engine,
            r#"
            (import "host" "who" (func $who (result i32)))
            (global (export "name") i32 (i32.const 1))
            (func (export "jump") (result i32) (return_call $who))
            "#,
        );
        let inner = linker.instantiate(&mut store, &inner).unwrap();
        linker.instance(&mut store, "inner", inner).unwrap();
        let outer = module(
            &engine,
            r#"
            (import "host" "who" (func $who (result i32)))
            (import "inner" "jump" (func $jump (result i32)))
            (global (export "name") i32 (i32.const 2))
            (func (export "own") (result i32) (return_call $who))
            (func (export "other") (result i32) (return_call $jump))
            (func (export "both") (result i32 i32) (call $jump) (call $who))
            "#,
        );
        let outer = linker.instantiate(&mut store, &outer).unwrap();
        let mut call = |name: &str, count| {
            let f = outer.get_func(&mut store, name).unwrap();
            let mut results = vec![Val::I32(0); count];
            f.call(&mut store, &[], &mut results).unwrap();
            results.iter().map(Val::unwrap_i32).collect::<Vec<_>>()
        };
        assert_eq!(call("own", 1), [2]);
        assert_eq!(call("other", 1), [1]);
        assert_eq!(call("both", 2), [1, 2]);
    }
}

/// Functions with more and fewer stack arguments than their callers, and more results than registers,
/// calling one another in a circle.
#[test]
fn arguments_and_results_on_the_stack() {
    const RESULTS: usize = 40;
    let counts = [1, 200, 3, 999, 17, 1000, 0];
    let results = format!("(result{})", " i64".repeat(RESULTS));
    let mut functions = String::new();
    for (i, count) in counts.iter().enumerate() {
        let next = (i + 1) % counts.len();
        // The first global counts; each parameter is one more than the one before.
        let check: String = (0..*count)
            .map(|p| {
                format!(
                    "(if (i64.ne (local.get {p}) (i64.add (global.get 0) (i64.const {p}))) (then unreachable))"
                )
            })
            .collect();
        let arguments: String = (0..counts[next])
            .map(|p| format!("(i64.add (global.get 0) (i64.const {p}))"))
            .collect();
        let done: String = (0..RESULTS).map(|r| format!("(i64.const {r})")).collect();
        let call = match i % 2 {
            0 => format!("(return_call $f{next} {arguments})"),
            _ => format!("(return_call_indirect (type $t{next}) {arguments} (i32.const {next}))"),
        };
        functions.push_str(&format!(
            r#"
            (type $t{i} (func (param{params}) {results}))
            (func $f{i} (type $t{i})
                {check}
                (if (i64.eqz (global.get 0)) (then (return {done})))
                (global.set 0 (i64.sub (global.get 0) (i64.const 1)))
                {call})
            "#,
            params = " i64".repeat(*count),
        ));
    }
    let names: String = (0..counts.len()).map(|i| format!(" $f{i}")).collect();
    let wat = format!(
        r#"
        (global (mut i64) (i64.const 20000))
        (table funcref (elem{names}))
        {functions}
        (func (export "run") {results} (call $f0 (global.get 0)))
        "#
    );
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module(&engine, &wat), &[]).unwrap();
        let run = instance.get_func(&mut store, "run").unwrap();
        let mut results = vec![Val::I64(-1); RESULTS];
        run.call(&mut store, &[], &mut results).unwrap();
        let results: Vec<_> = results.iter().map(Val::unwrap_i64).collect();
        assert_eq!(results, (0..RESULTS as i64).collect::<Vec<_>>());
    }
}

#[test]
fn traps() {
    for engine in engines() {
        let (mut store, instance) = {
            let mut store = Store::new(&engine, ());
            let wat = r#"
                (type $f (func (param i32) (result i32)))
                (type $g (func (result i32)))
                (table 3 funcref)
                (elem (i32.const 0) $bad)
                (func $bad (type $f) unreachable)
                (func $middle (type $f) (return_call $bad (local.get 0)))
                (func (export "unreachable") (type $f) (return_call $middle (local.get 0)))
                (func (export "type") (type $g) (return_call_indirect (type $g) (i32.const 0)))
                (func (export "null") (type $g) (return_call_indirect (type $g) (i32.const 1)))
                (func (export "bounds") (type $g) (return_call_indirect (type $g) (i32.const 3)))
            "#;
            let instance = Instance::new(&mut store, &module(&engine, wat), &[]).unwrap();
            (store, instance)
        };
        for (name, trap) in [
            ("type", Trap::BadSignature),
            ("null", Trap::IndirectCallToNull),
            ("bounds", Trap::TableOutOfBounds),
        ] {
            let f = instance
                .get_typed_func::<(), i32>(&mut store, name)
                .unwrap();
            let error = f.call(&mut store, ()).unwrap_err();
            assert_eq!(error.downcast_ref::<Trap>(), Some(&trap), "{error:?}");
        }
        let f = instance
            .get_typed_func::<i32, i32>(&mut store, "unreachable")
            .unwrap();
        let error = f.call(&mut store, 0).unwrap_err();
        // The frames that were replaced are in no backtrace.
        assert!(!format!("{error:?}").contains("middle"), "{error:?}");
        check_error::<()>(Err(error), &["unreachable", "bad"]);
    }
}
