//! Memories with pages of one byte: exact bounds, growth, and no address space of their own.

use crate::support::{check_error, config, engines, instantiate};
use wasmetal::{Engine, Memory, MemoryType, Module, Store, Trap};
use wasmetal_platform::fake::Fake;

fn small(minimum: u64, maximum: Option<u64>) -> MemoryType {
    let mut builder = MemoryType::builder();
    builder.page_size_log2(0).min(minimum).max(maximum);
    builder.build().unwrap()
}

#[test]
fn bounds_are_exact() {
    let wat = r#"
        (memory (export "m") 5 (pagesize 1))
        (data (i32.const 1) "abcd")
        (func (export "load8") (param i32) (result i32) (i32.load8_u (local.get 0)))
        (func (export "load32") (param i32) (result i32) (i32.load (local.get 0)))
        (func (export "store32") (param i32) (result i32)
            (i32.store (local.get 0) (i32.const 0)) (i32.const 0))
        (func (export "far") (param i32) (result i32) (i32.load8_u offset=0xffffffff (local.get 0)))
        (func (export "constant") (param i32) (result i32) (i32.load8_u (i32.const 5)))
        (func (export "fill") (param i32) (result i32)
            (memory.fill (local.get 0) (i32.const 0) (i32.const 1)) (i32.const 0))
        (func (export "size") (param i32) (result i32) (memory.size))
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    "#;
    let mut unguarded = config();
    unguarded.spectre_mitigation(false);
    let [faults, explicit] = engines();
    for engine in [faults, explicit, Engine::new(&unguarded).unwrap()] {
        let (mut store, instance) = instantiate(&engine, wat, &[]).unwrap();
        let mut call = |name: &str, argument: u32| {
            let f = instance
                .get_typed_func::<i32, i32>(&mut store, name)
                .unwrap();
            f.call(&mut store, argument.cast_signed())
        };
        let out_of_bounds = |result: wasmetal::Result<i32>| {
            let error = result.unwrap_err();
            let trap = error.downcast_ref::<Trap>();
            assert_eq!(trap, Some(&Trap::MemoryOutOfBounds), "{error:?}");
        };
        assert_eq!(call("load32", 1).unwrap(), i32::from_le_bytes(*b"abcd"));
        out_of_bounds(call("constant", 0));
        let mut size = 5;
        for grow in [0, 1, 2, 100, 65536, 1 << 20] {
            assert_eq!(call("grow", grow).unwrap(), size as i32);
            size += grow;
            assert_eq!(call("size", 0).unwrap(), size as i32);
            call("load8", size - 1).unwrap();
            call("load32", size - 4).unwrap();
            call("store32", size - 4).unwrap();
            call("fill", size - 1).unwrap();
            for index in [size, size + 1, size + 4096, 1 << 31, u32::MAX] {
                for name in ["load8", "load32", "store32", "fill", "far"] {
                    out_of_bounds(call(name, index));
                }
            }
            for index in [size - 3, size - 1] {
                out_of_bounds(call("load32", index));
                out_of_bounds(call("store32", index));
            }
        }
        assert_eq!(call("grow", u32::MAX).unwrap(), -1);
    }
}

/// In the heap, then in pages: what it holds comes along, and what is new is zero.
#[test]
fn growth() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let memory = Memory::new(&mut store, small(3, Some(200_000))).unwrap();
        memory.write(&mut store, 0, b"abc").unwrap();
        let mut size = 3;
        for delta in [1, 10, 1000, 60_000, 5_000, 100_000] {
            assert_eq!(memory.grow(&mut store, delta).unwrap(), size);
            size += delta;
            assert_eq!(memory.data_size(&store) as u64, size);
            assert_eq!(memory.size(&store), size);
            assert_eq!(memory.page_size(&store), 1);
            let data = memory.data(&store);
            assert_eq!(&data[..3], b"abc");
            assert!(data[3..].iter().all(|byte| *byte == 0));
        }
        check_error(memory.grow(&mut store, 200_000 - size + 1), &["grow"]);
        memory.grow(&mut store, 200_000 - size).unwrap();
        let empty = Memory::new(&mut store, small(0, Some(0))).unwrap();
        assert!(empty.data(&store).is_empty());
        check_error(empty.grow(&mut store, 1), &["grow"]);
    }
}

/// No reservation and no page for any of them.
#[test]
fn small_memories_take_no_pages() {
    let fake = Box::leak(Box::new(Fake::over(wasmetal_platform_linux::platform())));
    let engine = Engine::new(&wasmetal::Config::new(fake)).unwrap();
    let memories = r#"(memory 64 (pagesize 1)) (data (memory 0) (i32.const 0) "x")"#;
    let module = Module::new(&engine, format!("(module {memories})")).unwrap();
    let host = small(7, None);
    let mut store = Store::new(&engine, ());
    let before = (fake.live_reservations(), fake.committed_pages());
    for _ in 0..100 {
        wasmetal::Instance::new(&mut store, &module, &[]).unwrap();
        Memory::new(&mut store, host.clone()).unwrap();
    }
    assert_eq!((fake.live_reservations(), fake.committed_pages()), before);
}

#[test]
fn types() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let memory = Memory::new(&mut store, small(3, None)).unwrap();
        // Pages of another size are another type.
        let import = |wat: &str| {
            let module = Module::new(&engine, wat).unwrap();
            wasmetal::Instance::new(&mut store, &module, &[memory.into()])
        };
        let mut import = import;
        import(r#"(module (import "" "" (memory 3 (pagesize 1))))"#).unwrap();
        check_error(
            import(r#"(module (import "" "" (memory 0)))"#),
            &["pagesize 1"],
        );
        check_error(
            import(r#"(module (import "" "" (memory 4 (pagesize 1))))"#),
            &["pagesize 1"],
        );
    }
}
