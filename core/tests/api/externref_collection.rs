//! Host values are collected when nobody refers to them, and not before.

use crate::support::{check_error, config, engine, engines, module};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use wasmetal::{
    Caller, Engine, ExternRef, Func, Global, GlobalType, Instance, Mutability, Result, RootScope,
    Rooted, Store, ValType,
};

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

/// Counts its drops.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Relaxed);
    }
}

/// Wherever a value has been, and however that ended: it is dropped when nothing refers to it, and once.
#[test]
fn each_value_is_dropped_once() {
    const WAT: &str = r#"
        (global $global (mut externref) (ref.null extern))
        (table $table 20 50 externref)
        (elem $nulls externref (ref.null extern) (ref.null extern))
        (func (export "parameter") (param externref))
        (func (export "global") (param externref) (global.set $global (local.get 0)))
        (func (export "global, for a moment") (param externref)
            (global.set $global (local.get 0))
            (global.set $global (ref.null extern)))
        (func (export "table") (param externref)
            (table.set $table (i32.const 3) (local.get 0)))
        (func (export "table, then a trap") (param externref)
            (table.set $table (i32.const 3) (local.get 0))
            unreachable)
        (func (export "fill") (param externref)
            (table.fill $table (i32.const 1) (local.get 0) (i32.const 5))
            (table.copy $table $table (i32.const 3) (i32.const 0) (i32.const 6)))
        (func (export "fill, out of bounds") (param externref)
            (table.fill $table (i32.const 49) (local.get 0) (i32.const 2)))
        (func (export "written over") (param externref)
            (table.fill $table (i32.const 4) (local.get 0) (i32.const 2))
            (table.init $table $nulls (i32.const 4) (i32.const 0) (i32.const 2)))
        (func (export "growth that fails") (param externref)
            (drop (table.grow $table (local.get 0) (i32.const 31))))
        (func (export "growth") (param externref)
            (if (i32.ne (table.grow $table (local.get 0) (i32.const 1)) (i32.const 20))
                (then unreachable)))
        (func (export "lose")
            (global.set $global (ref.null extern))
            (table.fill $table (i32.const 0) (ref.null extern) (table.size $table)))"#;
    for zeal in [None, NonZeroU32::new(1)] {
        let engine = Engine::new(config().gc_zeal_alloc_counter(zeal)).unwrap();
        let module = module(&engine, WAT);
        for (name, traps, kept) in [
            ("parameter", false, false),
            ("global", false, true),
            ("global, for a moment", false, false),
            ("table", false, true),
            ("table, then a trap", true, true),
            ("fill", false, true),
            ("fill, out of bounds", true, false),
            ("written over", false, false),
            ("growth that fails", false, false),
            ("growth", false, true),
        ] {
            // Whether it is lost before the store goes.
            for loses in [false, true] {
                let drops = Arc::new(AtomicUsize::new(0));
                let dropped = |expected: bool, when| {
                    let drops = drops.load(Relaxed);
                    assert_eq!(drops, usize::from(expected), "{name}, {zeal:?}, {when}");
                };
                let mut store = Store::new(&engine, ());
                let instance = Instance::new(&mut store, &module, &[]).unwrap();
                {
                    let mut scope = RootScope::new(&mut store);
                    let value = ExternRef::new(&mut scope, Counted(drops.clone())).unwrap();
                    let f = instance.get_typed_func::<Rooted<ExternRef>, ()>(&mut scope, name);
                    let result = f.unwrap().call(&mut scope, value);
                    assert_eq!(result.is_err(), traps, "{name}");
                    dropped(false, "in its scope");
                }
                store.gc(None).unwrap();
                dropped(!kept, "after its scope");
                if loses {
                    let lose = instance.get_typed_func::<(), ()>(&mut store, "lose");
                    lose.unwrap().call(&mut store, ()).unwrap();
                    store.gc(None).unwrap();
                    dropped(true, "when it is lost");
                }
                drop(store);
                dropped(true, "after its store");
            }
        }
    }
}

/// So is each of many, of which an instance that fails has some, and a host function's last one is on its way.
#[test]
fn many_values_are_dropped_once() {
    let engine = engine();
    let drops = Arc::new(AtomicUsize::new(0));
    let mut store = Store::new(&engine, ());
    let counted = drops.clone();
    let make = Func::wrap(&mut store, move |mut caller: Caller<'_, ()>| {
        ExternRef::new(&mut caller, Counted(counted.clone())).map(Some)
    });
    let wat = r#"
        (import "" "make" (func $make (result externref)))
        (table $table 100 externref)
        (func (export "run") (param $count i32)
            (loop $more
                (table.set $table
                    (i32.rem_u (local.get $count) (i32.const 100)) (call $make))
                (br_if $more (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
            (call $make)
            (unreachable))"#;
    let instance = Instance::new(&mut store, &module(&engine, wat), &[make.into()]).unwrap();
    let run = instance
        .get_typed_func::<i32, ()>(&mut store, "run")
        .unwrap();
    run.call(&mut store, 5_000).unwrap_err();
    assert!(drops.load(Relaxed) <= 4_901);
    store.gc(None).unwrap();
    assert_eq!(drops.load(Relaxed), 4_901);
    let value = {
        let mut scope = RootScope::new(&mut store);
        let value = ExternRef::new(&mut scope, Counted(drops.clone())).unwrap();
        let ty = GlobalType::new(ValType::EXTERNREF, Mutability::Const);
        Global::new(&mut scope, ty, value.into()).unwrap()
    };
    let fails = module(
        &engine,
        r#"(import "" "value" (global $value externref))
        (global (mut externref) (global.get $value))
        (table 3 externref (global.get $value))
        (memory 1)
        (data (i32.const 65536) "x")"#,
    );
    check_error(
        Instance::new(&mut store, &fails, &[value.into()]),
        &["out of bounds memory access"],
    );
    store.gc(None).unwrap();
    assert_eq!(drops.load(Relaxed), 4_901);
    drop(store);
    assert_eq!(drops.load(Relaxed), 5_002);
}
