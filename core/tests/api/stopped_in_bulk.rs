//! Bulk operators and allocations that are stopped at any moment: what they write to is whole, and the store goes on.

use crate::support::{Random, config, module};
use std::fmt::Write as _;
use std::time::Duration;
use wasmetal::{
    Engine, ExternRef, Instance, Ref, RootScope, Rooted, Store, StoreLimitsBuilder, Trap,
};

/// What is done without end: a name, and the operators. Parameter 0 is a host value.
type Endless = (&'static str, &'static str);

const PLAIN: &[Endless] = &[
    (
        "table.grow, not null",
        "(drop (table.grow $functions (ref.func $seven) (i32.const 2000)))",
    ),
    (
        "table.grow",
        "(drop (table.grow $hosts (local.get 0) (i32.const 2000)))",
    ),
    (
        "table.fill",
        "(table.fill $hosts (i32.const 0) (local.get 0) (table.size $hosts))",
    ),
    (
        "table.copy",
        "(table.copy $functions $functions (i32.const 1) (i32.const 0)
            (i32.sub (table.size $functions) (i32.const 1)))",
    ),
    (
        "memory.fill",
        "(memory.fill (i32.const 0) (i32.const 5) (i32.const 2000000))",
    ),
    (
        "memory.copy",
        "(memory.copy (i32.const 1) (i32.const 0) (i32.const 2000000))
         (memory.copy (i32.const 0) (i32.const 1) (i32.const 2000000))",
    ),
    ("memory.grow", "(drop (memory.grow (i32.const 1)))"),
];

const MODULE: &str = r#"
    (memory (export "memory") 40 60)
    (table $functions (export "functions") 10 50000 (ref func) (ref.func $seven))
    (table $hosts (export "hosts") 10 50000 externref)
    (type $seven (func (result i32)))
    (func $seven (export "seven") (type $seven) (i32.const 7))
    ;; How many elements are no function that gives 7.
    (func (export "check") (result i32) (local $i i32) (local $wrong i32)
        (loop $next
            (local.set $wrong (i32.add (local.get $wrong)
                (i32.ne (i32.const 7)
                    (call_indirect $functions (type $seven) (local.get $i)))))
            (br_if $next (i32.lt_u
                (local.tee $i (i32.add (local.get $i) (i32.const 1)))
                (table.size $functions))))
        (local.get $wrong))"#;

const OBJECTS: &[Endless] = &[
    (
        "array.new",
        "(global.set $cells
            (array.new $cells (struct.new $cell (i32.const 42)) (i32.const 20000)))",
    ),
    (
        "array.copy",
        "(array.copy $cells $cells (global.get $cells) (i32.const 0)
            (global.get $cells) (i32.const 1) (i32.const 19999))",
    ),
    (
        "array.fill",
        "(array.fill $cells (global.get $cells) (i32.const 0)
            (struct.new $cell (i32.const 42)) (i32.const 20000))",
    ),
    (
        "array.new of other lengths",
        "(global.set $length
            (i32.and (i32.const 0xffff) (i32.add (global.get $length) (i32.const 997))))
         (global.set $longs (array.new $longs (i64.const 3) (global.get $length)))",
    ),
];

const MODULE_WITH_OBJECTS: &str = r#"
    (type $cell (struct (field i32)))
    (type $cells (array (mut (ref $cell))))
    (type $longs (array (mut i64)))
    (global $cells (mut (ref $cells))
        (array.new $cells (struct.new $cell (i32.const 42)) (i32.const 20000)))
    (global $longs (mut (ref $longs)) (array.new $longs (i64.const 3) (i32.const 5)))
    (global $length (mut i32) (i32.const 0))
    ;; How many elements are not what they all are.
    (func (export "check objects") (result i32) (local $i i32) (local $wrong i32)
        (loop $next
            (local.set $wrong (i32.add (local.get $wrong)
                (i32.ne (i32.const 42)
                    (struct.get $cell 0 (array.get $cells (global.get $cells) (local.get $i))))))
            (br_if $next (i32.lt_u
                (local.tee $i (i32.add (local.get $i) (i32.const 1)))
                (array.len (global.get $cells)))))
        (local.set $i (array.len (global.get $longs)))
        (block $done
            (loop $next
                (br_if $done (i32.eqz (local.get $i)))
                (local.set $i (i32.sub (local.get $i) (i32.const 1)))
                (local.set $wrong (i32.add (local.get $wrong)
                    (i64.ne (i64.const 3)
                        (array.get $longs (global.get $longs) (local.get $i)))))
                (br $next)))
        (local.get $wrong))"#;

fn check(engine: &Engine, wat: &str, endless: &[Endless], checks: &[&str]) {
    let mut wat = wat.to_owned();
    for (name, operators) in endless {
        write!(
            wat,
            r#"(func (export "{name}") (param externref) (loop $again {operators} (br $again)))"#
        )
        .unwrap();
    }
    let limits = StoreLimitsBuilder::new().gc_heap_size(8 << 20).build();
    let mut store = Store::new(engine, limits);
    store.limiter(|limits| limits);
    let instance = Instance::new(&mut store, &module(engine, &wat), &[]).unwrap();
    let memory = instance.get_memory(&mut store, "memory").unwrap();
    let hosts = instance.get_table(&mut store, "hosts").unwrap();
    let value = ExternRef::new(&mut store, 5_u32).unwrap();
    let mut random = Random(1);
    for round in 0..10 {
        for (name, _) in endless {
            let f = instance.get_typed_func::<Option<Rooted<ExternRef>>, ()>(&mut store, name);
            let after = Duration::from_nanos(random.below(1_000_000) as u64);
            store.set_deadline(Some(after)).unwrap();
            let error = f.unwrap().call(&mut store, Some(value)).unwrap_err();
            store.set_deadline(None).unwrap();
            assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt), "{name}");
            if round % 3 == 0 {
                store.gc(None).unwrap();
            }
            for check in checks {
                let check = instance.get_typed_func::<(), i32>(&mut store, check);
                assert_eq!(check.unwrap().call(&mut store, ()).unwrap(), 0, "{name}");
            }
            let bytes = memory.data(&store);
            assert!(bytes.iter().all(|byte| [0, 5].contains(byte)), "{name}");
            let mut scope = RootScope::new(&mut store);
            for at in (0..hosts.size(&scope)).step_by(7) {
                match hosts.get(&mut scope, at) {
                    Some(Ref::Extern(None)) => {}
                    Some(Ref::Extern(Some(found))) => {
                        assert!(Rooted::ref_eq(&scope, &found, &value).unwrap(), "{name}");
                    }
                    other => panic!("{name}: {other:?}"),
                }
            }
        }
    }
    let data = value.data(&store).unwrap().unwrap();
    assert_eq!(data.downcast_ref::<u32>(), Some(&5));
}

#[test]
fn what_is_written_to_is_whole() {
    for explicit in [false, true] {
        let mut config = config();
        config
            .explicit_checks(explicit)
            .gc_heap_initial_size(1 << 20);
        let engine = Engine::new(&config).unwrap();
        check(&engine, MODULE, PLAIN, &["check"]);
        if cfg!(feature = "gc") {
            let wat = format!("{MODULE} {MODULE_WITH_OBJECTS}");
            check(&engine, &wat, OBJECTS, &["check", "check objects"]);
        }
    }
}
