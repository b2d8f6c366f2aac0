//! The garbage-collected heap under Wasm code: random graphs, deep stacks, full heaps, corrupt references.

use crate::gc_heap::configs;
use crate::support::{check_error, config, module};
use std::num::NonZeroU32;
use wasmetal::{
    Caller, Config, Engine, Func, GcHeapOutOfMemory, Instance, OwnedRooted, Rooted, Store,
    StoreLimits, StoreLimitsBuilder, StructRef, Trap, TypedFunc,
};

/// An instance with a function `gc` to import.
fn instance(config: &Config, wat: &str) -> (Store<StoreLimits>, Instance) {
    let engine = Engine::new(config).unwrap();
    let mut store = Store::new(&engine, StoreLimits::default());
    let gc = Func::wrap(&mut store, |mut caller: Caller<'_, StoreLimits>| {
        caller.gc(None)
    });
    let module = module(&engine, wat);
    let imports: Vec<_> = module.imports().map(|_| gc.into()).collect();
    let instance = Instance::new(&mut store, &module, &imports).unwrap();
    (store, instance)
}

/// Nodes in a table of roots, with random edges, values that say what they are, and a shadow of it all in
/// linear memory, which is compared with it.
const GRAPH: &str = r#"
    (import "" "gc" (func $gc))
    (type $array (array (mut anyref)))
    (type $node (sub (struct
        (field $id i32) (field $left (mut anyref)) (field $wide i64) (field $right (mut eqref)))))
    (type $child (sub $node (struct
        (field i32) (field (mut anyref)) (field i64) (field (mut eqref))
        (field $byte i8) (field $array (mut (ref null $array))) (field v128))))
    (table $roots 64 anyref)
    ;; For each root its id, and the ids of what its edges go to; -1 for null, -2 for a number.
    (memory 1)
    (global $seed (mut i64) (i64.const 88172645463325252))
    (global $ids (mut i32) (i32.const 0))
    (func $random (param $limit i32) (result i32)
        (global.set $seed (i64.xor (global.get $seed) (i64.shl (global.get $seed) (i64.const 13))))
        (global.set $seed (i64.xor (global.get $seed) (i64.shr_u (global.get $seed) (i64.const 7))))
        (global.set $seed (i64.xor (global.get $seed) (i64.shl (global.get $seed) (i64.const 17))))
        (i32.rem_u (i32.wrap_i64 (i64.shr_u (global.get $seed) (i64.const 16))) (local.get $limit)))
    (func $id (param anyref) (result i32)
        (if (ref.is_null (local.get 0)) (then (return (i32.const -1))))
        (if (ref.test (ref i31) (local.get 0)) (then (return (i32.const -2))))
        (if (ref.test (ref $array) (local.get 0))
            (then (return (call $id (array.get $array (ref.cast (ref $array) (local.get 0)) (i32.const 1))))))
        (struct.get $node $id (ref.cast (ref $node) (local.get 0))))
    (func $any (result anyref)
        (if (i32.eqz (call $random (i32.const 5))) (then (return (ref.i31 (call $random (i32.const 9))))))
        (table.get $roots (call $random (i32.const 64))))
    (func $eq (result eqref)
        (block $no (result anyref)
            (return (br_on_cast_fail $no anyref eqref (call $any))))
        drop
        (ref.null eq))
    (func $fresh (result i32)
        (global.set $ids (i32.add (global.get $ids) (i32.const 1)))
        (global.get $ids))
    ;; Makes a node at a root, and its shadow.
    (func $make (param $root i32)
        (local $left anyref) (local $right eqref) (local $id i32) (local $node (ref null $node))
        (local.set $left (call $any))
        (local.set $right (call $eq))
        (local.set $id (call $fresh))
        (if (call $random (i32.const 3))
            (then (local.set $node (struct.new $node
                (local.get $id) (local.get $left)
                (i64.extend_i32_u (local.get $id)) (local.get $right))))
            (else (local.set $node (struct.new $child
                (local.get $id) (local.get $left)
                (i64.extend_i32_u (local.get $id)) (local.get $right)
                (local.get $id)
                (array.new $array (local.get $left) (call $random (i32.const 40)))
                (i64x2.splat (i64.extend_i32_u (local.get $id)))))))
        (table.set $roots (local.get $root) (local.get $node))
        (call $shadow (local.get $root) (local.get $id)
            (call $id (local.get $left)) (call $id (local.get $right))))
    (func $shadow (param $root i32) (param i32 i32 i32)
        (local.set $root (i32.shl (local.get $root) (i32.const 4)))
        (i32.store (local.get $root) (local.get 1))
        (i32.store offset=4 (local.get $root) (local.get 2))
        (i32.store offset=8 (local.get $root) (local.get 3)))
    (func $expect (param i32 i32)
        (if (i32.ne (local.get 0) (local.get 1)) (then unreachable)))
    (func $check (param $root i32)
        (local $node (ref null $node)) (local $child (ref $child)) (local $i i32)
        (local.set $node (ref.cast (ref null $node) (table.get $roots (local.get $root))))
        (local.set $root (i32.shl (local.get $root) (i32.const 4)))
        (if (ref.is_null (local.get $node)) (then
            (return (call $expect (i32.const 0) (i32.load (local.get $root))))))
        (call $expect (struct.get $node $id (local.get $node)) (i32.load (local.get $root)))
        (call $expect (call $id (struct.get $node $left (local.get $node))) (i32.load offset=4 (local.get $root)))
        (call $expect (call $id (struct.get $node $right (local.get $node))) (i32.load offset=8 (local.get $root)))
        (call $expect
            (i32.wrap_i64 (struct.get $node $wide (local.get $node))) (i32.load (local.get $root)))
        (block $no (result (ref null $node))
            (local.set $child (br_on_cast_fail $no (ref null $node) (ref $child) (local.get $node)))
            (call $expect (struct.get_u $child $byte (local.get $child))
                (i32.and (i32.load (local.get $root)) (i32.const 255)))
            (local.set $i (array.len (struct.get $child $array (local.get $child))))
            (block $done
                (loop $next
                    (br_if $done (i32.eqz (local.get $i)))
                    (local.set $i (i32.sub (local.get $i) (i32.const 1)))
                    (call $expect
                        (call $id (array.get $array (struct.get $child $array (local.get $child)) (local.get $i)))
                        (i32.load offset=4 (local.get $root)))
                    (br $next)))
            (ref.null $node))
        drop)
    (func $check_all
        (local $i i32)
        (loop $next
            (call $check (local.get $i))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $next (i32.lt_u (local.get $i) (i32.const 64)))))
    (func (export "run") (param $steps i32)
        (local $root i32)
        (loop $next
            (local.set $root (call $random (i32.const 64)))
            (if (call $random (i32.const 8))
                (then (call $make (local.get $root)))
                (else
                    (table.set $roots (local.get $root) (ref.null any))
                    (call $shadow (local.get $root) (i32.const 0) (i32.const 0) (i32.const 0))))
            (if (i32.eqz (call $random (i32.const 50))) (then (call $gc)))
            (if (i32.eqz (call $random (i32.const 50))) (then (call $check_all)))
            (local.set $steps (i32.sub (local.get $steps) (i32.const 1)))
            (br_if $next (local.get $steps)))
        (call $check_all))"#;

