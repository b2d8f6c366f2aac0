//! What nobody does who means well: thousands of stores, limits of nothing, stacks of any size, and interrupts from
//! everywhere at once. Each has a defined result, and all is usable afterwards.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Barrier, mpsc};
use std::thread;
use std::time::Duration;

use crate::support::{check_error, config, engine, instantiate, module};
use wasmetal::{
    Engine, Instance, InterruptHandle, Memory, MemoryType, Module, Ref, RefType, Result, Store,
    StoreLimits, StoreLimitsBuilder, Table, TableType, Trap,
};

#[track_caller]
fn check_trap<T>(result: Result<T>, expected: Trap) {
    let error = result.err().expect("it went on");
    assert_eq!(error.downcast_ref(), Some(&expected), "{error:?}");
}

/// A store that has run something, so that it has a stack, and counts its calls.
fn counting(engine: &Engine, module: &Module) -> (Store<()>, Instance) {
    let mut store = Store::new(engine, ());
    let instance = Instance::new(&mut store, module, &[]).unwrap();
    count(&mut store, instance, 1);
    (store, instance)
}

#[track_caller]
fn count(store: &mut Store<()>, instance: Instance, expected: i32) {
    let next = instance.get_typed_func::<(), i32>(&mut *store, "next");
    assert_eq!(next.unwrap().call(store, ()).unwrap(), expected);
}

const COUNTER: &str = r#"
    (global $count (mut i32) (i32.const 0))
    (func (export "next") (result i32)
        (global.set $count (i32.add (global.get $count) (i32.const 1)))
        (global.get $count))"#;

/// Thousands at once; they go in any order, and those that are left are as they were.
#[test]
fn stores_by_the_thousand() {
    const STORES: usize = 2_000;
    let engine = engine();
    let module = module(&engine, COUNTER);
    let orders: [fn(usize, usize) -> usize; 4] = [
        |_, _| 0,
        |_, len| len - 1,
        |round, len| round % 2 * (len - 1),
        |round, len| round.wrapping_mul(7_919) % len,
    ];
    for next in orders {
        let mut stores: Vec<_> = (0..STORES).map(|_| counting(&engine, &module)).collect();
        for round in 0..STORES {
            stores.remove(next(round, stores.len()));
            if round % 500 == 499 {
                for (store, instance) in &mut stores {
                    count(store, *instance, 2 + (round / 500) as i32);
                }
            }
        }
        // And what they leave serves others.
        counting(&engine, &module);
    }
}

/// A stack of any size serves, or there is an error: that of the setting, or the platform's when it is wanted.
#[test]
fn stacks_of_any_size() {
    const SMALL: usize = 16 << 10;
    const LARGE: usize = 1 << 30;
    let wat = r#"
        (func $deep (export "deep") (param i32)
            (if (local.get 0) (then (call $deep (i32.sub (local.get 0) (i32.const 1))))))"#;
    let powers = [6, 12, 14, 16, 20, 30, 36, 40, 46, 47, 48, 62, 63].map(|bits| 1_usize << bits);
    let sizes = powers.iter().flat_map(|&size| [size - 1, size, size + 1]);
    for size in sizes.chain([0, 1, usize::MAX - 4096, usize::MAX]) {
        for explicit in [false, true] {
            let mut config = config();
            config.explicit_checks(explicit).max_wasm_stack(size);
            let engine = match Engine::new(&config) {
                Ok(engine) => engine,
                Err(error) => {
                    assert!(size > LARGE, "{size}: {error}");
                    check_error::<()>(Err(error), &["max_wasm_stack"]);
                    continue;
                }
            };
            let (mut store, instance) = instantiate(&engine, wat, &[]).unwrap();
            let deep = instance
                .get_typed_func::<i32, ()>(&mut store, "deep")
                .unwrap();
            for _ in 0..2 {
                match deep.call(&mut store, 0) {
                    Ok(()) => {}
                    Err(error) if error.is::<wasmetal_platform::Error>() => {
                        assert!(size > LARGE, "{size}: {error:?}");
                    }
                    result => {
                        assert!(size < SMALL, "{size}: {result:?}");
                        check_trap(result, Trap::StackOverflow);
                    }
                }
                // On larger ones it takes long.
                if size <= 1 << 20 {
                    check_trap(deep.call(&mut store, i32::MAX), Trap::StackOverflow);
                }
            }
        }
    }
}

