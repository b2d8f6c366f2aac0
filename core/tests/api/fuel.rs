//! Fuel: what code uses, to the unit, and what becomes of code that has none left.

use crate::support::{check_error, config, module};
use std::time::Duration;
#[cfg(feature = "async")]
use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    sync::atomic::{AtomicUsize, Ordering},
    task::{Context, Poll, Wake, Waker},
};
use wasmetal::{
    Caller, Config, Engine, Func, Instance, Module, OperatorCost, Store, Trap, UpdateDeadline,
    VariableOperatorCost,
};

/// One engine that relies on guard pages, one whose code checks for itself, and one that looks at epochs too.
fn engines() -> [Engine; 3] {
    let mut plain = config();
    plain.consume_fuel(true);
    let mut checked = plain.clone();
    checked.explicit_checks(true);
    let mut epochs = plain.clone();
    epochs.epoch_interruption(true);
    [plain, checked, epochs].map(|config| Engine::new(&config).unwrap())
}

/// The same, with code whose asynchronous calls may give others their turn.
#[cfg(feature = "async")]
fn engines_with_turns() -> [Engine; 2] {
    let mut plain = config();
    plain.consume_fuel(true).async_support(true);
    let mut epochs = plain.clone();
    epochs.epoch_interruption(true).explicit_checks(true);
    [plain, epochs].map(|config| Engine::new(&config).unwrap())
}

fn engine() -> Engine {
    Engine::new(config().consume_fuel(true)).unwrap()
}

fn store(engine: &Engine, fuel: u64) -> Store<()> {
    let mut store = Store::new(engine, ());
    store.set_fuel(fuel).unwrap();
    store.set_epoch_deadline(1);
    store
}

/// Checks how much instantiation uses; it may end with a trap.
#[track_caller]
fn check(expected: u64, wat: &str) {
    for engine in engines() {
        let mut store = store(&engine, u64::MAX);
        let _ = Instance::new(&mut store, &module(&engine, wat), &[]);
        let used = u64::MAX - store.get_fuel().unwrap();
        assert_eq!(used, expected, "{wat}");
    }
}

/// Checks how much a start function uses with this body: 2 more than the body with its function.
#[track_caller]
fn check_body(expected: u64, body: &str) {
    check(
        expected + 2,
        &format!("(module (memory 1) (start $f) (func $other) (func $f (local i32) {body}))"),
    );
}

// All numbers are Wasmtime 48's, but what traps leave: there it counts `unreachable` only.

#[test]
fn operators() {
    check(0, "(module)");
    check_body(1, "");
    check_body(1, "nop");
    check_body(2, "(drop (i32.const 0))");
    check_body(1, "(block)");
    check_body(1, "unreachable");
    check_body(
        7,
        "i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0 unreachable",
    );
    check_body(2, "i32.const 0 return i32.const 0 i32.const 0 unreachable");
    check_body(5, "(local.set 0 (i32.add (i32.const 1) (i32.const 2)))");
    check_body(5, "(drop (i32.load (i32.const 0))) (call $other)");
}

#[test]
fn paths() {
    for (condition, expected) in [(0, 3), (1, 4)] {
        check_body(
            expected,
            &format!("(if (i32.const {condition}) (then (drop (i32.const 0))))"),
        );
    }
    for (condition, expected) in [(0, 3 + 2), (1, 3 + 1)] {
        check_body(
            expected,
            &format!(
                "(if (i32.const {condition}) (then (drop (i32.const 0)))
                 (else (drop (i32.const 0)) (drop (i32.const 0))))"
            ),
        );
        check_body(
            expected + 1,
            &format!(
                "(if (result i32) (i32.const {condition}) (then (i32.const 0))
                 (else (i32.const 0) (i32.const 0) drop)) (local.set 0)"
            ),
        );
    }
    for (condition, expected) in [(0, 4), (1, 3)] {
        check_body(
            expected,
            &format!("(block (br_if 0 (i32.const {condition})) (drop (i32.const 0)))"),
        );
    }
    for (index, expected) in [(0, 6), (1, 5), (2, 4), (9, 4)] {
        check_body(
            expected,
            &format!(
                "(block $c (block $b (block $a (br_table $a $b $c (i32.const {index})))
                     (drop (i32.const 0))) (local.set 0 (i32.const 1)) drop_or_nop) (nop)
                 (drop (local.get 0))"
            )
            .replace(
                "(local.set 0 (i32.const 1)) drop_or_nop",
                "(drop (i32.const 1))",
            ),
        );
    }
}

