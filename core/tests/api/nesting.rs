//! Stack overflow, at any depth of host and Wasm calling each other.

use crate::support::{engines, instantiate, module};
use wasmetal::{Caller, Engine, Func, Instance, Result, Store, Trap, TypedFunc};

#[track_caller]
fn check_overflow<T>(result: Result<T>) {
    let error = result.err().expect("the stack overflows");
    assert_eq!(
        error.downcast_ref::<Trap>(),
        Some(&Trap::StackOverflow),
        "{error:?}"
    );
}

#[test]
fn wasm_alone() {
    for engine in engines() {
        for body in [
            "(call $f)",
            // Frames much larger than a page, and than the guard's share of them.
            &format!(
                "(local {}) (call $f) {}",
                "i64 ".repeat(3000),
                "(local.set 2999 (i64.const 1)) ".repeat(2)
            ),
            "(call_indirect (i32.const 0))",
        ] {
            let wat = format!(
                r#"(table funcref (elem $f)) (func $f (export "f") {body})
                   (func (export "g") (result i32) (i32.const 1))"#
            );
            let (mut store, instance) = instantiate(&engine, &wat, &[]).unwrap();
            let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
            let g = instance.get_typed_func::<(), i32>(&mut store, "g").unwrap();
            for _ in 0..3 {
                check_overflow(f.call(&mut store, ()));
                assert_eq!(g.call(&mut store, ()).unwrap(), 1);
            }
        }
    }
}

/// Calls `depth` times from the host into Wasm and back, then does `last`.
struct Nest {
    into_wasm: Option<TypedFunc<i32, i32>>,
    deepest: i32,
}

fn nest(
    engine: &Engine,
    last: impl Fn(&mut Caller<'_, Nest>) -> Result<i32> + Send + Sync + 'static,
) -> (Store<Nest>, TypedFunc<i32, i32>) {
    let mut store = Store::new(
        engine,
        Nest {
            into_wasm: None,
            deepest: 0,
        },
    );
    let host = Func::wrap(
        &mut store,
        move |mut caller: Caller<'_, Nest>, depth: i32| {
            caller.data_mut().deepest += 1;
            match depth {
                0 => last(&mut caller),
                _ => {
                    let f = caller.data().into_wasm.unwrap();
                    f.call(&mut caller, depth - 1).map(|result| result + 1)
                }
            }
        },
    );
    let wat = r#"(import "" "host" (func $host (param i32) (result i32)))
        (func (export "f") (param i32) (result i32) (call $host (local.get 0)))
        (func $deep (export "deep") (result i32) (i32.add (call $deep) (i32.const 1)))"#;
    let instance = Instance::new(&mut store, &module(engine, wat), &[host.into()]).unwrap();
    let f = instance
        .get_typed_func::<i32, i32>(&mut store, "f")
        .unwrap();
    store.data_mut().into_wasm = Some(f);
    (store, f)
}

#[test]
fn at_any_depth() {
    for engine in engines() {
        let (mut store, f) = nest(&engine, |caller| {
            let deep = caller.get_export("deep").unwrap().into_func().unwrap();
            deep.typed::<(), i32>(&*caller)?.call(caller, ())
        });
        for depth in [0, 1, 2, 10, 100] {
            check_overflow(f.call(&mut store, depth));
        }
    }
}

/// An overflow deep down is an error like any other for the host functions above it.
#[test]
fn caught_half_way() {
    for engine in engines() {
        let (mut store, f) = nest(&engine, |caller| {
            let deep = caller.get_export("deep").unwrap().into_func().unwrap();
            let deep = deep.typed::<(), i32>(&*caller)?;
            check_overflow(deep.call(&mut *caller, ()));
            check_overflow(deep.call(&mut *caller, ()));
            Ok(7)
        });
        assert_eq!(f.call(&mut store, 50).unwrap(), 57);
        assert_eq!(f.call(&mut store, 0).unwrap(), 7);
    }
}

#[test]
fn host_and_wasm_without_end() {
    for engine in engines() {
        let (mut store, f) = nest(&engine, |_| Ok(0));
        for _ in 0..3 {
            store.data_mut().deepest = 0;
            check_overflow(f.call(&mut store, i32::MAX));
            assert!(store.data().deepest > 100, "{}", store.data().deepest);
            assert_eq!(f.call(&mut store, 100).unwrap(), 100);
        }
    }
}