/// Each limit of a store at zero, alone: what it is for fails, and all else goes on.
#[test]
fn each_limit_at_zero() {
    type Limit = fn(StoreLimitsBuilder) -> StoreLimitsBuilder;
    let memory = |store: &mut Store<StoreLimits>, pages| {
        Memory::new(store, MemoryType::new(pages, None)).map(drop)
    };
    let table = |store: &mut Store<StoreLimits>, elements| {
        let ty = TableType::new(RefType::FUNCREF, elements, None);
        Table::new(store, ty, Ref::Func(None)).map(drop)
    };
    let engine = engine();
    let empty = module(&engine, "(module)");
    // Which of these succeed: an instance, an empty memory, a page, an empty table, an element.
    let limits: [(&str, Limit, [bool; 5]); 8] = [
        (
            "instances",
            |it| it.instances(0),
            [false, true, true, true, true],
        ),
        (
            "memories",
            |it| it.memories(0),
            [true, false, false, true, true],
        ),
        (
            "tables",
            |it| it.tables(0),
            [true, true, true, false, false],
        ),
        (
            "memory_size",
            |it| it.memory_size(0),
            [true, true, false, true, true],
        ),
        (
            "table_elements",
            |it| it.table_elements(0),
            [true, true, true, true, false],
        ),
        (
            "total_memory_size",
            |it| it.total_memory_size(0),
            [true, true, false, true, true],
        ),
        (
            "total_table_elements",
            |it| it.total_table_elements(0),
            [true, true, true, true, false],
        ),
        ("gc_heap_size", |it| it.gc_heap_size(0), [true; 5]),
    ];
    for (name, limit, expected) in limits {
        let mut store = Store::new(&engine, limit(StoreLimitsBuilder::new()).build());
        store.limiter(|limits| limits);
        for _ in 0..2 {
            let outcomes = [
                Instance::new(&mut store, &empty, &[]).map(drop),
                memory(&mut store, 0),
                memory(&mut store, 1),
                table(&mut store, 0),
                table(&mut store, 1),
            ];
            assert_eq!(outcomes.map(|it| it.is_ok()), expected, "{name}");
        }
        let used = store.resources_used();
        let made = |which: &[usize]| 2 * which.iter().filter(|&&it| expected[it]).count();
        assert_eq!(
            (used.instances, used.memories, used.tables),
            (made(&[0]), made(&[1, 2]), made(&[3, 4])),
            "{name}"
        );
    }
}

/// Two threads interrupt at the same moment: the call ends once. The later of them may be too late, and is then for the
/// next call, unless it is taken away.
#[test]
fn two_interrupts_at_once() {
    const ROUNDS: usize = 200;
    let engine = engine();
    let (mut store, instance) = instantiate(
        &engine,
        r#"(func (export "spin") (loop br 0)) (func (export "quick"))"#,
        &[],
    )
    .unwrap();
    let spin = instance
        .get_typed_func::<(), ()>(&mut store, "spin")
        .unwrap();
    let quick = instance
        .get_typed_func::<(), ()>(&mut store, "quick")
        .unwrap();
    let handle = store.interrupt_handle().unwrap();
    let both = Barrier::new(3);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    both.wait();
                    handle.interrupt();
                    both.wait();
                }
            });
        }
        for round in 0..ROUNDS {
            both.wait();
            check_trap(spin.call(&mut store, ()), Trap::Interrupt);
            both.wait();
            match round % 2 {
                0 => drop(store.take_interrupt()),
                _ => {
                    let late = quick.call(&mut store, ());
                    assert!(!store.take_interrupt());
                    if late.is_err() {
                        check_trap(late, Trap::Interrupt);
                    }
                }
            }
            quick.call(&mut store, ()).unwrap();
        }
    });
}

