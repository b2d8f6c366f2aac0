//! The heap of objects grows, and may move, under code that has its address in a register: in loops, over calls, in
//! handlers, and while the host runs.

use crate::support::{check_error, config, engines, module};
use wasmetal::{
    ArrayRef, ArrayRefPre, ArrayType, AsContextMut, Caller, Config, Engine, FieldType, Func,
    GcHeapOutOfMemory, Instance, Mutability, Result, RootScope, StorageType, Store, StoreLimits,
    StoreLimitsBuilder, Trap, Val,
};

/// The most that a heap may have, both halves together.
const MOST: usize = 8 << 20;

const WAT: &str = r#"
    (import "" "host" (func $host))
    (type $node (struct (field $value (mut i64)) (field $next (mut (ref null $node)))))
    (type $longs (array (mut i64)))
    (type $rows (array (mut (ref null $longs))))
    (global $kept (mut (ref null $node)) (ref.null $node))
    (func $grow (param $count i32)
        (loop $more
            (global.set $kept (struct.new $node (i64.const 5) (global.get $kept)))
            (br_if $more (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))
    ;; 1 + 2 + ... + $count, in a list, each node written to twice.
    (func (export "loop") (param $count i32) (result i64)
        (local $list (ref null $node)) (local $sum i64)
        (loop $more
            (local.set $list (struct.new $node (i64.extend_i32_u (local.get $count)) (local.get $list)))
            (struct.set $node $value (local.get $list)
                (i64.add (struct.get $node $value (local.get $list)) (i64.const 1)))
            (br_if $more (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
        (loop $next
            (local.set $sum (i64.add (local.get $sum)
                (i64.sub (struct.get $node $value (local.get $list)) (i64.const 1))))
            (br_if $next (i32.eqz (ref.is_null
                (local.tee $list (struct.get $node $next (local.get $list)))))))
        (local.get $sum))
    ;; As many rows, each as long as its index; 7 at the end of each.
    (func (export "rows") (param $count i32) (result i64)
        (local $rows (ref null $rows)) (local $i i32) (local $sum i64)
        (local.set $rows (array.new_default $rows (local.get $count)))
        (loop $more
            (array.set $rows (local.get $rows) (local.get $i)
                (array.new_default $longs (i32.add (local.get $i) (i32.const 1))))
            (array.set $longs (array.get $rows (local.get $rows) (local.get $i)) (local.get $i) (i64.const 7))
            (br_if $more (i32.lt_u
                (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $count))))
        (loop $next
            (local.set $i (i32.sub (local.get $i) (i32.const 1)))
            (local.set $sum (i64.add (local.get $sum)
                (array.get $longs (array.get $rows (local.get $rows) (local.get $i)) (local.get $i))))
            (br_if $next (local.get $i)))
        (local.get $sum))
    ;; A callee makes the heap grow.
    (func (export "callee") (param $count i32) (result i64)
        (local $node (ref null $node)) (local $longs (ref null $longs)) (local $i i32)
        (local.set $node (struct.new $node (i64.const 1) (ref.null $node)))
        (local.set $longs (array.new $longs (i64.const 2) (i32.const 8)))
        (loop $more
            (struct.set $node $value (local.get $node)
                (i64.add (struct.get $node $value (local.get $node)) (i64.const 1)))
            (call $grow (local.get $count))
            (array.set $longs (local.get $longs) (i32.const 3)
                (i64.add (array.get $longs (local.get $longs) (i32.const 3))
                    (struct.get $node $value (local.get $node))))
            (br_if $more (i32.lt_u
                (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10))))
        (array.get $longs (local.get $longs) (i32.const 3)))
    ;; The host makes it grow.
    (func (export "host") (param i32) (result i64) (local $node (ref null $node))
        (local.set $node (struct.new $node (i64.const 10) (ref.null $node)))
        (struct.set $node $value (local.get $node) (i64.const 11))
        (call $host)
        (struct.set $node $next (local.get $node)
            (struct.new $node (i64.const 100) (local.get $node)))
        (call $host)
        (i64.add (struct.get $node $value (local.get $node))
            (struct.get $node $value (struct.get $node $next (local.get $node)))))
    (func (export "forget") (param i32) (result i64)
        (global.set $kept (ref.null $node)) (i64.const 0))
    ;; For ever.
    (func (export "exhaust") (param i32) (result i64) (call $grow (i32.const 0)) (unreachable))"#;

/// What makes it grow is on the way of an exception.
const HANDLER: &str = r#"
    (tag $thrown (param (ref null $node)))
    (func $thrower (param $count i32) (param $node (ref null $node))
        (call $grow (local.get $count))
        (throw $thrown (local.get $node)))
    (func (export "handler") (param $count i32) (result i64) (local $node (ref null $node))
        (local.set $node (struct.new $node (i64.const 40) (ref.null $node)))
        (struct.set $node $value (local.get $node) (i64.const 41))
        (block $caught (result (ref null $node))
            (try_table (catch $thrown $caught)
                (call $thrower (local.get $count) (local.get $node)))
            (unreachable))
        (i64.add (struct.get $node $value) (struct.get $node $value (local.get $node))))"#;

/// Functions with their arguments and results.
const CALLS: &[(&str, i32, i64)] = &[
    ("loop", 30_000, 30_000 * 30_001 / 2),
    ("rows", 300, 7 * 300),
    ("callee", 2_000, 2 + (2 + 11) * 10 / 2),
    ("host", 0, 111),
    ("forget", 0, 0),
    #[cfg(feature = "exceptions")]
    ("handler", 10_000, 82),
    ("forget", 0, 0),
];

fn check(config: &Config) {
    let what = format!("{config:?}");
    let engine = Engine::new(config).unwrap();
    let handler = if cfg!(feature = "exceptions") {
        HANDLER
    } else {
        ""
    };
    let module = module(&engine, &format!("{WAT} {handler}"));
    let limits = StoreLimitsBuilder::new().gc_heap_size(MOST).build();
    let mut store = Store::new(&engine, limits);
    store.limiter(|limits| limits);
    let bytes = FieldType::new(Mutability::Var, StorageType::I8);
    let bytes = ArrayType::new(&engine, bytes);
    let host = Func::wrap(
        &mut store,
        move |mut caller: Caller<'_, StoreLimits>| -> Result<()> {
            let pre = ArrayRefPre::new(&mut caller, bytes.clone());
            let mut scope = RootScope::new(&mut caller);
            for _ in 0..20 {
                ArrayRef::new(scope.as_context_mut(), &pre, &Val::I32(1), 50_000)?;
            }
            Ok(())
        },
    );
    let instance = Instance::new(&mut store, &module, &[host.into()]).unwrap();
    let call = |store: &mut Store<_>, name: &str, argument| {
        let f = instance.get_typed_func::<i32, i64>(&mut *store, name);
        f.unwrap().call(store, argument)
    };
    // The second time after a heap that was full.
    for _ in 0..2 {
        for &(name, argument, expected) in CALLS {
            let result = call(&mut store, name, argument).unwrap();
            assert_eq!(result, expected, "{name}, {what}");
            assert!(store.gc_heap_capacity() > 1 << 20, "it has grown");
        }
        check_error(call(&mut store, "exhaust", 0), &["no room in the heap"]);
        assert!(store.gc_heap_capacity() <= MOST);
        call(&mut store, "forget", 0).unwrap();
    }
}

#[test]
fn code_finds_its_objects() {
    for explicit in [false, true] {
        // As much as is asked for, nothing, less than the limit, and more.
        for reservation in [None, Some(0), Some(4 << 20), Some(1 << 32)] {
            let mut config = config();
            config.explicit_checks(explicit).gc_heap_initial_size(1);
            if let Some(reservation) = reservation {
                config.gc_heap_reservation(reservation);
            }
            check(&config);
        }
    }
}

/// Objects of constant expressions that are too large fail the instantiation.
#[test]
fn constants_that_are_too_large() {
    for engine in engines() {
        for wat in [
            "(type $a (array (mut i32))) (global (ref $a) (array.new $a (i32.const 0) (i32.const 0x3fff_fff9)))",
            "(type $a (array (mut i32))) (global (ref $a) (array.new_default $a (i32.const 0x3fff_fffd)))",
            "(type $a (array (mut i64))) (global (ref $a) (array.new_default $a (i32.const -1)))",
            "(type $a (array (mut i8))) (table 1 (ref $a) (array.new_default $a (i32.const -1)))",
            "(type $a (array (mut i64))) (table 1 anyref)
             (elem (table 0) (i32.const 0) (ref null $a) (array.new_default $a (i32.const 0x1fff_fffd)))",
        ] {
            let limits = StoreLimitsBuilder::new().gc_heap_size(MOST).build();
            let mut store = Store::new(&engine, limits);
            store.limiter(|limits| limits);
            let error = Instance::new(&mut store, &module(&engine, wat), &[]).unwrap_err();
            let too_large = error.downcast_ref() == Some(&Trap::AllocationTooLarge);
            assert!(too_large || error.is::<GcHeapOutOfMemory<()>>(), "{error:?}");
        }
    }
}
