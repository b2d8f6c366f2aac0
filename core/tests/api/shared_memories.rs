//! `SharedMemory`: its API, linking, limits, and what threads do with one.

use crate::no_guards::NO_GUARDS;
use crate::support::{check_error, engine, engines, instantiate, module};
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use wasmetal::{
    Caller, Config, Engine, Extern, ExternType, Func, Instance, Linker, Memory, MemoryType, Module,
    ResourceLimiter, Result, SharedMemory, Store, StoreLimits, StoreLimitsBuilder, Trap, TypedFunc,
    Val, WaitResult, WasmParams, WasmResults,
};
use wasmetal_platform::fake::Fake;

const _: () = {
    const fn assert_send_sync<T: Send + Sync>() {}
    assert_send_sync::<SharedMemory>();
};

/// A store with an instance of a module that imports one memory.
struct Agent {
    store: Store<()>,
    instance: Instance,
}

impl Agent {
    fn new(module: &Module, memory: &SharedMemory) -> Self {
        let mut store = Store::new(module.engine(), ());
        let instance = Instance::new(&mut store, module, &[memory.clone().into()]).unwrap();
        Self { store, instance }
    }

    fn func<P: WasmParams, R: WasmResults>(&mut self, name: &str) -> TypedFunc<P, R> {
        self.instance
            .get_typed_func(&mut self.store, name)
            .unwrap_or_else(|e| panic!("{e:?}"))
    }

    fn call<P: WasmParams, R: WasmResults>(&mut self, name: &str, params: P) -> Result<R> {
        self.func(name).call(&mut self.store, params)
    }
}

fn shared(engine: &Engine, minimum: u32, maximum: u32) -> SharedMemory {
    SharedMemory::new(engine, MemoryType::shared(minimum, maximum)).unwrap()
}

fn byte(memory: &SharedMemory, at: usize) -> &AtomicU8 {
    // SAFETY: in the memory, which is accessed by atomics and Wasm code only.
    unsafe { AtomicU8::from_ptr(memory.data()[at].get()) }
}

fn word(memory: &SharedMemory, at: usize) -> &AtomicU32 {
    assert!(at.is_multiple_of(4));
    // SAFETY: as in `byte`; memories are aligned to a page.
    unsafe { AtomicU32::from_ptr(memory.data()[at..at + 4][0].get().cast()) }
}

#[test]
fn sizes_and_growth() {
    for engine in engines() {
        let memory = shared(&engine, 1, 3);
        assert_eq!(memory.ty(), MemoryType::shared(1, 3));
        assert_eq!((memory.size(), memory.data_size()), (1, 1 << 16));
        assert_eq!(memory.page_size(), 1 << 16);
        byte(&memory, 65_535).store(7, Ordering::Relaxed);
        let base = memory.data().as_ptr();
        assert_eq!(memory.grow(0).unwrap(), 1);
        assert_eq!(memory.clone().grow(2).unwrap(), 1);
        assert_eq!((memory.size(), memory.data().len()), (3, 3 << 16));
        assert_eq!(memory.data().as_ptr(), base);
        assert_eq!(byte(&memory, 65_535).load(Ordering::Relaxed), 7);
        assert_eq!(byte(&memory, 3 * 65_536 - 1).load(Ordering::Relaxed), 0);
        for delta in [1, 65_536, u64::MAX >> 16, u64::MAX] {
            check_error(memory.grow(delta), &["failed to grow", "maximum"]);
        }
        assert_eq!(memory.ty(), MemoryType::shared(1, 3));
        let unshared = SharedMemory::new(&engine, MemoryType::new(1, Some(3)));
        check_error(unshared, &["not of a shared memory"]);
        let in_a_store = Memory::new(Store::new(&engine, ()), MemoryType::shared(1, 3));
        check_error(in_a_store, &["SharedMemory::new"]);
    }
}

/// A reservation that is smaller than the maximum does not make a shared memory move.
#[test]
fn all_of_the_maximum_is_reserved() {
    let platform = wasmetal_platform_linux::platform();
    for reservation in [0, 1 << 16, 1 << 32] {
        let mut config = Config::new(platform);
        config.memory_reservation(reservation);
        let engine = Engine::new(&config).unwrap();
        let memory = shared(&engine, 0, 100);
        let base = memory.data().as_ptr();
        assert_eq!(memory.grow(100).unwrap(), 0);
        assert_eq!(memory.data().as_ptr(), base);
        byte(&memory, 100 * 65_536 - 1).store(1, Ordering::Relaxed);
    }
}

