//! Active, passive and dropped segments, small and large.

use crate::support::{engine, engines, instantiate, module};
use wasmetal::{Instance, Memory, MemoryType, Store, Trap};

const PASSIVE: &str = r#"
    (memory (export "m") 1)
    (table (export "t") 10 funcref)
    (data $passive "abcdef")
    (data $active (i32.const 100) "xyz")
    (elem $functions func $f $f)
    (elem $expressions funcref (ref.null func) (ref.func $f))
    (elem $declared declare func $f)
    (func $f (result i32) (i32.const 6))
    (func (export "memory_init") (param i32 i32 i32)
        (memory.init $passive (local.get 0) (local.get 1) (local.get 2)))
    (func (export "memory_init_active") (param i32 i32 i32)
        (memory.init $active (local.get 0) (local.get 1) (local.get 2)))
    (func (export "data_drop") (data.drop $passive))
    (func (export "table_init") (param i32 i32 i32)
        (table.init $functions (local.get 0) (local.get 1) (local.get 2)))
    (func (export "table_init_expressions") (param i32 i32 i32)
        (table.init $expressions (local.get 0) (local.get 1) (local.get 2)))
    (func (export "table_init_declared") (param i32 i32 i32)
        (table.init $declared (local.get 0) (local.get 1) (local.get 2)))
    (func (export "elem_drop") (elem.drop $functions))"#;

fn run(store: &mut Store<()>, instance: Instance, name: &str, [a, b, c]: [i32; 3]) -> Option<Trap> {
    let f = instance
        .get_typed_func::<(i32, i32, i32), ()>(&mut *store, name)
        .unwrap();
    f.call(store, (a, b, c))
        .err()
        .map(|error| *error.downcast_ref::<Trap>().unwrap())
}

fn drop_segment(store: &mut Store<()>, instance: Instance, name: &str) {
    instance
        .get_typed_func::<(), ()>(&mut *store, name)
        .unwrap()
        .call(store, ())
        .unwrap();
}

#[test]
fn data() {
    const TRAP: Option<Trap> = Some(Trap::MemoryOutOfBounds);
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, PASSIVE, &[]).unwrap();
        let memory = instance.get_memory(&mut store, "m").unwrap();
        assert_eq!(memory.data(&store)[100..104], *b"xyz\0");
        let check = |store: &mut Store<()>, params, expected| {
            assert_eq!(
                run(store, instance, "memory_init", params),
                expected,
                "{params:?}"
            );
        };
        check(&mut store, [65534, 2, 2], None);
        assert_eq!(memory.data(&store)[65534..], *b"cd");
        check(&mut store, [65536, 6, 0], None);
        check(&mut store, [65535, 0, 2], TRAP);
        check(&mut store, [0, 5, 2], TRAP);
        check(&mut store, [0, 7, 0], TRAP);
        check(&mut store, [65537, 0, 0], TRAP);
        check(&mut store, [-1, 0, 2], TRAP);
        check(&mut store, [0, -1, 2], TRAP);
        check(&mut store, [0, 0, -1], TRAP);
        assert_eq!(memory.data(&store)[..4], [0; 4]);
        drop_segment(&mut store, instance, "data_drop");
        drop_segment(&mut store, instance, "data_drop");
        check(&mut store, [0, 0, 0], None);
        check(&mut store, [0, 0, 1], TRAP);
        // An active segment counts as dropped.
        assert_eq!(
            run(&mut store, instance, "memory_init_active", [0, 0, 0]),
            None
        );
        assert_eq!(
            run(&mut store, instance, "memory_init_active", [0, 0, 1]),
            TRAP
        );
    }
}

