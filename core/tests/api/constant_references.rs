//! Immutable globals with references: constants to Wasm, but the collector moves what they refer to. Each module reads one
//! before and after collections, by all the ways that references take, and on all engines.

use crate::support::{config, module};
use std::num::NonZeroU32;
use wasmetal::compile::OptLevel;
use wasmetal::{
    Config, Engine, ExternRef, FieldType, Global, GlobalType, Instance, Mutability, StorageType,
    Store, StructRef, StructRefPre, StructType, Val, ValType,
};

fn engines() -> Vec<Engine> {
    let settings: &[fn(&mut Config)] = &[
        |_| {},
        |config| {
            config.explicit_checks(true);
        },
        |config| {
            config.cranelift_opt_level(OptLevel::None);
        },
        |config| {
            config.gc_zeal_alloc_counter(NonZeroU32::new(1));
        },
        |config| {
            config.gc_zeal_alloc_counter(NonZeroU32::new(7));
        },
        |config| {
            config
                .explicit_checks(true)
                .gc_zeal_alloc_counter(NonZeroU32::new(1));
        },
    ];
    let engine = |set: &fn(&mut Config)| {
        let mut config = config();
        set(&mut config);
        Engine::new(&config).unwrap()
    };
    settings.iter().map(engine).collect()
}