#[test]
fn linking() {
    let engine = engine();
    let memory = shared(&engine, 1, 3);
    let check = |memory: &SharedMemory, ty: &str, expected: &[&str]| {
        let module = module(&engine, &format!(r#"(import "a" "m" (memory {ty}))"#));
        let mut store = Store::new(&engine, ());
        let result = Instance::new(&mut store, &module, &[memory.clone().into()]);
        let mut linker = Linker::new(&engine);
        linker.define(&store, "a", "m", memory.clone()).unwrap();
        let linked = linker.instantiate(&mut store, &module);
        for result in [result, linked] {
            match expected {
                [] => drop(result.unwrap()),
                expected => check_error(result, expected),
            }
        }
    };
    check(&memory, "1 3 shared", &[]);
    check(&memory, "0 4 shared", &[]);
    check(
        &memory,
        "1 3",
        &["incompatible import type for `a::m`", "(memory 1 3)"],
    );
    check(
        &memory,
        "2 3 shared",
        &["(memory 2 3 shared)", "(memory 1 3 shared)"],
    );
    check(&memory, "1 2 shared", &["memory types incompatible"]);
    memory.grow(1).unwrap();
    check(&memory, "2 3 shared", &[]);
    let foreign = shared(&Engine::new(engine.config()).unwrap(), 1, 3);
    let module = module(&engine, r#"(import "a" "m" (memory 1 3 shared))"#);
    let result = Instance::new(Store::new(&engine, ()), &module, &[foreign.into()]);
    check_error(result, &["wrong store"]);
}

#[test]
#[should_panic(expected = "wrong store")]
fn a_linker_takes_memories_of_its_engine_only() {
    let other = shared(&engine(), 1, 1);
    let mut linker = Linker::new(&engine());
    let store = Store::new(linker.engine(), ());
    linker.define(&store, "a", "m", other).unwrap();
}

#[test]
fn exports() {
    for engine in engines() {
        let (mut store, instance) = instantiate(
            &engine,
            r#"(memory (export "m") 1 2 shared) (data (i32.const 3) "abc")
               (func (export "grow") (result i32) (memory.grow (i32.const 1)))
               (func (export "size") (result i32) (memory.size))
               (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))"#,
            &[],
        )
        .unwrap();
        assert!(instance.get_memory(&mut store, "m").is_none());
        let memory = instance.get_shared_memory(&mut store, "m").unwrap();
        let export = instance.get_export(&mut store, "m").unwrap();
        assert_eq!(export.ty(&store), ExternType::Memory(memory.ty()));
        assert!(matches!(export, Extern::SharedMemory(_)));
        assert_eq!(byte(&memory, 4).load(Ordering::Relaxed), b'b');
        let mut call = |name: &str| {
            let f = instance.get_typed_func::<(), i32>(&mut store, name);
            f.unwrap().call(&mut store, ()).unwrap()
        };
        assert_eq!(call("size"), 1);
        assert_eq!(call("grow"), 1);
        assert_eq!(call("size"), 2);
        assert_eq!(call("grow"), -1);
        assert_eq!(memory.size(), 2);
        byte(&memory, 65_536 + 9).store(9, Ordering::Relaxed);
        let load = instance
            .get_typed_func::<i32, i32>(&mut store, "load")
            .unwrap();
        assert_eq!(load.call(&mut store, 65_536 + 9).unwrap(), 9);
        for address in [2 << 16, -1] {
            let error = load.call(&mut store, address).unwrap_err();
            assert_eq!(error.downcast_ref(), Some(&Trap::MemoryOutOfBounds));
        }
        // Another instance in the same store, and one in another.
        let importer = module(
            &engine,
            r#"(import "" "" (memory 2 2 shared))
               (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))"#,
        );
        let second = Instance::new(&mut store, &importer, &[export]).unwrap();
        let load = second
            .get_typed_func::<i32, i32>(&mut store, "load")
            .unwrap();
        assert_eq!(load.call(&mut store, 65_536 + 9).unwrap(), 9);
        let mut other = Agent::new(&importer, &memory);
        drop(store);
        drop(memory);
        assert_eq!(other.call::<i32, i32>("load", 5).unwrap(), i32::from(b'c'));
    }
}

/// The bytes of a `Memory` are borrowed, so nothing makes one of a memory that threads share.
#[test]
fn never_a_memory() {
    let wat = r#"(import "" "host" (func $host)) (memory (export "m") 1 4 shared)
        (func (export "call") (call $host))"#;
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let host = Func::wrap(&mut store, |mut caller: Caller<'_, ()>| {
            let export = caller.get_export("m").unwrap();
            assert!(export.clone().into_memory().is_none());
            assert!(export.into_shared_memory().is_some());
        });
        let module = module(&engine, wat);
        let instance = Instance::new(&mut store, &module, &[host.into()]).unwrap();
        let call = instance.get_typed_func::<(), ()>(&mut store, "call");
        call.unwrap().call(&mut store, ()).unwrap();
        let mut linker = Linker::new(&engine);
        linker.instance(&mut store, "i", instance).unwrap();
        let exported: Vec<_> = instance
            .exports(&mut store)
            .map(|export| export.into_extern())
            .collect();
        assert_eq!(exported.len(), 2);
        let linked = linker.get(&mut store, "i", "m").unwrap();
        for export in exported.into_iter().chain([linked]) {
            assert!(export.into_memory().is_none());
        }
        assert!(instance.get_memory(&mut store, "m").is_none());
        check_error(
            MemoryType::shared(1, 2).default_value(&mut store),
            &["SharedMemory::new"],
        );
        // Nor is it the other way round.
        let plain = Memory::new(&mut store, MemoryType::new(1, Some(4))).unwrap();
        assert!(Extern::from(plain).into_shared_memory().is_none());
        let importer = self::module(&engine, r#"(import "" "m" (memory 1 4 shared))"#);
        check_error(
            Instance::new(&mut store, &importer, &[plain.into()]),
            &["(memory 1 4 shared)", "(memory 1 4)"],
        );
    }
}