#[test]
fn loops() {
    check_body(1, "(loop)");
    check_body(
        53,
        "(local.set 0 (i32.const 10))
         (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))",
    );
    // Every second round is dearer, and the loop is left from its middle.
    check_body(
        1 + 2 + 9 * (4 + 6 + 2 + 1) + 5 + (4 + 6),
        "(local.set 0 (i32.const 10))
         (block $out (loop $next
             (if (i32.and (local.get 0) (i32.const 1)) (then (drop (i32.const 0))))
             (br_if $out (i32.eqz (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
             (drop (i32.const 0)) (drop (i32.const 0))
             (br $next)))",
    );
}

#[test]
fn calls() {
    check(5, "(start $f) (func $f (call $g)) (func $g)");
    check(
        7,
        "(start $f) (func $f (drop (call $g (i32.const 1)))) (func $g (param i32) (result i32) (i32.const 0))",
    );
    check(
        6,
        "(table funcref (elem $g)) (start $f) (func $f (call_indirect (i32.const 0))) (func $g)",
    );
    check(5, "(start $f) (func $f (return_call $g)) (func $g)");
    // The host's functions cost nothing but the call.
    for engine in engines() {
        let mut store = store(&engine, 100);
        let import = Func::wrap(&mut store, || {});
        let module = module(
            &engine,
            r#"(import "" "" (func)) (start $f) (func $f (call 0) (call 0))"#,
        );
        Instance::new(&mut store, &module, &[import.into()]).unwrap();
        assert_eq!(store.get_fuel().unwrap(), 100 - 5);
    }
}

#[test]
fn ranges() {
    check_body(
        105,
        "(memory.copy (i32.const 0) (i32.const 0) (i32.const 100))",
    );
    check_body(
        105,
        "(memory.fill (i32.const 0) (i32.const 0) (i32.const 100))",
    );
    check_body(
        1005,
        "(memory.fill (i32.const 0) (i32.const 0) (i32.const 1000))",
    );
    check_body(
        1007,
        "(local.set 0 (i32.const 1000)) (memory.fill (i32.const 0) (i32.const 0) (local.get 0))",
    );
    check_body(3, "(drop (memory.grow (i32.const 1)))");
    let table = "(table 20 funcref) (elem $e func $f $f $f $f) (start $f)";
    check(
        9 + 2,
        &format!("{table} (func $f (table.init $e (i32.const 0) (i32.const 0) (i32.const 4)))"),
    );
    check(
        25 + 2,
        &format!("{table} (func $f (table.fill (i32.const 0) (ref.null func) (i32.const 20)))"),
    );
    check(
        25 + 2,
        &format!("{table} (func $f (table.copy (i32.const 0) (i32.const 0) (i32.const 20)))"),
    );
    check(
        104 + 2,
        &format!("{table} (func $f (drop (table.grow (ref.null func) (i32.const 100))))"),
    );
    // What fails to grow, without a trap, costs the same.
    let failed = "(i32.const -1) (i32.ne) (if (then (unreachable)))";
    for delta in [1, 100, u32::MAX] {
        check(
            u64::from(delta) + 4 + 2 + 3,
            &format!(
                "(table 20 20 funcref) (start $f)
                 (func $f (table.grow (ref.null func) (i32.const {delta})) {failed})"
            ),
        );
        check(
            3 + 2 + 3,
            &format!(
                "(memory 1 1) (start $f) (func $f (memory.grow (i32.const {delta})) {failed})"
            ),
        );
    }
}

#[cfg(feature = "gc")]
#[test]
fn arrays() {
    let global = "(type $a (array (mut i8)))
        (global $a (ref $a) (array.new_default $a (i32.const 100)))";
    check(
        211,
        &format!(
            "{global} (start $f) (func $f
                (array.copy $a $a (global.get $a) (i32.const 0) (global.get $a) (i32.const 0) (i32.const 100)))"
        ),
    );
    check(
        210,
        &format!(
            "{global} (start $f) (func $f
                (array.fill $a (global.get $a) (i32.const 0) (i32.const 0) (i32.const 100)))"
        ),
    );
    check(
        105,
        "(type $a (array (mut funcref))) (start $f) (func $f
            (drop (array.new_default $a (i32.const 100))))",
    );
    check(
        106,
        "(type $a (array (mut funcref))) (start $f) (func $f
            (drop (array.new $a (ref.null func) (i32.const 100))))",
    );
}