/// Types and a function that fills the heap, whose value is what the garbage is made of.
const GARBAGE: &str = "
    (type $b (array (mut i32)))
    (global $last (mut (ref null $b)) (ref.null $b))
    (func $work (param i32 i32)
        (loop $l
            (global.set $last (array.new $b (local.get 1) (i32.and (local.get 0) (i32.const 1023))))
            (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))";

/// The function `run` of a module with [`GARBAGE`] and this text has these results, whatever the garbage is made of.
fn check(wat: &str, expected: &[i64]) {
    for engine in engines() {
        let module = module(&engine, &format!("(module {GARBAGE} {wat})"));
        for garbage in [0, -1, 0x41, 0x4141_4141] {
            let mut store = Store::new(&engine, ());
            let instance = Instance::new(&mut store, &module, &[]).unwrap();
            let run = instance.get_func(&mut store, "run").unwrap();
            let mut results = vec![Val::I32(0); expected.len()];
            for _ in 0..2 {
                run.call(&mut store, &[Val::I32(garbage)], &mut results)
                    .unwrap_or_else(|e| panic!("{e:?} with {garbage:x}\n{wat}"));
                let found: Vec<_> = results
                    .iter()
                    .map(|value| match value {
                        Val::I32(value) => (*value).into(),
                        Val::I64(value) => *value,
                        other => panic!("{other:?}"),
                    })
                    .collect();
                assert_eq!(found, expected, "{garbage:x}\n{wat}");
            }
        }
    }
}

#[test]
fn fields_of_a_global() {
    check(
        "(type $s (struct (field i32) (field i32)))
         (global $g (ref $s) (struct.new $s (i32.const 42) (i32.const 7)))
         (func (export \"run\") (param i32) (result i32 i32)
            (struct.get $s 0 (global.get $g))
            (call $work (i32.const 3000) (local.get 0))
            (struct.get $s 0 (global.get $g)))",
        &[42, 42],
    );
}

#[test]
fn a_global_is_itself() {
    check(
        "(type $s (struct (field (mut i32))))
         (global $g (ref $s) (struct.new $s (i32.const 42)))
         (global $m (mut (ref null $s)) (ref.null $s))
         (func (export \"run\") (param i32) (result i32 i32)
            (global.set $m (global.get $g))
            (ref.eq (global.get $m) (global.get $g))
            (call $work (i32.const 3000) (local.get 0))
            (ref.eq (global.get $m) (global.get $g)))",
        &[1, 1],
    );
}

/// Stores to what a path leads to are found by a function that reads it anew.
#[test]
fn stores_after_a_collection() {
    let ways = [
        "(global.get $g)",
        "(struct.get $box 0 (global.get $b))",
        "(array.get $arr (global.get $a) (i32.const 0))",
        "(ref.cast (ref $m) (global.get $any))",
        "(ref.cast (ref $m) (any.convert_extern (global.get $ext)))",
        "(struct.get $box 0 (local.get $x))",
        "(array.get $arr (local.get $y) (i32.const 0))",
    ];
    let collections = [
        "(call $work (i32.const 3000) (local.get 0))",
        // In line: the collection is in this function.
        "(local.set $i (i32.const 0))
         (loop $l
            (drop (array.new $b (local.get 0) (i32.const 512)))
            (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 3000))))",
    ];
    for way in ways {
        for collect in collections {
            check(
                &format!(
                    "(type $m (struct (field (mut i32))))
                     (type $box (struct (field (ref $m))))
                     (type $arr (array (ref $m)))
                     (global $g (ref $m) (struct.new $m (i32.const 0)))
                     (global $b (ref $box) (struct.new $box (struct.new $m (i32.const 0))))
                     (global $a (ref $arr) (array.new_fixed $arr 1 (struct.new $m (i32.const 0))))
                     (global $any (ref any) (struct.new $m (i32.const 0)))
                     (global $ext externref (extern.convert_any (struct.new $m (i32.const 0))))
                     (func $read (param $x (ref $box)) (param $y (ref $arr)) (result i32)
                        (struct.get $m 0 {way}))
                     (func (export \"run\") (param i32) (result i32)
                        (local $i i32) (local $x (ref $box)) (local $y (ref $arr))
                        (local.set $x (struct.new $box (struct.new $m (i32.const 0))))
                        (local.set $y (array.new_fixed $arr 1 (struct.new $m (i32.const 0))))
                        (struct.set $m 0 {way} (i32.const 1))
                        {collect}
                        (struct.set $m 0 {way} (i32.const 2))
                        (call $read (local.get $x) (local.get $y)))"
                ),
                &[2],
            );
        }
    }
}

/// A function reference in an object, among others: the old place of the object holds whatever the guest likes.
#[test]
fn references_in_a_global() {
    let with = |read: &str, expected| {
        check(
            &format!(
                "(type $f (func (result i32)))
                 (type $n (struct (field i64)))
                 (type $s (struct (field (ref $f)) (field externref) (field (ref null $n))))
                 (func $seven (type $f) (i32.const 7))
                 (elem declare func $seven)
                 (global $g (ref $s)
                    (struct.new $s (ref.func $seven) (ref.null extern) (struct.new $n (i64.const 5))))
                 (func (export \"run\") (param i32) (result i64)
                    (drop (struct.get $s 0 (global.get $g)))
                    (call $work (i32.const 3000) (local.get 0))
                    {read})"
            ),
            &[expected],
        );
    };
    with(
        "(i64.extend_i32_u (call_ref $f (struct.get $s 0 (global.get $g))))",
        7,
    );
    with(
        "(i64.extend_i32_u (ref.is_null (struct.get $s 1 (global.get $g))))",
        1,
    );
    with("(struct.get $n 0 (struct.get $s 2 (global.get $g)))", 5);
}

/// What compilers of Kotlin and Java emit.
#[test]
fn vtables_in_globals() {
    check(
        "(rec
            (type $vtable (struct (field (ref $area))))
            (type $area (func (param (ref $object)) (result i32)))
            (type $object (sub (struct (field (ref $vtable)) (field (mut i32))))))
         (func $square (type $area)
            (i32.mul (struct.get $object 1 (local.get 0)) (struct.get $object 1 (local.get 0))))
         (elem declare func $square)
         (global $vt (ref $vtable) (struct.new $vtable (ref.func $square)))
         (func (export \"run\") (param $n i32) (result i32) (local $sum i32) (local $o (ref null $object))
            (local.set $n (i32.const 100000))
            (loop $l
                (local.set $o (struct.new $object (global.get $vt) (i32.const 1)))
                (local.set $sum (i32.add (local.get $sum)
                    (call_ref $area (ref.as_non_null (local.get $o))
                        (struct.get $vtable 0 (struct.get $object 0 (local.get $o))))))
                (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (local.get $sum))",
        &[100_000],
    );
}

/// Immutable globals that the host made, and that are imported.
#[test]
fn constants_of_the_host() {
    for engine in engines() {
        let module = module(
            &engine,
            &format!(
                "(module
                    (import \"\" \"x\" (global $x externref))
                    (import \"\" \"y\" (global $y anyref))
                    (type $s (struct (field i32)))
                    {GARBAGE}
                    (func (export \"x\") (param i32) (result externref externref)
                        (global.get $x)
                        (call $work (local.get 0) (i32.const 17))
                        (global.get $x))
                    (func (export \"y\") (param i32) (result i32 i32)
                        (struct.get $s 0 (ref.cast (ref $s) (global.get $y)))
                        (call $work (local.get 0) (i32.const 17))
                        (struct.get $s 0 (ref.cast (ref $s) (global.get $y)))))"
            ),
        );
        let mut store = Store::new(&engine, ());
        let x = ExternRef::new(&mut store, 5_u32).unwrap();
        let ty = StructType::new(
            &engine,
            [FieldType::new(
                Mutability::Const,
                StorageType::ValType(ValType::I32),
            )],
        )
        .unwrap();
        let pre = StructRefPre::new(&mut store, ty);
        let y = StructRef::new(&mut store, &pre, &[Val::I32(42)]).unwrap();
        let imports = [
            (ValType::EXTERNREF, Val::ExternRef(Some(x))),
            (ValType::ANYREF, Val::AnyRef(Some(y.to_anyref()))),
        ]
        .map(|(ty, value)| {
            let ty = GlobalType::new(ty, Mutability::Const);
            Global::new(&mut store, ty, value).unwrap().into()
        });
        let instance = Instance::new(&mut store, &module, &imports).unwrap();
        for n in [1, 3000, 10_000] {
            let y = instance.get_typed_func::<i32, (i32, i32)>(&mut store, "y");
            assert_eq!(y.unwrap().call(&mut store, n).unwrap(), (42, 42));
            let x = instance.get_func(&mut store, "x").unwrap();
            let mut results = [Val::I32(0), Val::I32(0)];
            x.call(&mut store, &[Val::I32(n)], &mut results).unwrap();
            for value in results {
                let data = value.unwrap_externref().unwrap().data(&store).unwrap();
                assert_eq!(data.unwrap().downcast_ref::<u32>(), Some(&5));
            }
        }
    }
}