#[test]
fn default_values() {
    let engine = engine();
    let module = module(&engine, r#"(import "a" "m" (memory 1 2 shared))"#);
    let (mut store, mut linker) = (Store::new(&engine, ()), Linker::new(&engine));
    linker
        .define_unknown_imports_as_default_values(&mut store, &module)
        .unwrap();
    linker.instantiate(&mut store, &module).unwrap();
}

/// The limiter is asked when an instance makes a shared memory, and never again.
#[test]
fn limits() {
    struct Limits(StoreLimits, usize);
    impl ResourceLimiter for Limits {
        fn memory_growing(
            &mut self,
            current: usize,
            desired: usize,
            maximum: Option<usize>,
        ) -> Result<bool> {
            self.1 += 1;
            self.0.memory_growing(current, desired, maximum)
        }
        fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool> {
            Ok(true)
        }
    }
    let engine = engine();
    let growing = module(
        &engine,
        r#"(memory 2 5 shared)
           (func (export "grow") (result i32) (memory.grow (i32.const 1)))"#,
    );
    for (limit, made) in [(2 << 16, true), (1 << 16, false)] {
        let limits = StoreLimitsBuilder::new().memory_size(limit).build();
        let mut store = Store::new(&engine, Limits(limits, 0));
        store.limiter(|limits| limits);
        let instance = Instance::new(&mut store, &growing, &[]);
        assert_eq!(instance.is_ok(), made);
        assert_eq!(store.data().1, 1);
        let Ok(instance) = instance else { continue };
        let grow = instance.get_typed_func::<(), i32>(&mut store, "grow");
        assert_eq!(grow.unwrap().call(&mut store, ()).unwrap(), 2);
        assert_eq!(store.data().1, 1);
    }
}

const BULK: &str = r#"
    (import "" "" (memory 1 4 shared))
    (data $passive "0123456789")
    (data (i32.const 100) "active")
    (func (export "copy") (param i32 i32 i32)
        (memory.copy (local.get 0) (local.get 1) (local.get 2)))
    (func (export "copy 16") (param i32 i32)
        (memory.copy (local.get 0) (local.get 1) (i32.const 16)))
    (func (export "fill") (param i32 i32 i32)
        (memory.fill (local.get 0) (local.get 1) (local.get 2)))
    (func (export "init") (param i32 i32 i32)
        (memory.init $passive (local.get 0) (local.get 1) (local.get 2)))"#;

#[test]
fn bulk_operators() {
    for engine in engines() {
        let memory = shared(&engine, 1, 4);
        let mut agent = Agent::new(&module(&engine, BULK), &memory);
        let bytes = |at: usize, len: usize| -> Vec<u8> {
            let range = at..at + len;
            range
                .map(|at| byte(&memory, at).load(Ordering::Relaxed))
                .collect()
        };
        assert_eq!(bytes(99, 8), b"\0active\0");
        agent.call::<_, ()>("init", (200, 2, 5)).unwrap();
        assert_eq!(bytes(199, 7), b"\x0023456\0");
        for len in [0, 3, 16, 100, 129, 1000, 40_000] {
            agent.call::<_, ()>("fill", (1000, 7, len)).unwrap();
            agent.call::<_, ()>("fill", (1000 + len, 8, 1)).unwrap();
            let expected: Vec<u8> = (0..=len).map(|i| if i == len { 8 } else { 7 }).collect();
            assert!(bytes(1000, len as usize + 1) == expected, "{len}");
        }
        for at in 0..3000 {
            byte(&memory, at).store((at * 7 % 251) as u8, Ordering::Relaxed);
        }
        for (dst, src, len) in [(5, 1, 1000), (1, 5, 1000), (2000, 0, 777), (9, 0, 128)] {
            let mut expected = bytes(0, 3000);
            expected.copy_within(src..src + len, dst);
            let [dst, src, len] = [dst, src, len].map(|x| x as i32);
            agent.call::<_, ()>("copy", (dst, src, len)).unwrap();
            assert!(bytes(0, 3000) == expected, "{dst} {src} {len}");
        }
        let mut expected = bytes(0, 3000);
        expected.copy_within(3..19, 10);
        agent.call::<_, ()>("copy 16", (10, 3)).unwrap();
        assert!(bytes(0, 3000) == expected);

        // Out of bounds: nothing changes, until the memory grows.
        let end = 65_536;
        for (name, arguments) in [
            ("copy", (end - 1, 0, 2)),
            ("copy", (0, end - 1000, 1001)),
            ("fill", (end - 200, 1, 201)),
            ("init", (end - 1, 0, 2)),
            ("init", (0, 9, 2)),
        ] {
            let before = bytes(0, end as usize);
            let error = agent.call::<_, ()>(name, arguments).unwrap_err();
            assert_eq!(error.downcast_ref(), Some(&Trap::MemoryOutOfBounds));
            assert!(bytes(0, end as usize) == before);
        }
        memory.grow(1).unwrap();
        agent.call::<_, ()>("fill", (end - 200, 1, 201)).unwrap();
        assert_eq!(bytes(end as usize, 2), [1, 0]);
    }
}

/// Threads that copy and fill over each other: each byte is one that somebody wrote.
#[test]
fn racing_bulk_operators() {
    let engine = engine();
    let memory = shared(&engine, 1, 4);
    let module = module(&engine, BULK);
    thread::scope(|scope| {
        for i in 1..=4 {
            let (module, memory) = (&module, &memory);
            scope.spawn(move || {
                let mut agent = Agent::new(module, memory);
                let fill = agent.func::<(i32, i32, i32), ()>("fill");
                let copy = agent.func::<(i32, i32, i32), ()>("copy");
                for round in 0..2000 {
                    let store = &mut agent.store;
                    fill.call(&mut *store, (round % 50, i, 3000)).unwrap();
                    copy.call(&mut *store, (4000 + round % 3, round % 7, 3000))
                        .unwrap();
                }
            });
        }
    });
    for at in (50..3000).chain(4003..7000) {
        let byte = byte(&memory, at).load(Ordering::Relaxed);
        assert!((1..=4).contains(&byte), "{byte} at {at}");
    }
}

#[test]
fn waiting_without_waiting() {
    for engine in engines() {
        let memory = shared(&engine, 1, 2);
        word(&memory, 8).store(5, Ordering::Relaxed);
        let long = Some(Duration::from_secs(1000));
        use Trap::{HeapMisaligned, MemoryOutOfBounds};
        use WaitResult::{Mismatch, TimedOut};
        let zero = Some(Duration::ZERO);
        assert_eq!(memory.atomic_wait32(8, 6, None), Ok(Mismatch));
        assert_eq!(memory.atomic_wait64(8, 6, long), Ok(Mismatch));
        assert_eq!(memory.atomic_wait32(8, 5, zero), Ok(TimedOut));
        assert_eq!(memory.atomic_wait64(8, 5, zero), Ok(TimedOut));
        assert_eq!(
            memory.atomic_wait32(8, 5, Some(Duration::from_nanos(1))),
            Ok(TimedOut)
        );
        assert_eq!(memory.atomic_wait32(9, 5, long), Err(HeapMisaligned));
        assert_eq!(memory.atomic_wait64(12, 5, long), Err(HeapMisaligned));
        assert_eq!(memory.atomic_notify(2, 1), Err(HeapMisaligned));
        for address in [1 << 16, 1 << 32, !7] {
            assert_eq!(
                memory.atomic_wait32(address, 0, long),
                Err(MemoryOutOfBounds)
            );
            assert_eq!(
                memory.atomic_wait64(address, 0, long),
                Err(MemoryOutOfBounds)
            );
            assert_eq!(memory.atomic_notify(address, 1), Err(MemoryOutOfBounds));
        }
        assert_eq!(memory.atomic_notify(8, u32::MAX), Ok(0));
        memory.grow(1).unwrap();
        assert_eq!(memory.atomic_wait32(1 << 16, 1, long), Ok(Mismatch));
    }
}

const WAITING: &str = r#"
    (import "" "" (memory 1 1 shared))
    (func (export "wait32") (param i32 i32 i64) (result i32)
        (memory.atomic.wait32 (local.get 0) (local.get 1) (local.get 2)))
    (func (export "wait64") (param i32 i64 i64) (result i32)
        (memory.atomic.wait64 offset=64 (local.get 0) (local.get 1) (local.get 2)))
    (func (export "notify") (param i32 i32) (result i32)
        (memory.atomic.notify offset=64 (local.get 0) (local.get 1)))"#;

#[test]
fn waiting_in_wasm() {
    for engine in engines() {
        let memory = shared(&engine, 1, 1);
        let mut agent = Agent::new(&module(&engine, WAITING), &memory);
        word(&memory, 0).store(-1_i32 as u32, Ordering::Relaxed);
        for (name, arguments, result) in [
            ("wait32", (0, 0, -1_i64), Ok(1)),
            ("wait32", (0, -1, 0), Ok(2)),
            ("wait32", (0, -1, 1_000_000), Ok(2)),
            ("wait32", (4, 1, i64::MIN), Ok(1)),
            ("wait32", (2, 0, 0), Err(Trap::HeapMisaligned)),
            ("wait32", (-4, 0, 0), Err(Trap::MemoryOutOfBounds)),
            ("wait32", (65_536, 0, 0), Err(Trap::MemoryOutOfBounds)),
        ] {
            let found = agent.call::<(i32, i32, i64), i32>(name, arguments);
            let found = found.map_err(|e| *e.downcast_ref::<Trap>().unwrap());
            assert_eq!(found, result, "{name} {arguments:?}");
        }
        for (arguments, result) in [
            ((0, 1, -1_i64), Ok(1)),
            ((0, 0, 5), Ok(2)),
            ((4, 0, 0), Err(Trap::HeapMisaligned)),
            // Beyond 32 bits together with the offset.
            ((-64, 0, 0), Err(Trap::MemoryOutOfBounds)),
        ] {
            let found = agent.call::<(i32, i64, i64), i32>("wait64", arguments);
            let found = found.map_err(|e| *e.downcast_ref::<Trap>().unwrap());
            assert_eq!(found, result, "{arguments:?}");
        }
        let error = agent.call::<_, i32>("notify", (-64, 1)).unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&Trap::MemoryOutOfBounds));
        assert_eq!(agent.call::<_, i32>("notify", (0, 1)).unwrap(), 0);
    }
}