#[test]
fn random_graphs() {
    for config in configs() {
        let (mut store, instance) = instance(&config, GRAPH);
        let run = instance
            .get_typed_func::<i32, ()>(&mut store, "run")
            .unwrap();
        run.call(&mut store, 5_000).unwrap();
    }
}

/// Lists and trees with references in frames, far down and across calls of the host.
const DEEP: &str = r#"
    (import "" "gc" (func $gc))
    (type $list (struct (field i32) (field (ref null $list))))
    (type $tree (struct (field (ref null $tree)) (field (ref null $tree))))
    (func $list (param $n i32) (result (ref null $list))
        (local $list (ref null $list))
        (loop $next
            (local.set $list (struct.new $list (local.get $n) (local.get $list)))
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $next (local.get $n)))
        (local.get $list))
    (func $sum (param $list (ref null $list)) (result i32)
        (local $sum i32)
        (block $done
            (loop $next
                (br_if $done (ref.is_null (local.get $list)))
                (local.set $sum (i32.add (local.get $sum) (struct.get $list 0 (local.get $list))))
                (local.set $list (struct.get $list 1 (local.get $list)))
                (br $next)))
        (local.get $sum))
    ;; Each frame has a list, as an operand, in a local and as an argument, and allocates below it.
    (func $down (param $depth i32) (param $list (ref null $list)) (result i32)
        (local $own (ref null $list))
        (if (i32.eqz (local.get $depth)) (then (call $gc) (return (call $sum (local.get $list)))))
        (local.set $own (call $list (i32.const 3)))
        (call $sum (struct.new $list (local.get $depth) (local.get $list)))
        (call $down (i32.sub (local.get $depth) (i32.const 1)) (call $list (local.get $depth)))
        i32.add
        (i32.add (call $sum (local.get $own)))
        (i32.add (call $sum (local.get $list))))
    (func (export "down") (param i32) (result i32)
        (call $down (local.get 0) (call $list (i32.const 2))))
    (func $tree (param $depth i32) (result (ref $tree))
        (if (result (ref $tree)) (local.get $depth)
            (then (struct.new $tree
                (call $tree (i32.sub (local.get $depth) (i32.const 1)))
                (call $tree (i32.sub (local.get $depth) (i32.const 1)))))
            (else (struct.new_default $tree))))
    (func $count (param $tree (ref null $tree)) (result i32)
        (if (result i32) (ref.is_null (local.get $tree))
            (then (i32.const 0))
            (else
                (i32.add (i32.const 1) (i32.add
                    (call $count (struct.get $tree 0 (local.get $tree)))
                    (call $count (struct.get $tree 1 (local.get $tree))))))))
    (func (export "trees") (param $depth i32) (result i32)
        (call $count (call $tree (local.get $depth))))
    ;; Until there is no room.
    (func (export "fill") (result i32)
        (local $list (ref null $list))
        (loop $next
            (local.set $list (struct.new $list (i32.const 1) (local.get $list)))
            (br $next))
        unreachable)
    (type $bytes (array (mut i8)))
    (type $longs (array (mut i64)))
    (func (export "bytes") (param i32) (result i32)
        (array.len (array.new_default $bytes (local.get 0))))
    (func (export "longs") (param i32) (result i32)
        (array.len (array.new $longs (i64.const 1) (local.get 0))))"#;

