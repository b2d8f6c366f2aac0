//! References in Wasm frames below host frames, many deep, while code above collects: with errors that host functions take
//! for themselves, exceptions through them, and other stores in between.

use crate::support::{config, instantiate, module};
use std::num::NonZeroU32;
use wasmetal::{
    AnyRef, Caller, Config, Engine, Func, Instance, Result, Rooted, Store, Trap, ensure,
};

const WAT: &str = r#"
    (type $cell (struct (field (mut i32))))
    (type $words (array (mut i32)))
    (import "" "host" (func $host (param i32 anyref) (result anyref)))
    (tag $thrown (param anyref))
    (global $a (mut (ref null $words)) (ref.null $words))
    (global $b (mut (ref null $words)) (ref.null $words))
    (global $length (mut i32) (i32.const 0))
    ;; Others take the places of objects that have moved.
    (func $churn (export "churn")
        (global.set $length
            (i32.and (i32.add (global.get $length) (i32.const 13)) (i32.const 127)))
        (global.set $a (array.new $words (i32.const -1) (global.get $length)))
        (global.set $b
            (array.new $words (i32.const -1) (i32.xor (global.get $length) (i32.const 85)))))
    (func $number (param anyref) (result i32)
        (if (ref.is_null (local.get 0)) (then (return (i32.const 0))))
        (struct.get $cell 0 (ref.cast (ref $cell) (local.get 0))))
    ;; Objects in a local, in another as a host reference, and two as operands, while the host runs: the sum of their
    ;; numbers and that of the caller's, and a million more if the host gives back the very object that it is given.
    (func (export "down") (param $depth i32) (param $callers anyref) (result i32)
        (local $own (ref null $cell)) (local $host externref) (local $back anyref) (local $sum i32)
        (local.set $own (struct.new $cell (i32.add (local.get $depth) (i32.const 1))))
        (local.set $host (extern.convert_any
            (struct.new $cell (i32.add (local.get $depth) (i32.const 10)))))
        (struct.new $cell (i32.add (local.get $depth) (i32.const 100)))
        (struct.new $cell (i32.add (local.get $depth) (i32.const 1000)))
        (local.set $back (call $host (local.get $depth) (local.get $own)))
        (call $churn)
        (local.set $sum (struct.get $cell 0))
        (i32.add (struct.get $cell 0) (local.get $sum))
        (local.set $sum)
        (local.set $sum (i32.add (local.get $sum) (call $number (local.get $own))))
        (local.set $sum (i32.add (local.get $sum)
            (call $number (any.convert_extern (local.get $host)))))
        (local.set $sum (i32.add (local.get $sum) (call $number (local.get $callers))))
        (i32.add (local.get $sum) (i32.mul (i32.const 1000000)
            (ref.eq (local.get $own) (ref.cast eqref (local.get $back))))))
    (func (export "trap") (param anyref) (local $own (ref null $cell))
        (local.set $own (struct.new $cell (i32.const 5)))
        (call $churn)
        (drop (call $host (i32.const -1) (local.get $own)))
        (call $churn)
        (drop (struct.get $cell 0 (local.get $own)))
        unreachable)
    (func (export "throw") (param anyref)
        (call $churn)
        (throw $thrown (local.get 0)))
    (func (export "catch") (result i32) (local $own (ref null $cell))
        (local.set $own (struct.new $cell (i32.const 7)))
        (block $caught (result anyref)
            (try_table (catch $thrown $caught)
                (drop (call $host (i32.const -2) (struct.new $cell (i32.const 35)))))
            unreachable)
        (call $churn)
        (i32.add (call $number) (call $number (local.get $own))))"#;

type Data = Option<Instance>;
type Any = Option<Rooted<AnyRef>>;

/// What `down` gives at a depth.
fn expected(depth: i32, callers: i32) -> i32 {
    4 * depth + 1111 + callers + 1_000_000
}

/// Does what the depth says, and gives back the object.
fn host(mut caller: Caller<'_, Data>, depth: i32, object: Any) -> Result<Any> {
    let instance = caller.data().unwrap();
    match depth {
        -1 => caller.gc(None)?,
        // The exception goes on through this frame.
        -2 => {
            let throw = instance.get_typed_func::<Any, ()>(&mut caller, "throw")?;
            throw.call(&mut caller, object)?;
        }
        0 => {
            let churn = instance.get_typed_func::<(), ()>(&mut caller, "churn")?;
            for _ in 0..3 {
                churn.call(&mut caller, ())?;
                caller.gc(None)?;
            }
        }
        _ => {
            let trap = instance.get_typed_func::<Any, ()>(&mut caller, "trap")?;
            let error = trap.call(&mut caller, object).unwrap_err();
            assert_eq!(error.downcast_ref(), Some(&Trap::UnreachableCodeReached));
            let catch = instance.get_typed_func::<(), i32>(&mut caller, "catch")?;
            ensure!(catch.call(&mut caller, ())? == 42, "caught at {depth}");
            // Another store, with a heap of its own.
            let engine = caller.engine().clone();
            let wat = "(type $a (array i32)) (start $f)
                (func $f (drop (array.new_default $a (i32.const 1000))))";
            instantiate(&engine, wat, &[])?;
            let down = instance.get_typed_func::<(i32, Any), i32>(&mut caller, "down")?;
            let found = down.call(&mut caller, (depth - 1, object))?;
            let expected = expected(depth - 1, depth + 1);
            ensure!(found == expected, "{found}, not {expected}, at {depth}");
        }
    }
    Ok(object)
}

fn check(config: &Config) {
    let engine = Engine::new(config).unwrap();
    let module = module(&engine, WAT);
    let mut store = Store::new(&engine, None);
    let host = Func::wrap(&mut store, host);
    let instance = Instance::new(&mut store, &module, &[host.into()]).unwrap();
    *store.data_mut() = Some(instance);
    let down = instance.get_typed_func::<(i32, Any), i32>(&mut store, "down");
    let down = down.unwrap();
    for depth in [0, 1, 2, 5, 20] {
        let found = down.call(&mut store, (depth, None)).unwrap();
        assert_eq!(found, expected(depth, 0), "{depth}, {config:?}");
    }
}

#[test]
fn frames_keep_their_objects() {
    for explicit in [false, true] {
        for zeal in [None, NonZeroU32::new(1), NonZeroU32::new(3)] {
            let mut config = config();
            config
                .explicit_checks(explicit)
                .gc_heap_initial_size(1)
                .gc_zeal_alloc_counter(zeal);
            check(&config);
        }
    }
}