/// Waits until `count` threads wait for the address: they can be notified without being woken.
fn until(condition: impl Fn() -> bool) {
    let begin = Instant::now();
    while !condition() {
        assert!(begin.elapsed() < Duration::from_secs(60));
        thread::sleep(Duration::from_millis(1));
    }
}

/// Host and Wasm wait for each other; the first to wait is the first to be woken, and no more than asked for.
#[test]
fn notified_in_order() {
    let engine = engine();
    let memory = shared(&engine, 1, 1);
    let module = module(&engine, WAITING);
    let woken = AtomicU32::new(0);
    let began = AtomicU32::new(0);
    thread::scope(|scope| {
        for i in 0..6 {
            let (memory, module, woken, began) = (&memory, &module, &woken, &began);
            scope.spawn(move || {
                began.fetch_add(1, Ordering::Relaxed);
                let result = if i % 2 == 0 {
                    memory.atomic_wait32(64, 0, None).unwrap() as i32
                } else {
                    let mut agent = Agent::new(module, memory);
                    agent
                        .call::<(i32, i32, i64), i32>("wait32", (64, 0, -1))
                        .unwrap()
                };
                assert_eq!(result, WaitResult::Ok as i32);
                assert_eq!(woken.fetch_add(1, Ordering::Relaxed), i);
            });
            // Nobody tells from outside that a thread has fallen asleep.
            until(|| began.load(Ordering::Relaxed) == i + 1);
            thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(memory.atomic_notify(68, 9), Ok(0), "another address");
        assert_eq!(memory.atomic_notify(64, 0), Ok(0));
        let mut agent = Agent::new(&module, &memory);
        for i in 1..=3 {
            let notified = match i {
                1 => memory.atomic_notify(64, 1).unwrap(),
                _ => agent.call::<(i32, i32), i32>("notify", (0, 1)).unwrap() as u32,
            };
            assert_eq!(notified, 1);
            until(|| woken.load(Ordering::Relaxed) == i);
        }
        thread::sleep(Duration::from_millis(20));
        assert_eq!(woken.load(Ordering::Relaxed), 3);
        for i in 4..=6 {
            assert_eq!(memory.atomic_notify(64, 1), Ok(1));
            until(|| woken.load(Ordering::Relaxed) == i);
        }
        assert_eq!(memory.atomic_notify(64, u32::MAX), Ok(0));
    });
}

#[test]
fn all_are_notified_at_once() {
    let engine = engine();
    let memory = shared(&engine, 1, 1);
    let notified = thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let result = memory.atomic_wait64(128, 0, Some(Duration::from_secs(60)));
                assert_eq!(result, Ok(WaitResult::Ok));
            });
        }
        let mut notified = 0;
        until(|| {
            thread::sleep(Duration::from_millis(50));
            true
        });
        while notified < 8 {
            notified += memory.atomic_notify(128, u32::MAX).unwrap();
        }
        notified
    });
    assert_eq!(notified, 8);
}