/// Stores come and go, on one thread, while another interrupts whatever there is or was.
#[test]
fn interrupts_of_stores_that_go() {
    let engine = engine();
    let module = module(
        &engine,
        r#"(func (export "some") (local i32)
            (loop
                (local.set 0 (i32.add (local.get 0) (i32.const 1)))
                (br_if 0 (i32.lt_u (local.get 0) (i32.const 10000)))))"#,
    );
    let done = &AtomicBool::new(false);
    let (send, receive) = mpsc::channel::<InterruptHandle>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut last: Option<InterruptHandle> = None;
            while !done.load(Ordering::Relaxed) {
                if let Ok(next) = receive.try_recv() {
                    last = Some(next);
                }
                if let Some(handle) = &last {
                    handle.interrupt();
                }
            }
        });
        let mut ended = [0; 2];
        for _ in 0..500 {
            let mut store = Store::new(&engine, ());
            send.send(store.interrupt_handle().unwrap()).unwrap();
            let instance = Instance::new(&mut store, &module, &[]).unwrap();
            let some = instance
                .get_typed_func::<(), ()>(&mut store, "some")
                .unwrap();
            for _ in 0..3 {
                let result = some.call(&mut store, ());
                ended[usize::from(result.is_ok())] += 1;
                if result.is_err() {
                    check_trap(result, Trap::Interrupt);
                }
            }
        }
        done.store(true, Ordering::Relaxed);
        assert_eq!(ended.iter().sum::<i32>(), 1500);
    });
}

/// What grows and what drops segments is stopped between two of its steps: sizes and contents agree.
#[test]
fn stopped_while_growing() {
    let wat = r#"
        (memory $memory (export "memory") 0 2000)
        (table $table (export "table") 0 1000000 funcref)
        (data $data "some data")
        (elem $elements func $f)
        (func $f)
        (func (export "memory_grow") (loop (drop (memory.grow (i32.const 7))) (br 0)))
        (func (export "table_grow") (loop (drop (table.grow $table (ref.func $f) (i32.const 999))) (br 0)))
        (func (export "drop") (loop (data.drop $data) (elem.drop $elements) (br 0)))
        (func (export "quick") (param i32) (result i32) (i32.add (local.get 0) (memory.size)))"#;
    let engine = engine();
    let module = module(&engine, wat);
    for name in ["memory_grow", "table_grow", "drop"] {
        for round in 0..40 {
            let mut store = Store::new(&engine, ());
            let instance = Instance::new(&mut store, &module, &[]).unwrap();
            let endless = instance.get_typed_func::<(), ()>(&mut store, name).unwrap();
            let after = Duration::from_micros(round * round);
            store.set_deadline(Some(after)).unwrap();
            check_trap(endless.call(&mut store, ()), Trap::Interrupt);
            store.set_deadline(None).unwrap();
            let memory = instance.get_memory(&mut store, "memory").unwrap();
            let (pages, bytes) = (memory.size(&store), memory.data(&store));
            assert_eq!(bytes.len() as u64, pages << 16);
            assert_eq!(pages % 7, 0);
            assert!(bytes.iter().step_by(4096).all(|&byte| byte == 0));
            let table = instance.get_table(&mut store, "table").unwrap();
            let size = table.size(&store);
            for index in (0..size).step_by(997) {
                assert!(!table.get(&mut store, index).unwrap().is_null());
            }
            assert!(table.get(&mut store, size).is_none());
            let quick = instance
                .get_typed_func::<i32, i32>(&mut store, "quick")
                .unwrap();
            assert_eq!(quick.call(&mut store, 5).unwrap(), 5 + pages as i32);
        }
    }
}