#[cfg(feature = "exceptions")]
#[test]
fn exceptions() {
    // 2 for each function's entry and its constant, 1 for each call, throw and `try_table`.
    let module = |body: &str| {
        format!(
            "(tag $t (param i32)) (start $f)
             (func $throw (throw $t (i32.const 7)))
             (func $middle (call $throw) (drop (i32.const 0)))
             (func $f (drop (block $caught (result i32) {body} (i32.const 1))) (drop (i32.const 0)))"
        )
    };
    check(
        2 + 3 + 2 + 4,
        &module("(try_table (catch $t $caught) (call $middle))"),
    );
    check(
        2 + 3 + 2,
        &module("(try_table (catch $t $caught) (throw $t (i32.const 7)))"),
    );
    check(2 + 4, &module("(try_table (catch $t $caught) (nop)) (nop)"));
}

#[test]
fn out_of_fuel() {
    let wat = r#"
        (memory 1)
        (func (export "work") (param i32) (result i32) (local i32)
            (loop
                (local.set 1 (i32.add (local.get 1) (local.get 0)))
                (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
            (call 1)
            (memory.fill (i32.const 0) (i32.const 1) (local.get 1))
            (local.get 1))
        (func (loop))"#;
    for engine in engines() {
        let module = module(&engine, wat);
        let mut enough = None;
        let mut last = 0;
        for fuel in 0..300 {
            let mut store = store(&engine, fuel);
            let instance = Instance::new(&mut store, &module, &[]).unwrap();
            let work = instance
                .get_typed_func::<i32, i32>(&mut store, "work")
                .unwrap();
            match work.call(&mut store, 12) {
                Ok(sum) => {
                    assert_eq!(sum, 78);
                    enough.get_or_insert(fuel);
                    last = store.get_fuel().unwrap();
                }
                Err(error) => {
                    assert_eq!(error.downcast_ref(), Some(&Trap::OutOfFuel), "{error:?}");
                    assert_eq!((store.get_fuel().unwrap(), enough), (0, None));
                    // It goes on with new fuel.
                    assert_eq!(
                        work.call(&mut store, 1).unwrap_err().downcast_ref(),
                        Some(&Trap::OutOfFuel)
                    );
                    store.set_fuel(300).unwrap();
                    assert_eq!(work.call(&mut store, 12).unwrap(), 78);
                }
            }
        }
        // The last comparison with what is left is before `memory.fill`, which has been paid for.
        let used = 299 - last;
        assert_eq!(
            (used, enough),
            (1 + 9 * 12 + 1 + 1 + 3 + 1 + 78 + 1, Some(used))
        );
    }
}

#[test]
fn extremes() {
    for engine in engines() {
        for fuel in [0, 1, 2, i64::MAX as u64, i64::MAX as u64 + 1, u64::MAX] {
            let mut store = store(&engine, fuel);
            assert_eq!(store.get_fuel().unwrap(), fuel);
            let module = module(&engine, r#"(func (export "f") nop)"#);
            let instance = Instance::new(&mut store, &module, &[]).unwrap();
            let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
            let result = f.call(&mut store, ());
            assert_eq!(result.is_ok(), fuel > 1, "{fuel}");
            assert_eq!(store.get_fuel().unwrap(), fuel.saturating_sub(1));
        }
        // A range that costs more than there can be.
        let mut store = store(&engine, u64::MAX);
        let wat = "(memory i64 1) (start $f) (func $f (local i64)
            (local.set 0 (i64.const -1)) (memory.fill (i64.const 0) (i32.const 0) (local.get 0)))";
        let error = Instance::new(&mut store, &module(&engine, wat), &[]).unwrap_err();
        assert!(error.downcast_ref::<Trap>().is_some(), "{error:?}");
    }
    let store = Store::new(&engine(), ());
    assert_eq!(store.get_fuel().unwrap(), 0);
}

/// However much there is, a path that costs less than the one that is compiled first does not run out of it.
#[test]
fn paths_with_plenty() {
    let many = "(drop (i32.const 0))".repeat(50);
    for expensive in [
        many.as_str(),
        // What is never run costs nothing, even if nobody could pay for it.
        "(memory.fill (i32.const 0) (i32.const 0) (i32.const -1))",
        "(memory.fill $large (i64.const 0) (i32.const 0) (i64.const -1))",
        &"(memory.fill $large (i64.const 0) (i32.const 0) (i64.const 0x4fff_ffff_ffff_ffff))"
            .repeat(3),
    ] {
        let wat = format!(
            r#"(memory 1) (memory $large i64 1)
               (func (export "f") (param i32) (if (local.get 0) (then {expensive})) (loop))"#
        );
        for engine in engines() {
            let module = module(&engine, &wat);
            for fuel in [1_000, i64::MAX as u64, i64::MAX as u64 + 1, u64::MAX] {
                let mut store = store(&engine, fuel);
                let instance = Instance::new(&mut store, &module, &[]).unwrap();
                let f = instance.get_typed_func::<i32, ()>(&mut store, "f").unwrap();
                f.call(&mut store, 0).unwrap();
                assert_eq!(fuel - store.get_fuel().unwrap(), 3, "{expensive}");
            }
        }
    }
}

#[test]
fn accesses_that_always_trap() {
    for (pages, index, offset) in [
        (1, 0, 65_536_u64),
        (1, 0, u64::from(u32::MAX)),
        (1, 0, 1 << 32),
        (1, 0, u64::MAX),
        (0, 0, 0),
        (0, 0, u64::MAX),
        (0, 1, u64::MAX),
    ] {
        check(
            2 + 3,
            &format!(
                "(memory i64 {pages} {pages}) (start $f)
                 (func $f (drop (i32.load offset={offset} (i64.const {index}))))"
            ),
        );
    }
}

#[test]
fn without_fuel() {
    let engine = Engine::new(&config()).unwrap();
    let mut store = Store::new(&engine, ());
    check_error(store.get_fuel(), &["fuel", "Config::consume_fuel"]);
    check_error(store.set_fuel(1), &["fuel", "Config::consume_fuel"]);
}

/// Host functions see what is left, and change it; calls may be nested.
#[test]
fn hosts() {
    for engine in engines() {
        let mut store = Store::new(&engine, Vec::new());
        store.set_fuel(1000).unwrap();
        store.set_epoch_deadline(1);
        let host = Func::wrap(
            &mut store,
            |mut caller: Caller<'_, Vec<u64>>, depth: i32| {
                let left = caller.get_fuel()?;
                caller.data_mut().push(left);
                if depth == 0 {
                    return caller.set_fuel(50);
                }
                let f = caller.get_export("f").and_then(|export| export.into_func());
                f.unwrap()
                    .typed::<i32, ()>(&caller)?
                    .call(&mut caller, depth - 1)?;
                let left = caller.get_fuel()?;
                caller.data_mut().push(left);
                Ok(())
            },
        );
        let module = module(
            &engine,
            r#"(import "" "" (func (param i32)))
               (func (export "f") (param i32) (call 0 (local.get 0)) (drop (i32.const 0)))"#,
        );
        let instance = Instance::new(&mut store, &module, &[host.into()]).unwrap();
        let f = instance.get_typed_func::<i32, ()>(&mut store, "f").unwrap();
        f.call(&mut store, 2).unwrap();
        assert_eq!(store.data()[..], [997, 994, 991, 49, 48]);
        assert_eq!(store.get_fuel().unwrap(), 47);
        // A host function that fails leaves what it found.
        store.set_fuel(4).unwrap();
        let error = f.call(&mut store, 2).unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&Trap::OutOfFuel));
        assert_eq!(store.get_fuel().unwrap(), 0);
    }
}