#[test]
fn timeouts_are_kept() {
    let engine = engine();
    let memory = shared(&engine, 1, 1);
    let mut agent = Agent::new(&module(&engine, WAITING), &memory);
    let wait = agent.func::<(i32, i32, i64), i32>("wait32");
    let mut late = Duration::ZERO;
    for microseconds in [1, 50, 500, 1_000, 5_000, 20_000, 100_000] {
        let timeout = Duration::from_micros(microseconds);
        // The best of some: the machine may be busy.
        let over = (0..5).map(|_| {
            let begin = Instant::now();
            let timeout = timeout.as_nanos() as i64;
            let result = wait.call(&mut agent.store, (0, 0, timeout)).unwrap();
            assert_eq!(result, WaitResult::TimedOut as i32);
            begin.elapsed()
        });
        let over = over.min().unwrap();
        assert!(over >= timeout, "{over:?} of {timeout:?}");
        late = late.max(over - timeout);
    }
    assert!(late < Duration::from_millis(20), "{late:?} too late");
}

/// A mutex as toolchains make them: 0 free, 1 locked, 2 locked and somebody waits. What it protects is
/// at 64, and is not atomic.
const MUTEX: &str = r#"
    (import "" "" (memory 1 1 shared))
    (func $lock (local $state i32)
        (br_if 0 (i32.eqz (local.tee $state
            (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1)))))
        (loop $again
            (if (i32.or
                    (i32.eq (local.get $state) (i32.const 2))
                    (i32.ne (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 1) (i32.const 2))
                            (i32.const 0)))
                (then (drop
                    (memory.atomic.wait32 (i32.const 0) (i32.const 2) (i64.const -1)))))
            (local.set $state
                (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 2)))
            (br_if $again (local.get $state))))
    (func $unlock
        (if (i32.ne (i32.atomic.rmw.sub (i32.const 0) (i32.const 1)) (i32.const 1))
            (then
                (i32.atomic.store (i32.const 0) (i32.const 0))
                (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))))
    (func (export "run") (param $rounds i32) (local $i i32)
        (loop $round
            (call $lock)
            (i64.store (i32.const 64) (i64.add (i64.load (i32.const 64)) (i64.const 1)))
            ;; Now and then it takes longer, so that others go to sleep.
            (if (i32.eqz (i32.rem_u (local.get $rounds) (i32.const 64)))
                (then
                    (local.set $i (i32.const 2000))
                    (loop $work
                        (local.set $i (i32.sub (local.get $i) (i32.const 1)))
                        (i64.store (i32.const 72)
                            (i64.add (i64.load (i32.const 72)) (i64.const 1)))
                        (br_if $work (local.get $i)))))
            (call $unlock)
            (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
            (br_if $round (local.get $rounds))))"#;

#[test]
fn a_mutex_contended_by_four_threads() {
    const ROUNDS: i32 = 200_000;
    for engine in engines() {
        let memory = shared(&engine, 1, 1);
        let module = module(&engine, MUTEX);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let mut agent = Agent::new(&module, &memory);
                    agent.call::<_, ()>("run", ROUNDS).unwrap();
                });
            }
        });
        let count = |at: usize| {
            let low = word(&memory, at).load(Ordering::Relaxed);
            u64::from(word(&memory, at + 4).load(Ordering::Relaxed)) << 32 | u64::from(low)
        };
        assert_eq!(count(64), 4 * ROUNDS as u64);
        assert_eq!(count(72), 4 * (ROUNDS as u64 / 64) * 2000);
        assert_eq!(word(&memory, 0).load(Ordering::Relaxed), 0, "unlocked");
    }
}