#[test]
fn deep_stacks() {
    for mut config in configs() {
        config.max_wasm_stack(1 << 20);
        let (mut store, instance) = instance(&config, DEEP);
        let mut call = |name: &str, argument: i32| {
            let func = instance.get_typed_func::<i32, i32>(&mut store, name);
            func.unwrap().call(&mut store, argument).unwrap()
        };
        let sum = |n: i32| n * (n + 1) / 2;
        for depth in [1, 10, 40] {
            // The lists that the frames below are given, with the number that each gets in front.
            let mut expected = sum(1);
            let mut given = 2;
            for depth in (1..=depth).rev() {
                expected += (depth + sum(given)) + sum(3) + sum(given);
                given = depth;
            }
            assert_eq!(call("down", depth), expected - sum(1) + sum(given));
        }
        for depth in [0, 3, 8] {
            assert_eq!(call("trees", depth), (2 << depth) - 1);
        }
    }
}

#[test]
fn a_full_heap_ends_the_code_and_the_store_goes_on() {
    for mut config in configs() {
        config.gc_zeal_alloc_counter(None);
        let (mut store, instance) = instance(&config, DEEP);
        *store.data_mut() = StoreLimitsBuilder::new().memory_size(1 << 20).build();
        store.limiter(|limits| limits);
        for _ in 0..3 {
            let fill = instance
                .get_typed_func::<(), i32>(&mut store, "fill")
                .unwrap();
            let error = fill.call(&mut store, ()).unwrap_err();
            assert!(error.is::<GcHeapOutOfMemory<()>>(), "{error:?}");
            assert!(store.gc_heap_capacity() <= 1 << 20);
            let trees = instance
                .get_typed_func::<i32, i32>(&mut store, "trees")
                .unwrap();
            assert_eq!(trees.call(&mut store, 10).unwrap(), 2047);
        }
        for name in ["bytes", "longs"] {
            let make = instance
                .get_typed_func::<i32, i32>(&mut store, name)
                .unwrap();
            for len in [1 << 20, 1 << 28] {
                let error = make.call(&mut store, len).unwrap_err();
                assert!(
                    error.is::<GcHeapOutOfMemory<()>>(),
                    "{name} {len}: {error:?}"
                );
            }
            for len in [0, 1, 1 << 14] {
                assert_eq!(make.call(&mut store, len).unwrap(), len);
            }
        }
    }
}