#[test]
fn traps() {
    // The operator that traps is counted, and nothing behind it.
    check_body(4, "(drop (i32.div_u (i32.const 1) (local.get 0))) (nop)");
    check_body(3, "(drop (i32.load (i32.const -1)))");
    check_body(3, "(drop (i32.trunc_f32_s (f32.const nan)))");
    check_body(
        53 + 3,
        "(local.set 0 (i32.const 10))
         (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
         (drop (i32.div_u (i32.const 1) (local.get 0)))",
    );
    // In the eleventh round, on the dearer one of two paths.
    check_body(
        1 + 10 * (4 + 1 + 4 + 1) + (4 + 5),
        "(loop
            (if (i32.eq (local.get 0) (i32.const 10))
                (then (drop (i32.div_u (i32.const 1) (i32.sub (local.get 0) (i32.const 10)))))
                (else (drop (i32.const 0))))
            (local.set 0 (i32.add (local.get 0) (i32.const 1)))
            (br 0))",
    );
    // One instruction for a load and what takes its value.
    let set = "(local.set 0 (i32.const -8))";
    check_body(
        3 + 3,
        &format!("{set} (drop (i32.add (i32.const 1) (i32.load (local.get 0))))"),
    );
    check_body(
        3 + 3,
        &format!(
            "{set} (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.const 1)))"
        ),
    );
    check_body(
        3 + 5,
        &format!("{set} (i32.store (local.get 0) (i32.add (local.get 0) (i32.const 1)))")
            .replace("-8", "-1"),
    );
    // A path that only traps.
    check_body(
        3 + 1,
        "(block (br_if 0 (local.get 0)) (drop (i32.const 0)) (unreachable))",
    );
    check_body(
        3 + 4,
        "(block (br_if 0 (local.get 0)) (drop (i32.const 0)) (drop (i32.div_u (i32.const 1) (i32.const 0))))",
    );
    // What the runtime finds.
    check_body(
        70_007,
        "(local.set 0 (i32.const 70000)) (memory.fill (i32.const 0) (i32.const 0) (local.get 0))",
    );
    let table = "(table 1 funcref) (start $f)";
    check(
        2 + 3,
        &format!("{table} (func $f (drop (table.get (i32.const 5))))"),
    );
    check(
        2 + 3,
        &format!("{table} (func $f (call_indirect (i32.const 0)))"),
    );
    check(
        2 + 4,
        "(start $f) (func $f (local i32) (drop (i32.const 1)) (call $g)) (func $g unreachable)",
    );
    check(
        2 + 3 + 4,
        "(start $f) (func $f (local i32) (drop (i32.const 1)) (call $g))
         (func $g (drop (i32.div_u (i32.const 1) (i32.const 0))))",
    );
}

