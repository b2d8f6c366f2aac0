//! A platform that runs out of memory: every failure is an error, and everything is given back.
//!
//! The fake platform keeps the books over the Linux one, and fails the call that it is told to.

use crate::support::module;
use wasmetal::{
    Config, Engine, Instance, Memory, MemoryType, Module, Ref, RefType, Result, Store, Table,
    TableType,
};
use wasmetal_platform::Operation;
use wasmetal_platform::fake::Fake;

fn fake() -> &'static Fake {
    Box::leak(Box::new(Fake::over(wasmetal_platform_linux::platform())))
}

/// All that asks a platform for memory: code, an image of data, a memory that grows in place and one
/// that moves, a Wasm stack.
fn everything(engine: &Engine, wat: &str) -> Result<()> {
    let module = Module::new(engine, wat)?;
    let mut store = Store::new(engine, ());
    let instance = Instance::new(&mut store, &module, &[])?;
    let run = instance.get_typed_func::<i32, i32>(&mut store, "run")?;
    let old = run.call(&mut store, 5)?;
    // A growth that fails is no error in Wasm.
    assert!(old == 2 || old == -1, "{old}");
    let memory = instance.get_memory(&mut store, "memory").unwrap();
    assert_eq!(memory.data(&store)[65535..65538], *b"abc");
    assert_eq!(memory.size(&store), if old == 2 { 7 } else { 2 });
    let other = Memory::new(&mut store, MemoryType::new(1, None))?;
    other.data_mut(&mut store)[0] = 1;
    let size = other.size(&store);
    other
        .grow(&mut store, 1)
        .inspect_err(|_| assert_eq!(other.size(&store), size))?;
    assert_eq!(other.data(&store)[..2], [1, 0]);
    Ok(())
}

#[test]
fn every_failure_is_an_error_and_nothing_leaks() {
    let text: String = "abcd".chars().cycle().take(40_000).collect();
    let wat = format!(
        r#"(memory (export "memory") 2) (data (i32.const 65535) "{text}") (table 1 funcref)
           (func (export "run") (param i32) (result i32) (memory.grow (local.get 0)))"#
    );
    for reservation in [0, 1 << 24] {
        let operations = [
            Operation::Reserve,
            Operation::Commit,
            Operation::Protect,
            Operation::MapImage,
        ];
        for operation in operations {
            for nth in 1.. {
                let fake = fake();
                let mut config = Config::new(fake);
                config.memory_reservation(reservation);
                let engine = Engine::new(&config).unwrap();
                fake.fail(operation, nth);
                let failed = everything(&engine, &wat);
                if let Err(error) = &failed {
                    let text = format!("{error:?}");
                    let parts = ["out of", "cannot", "failed to grow memory"];
                    assert!(
                        parts.iter().any(|part| text.contains(part)),
                        "{operation:?} {nth}: {text}"
                    );
                }
                // The same engine goes on.
                let again = everything(&engine, &wat);
                drop(engine);
                let left = (
                    fake.live_reservations(),
                    fake.committed_pages(),
                    fake.live_images(),
                );
                assert_eq!(left, (0, 0, 0), "{operation:?} {nth}");
                match again {
                    Ok(()) => {}
                    // The failure was still to come.
                    Err(error) if failed.is_ok() => drop(error),
                    Err(error) => panic!("{operation:?} {nth}: {error:?}"),
                }
                if nth > 30 {
                    break;
                }
            }
        }
    }
}

#[test]
fn idle_memories_make_room() {
    let fake = fake();
    let mut config = Config::new(fake);
    config.memory_reservation(1 << 20);
    let engine = Engine::new(&config).unwrap();
    let make = |pages| {
        let mut store = Store::new(&engine, ());
        Memory::new(&mut store, MemoryType::new(pages, None)).map(drop)
    };
    let idle = fake.live_reservations();
    make(1).unwrap();
    assert_eq!(fake.live_reservations(), idle + 1);
    // The idle one is given back when a new one can't be had.
    fake.fail(Operation::Reserve, 1);
    make(3).unwrap();
    assert_eq!(fake.live_reservations(), idle);
    fake.fail(Operation::Commit, 1);
    make(3).unwrap_err();
    make(3).unwrap();
}

#[test]
fn a_table_too_large_for_the_heap() {
    let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform())).unwrap();
    let mut store = Store::new(&engine, ());
    let ty = TableType::new64(RefType::EXTERNREF, 1 << 50, None);
    Table::new(&mut store, ty, Ref::Extern(None)).unwrap_err();
    let module = module(&engine, "(table (export \"t\") 10 externref)");
    Instance::new(&mut store, &module, &[]).unwrap();
}