/// One thread waits for each number that the other writes; both wait for ever, so that a wake-up that
/// is lost would end the test only by its timeout.
#[test]
fn no_wake_up_is_lost() {
    const ROUNDS: i32 = 10_000;
    const WAT: &str = r#"
        (import "" "" (memory 1 1 shared))
        ;; Waits until the word at $at is $value.
        (func $await (param $at i32) (param $value i32) (local $found i32)
            (loop $again
                (local.set $found (i32.atomic.load (local.get $at)))
                (if (i32.ne (local.get $found) (local.get $value))
                    (then
                        (drop (memory.atomic.wait32
                            (local.get $at) (local.get $found) (i64.const -1)))
                        (br $again)))))
        (func $post (param $at i32) (param $value i32)
            (i32.atomic.store (local.get $at) (local.get $value))
            (drop (memory.atomic.notify (local.get $at) (i32.const 1))))
        (func (export "produce") (param $rounds i32) (local $i i32)
            (loop $next
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                ;; The goods are not atomic.
                (i32.store (i32.const 64) (i32.mul (local.get $i) (i32.const 3)))
                (call $post (i32.const 0) (local.get $i))
                (call $await (i32.const 4) (local.get $i))
                (br_if $next (i32.lt_u (local.get $i) (local.get $rounds)))))
        (func (export "consume") (param $rounds i32) (result i32) (local $i i32) (local $wrong i32)
            (loop $next
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (call $await (i32.const 0) (local.get $i))
                (local.set $wrong (i32.add (local.get $wrong)
                    (i32.ne (i32.load (i32.const 64)) (i32.mul (local.get $i) (i32.const 3)))))
                (call $post (i32.const 4) (local.get $i))
                (br_if $next (i32.lt_u (local.get $i) (local.get $rounds))))
            (local.get $wrong))"#;
    for engine in engines() {
        let memory = shared(&engine, 1, 1);
        let module = module(&engine, WAT);
        thread::scope(|scope| {
            scope.spawn(|| {
                let mut agent = Agent::new(&module, &memory);
                agent.call::<_, ()>("produce", ROUNDS).unwrap();
            });
            let mut agent = Agent::new(&module, &memory);
            assert_eq!(agent.call::<_, i32>("consume", ROUNDS).unwrap(), 0);
        });
    }
}

/// Threads use pages as soon as they see them, while others add more.
#[test]
fn growth_while_others_access() {
    const PAGES: u32 = 200;
    const WAT: &str = r#"
        (import "" "" (memory 1 200 shared))
        (func (export "grow") (result i32) (memory.grow (i32.const 1)))
        ;; Writes to the last byte that there is, and reads one of each page; until the memory is full.
        (func (export "use") (param $pages i32) (local $size i32) (local $at i32)
            (loop $again
                (local.set $size (memory.size))
                (drop (i32.atomic.rmw8.add_u
                    (i32.sub (i32.mul (local.get $size) (i32.const 65536)) (i32.const 1))
                    (i32.const 1)))
                (local.set $at (i32.const 0))
                (loop $page
                    (drop (i32.load8_u (i32.mul (local.get $at) (i32.const 65536))))
                    (local.set $at (i32.add (local.get $at) (i32.const 1)))
                    (br_if $page (i32.lt_u (local.get $at) (local.get $size))))
                (br_if $again (i32.lt_u (local.get $size) (local.get $pages)))))
        ;; Spins for a flag in the first page, and then uses what was added before the flag was set.
        (func (export "follow") (param $pages i32) (local $seen i32)
            (loop $again
                (local.set $seen (i32.atomic.load (i32.const 0)))
                (i32.store8 offset=65535 (i32.mul (local.get $seen) (i32.const 65536)) (i32.const 1))
                (br_if $again (i32.lt_u (local.get $seen) (i32.sub (local.get $pages) (i32.const 1))))))"#;
    for engine in engines() {
        let memory = shared(&engine, 1, PAGES);
        let module = module(&engine, WAT);
        let pages = PAGES as i32;
        let grown = thread::scope(|scope| {
            for name in ["use", "use", "follow", "follow"] {
                let (module, memory) = (&module, &memory);
                scope.spawn(move || {
                    Agent::new(module, memory)
                        .call::<_, ()>(name, pages)
                        .unwrap();
                });
            }
            let growers: Vec<_> = (0..3)
                .map(|_| {
                    scope.spawn(|| {
                        let mut agent = Agent::new(&module, &memory);
                        let grow = agent.func::<(), i32>("grow");
                        let mut grown = 0;
                        loop {
                            let old = grow.call(&mut agent.store, ()).unwrap();
                            if old == -1 {
                                return grown;
                            }
                            grown += 1;
                            word(&memory, 0).fetch_max(old as u32, Ordering::SeqCst);
                            thread::yield_now();
                        }
                    })
                })
                .collect();
            let grown = growers.into_iter().map(|grower| grower.join().unwrap());
            grown.sum::<u32>()
        });
        assert_eq!(grown, PAGES - 1, "each page was added once");
        assert_eq!(memory.size(), u64::from(PAGES));
    }
}

/// Handles, stores, modules and engines go in any order, and all memory with the last.
#[test]
fn drops_in_any_order() {
    const WAT: &str = r#"(import "" "" (memory 1 9 shared))
        (func (export "add") (result i32)
            (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))"#;
    for order in 0..24 {
        let fake: &'static Fake =
            Box::leak(Box::new(Fake::over(wasmetal_platform_linux::platform())));
        let engine = Engine::new(&Config::new(fake)).unwrap();
        let memory = shared(&engine, 1, 9);
        let module = module(&engine, WAT);
        let mut agents = [0; 2].map(|_| Agent::new(&module, &memory));
        for agent in &mut agents {
            agent.call::<(), i32>("add", ()).unwrap();
        }
        memory.grow(3).unwrap();
        let [first, mut second] = agents;
        let mut parts: Vec<Box<dyn FnOnce() + Send>> = vec![
            Box::new(move || drop(memory)),
            Box::new(move || drop(first)),
            Box::new(move || {
                assert_eq!(second.call::<(), i32>("add", ()).unwrap(), 2);
            }),
            Box::new(move || drop((engine, module))),
        ];
        // A permutation for each number.
        let mut rest = order;
        for left in (1..=4).rev() {
            let drop_one = parts.remove(rest % left);
            rest /= left;
            thread::spawn(drop_one).join().unwrap();
        }
        assert_eq!(fake.live_reservations(), 0, "{order}");
        assert_eq!(fake.committed_pages(), 0, "{order}");
    }
}