/// What a call leaves of 10,000 units, which ends as is expected.
#[track_caller]
fn used(engine: &Engine, wat: &str, expected: Option<Trap>) -> u64 {
    let mut store = store(engine, 10_000);
    let module = module(engine, wat);
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let before = store.get_fuel().unwrap();
    let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
    let ended = f.call(&mut store, ()).err();
    let trap = ended.as_ref().map(|error| {
        let trap = error.downcast_ref();
        *trap.unwrap_or_else(|| panic!("{error:?}"))
    });
    assert_eq!(trap, expected, "{wat}");
    before - store.get_fuel().unwrap()
}

/// Whatever ends code, what each function on the way has used is counted: where it calls in place of itself, where its stack
/// ends, and where it has called what has used more.
#[test]
fn traps_on_the_way() {
    let guard = "(drop (i32.load (i32.const -4)))";
    let division = "(drop (i32.div_u (i32.const 1) (local.get 0)))";
    for engine in engines() {
        let check = |used_there: u64, body: &str, trap: Trap| {
            for call in ["call", "return_call"] {
                let wat = format!(
                    r#"(memory 1) (func $g (local i32) (nop) (drop (i32.const 0)) {body} (nop))
                       (func (export "f") (local i32) (drop (i32.const 1)) ({call} $g))"#
                );
                let expected = 1 + 2 + 1 + 1 + used_there;
                assert_eq!(used(&engine, &wat, Some(trap)), expected, "{wat}");
            }
        };
        check(2, guard, Trap::MemoryOutOfBounds);
        check(3, division, Trap::IntegerDivisionByZero);
        // After a call that has used some.
        let called = r#"(func $h (drop (i32.const 0)) (nop))
            (func (export "f") (local i32) (call $h) (drop (i32.const 2)) (drop (i32.div_u (i32.const 1) (local.get 0))))"#;
        assert_eq!(
            used(&engine, called, Some(Trap::IntegerDivisionByZero)),
            1 + 1 + (1 + 1) + 1 + 3
        );
    }
}

/// The overflow of the stack is no operator's: all that was used until there is counted.
#[test]
fn stack_overflow() {
    for engine in engines() {
        let mut store = store(&engine, u64::MAX);
        let module = module(
            &engine,
            r#"(global $depth (export "depth") (mut i64) (i64.const 0))
               (func $f (export "f")
                   (global.set $depth (i64.add (global.get $depth) (i64.const 1)))
                   (call $f) (nop))"#,
        );
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
        let error = f.call(&mut store, ()).unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&Trap::StackOverflow));
        let depth = instance.get_global(&mut store, "depth").unwrap();
        let depth = depth.get(&mut store).i64().unwrap().cast_unsigned();
        assert!(depth > 1000);
        assert_eq!(u64::MAX - store.get_fuel().unwrap(), 6 * depth);
    }
}

