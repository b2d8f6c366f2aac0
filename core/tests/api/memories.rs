//! `Memory`: access, growth, limits.

use crate::support::{check_error, check_panic, config, engine, engines, instantiate, module};
use wasmetal::{Engine, Instance, Memory, MemoryType, Store, Trap};

/// Calls an export that takes and gives i32s.
#[track_caller]
fn call(
    store: &mut Store<()>,
    instance: Instance,
    name: &str,
    param: i32,
) -> wasmetal::Result<i32> {
    instance
        .get_typed_func::<i32, i32>(&mut *store, name)?
        .call(store, param)
}

const MODULE: &str = r#"
    (module
        (memory (export "memory") 1 3)
        (data (i32.const 8) "\01\02\03\04")
        (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
        (func (export "store") (param i32) (result i32)
            (i32.store (local.get 0) (i32.const -1)) (i32.const 0))
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "size") (param i32) (result i32) (memory.size)))"#;

#[test]
fn host_and_wasm_see_the_same_bytes() {
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, MODULE, &[]).unwrap();
        let memory = instance.get_memory(&mut store, "memory").unwrap();
        assert_eq!(memory.data(&store)[8..13], [1, 2, 3, 4, 0]);
        assert_eq!(call(&mut store, instance, "load", 8).unwrap(), 0x0403_0201);
        memory.write(&mut store, 65532, &[0, 0, 0, 0x80]).unwrap();
        assert_eq!(call(&mut store, instance, "load", 65532).unwrap(), i32::MIN);
        call(&mut store, instance, "store", 100).unwrap();
        let mut bytes = [0; 6];
        memory.read(&store, 99, &mut bytes).unwrap();
        assert_eq!(bytes, [0, 0xff, 0xff, 0xff, 0xff, 0]);
        memory.data_mut(&mut store)[99] = 7;
        assert_eq!(memory.data(&store)[99], 7);
        assert_eq!(
            memory.data_ptr(&store),
            memory.data(&store).as_ptr().cast_mut()
        );
    }
}

#[test]
fn access_outside_is_an_error_and_changes_nothing() {
    let (mut store, instance) = instantiate(&engine(), MODULE, &[]).unwrap();
    let memory = instance.get_memory(&mut store, "memory").unwrap();
    for (offset, len) in [
        (65536, 1),
        (65535, 2),
        (usize::MAX, 1),
        (usize::MAX - 3, 8),
        (0, 65537),
    ] {
        let mut bytes = vec![0xee; len];
        let error = memory.read(&store, offset, &mut bytes).unwrap_err();
        assert_eq!(error.to_string(), "out of bounds memory access");
        assert!(bytes.iter().all(|&byte| byte == 0xee));
        memory.write(&mut store, offset, &bytes).unwrap_err();
    }
    assert_eq!(memory.data(&store)[65535], 0);
    memory.read(&store, 65536, &mut []).unwrap();
}

#[test]
fn wasm_traps_at_the_end_of_a_memory_and_not_before() {
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, MODULE, &[]).unwrap();
        for name in ["load", "store"] {
            for address in [65533, 65535, 65536, 0x7fff_ffff, i32::MIN, -4, -1] {
                let error = call(&mut store, instance, name, address).unwrap_err();
                assert_eq!(
                    error.downcast_ref(),
                    Some(&Trap::MemoryOutOfBounds),
                    "{address:#x}"
                );
            }
            call(&mut store, instance, name, 65532).unwrap();
        }
        // What the failed stores would have written in part is as it was.
        let memory = instance.get_memory(&mut store, "memory").unwrap();
        assert_eq!(
            memory.data(&store)[65528..],
            [0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]
        );
    }
}

#[test]
fn growth() {
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, MODULE, &[]).unwrap();
        let memory = instance.get_memory(&mut store, "memory").unwrap();
        assert_eq!((memory.size(&store), memory.data_size(&store)), (1, 65536));
        memory.data_mut(&mut store)[65535] = 9;
        assert_eq!(call(&mut store, instance, "grow", 0).unwrap(), 1);
        assert_eq!(call(&mut store, instance, "grow", 1).unwrap(), 1);
        assert_eq!(memory.size(&store), 2);
        assert_eq!(memory.data(&store)[65535..65538], [9, 0, 0]);
        assert_eq!(call(&mut store, instance, "load", 131_068).unwrap(), 0);
        assert_eq!(memory.grow(&mut store, 1).unwrap(), 2);
        assert_eq!(call(&mut store, instance, "size", 0).unwrap(), 3);
        // The maximum is reached.
        assert_eq!(call(&mut store, instance, "grow", 1).unwrap(), -1);
        assert_eq!(call(&mut store, instance, "grow", -1).unwrap(), -1);
        check_error(
            memory.grow(&mut store, 1),
            &["failed to grow memory by `1`"],
        );
        check_error(
            memory.grow(&mut store, u64::MAX),
            &["failed to grow memory by"],
        );
        assert_eq!(memory.grow(&mut store, 0).unwrap(), 3);
        assert_eq!((memory.size(&store), memory.ty(&store).minimum()), (3, 1));
    }
}