/// An instance that imports the same memory again takes no more room in its store, and two memories are two.
#[test]
fn many_instances_of_one_memory() {
    let engine = engine();
    let memories = [shared(&engine, 1, 1), shared(&engine, 1, 1)];
    let module = module(
        &engine,
        r#"(import "" "" (memory 1 1 shared))
           (func (export "add") (result i32)
               (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))"#,
    );
    let mut store = Store::new(&engine, ());
    for i in 0..1000 {
        let memory = memories[i % 2].clone();
        let instance = Instance::new(&mut store, &module, &[memory.into()]).unwrap();
        let add = instance.get_typed_func::<(), i32>(&mut store, "add");
        assert_eq!(add.unwrap().call(&mut store, ()).unwrap(), i as i32 / 2);
    }
}

/// The upper half of an i64 takes no part in a narrow comparison.
#[test]
fn narrow_compare_exchange() {
    for engine in engines() {
        let (mut store, instance) = instantiate(
            &engine,
            r#"(memory (export "m") 1)
               (func (export "8") (param i64 i64) (result i64)
                   (i64.atomic.rmw8.cmpxchg_u (i32.const 0) (local.get 0) (local.get 1)))
               (func (export "16") (param i64 i64) (result i64)
                   (i64.atomic.rmw16.cmpxchg_u (i32.const 0) (local.get 0) (local.get 1)))
               (func (export "32") (param i64 i64) (result i64)
                   (i64.atomic.rmw32.cmpxchg_u (i32.const 0) (local.get 0) (local.get 1)))
               (func (export "wrapped") (param i64 i64) (result i64)
                   (i64.extend_i32_u (i32.atomic.rmw.cmpxchg (i32.const 0)
                       (i32.wrap_i64 (local.get 0)) (i32.wrap_i64 (local.get 1)))))"#,
            &[],
        )
        .unwrap();
        let memory = instance.get_memory(&mut store, "m").unwrap();
        for (name, bits) in [("8", 8), ("16", 16), ("32", 32), ("wrapped", 32)] {
            let cmpxchg = instance
                .get_typed_func::<(i64, i64), i64>(&mut store, name)
                .unwrap();
            let mask = (1_i64 << bits) - 1;
            let (old, new) = (0x8877_6655_4433_2211_u64 as i64, 0x1234_5678_9abc_def0);
            memory.data_mut(&mut store)[..8].copy_from_slice(&old.to_le_bytes());
            // The same low bits, other ones above.
            let expected = (0x5555_5555_5555_5555 & !mask) | (old & mask);
            let found = cmpxchg.call(&mut store, (expected, new)).unwrap();
            assert_eq!(found, old & mask, "{name}");
            let now = i64::from_le_bytes(memory.data(&store)[..8].try_into().unwrap());
            assert_eq!(now, (old & !mask) | (new & mask), "{name}");
        }
    }
}

/// One definition in a linker serves stores on any thread.
#[test]
fn a_linker_for_many_stores() {
    let engine = engine();
    let memory = shared(&engine, 1, 1);
    let module = module(
        &engine,
        r#"(import "a" "m" (memory 1 1 shared))
           (func (export "add") (result i32)
               (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))"#,
    );
    let mut linker = Linker::<usize>::new(&engine);
    let first = Store::new(&engine, 0);
    linker.define(&first, "a", "m", memory.clone()).unwrap();
    drop(first);
    let pre = linker.instantiate_pre(&module).unwrap();
    thread::scope(|scope| {
        for i in 0..4 {
            let (engine, module, linker, pre) = (&engine, &module, &linker, &pre);
            scope.spawn(move || {
                let mut store = Store::new(engine, i);
                for _ in 0..50 {
                    for instance in [
                        pre.instantiate(&mut store).unwrap(),
                        linker.instantiate(&mut store, module).unwrap(),
                    ] {
                        let add = instance.get_typed_func::<(), i32>(&mut store, "add");
                        add.unwrap().call(&mut store, ()).unwrap();
                    }
                }
            });
        }
    });
    assert_eq!(word(&memory, 0).load(Ordering::Relaxed), 400);
}

