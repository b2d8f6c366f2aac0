//! Host values are collected when nobody refers to them, and not before.

use crate::support::{engine, engines, module};
use std::sync::Arc;
use wasmetal::{Caller, ExternRef, Func, Instance, Result, RootScope, Rooted, Store};

#[test]
fn values_live_as_long_as_wasm_code_refers_to_them() {
    // Each is kept in one place only: a global, a table, a local across calls, an operand, a parameter,
    // a frame below one that has none.
    const WAT: &str = r#"
        (import "" "gc" (func $gc))
        (import "" "make" (func $make (result externref)))
        (global $global (mut externref) (ref.null extern))
        (table $table 3 externref)
        (func $global_of (param externref) (result externref)
            (global.set $global (local.get 0))
            (local.set 0 (ref.null extern))
            (call $gc)
            (global.get $global))
        (func $table_of (param externref) (result externref)
            (table.set $table (i32.const 2) (local.get 0))
            (local.set 0 (ref.null extern))
            (call $gc)
            (table.get $table (i32.const 2)))
        (func $local_of (param externref) (result externref)
            (local i64 externref)
            (local.set 2 (local.get 0))
            (local.set 0 (ref.null extern))
            (call $gc)
            (call $gc)
            (local.get 2))
        (func $operand_of (param externref) (result externref)
            (local.get 0)
            (local.set 0 (ref.null extern))
            (call $gc))
        (func $same (param externref) (result externref)
            (call $gc)
            (local.get 0))
        (func $parameter_of (param externref) (result externref)
            (call $same (call $same (local.get 0))))
        (func $deep (param i32)
            (if (local.get 0)
                (then (call $deep (i32.sub (local.get 0) (i32.const 1))))
                (else (call $gc))))
        (func $deep_of (param externref) (result externref)
            (call $deep (i32.const 100))
            (local.get 0))
        (func $loop_of (param externref) (result externref)
            (local $i i32)
            (block (result externref)
                (local.get 0)
                (local.set 0 (ref.null extern))
                (loop (param externref) (result externref)
                    (call $gc)
                    (local.set $i (i32.add (local.get $i) (i32.const 1)))
                    (br_if 0 (i32.lt_u (local.get $i) (i32.const 5))))))
        (func $if_of (param externref) (result externref)
            (local.get 0)
            (if (param externref) (result externref) (ref.is_null (local.get 0))
                (then (drop) (ref.null extern))
                (else (local.set 0 (ref.null extern)) (call $gc))))
        (func $select_of (param externref) (result externref)
            (select (result externref) (local.get 0) (ref.null extern) (i32.const 1))
            (local.set 0 (ref.null extern))
            (call $gc))
        (func (export "global") (result externref) (call $global_of (call $make)))
        (func (export "table") (result externref) (call $table_of (call $make)))
        (func (export "local") (result externref) (call $local_of (call $make)))
        (func (export "operand") (result externref) (call $operand_of (call $make)))
        (func (export "parameter") (result externref) (call $parameter_of (call $make)))
        (func (export "deep") (result externref) (call $deep_of (call $make)))
        (func (export "loop") (result externref) (call $loop_of (call $make)))
        (func (export "if") (result externref) (call $if_of (call $make)))
        (func (export "select") (result externref) (call $select_of (call $make)))"#;
    for engine in engines() {
        let value = Arc::new(());
        let mut store = Store::new(&engine, value.clone());
        let gc = Func::wrap(&mut store, |mut caller: Caller<'_, Arc<()>>| {
            caller.gc(None)?;
            // Others take the places of those that are collected.
            for _ in 0..3 {
                ExternRef::new(&mut caller, "other")?;
            }
            Result::Ok(())
        });
        // Its own root ends with the call.
        let make = Func::wrap(&mut store, |mut caller: Caller<'_, Arc<()>>| {
            let value = caller.data().clone();
            ExternRef::new(&mut caller, value).map(Some)
        });
        let module = module(&engine, WAT);
        let imports = [gc.into(), make.into()];
        let instance = Instance::new(&mut store, &module, &imports).unwrap();
        let names = [
            "local",
            "operand",
            "parameter",
            "deep",
            "loop",
            "if",
            "select",
            "global",
            "table",
        ];
        for (i, name) in names.into_iter().enumerate() {
            let func = instance.get_typed_func::<(), Option<Rooted<ExternRef>>>(&mut store, name);
            let func = func.unwrap();
            let mut scope = RootScope::new(&mut store);
            let back = func.call(&mut scope, ()).unwrap().unwrap();
            let data = back.data(&scope).unwrap().unwrap();
            let data = data.downcast_ref::<Arc<()>>().unwrap();
            assert!(Arc::ptr_eq(data, &value), "{name}");
            drop(scope);
            store.gc(None).unwrap();
            // The last two keep it.
            let kept = (i + 2).saturating_sub(names.len() - 1);
            assert_eq!(Arc::strong_count(&value), 2 + kept, "{name}");
        }
    }
}

#[test]
fn many_values_are_collected_without_being_asked() {
    let value = Arc::new(());
    let mut store = Store::new(&engine(), ());
    for _ in 0..100_000 {
        let mut scope = RootScope::new(&mut store);
        ExternRef::new(&mut scope, value.clone()).unwrap();
    }
    assert!(Arc::strong_count(&value) < 3_000);
}

/// What is rooted, however, stays, in a scope or owned.
#[test]
fn roots_keep_values() {
    let value = Arc::new(());
    let mut store = Store::new(&engine(), ());
    let rooted = ExternRef::new(&mut store, value.clone()).unwrap();
    let owned = {
        let mut scope = RootScope::new(&mut store);
        let second = ExternRef::new(&mut scope, value.clone()).unwrap();
        ExternRef::new(&mut scope, value.clone()).unwrap();
        second.to_owned_rooted(&mut scope).unwrap()
    };
    store.gc(None).unwrap();
    assert_eq!(Arc::strong_count(&value), 3);
    assert!(rooted.data(&store).unwrap().is_some());
    assert!(owned.data(&store).unwrap().is_some());
    drop(owned);
    store.gc(None).unwrap();
    assert_eq!(Arc::strong_count(&value), 2);
}