/// References are kept by all activations of a store, not by the innermost alone.
#[test]
fn nested_calls() {
    for config in configs() {
        let engine = Engine::new(&config).unwrap();
        let mut store: Store<Option<TypedFunc<i32, i32>>> = Store::new(&engine, None);
        let wat = r#"
            (import "" "again" (func $again (param i32) (result i32)))
            (type $cell (struct (field i32)))
            (func (export "run") (param $n i32) (result i32)
                (local $cell (ref $cell))
                (local.set $cell (struct.new $cell (local.get $n)))
                (struct.new $cell (local.get $n))
                (call $again (local.get $n))
                (i32.add (struct.get $cell 0 (local.get $cell)))
                (local.set $n)
                (struct.get $cell 0)
                (i32.add (local.get $n)))"#;
        let again = Func::wrap(
            &mut store,
            |mut caller: Caller<'_, Option<TypedFunc<i32, i32>>>, n: i32| {
                caller.gc(None)?;
                let run = caller.data().expect("it is set");
                let result = match n {
                    0 => 0,
                    n => run.call(&mut caller, n - 1)?,
                };
                caller.gc(None)?;
                wasmetal::Result::Ok(result)
            },
        );
        let module = module(&engine, wat);
        let instance = Instance::new(&mut store, &module, &[again.into()]).unwrap();
        let run = instance
            .get_typed_func::<i32, i32>(&mut store, "run")
            .unwrap();
        *store.data_mut() = Some(run);
        assert_eq!(run.call(&mut store, 20).unwrap(), 2 * 210);
    }
}

#[test]
fn roots_of_a_host_function_end_with_its_call() {
    let engine = Engine::new(&config()).unwrap();
    let mut store: Store<Option<(Rooted<StructRef>, OwnedRooted<StructRef>)>> =
        Store::new(&engine, None);
    let wat = r#"
        (import "" "keep" (func $keep (param structref)))
        (type $cell (struct (field i32)))
        (func (export "run") (call $keep (struct.new $cell (i32.const 5))))"#;
    type State = Option<(Rooted<StructRef>, OwnedRooted<StructRef>)>;
    let keep = Func::wrap(
        &mut store,
        |mut caller: Caller<'_, State>, object: Option<Rooted<StructRef>>| {
            let object = object.expect("it is not null");
            let owned = object.to_owned_rooted(&mut caller)?;
            *caller.data_mut() = Some((object, owned));
            wasmetal::Result::Ok(())
        },
    );
    let module = module(&engine, wat);
    let instance = Instance::new(&mut store, &module, &[keep.into()]).unwrap();
    let run = instance
        .get_typed_func::<(), ()>(&mut store, "run")
        .unwrap();
    run.call(&mut store, ()).unwrap();
    let (rooted, owned) = store.data_mut().take().unwrap();
    store.gc(None).unwrap();
    check_error(rooted.field(&mut store, 0), &["unrooted"]);
    assert_eq!(owned.field(&mut store, 0).unwrap().unwrap_i32(), 5);
}