/// Every kind of access traps where it is not aligned, and else where it is out of bounds; and changes
/// nothing then.
#[test]
fn atomics_out_of_bounds() {
    let mut wat = String::from("(memory (export \"m\") 1 2 SHARED)\n");
    let mut names = Vec::new();
    for (ty, access, suffix, size) in [
        ("i32", "", "", 4),
        ("i32", "8", "_u", 1),
        ("i32", "16", "_u", 2),
        ("i64", "", "", 8),
        ("i64", "8", "_u", 1),
        ("i64", "16", "_u", 2),
        ("i64", "32", "_u", 4),
    ] {
        let one = format!("({ty}.const 1)");
        for (op, operands) in [
            (format!("atomic.load{access}{suffix}"), String::new()),
            (format!("atomic.rmw{access}.add{suffix}"), one.clone()),
            (format!("atomic.rmw{access}.sub{suffix}"), one.clone()),
            (format!("atomic.rmw{access}.and{suffix}"), one.clone()),
            (format!("atomic.rmw{access}.or{suffix}"), one.clone()),
            (format!("atomic.rmw{access}.xor{suffix}"), one.clone()),
            (format!("atomic.rmw{access}.xchg{suffix}"), one.clone()),
            (
                format!("atomic.rmw{access}.cmpxchg{suffix}"),
                format!("({ty}.const 0) {one}"),
            ),
            (format!("atomic.store{access}"), one.clone()),
        ] {
            let access = format!("({ty}.{op} offset=8 (local.get 0) {operands})");
            let body = match op.contains("store") {
                true => access,
                false => format!("(drop {access})"),
            };
            let name = format!("{ty}.{op}");
            wat += &format!("(func (export \"{name}\") (param i32) {body})\n");
            names.push((name, size));
        }
    }
    for (engine, shared) in engines()
        .iter()
        .flat_map(|engine| [(engine, ""), (engine, "shared")])
    {
        let wat = wat.replace("SHARED", shared);
        let (mut store, instance) = instantiate(engine, &wat, &[]).unwrap();
        for (name, size) in &names {
            let f = instance
                .get_typed_func::<i32, ()>(&mut store, name)
                .unwrap();
            f.call(&mut store, 65_536 - 8 - size).unwrap();
            let mut check = |address: i32, trap: Trap| {
                let error = f.call(&mut store, address).unwrap_err();
                assert_eq!(error.downcast_ref(), Some(&trap), "{name} {address}");
            };
            for address in [65_536 - 8, 65_536, 1 << 30, -8, -16, i32::MIN] {
                check(address, Trap::MemoryOutOfBounds);
            }
            if *size > 1 {
                for address in [1, 65_536 - 8 - size + 1, 65_537, -1] {
                    check(address, Trap::HeapMisaligned);
                }
            }
        }
    }
}

/// Pages of one byte, and 64-bit addresses.
#[test]
fn other_page_sizes_and_addresses() {
    for (engine, ty, page) in engines().iter().flat_map(|engine| {
        [
            (engine, "10 100 shared (pagesize 1)", 1),
            (engine, "i64 1 3 shared", 1 << 16),
            (engine, "i64 16 80 shared (pagesize 1)", 1),
        ]
    }) {
        let index = if ty.starts_with("i64") { "i64" } else { "i32" };
        let wat = format!(
            r#"(memory (export "m") {ty})
               (func (export "load") (param {index}) (result i32)
                   (i32.atomic.load8_u (local.get 0)))
               (func (export "wait") (param {index}) (result i32)
                   (memory.atomic.wait32 offset=4 (local.get 0) (i32.const 1) (i64.const -1)))
               (func (export "grow") (param {index}) (result {index})
                   (memory.grow (local.get 0)))"#
        );
        let (mut store, instance) = instantiate(engine, &wat, &[]).unwrap();
        let memory = instance.get_shared_memory(&mut store, "m").unwrap();
        assert_eq!(memory.page_size(), page);
        let mut call = |name: &str, argument: i64| -> Result<i64> {
            let argument = match index {
                "i64" => Val::I64(argument),
                _ => Val::I32(argument as i32),
            };
            let f = instance.get_func(&mut store, name).unwrap();
            let mut results = [Val::I32(0)];
            f.call(&mut store, &[argument], &mut results)?;
            Ok(match results[0] {
                Val::I32(value) => value.into(),
                _ => results[0].unwrap_i64(),
            })
        };
        for _ in 0..2 {
            let length = memory.data_size();
            byte(&memory, length - 1).store(7, Ordering::Relaxed);
            assert_eq!(call("load", length as i64 - 1).unwrap(), 7);
            assert_eq!(call("wait", 0).unwrap(), WaitResult::Mismatch as i64);
            let beyond = length.next_multiple_of(4) as i64;
            for (name, address) in [("load", length as i64), ("wait", beyond), ("load", -1)] {
                let error = call(name, address).unwrap_err();
                assert_eq!(error.downcast_ref(), Some(&Trap::MemoryOutOfBounds), "{ty}");
            }
            let error = call("wait", 2).unwrap_err();
            assert_eq!(error.downcast_ref(), Some(&Trap::HeapMisaligned));
            assert_eq!(call("grow", 1).unwrap(), (length as u64 / page) as i64);
        }
        assert_eq!(call("grow", 1000).unwrap(), -1);
    }
}

/// What would wait traps, and nothing else does.
#[test]
fn nobody_waits() {
    let engine = Engine::new(&Config::new(&NO_GUARDS)).unwrap();
    let module = module(
        &engine,
        r#"(memory (export "memory") 1 1 shared)
           (func (export "wait") (param i32 i64) (result i32)
               (memory.atomic.wait32 (i32.const 0) (local.get 0) (local.get 1)))"#,
    );
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let wait = instance
        .get_typed_func::<(i32, i64), i32>(&mut store, "wait")
        .unwrap();
    for (arguments, expected) in [
        ((1, -1), Ok(WaitResult::Mismatch)),
        ((0, 0), Ok(WaitResult::TimedOut)),
        ((0, 1), Err(Trap::CannotBlock)),
        ((0, -1), Err(Trap::CannotBlock)),
    ] {
        let found = wait.call(&mut store, arguments);
        let found = found.map_err(|error| *error.downcast_ref::<Trap>().unwrap());
        assert_eq!(found, expected.map(|result| result as i32), "{arguments:?}");
    }
    let memory = instance.get_shared_memory(&mut store, "memory").unwrap();
    assert_eq!(memory.atomic_wait64(0, 0, None), Err(Trap::CannotBlock));
    assert_eq!(memory.atomic_notify(0, 1), Ok(0));
}