/// A guest whose host goes on after errors works for nothing nowhere: the code around goes on with what the traps left.
#[test]
fn traps_that_the_host_swallows() {
    for engine in engines() {
        let mut store = store(&engine, 10_000);
        let host = Func::wrap(&mut store, |mut caller: Caller<'_, ()>| {
            let trap = caller.get_export("trap").and_then(|it| it.into_func());
            let trap = trap.unwrap().typed::<(), ()>(&caller).unwrap();
            trap.call(&mut caller, ()).unwrap_err();
        });
        let module = module(
            &engine,
            r#"(import "" "" (func)) (memory 1)
               (func (export "trap") (drop (i32.const 1)) (drop (i32.load (i32.const -4))) (nop))
               (func (export "f") (local i32)
                   (drop (i32.const 0)) (call 0) (drop (i32.const 0)) (call 0)
                   (drop (i32.div_u (i32.const 1) (local.get 0))))"#,
        );
        let instance = Instance::new(&mut store, &module, &[host.into()]).unwrap();
        let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
        let error = f.call(&mut store, ()).unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&Trap::IntegerDivisionByZero));
        assert_eq!(
            10_000 - store.get_fuel().unwrap(),
            1 + 2 * (1 + 1 + (1 + 1 + 2)) + 3
        );
    }
}

/// What an exception leads over, and what comes behind its handler.
#[cfg(feature = "exceptions")]
#[test]
fn traps_behind_handlers() {
    let trap = "(drop (i32.const 3)) (drop (i32.div_u (i32.const 1) (local.get 0))) (nop)";
    for engine in engines() {
        // Thrown by what is called, by the function itself, and where the exception itself is caught too.
        for (body, caught) in [
            (
                "(block $c (try_table (catch $t $c) (drop (i32.const 1)) (call $throw)) (unreachable))",
                1 + 1 + 1 + (1 + 1 + 1),
            ),
            (
                "(block $c (try_table (catch $t $c) (drop (i32.const 1)) (throw $t)) (unreachable))",
                1 + 1 + 1,
            ),
            (
                "(drop (block $c (result exnref) (try_table (catch_ref $t $c) (drop (i32.const 1)) (throw $t)) (unreachable)))",
                1 + 1 + 1,
            ),
            (
                "(block $c (try_table (catch_all $c) (drop (i32.const 1)) (call $throw)) (unreachable))",
                1 + 1 + 1 + (1 + 1 + 1),
            ),
        ] {
            let wat = |behind: &str| {
                format!(
                    r#"(tag $t) (func $throw (drop (i32.const 2)) (throw $t))
                       (func (export "f") (local i32) (nop) {body} {behind})"#
                )
            };
            assert_eq!(
                used(&engine, &wat(trap), Some(Trap::IntegerDivisionByZero)),
                1 + caught + 1 + 3,
                "{body}"
            );
            assert_eq!(used(&engine, &wat("(nop)"), None), 1 + caught, "{body}");
        }
    }
}

/// Code that is stopped has used what it has done, but for the last round of its loop.
#[test]
fn stops() {
    for engine in engines() {
        let mut store = store(&engine, u64::MAX);
        let module = module(
            &engine,
            r#"(global $rounds (export "rounds") (mut i64) (i64.const 0))
               (func (export "f")
                   (loop
                       (global.set $rounds (i64.add (global.get $rounds) (i64.const 1)))
                       (br 0)))"#,
        );
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
        store.set_deadline(Some(Duration::from_millis(5))).unwrap();
        let error = f.call(&mut store, ()).unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt));
        let rounds = instance.get_global(&mut store, "rounds").unwrap();
        let rounds = rounds.get(&mut store).i64().unwrap().cast_unsigned();
        let used = u64::MAX - store.get_fuel().unwrap();
        // It stands anywhere in a round, which may be written and not paid for, or paid for and not written.
        assert!(used.abs_diff(5 * rounds) <= 2 * 5, "{used}, {rounds}");
    }
}