/// Whatever a reference holds, generated code and the collector stay in the heap.
#[test]
fn corrupt_references() {
    let fields: String = (0..2000).map(|_| "(field (mut i64))").collect();
    let wat = format!(
        r#"
        (type $cell (struct (field (mut i32)) (field (mut (ref null $cell)))))
        (type $large (struct {fields}))
        (type $array (array (mut i64)))
        (func (export "get") (param (ref null $cell)) (struct.get $cell 0 (local.get 0)) drop)
        (func (export "set") (param (ref null $cell))
            (struct.set $cell 1 (local.get 0) (ref.null $cell)))
        (func (export "far") (param (ref null $large)) (struct.get $large 1999 (local.get 0)) drop)
        (func (export "set_far") (param (ref null $large))
            (struct.set $large 1999 (local.get 0) (i64.const 0)))
        (func (export "len") (param (ref null $array)) (array.len (local.get 0)) drop)
        (func (export "element") (param (ref null $array))
            (array.get $array (local.get 0) (i32.const 0x7fffffff)) drop)
        (func (export "fill") (param (ref null $array))
            (array.fill $array (local.get 0) (i32.const 0) (i64.const 0) (i32.const 9)))
        (func (export "copy") (param (ref null $array))
            (array.copy $array $array (local.get 0) (i32.const 0)
                (array.new $array (i64.const 0) (i32.const 9)) (i32.const 0) (i32.const 9)))
        (global $kept (mut (ref null $cell)) (ref.null $cell))
        (func (export "keep") (param (ref null $cell)) (global.set $kept (local.get 0)))
        (func (export "cast") (param anyref)
            (ref.test (ref $cell) (local.get 0)) drop)
        (func (export "make") (result i32)
            (struct.get $cell 0 (struct.new $cell (i32.const 7) (ref.null $cell))))"#
    );
    let references = [
        0,
        8,
        4096,
        1 << 20,
        (1 << 31) + 8,
        u32::MAX - 7,
        0xdead_beec,
        4100,
    ];
    let names = [
        "get", "set", "far", "set_far", "len", "element", "fill", "copy", "cast", "keep",
    ];
    for config in configs() {
        for name in names {
            for reference in references {
                let (mut store, instance) = instance(&config, &wat);
                let make = instance
                    .get_typed_func::<(), i32>(&mut store, "make")
                    .unwrap();
                make.call(&mut store, ()).unwrap();
                let func = instance.get_func(&mut store, name).unwrap();
                // SAFETY: that the type is a lie is the point: nothing but the heap may be accessed.
                let func = unsafe { TypedFunc::<u32, ()>::new_unchecked(&store, func) };
                let _ = func.call(&mut store, reference);
                // A collection that meets it is an error, and all later allocations are.
                let _ = store.gc(None);
                let _ = make.call(&mut store, ());
            }
        }
    }
}

#[test]
fn null_references() {
    let wat = r#"
        (type $cell (struct (field (mut i32))))
        (type $array (array (mut i32)))
        (func (export "get") (struct.get $cell 0 (ref.null $cell)) drop)
        (func (export "set") (struct.set $cell 0 (ref.null $cell) (i32.const 1)))
        (func (export "len") (array.len (ref.null $array)) drop)
        (func (export "element") (array.get $array (ref.null $array) (i32.const 0)) drop)
        (func (export "no_element")
            (array.get $array (array.new $array (i32.const 0) (i32.const 3)) (i32.const 3)) drop)"#;
    for config in configs() {
        let (mut store, instance) = instance(&config, wat);
        for name in ["get", "set", "len", "element", "no_element"] {
            let func = instance.get_typed_func::<(), ()>(&mut store, name).unwrap();
            let error = func.call(&mut store, ()).unwrap_err();
            let expected = match name {
                "no_element" => Trap::ArrayOutOfBounds,
                _ => Trap::NullReference,
            };
            assert_eq!(error.downcast_ref::<Trap>(), Some(&expected), "{name}");
        }
    }
}

#[test]
fn zeal_is_as_often_as_it_says() {
    let mut config = config();
    config.gc_zeal_alloc_counter(NonZeroU32::new(1));
    let (mut store, instance) = instance(&config, DEEP);
    let fill = instance
        .get_typed_func::<i32, i32>(&mut store, "trees")
        .unwrap();
    assert_eq!(fill.call(&mut store, 6).unwrap(), 127);
    // All is garbage, and the heap never grew.
    assert_eq!(store.gc_heap_capacity(), 1 << 20);
}