#[test]
fn elements() {
    const TRAP: Option<Trap> = Some(Trap::TableOutOfBounds);
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, PASSIVE, &[]).unwrap();
        let table = instance.get_table(&mut store, "t").unwrap();
        let filled = |store: &mut Store<()>| -> Vec<bool> {
            (0..10)
                .map(|i| table.get(&mut *store, i).unwrap().is_non_null())
                .collect()
        };
        let check = |store: &mut Store<()>, name, params, expected| {
            assert_eq!(run(store, instance, name, params), expected, "{params:?}");
        };
        check(&mut store, "table_init", [9, 0, 2], TRAP);
        check(&mut store, "table_init", [0, 1, 2], TRAP);
        check(&mut store, "table_init", [-1, 0, 2], TRAP);
        assert_eq!(filled(&mut store), [false; 10]);
        check(&mut store, "table_init", [8, 0, 2], None);
        check(&mut store, "table_init_expressions", [0, 0, 2], None);
        let mut expected = [false; 10];
        (expected[8], expected[9], expected[1]) = (true, true, true);
        assert_eq!(filled(&mut store), expected);
        check(&mut store, "table_init_declared", [0, 0, 1], TRAP);
        check(&mut store, "table_init_declared", [0, 0, 0], None);
        drop_segment(&mut store, instance, "elem_drop");
        check(&mut store, "table_init", [0, 0, 0], None);
        check(&mut store, "table_init", [0, 0, 1], TRAP);
        // Another segment of the same instance, and the same one of another, are as they were.
        check(&mut store, "table_init_expressions", [0, 1, 1], None);
        let other = Instance::new(&mut store, &module(&engine, PASSIVE), &[]).unwrap();
        assert_eq!(run(&mut store, other, "table_init", [0, 0, 1]), None);
    }
}

/// Data large enough to become a copy-on-write image, where the platform has such a thing.
#[test]
fn large_data() {
    let text: String = ('a'..='z').cycle().take(100_000).collect();
    let wat = format!(
        r#"(memory (export "m") 4)
           (data (i32.const 10) "{text}") (data (i32.const 9) "+-%") (data (i32.const 150000) "end")"#
    );
    for engine in engines() {
        let module = module(&engine, &wat);
        let mut store = Store::new(&engine, ());
        for _ in 0..3 {
            let instance = Instance::new(&mut store, &module, &[]).unwrap();
            let memory = instance.get_memory(&mut store, "m").unwrap();
            let data = memory.data_mut(&mut store);
            assert_eq!(data[..12], *b"\0\0\0\0\0\0\0\0\0+-%");
            assert_eq!(data[12..100_010], text.as_bytes()[2..]);
            assert!(data[100_010..150_000].iter().all(|&byte| byte == 0));
            assert_eq!(data[150_000..150_003], *b"end");
            assert!(data[150_003..].iter().all(|&byte| byte == 0));
            data.fill(1);
            memory.grow(&mut store, 1).unwrap();
            assert_eq!(memory.data(&store)[262_144..], [0; 65536]);
        }
    }
}

#[test]
fn large_data_into_an_imported_memory() {
    let engine = engine();
    let text: String = "0123456789".chars().cycle().take(70_000).collect();
    let importer = module(
        &engine,
        &format!(
            r#"(import "" "" (memory 1))
               (data (i32.const 0) "before") (data (i32.const 0) "{text}")"#
        ),
    );
    let mut store = Store::new(&engine, ());
    let memory = Memory::new(&mut store, MemoryType::new(1, None)).unwrap();
    let error = Instance::new(&mut store, &importer, &[memory.into()]).unwrap_err();
    assert_eq!(error.downcast_ref(), Some(&Trap::MemoryOutOfBounds));
    assert_eq!(memory.data(&store)[..7], *b"before\0");
    memory.grow(&mut store, 1).unwrap();
    Instance::new(&mut store, &importer, &[memory.into()]).unwrap();
    assert_eq!(memory.data(&store)[..70_000], *text.as_bytes());
}

#[test]
fn offsets_from_globals() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let ty = wasmetal::GlobalType::new(wasmetal::ValType::I32, wasmetal::Mutability::Const);
    let global = wasmetal::Global::new(&mut store, ty, 1000.into()).unwrap();
    let importer = module(
        &engine,
        r#"(import "" "" (global $at i32)) (memory (export "m") 1) (table (export "t") 1001 funcref)
           (data (global.get $at) "here") (elem (global.get $at) func $f) (func $f)"#,
    );
    let instance = Instance::new(&mut store, &importer, &[global.into()]).unwrap();
    let memory = instance.get_memory(&mut store, "m").unwrap();
    assert_eq!(memory.data(&store)[999..1005], *b"\0here\0");
    let table = instance.get_table(&mut store, "t").unwrap();
    assert!(table.get(&mut store, 1000).unwrap().is_non_null());
    assert!(table.get(&mut store, 999).unwrap().is_null());
}