/// Who is asked at the end of an epoch sees what is left, and may give more.
#[test]
fn epochs() {
    let mut config = config();
    config.consume_fuel(true).epoch_interruption(true);
    let engine = Engine::new(&config).unwrap();
    let mut store = Store::new(&engine, Vec::new());
    store.set_fuel(1000).unwrap();
    store.set_epoch_deadline(0);
    store.epoch_deadline_callback(|mut store| {
        let left = store.get_fuel()?;
        store.data_mut().push(left);
        store.set_fuel(500)?;
        Ok(UpdateDeadline::Continue(match store.data().len() {
            3 => 1,
            _ => 0,
        }))
    });
    let module = module(
        &engine,
        r#"(func (export "f") (local i32)
            (drop (i32.const 1))
            (loop (drop (i32.const 2)) (nop))
            (loop (drop (i32.const 3)))
            (drop (i32.div_u (i32.const 1) (local.get 0))))"#,
    );
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
    f.call(&mut store, ()).unwrap_err();
    assert_eq!(store.data()[..], [1000 - 1, 500 - 1, 500 - 1]);
    assert_eq!(store.get_fuel().unwrap(), 500 - 1 - 3);
}

/// Polls a call until it is over: how often it was not ready, each time with its task woken.
#[cfg(feature = "async")]
fn polls<T>(call: impl Future<Output = T>) -> (usize, T) {
    struct Woken(AtomicUsize);
    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let woken = Arc::new(Woken(AtomicUsize::new(0)));
    let waker = Waker::from(woken.clone());
    let mut call = pin!(call);
    let mut turns = 0;
    loop {
        match call.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(result) => return (turns, result),
            Poll::Pending => turns += 1,
        }
        assert_eq!(woken.0.load(Ordering::Relaxed), turns);
    }
}