#[test]
fn a_memory_that_moves_takes_its_importers_along() {
    let mut config = config();
    config.memory_reservation(0).memory_guard_size(0);
    for explicit in [false, true] {
        config.explicit_checks(explicit);
        let engine = Engine::new(&config).unwrap();
        let (mut store, exporter) = instantiate(
            &engine,
            r#"(memory (export "memory") 1) (data (i32.const 0) "\2a")"#,
            &[],
        )
        .unwrap();
        let memory = exporter.get_memory(&mut store, "memory").unwrap();
        let importer = module(
            &engine,
            r#"
            (import "" "" (memory 1))
            (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
            (func (export "grow") (param i32) (result i32)
                (drop (memory.grow (local.get 0)))
                (i32.store8 (i32.const 1) (i32.const 43))
                (i32.load8_u (i32.const 0)))"#,
        );
        let importer = Instance::new(&mut store, &importer, &[memory.into()]).unwrap();
        let before = memory.data_ptr(&store);
        assert_eq!(call(&mut store, importer, "grow", 100).unwrap(), 42);
        assert_ne!(memory.data_ptr(&store), before);
        assert_eq!(memory.data(&store)[..2], [42, 43]);
        memory.data_mut(&mut store)[100 * 65536] = 44;
        assert_eq!(call(&mut store, importer, "load", 100 * 65536).unwrap(), 44);
        assert!(call(&mut store, importer, "load", 101 * 65536).is_err());
    }
}

#[test]
fn memories_of_the_host() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let memory = Memory::new(&mut store, MemoryType::new(1, Some(2))).unwrap();
        assert_eq!(
            (memory.page_size(&store), memory.page_size_log2(&store)),
            (65536, 16)
        );
        let importer = module(
            &engine,
            r#"(import "" "" (memory 1 2))
               (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))"#,
        );
        let instance = Instance::new(&mut store, &importer, &[memory.into()]).unwrap();
        assert_eq!(call(&mut store, instance, "grow", 1).unwrap(), 1);
        assert_eq!(memory.size(&store), 2);
        assert_eq!(call(&mut store, instance, "grow", 1).unwrap(), -1);
        assert_eq!(memory.ty(&store).maximum(), Some(2));
    }
}

#[test]
fn the_largest_memory_is_made_or_refused_cleanly() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        match Memory::new(&mut store, MemoryType::new(65536, None)) {
            Ok(memory) => {
                assert_eq!(memory.data_size(&store), 1 << 32);
                memory.data_mut(&mut store)[(1 << 32) - 1] = 1;
                assert!(memory.grow(&mut store, 1).is_err());
            }
            Err(error) => check_error(Err::<(), _>(error), &["65536 pages"]),
        }
        check_error(
            Memory::new(&mut store, MemoryType::new64(1 << 47, None)),
            &["140737488355328 pages"],
        );
        // The store goes on.
        Memory::new(&mut store, MemoryType::new(1, None)).unwrap();
    }
}

#[test]
fn data_and_store() {
    let mut store = Store::new(&engine(), 5_u32);
    let memory = Memory::new(&mut store, MemoryType::new(1, None)).unwrap();
    let (bytes, data) = memory.data_and_store_mut(&mut store);
    bytes[0] = 3;
    *data += u32::from(bytes[0]);
    assert_eq!(*store.data(), 8);
}

#[test]
fn another_store() {
    let engine = engine();
    let (mut a, mut b) = (Store::new(&engine, ()), Store::new(&engine, ()));
    let memory = Memory::new(&mut a, MemoryType::new(1, None)).unwrap();
    const PANIC: &str = "object used with the wrong store";
    check_panic(PANIC, || memory.data(&b).len());
    check_panic(PANIC, || memory.size(&b));
    check_panic(PANIC, || memory.ty(&b));
    check_panic(PANIC, || memory.grow(&mut b, 1));
    check_panic(PANIC, || memory.write(&mut b, 0, &[1]));
}

#[test]
fn a_new_memory_has_nothing_of_those_before_it() {
    for engine in engines() {
        let module = module(&engine, MODULE);
        for grow in [0, 1, 0, 2, 0, 0, 1, 1] {
            let mut store = Store::new(&engine, ());
            let instance = Instance::new(&mut store, &module, &[]).unwrap();
            let memory = instance.get_memory(&mut store, "memory").unwrap();
            assert_eq!(memory.data_size(&store), 65536);
            assert_eq!(
                memory.data(&store)[..12],
                [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]
            );
            assert!(memory.data(&store)[12..].iter().all(|&byte| byte == 0));
            // Not even if an earlier one was larger.
            assert!(call(&mut store, instance, "load", 65536).is_err());
            memory.grow(&mut store, grow).unwrap();
            assert!(memory.data(&store)[12..].iter().all(|&byte| byte == 0));
            memory.data_mut(&mut store).fill(0xff);
        }
    }
}

#[test]
fn many_memories_at_once() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    for round in 0..3_u64 {
        for i in 0..40 {
            let pages = i % 3 * (round % 2 + 1);
            let memory = Memory::new(&mut store, MemoryType::new(pages as u32, None)).unwrap();
            assert_eq!(memory.size(&store), pages);
            assert!(memory.data(&store).iter().all(|&byte| byte == 0));
            memory.data_mut(&mut store).fill(round as u8 + 1);
        }
        store = Store::new(&engine, ());
    }
}