/// Asynchronous calls give others their turn each time that they have used so much, with all values as they were.
#[cfg(feature = "async")]
#[test]
fn yields() {
    /// What the dearest round costs.
    const ROUND: u64 = 60;
    let wat = r#"(memory 1)
        (func $even (param i64) (result i64) (i64.mul (local.get 0) (i64.const 3)))
        (func $fill (param i32) (memory.fill (i32.const 0) (i32.const 1) (local.get 0)))
        (func (export "work") (param i32) (result i64) (local i64 f64 f64)
            (local.set 2 (f64.const 1.5))
            (loop
                (local.set 3 (f64.add (local.get 3) (f64.mul (local.get 2) (f64.const 0.5))))
                (local.set 1 (i64.add (local.get 1) (i64.extend_i32_u (local.get 0))))
                (if (i32.and (local.get 0) (i32.const 1))
                    (then (local.set 1 (call $even (local.get 1))))
                    (else (call $fill (i32.and (local.get 0) (i32.const 15)))))
                (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
            (i64.xor (local.get 1) (i64.reinterpret_f64 (local.get 3))))"#;
    for engine in engines_with_turns() {
        let module = module(&engine, wat);
        let run = |interval: Option<u64>| {
            let mut store = store(&engine, u64::MAX);
            store.fuel_async_yield_interval(interval).unwrap();
            assert_eq!(store.get_fuel().unwrap(), u64::MAX);
            let instance = Instance::new(&mut store, &module, &[]).unwrap();
            let work = instance
                .get_typed_func::<i32, i64>(&mut store, "work")
                .unwrap();
            let (turns, result) = polls(work.call_async(&mut store, 200));
            let used = u64::MAX - store.get_fuel().unwrap();
            (turns as u64, result.unwrap(), used)
        };
        let (turns, result, used) = run(None);
        assert_eq!(turns, 0);
        for interval in [1, 7, 100, 1000, used - 1, used, u64::MAX] {
            let (turns, same, fuel) = run(Some(interval));
            assert_eq!((same, fuel), (result, used), "{interval}");
            let least = used / interval.saturating_add(ROUND);
            assert!(
                (least..=used / interval).contains(&turns),
                "{interval}: {turns}"
            );
        }
        // A turn that is given up.
        let mut store = store(&engine, 10_000);
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        let work = instance
            .get_typed_func::<i32, i64>(&mut store, "work")
            .unwrap();
        store.fuel_async_yield_interval(Some(100)).unwrap();
        {
            let mut call = pin!(work.call_async(&mut store, 200));
            let mut task = Context::from_waker(Waker::noop());
            assert!(call.as_mut().poll(&mut task).is_pending());
        }
        let left = store.get_fuel().unwrap();
        assert!(
            (10_000 - 100 - ROUND..=10_000 - 100).contains(&left),
            "{left}"
        );
        // A call that can't wait.
        check_error(work.call(&mut store, 200), &["call_async"]);
        store.fuel_async_yield_interval(None).unwrap();
        assert_eq!(work.call(&mut store, 200).unwrap(), result);
        // All of it is used, however it is cut.
        store.set_fuel(1_000).unwrap();
        store.fuel_async_yield_interval(Some(300)).unwrap();
        let (turns, ended) = polls(work.call_async(&mut store, 200));
        assert_eq!(ended.unwrap_err().downcast_ref(), Some(&Trap::OutOfFuel));
        assert_eq!((turns, store.get_fuel().unwrap()), (3, 0));
        check_error(store.fuel_async_yield_interval(Some(0)), &["0"]);
    }
    let mut store = Store::new(&Engine::new(&config()).unwrap(), ());
    check_error(
        store.fuel_async_yield_interval(Some(1)),
        &["Config::consume_fuel"],
    );
    let mut store = Store::new(&engine(), ());
    check_error(
        store.fuel_async_yield_interval(Some(1)),
        &["Config::async_support"],
    );
}

#[test]
fn costs() {
    let used = |cost: Option<OperatorCost>| {
        let mut config = config();
        config.consume_fuel(true);
        if let Some(cost) = cost {
            config.operator_cost(cost);
        }
        let engine = Engine::new(&config).unwrap();
        let mut store = store(&engine, 1 << 40);
        let wat = "(memory 1) (start $f) (func $f (local i32)
            (block (local.set 0 (i32.mul (i32.const 2) (i32.const 3))))
            (memory.fill (i32.const 0) (i32.const 0) (local.get 0)))";
        Instance::new(&mut store, &module(&engine, wat), &[]).unwrap();
        (1 << 40) - store.get_fuel().unwrap()
    };
    let plain = 2 + 1 + 4 + 4 + 6;
    assert_eq!(used(None), plain);
    assert_eq!(used(Some(OperatorCost::new())), plain);
    let dear = OperatorCost {
        I32Mul: 200,
        Block: 5,
        End: 3,
        variable: VariableOperatorCost {
            memory_fill_per_byte: 10,
            ..VariableOperatorCost::new()
        },
        ..OperatorCost::default()
    };
    assert_eq!(used(Some(dear)), plain + 199 + 5 + 2 * 3 + 9 * 6);
}

/// Images fit only engines that count the same.
#[test]
fn images() {
    let set = |change: &dyn Fn(&mut Config)| {
        let mut config = config();
        change(&mut config);
        Engine::new(&config).unwrap()
    };
    let plain = set(&|_| {});
    let fuel = set(&|config| {
        config.consume_fuel(true);
    });
    let dear = set(&|config| {
        let costs = OperatorCost {
            I32Add: 7,
            ..OperatorCost::new()
        };
        config.consume_fuel(true).operator_cost(costs);
    });
    let epochs = set(&|config| {
        config.epoch_interruption(true);
    });
    let costs_alone = set(&|config| {
        config.operator_cost(OperatorCost {
            I32Add: 7,
            ..OperatorCost::new()
        });
    });
    let check = |from: &Engine, to: &Engine, expected: Option<&str>| {
        let image = from.precompile_module(b"(module)").unwrap();
        // SAFETY: the compiler made it.
        let loaded = unsafe { Module::deserialize_unsigned(to, &image) };
        match expected {
            Some(expected) => check_error(loaded, &["does not fit this engine", expected]),
            None => drop(loaded.unwrap()),
        }
    };
    for engine in [&plain, &fuel, &dear, &epochs, &costs_alone] {
        check(engine, engine, None);
    }
    check(
        &fuel,
        &plain,
        Some("fuel consumption is on in the image, off here"),
    );
    check(
        &plain,
        &fuel,
        Some("fuel consumption is off in the image, on here"),
    );
    check(&fuel, &dear, Some("operator costs"));
    check(&dear, &fuel, Some("operator costs"));
    check(
        &epochs,
        &plain,
        Some("epoch interruption is on in the image, off here"),
    );
    check(
        &plain,
        &epochs,
        Some("epoch interruption is off in the image, on here"),
    );
    // Without fuel nothing costs anything.
    check(&costs_alone, &plain, None);
}
