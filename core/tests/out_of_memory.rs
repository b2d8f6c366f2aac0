//! Memory that runs out at any point of the runtime's life: always an error, nothing lost, and life goes on.
//!
//! Every allocation of a life fails, alone and with all that follow, and every mapping. (A program of its own, for
//! its allocator.)

extern crate alloc;

// Not in `lives`: the device has a heap of its own.
#[path = "lives/heap.rs"]
mod heap;
mod lives;

use heap::Heap;
use lives::walk::{Fails as _, Machine, World};
use lives::{asking, hosting, sharing, stops, storing, waiting};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use wasmetal::error::OutOfMemory;
use wasmetal::{
    Config, Engine, Error, Func, FuncType, Instance, LoadError, Memory, MemoryType, Module, Result,
    SharedMemory, Store, Trap, Val, WaitResult, WasmBacktrace,
};
use wasmetal_platform::confine::{self, Allocator};
use wasmetal_platform_linux::DirectoryCache;

#[global_allocator]
static HEAP: Allocator<Heap> = Allocator::new(Heap::new());

fn books() -> [usize; 5] {
    let (heap, machine) = (HEAP.get(), machine());
    [
        heap.blocks.load(Relaxed),
        heap.bytes.load(Relaxed),
        confine::drawn(),
        machine.reserved.load(Relaxed),
        machine.images.load(Relaxed),
    ]
}

fn machine() -> &'static Machine {
    static MACHINE: std::sync::OnceLock<Machine> = std::sync::OnceLock::new();
    MACHINE.get_or_init(|| Machine::over(wasmetal_platform_linux::platform()))
}

/// Calls that can't fail make do with the reserve. What may fail does, until the heap serves again.
fn infallible(config: &Config) {
    let engine = Engine::new(config).expect("enough memory");
    HEAP.get().failures.start(1, false);
    let mut store = Store::new(&engine, ());
    let ty = FuncType::new(&engine, [], []);
    let other = Func::new(&mut store, ty, |_, _, _| Ok(()));
    let one = Func::wrap(&mut store, |x: i32| x + 1);
    let drawn = confine::drawn();
    assert!(drawn > 0);
    for _ in 0..1000 {
        let error = Memory::new(&mut store, MemoryType::new(1, None)).expect_err("no memory");
        assert!(error.is::<OutOfMemory>(), "{error:?}");
        drop(error);
        assert_eq!(confine::drawn(), drawn);
    }
    assert!(Store::try_new(&engine, ()).is_err());
    assert!(Func::try_wrap(&mut store, || ()).is_err());
    assert!(HEAP.get().failures.stop() > 0);
    let mut result = [Val::I32(0)];
    one.call(&mut store, &[Val::I32(1)], &mut result)
        .expect("no trap");
    assert_eq!(result[0].unwrap_i32(), 2);
    other.call(&mut store, &[], &mut []).expect("no trap");
    Memory::new(&mut store, MemoryType::new(1, None)).expect("there is memory");
    lives::small(&engine).expect("there is memory");
    drop(store);
    // The types of the engine may lie there.
    drop(engine);
    assert_eq!(confine::drawn(), 0);
}

/// Errors that live on lie in the reserve, in 192 bytes each at most; when half of it is used up, everything fails until
/// some of them are dropped.
fn living_errors(config: &Config) {
    let engine = Engine::new(config).expect("enough memory");
    let mut errors = Vec::with_capacity(2000);
    let mut fail = |first| {
        HEAP.get().failures.start(first, false);
        let failed = lives::small(&engine).expect_err("no memory");
        HEAP.get().failures.stop();
        errors.push(failed);
        confine::drawn()
    };
    let mut drawn = 0;
    for i in 1.. {
        // Each operation of the life fails now and then.
        let now = fail(1 + i % 20);
        assert!(now <= drawn + 192, "{} bytes", now - drawn);
        drawn = now;
        if drawn > confine::RESERVE / 2 {
            break;
        }
        lives::small(&engine).expect("there is memory");
    }
    for _ in 0..100 {
        fail(1);
        let error = lives::small(&engine).expect_err("too many errors live");
        assert!(error.is::<OutOfMemory>(), "{error:?}");
    }
    println!("{} errors, {} bytes", errors.len(), confine::drawn());
    drop(errors);
    assert_eq!(confine::drawn(), 0);
    lives::small(&engine).expect("there is memory");
}

/// An error is one allocation at most, with each context one more.
fn blocks_of_errors(config: &Config) {
    let check = |blocks, made: &dyn Fn() -> Error| {
        let before = HEAP.get().blocks.load(Relaxed);
        let error = made();
        let taken = HEAP.get().blocks.load(Relaxed) - before;
        assert_eq!(taken, blocks, "{error:?}");
        drop(error);
        assert_eq!(HEAP.get().blocks.load(Relaxed), before);
    };
    check(0, &|| Trap::StackOverflow.into());
    check(0, &|| OutOfMemory::new(1).into());
    check(1, &|| Error::msg("text"));
    check(1, &|| LoadError::Unsigned.into());
    check(1, &|| Error::new(Trap::StackOverflow).context("text"));
    check(2, &|| Error::msg("text").context("text"));
    let engine = Engine::new(config).expect("enough memory");
    let module = "(func $inner unreachable) (func (export \"trap\") call $inner)";
    let module = Module::new(&engine, module).expect("it is valid");
    let store = Mutex::new(Store::new(&engine, ()));
    let mut first = store.lock().expect("no panic");
    let instance = Instance::new(&mut *first, &module, &[]).expect("no imports");
    let trap = instance.get_typed_func::<(), ()>(&mut *first, "trap");
    let trap = trap.expect("it is there");
    trap.call(&mut *first, ()).expect_err("it traps");
    drop(first);
    check(1, &|| {
        let mut store = store.lock().expect("no panic");
        let error = trap.call(&mut *store, ()).expect_err("it traps");
        assert!(error.is::<Trap>() && error.is::<WasmBacktrace>());
        error
    });
}

/// Modules as text, good ones and bad ones.
fn text(engine: &Engine, good: &str, bad: &[String]) -> Result<()> {
    let module = Module::new(engine, good)?;
    assert_eq!(module.functions().len(), 200);
    for bad in bad {
        hosting::short(Module::new(engine, bad))?;
    }
    Ok(())
}

/// The memory that [`waiter`] is to wait in.
static PARKED: Mutex<Option<SharedMemory>> = Mutex::new(None);
/// How it ended: 0 while it has not, 1 for a notification, else 2.
static OUTCOME: AtomicUsize = AtomicUsize::new(0);

/// Another thread, which waits in memories for good.
fn waiter() {
    loop {
        // Nothing is held when it has ended.
        let memory = match OUTCOME.load(SeqCst) {
            0 => PARKED.lock().expect("no panic").clone(),
            _ => None,
        };
        let Some(memory) = memory else {
            std::thread::sleep(Duration::from_micros(20));
            continue;
        };
        let ended = memory.atomic_wait32(8, 0, None);
        drop(memory);
        OUTCOME.store(2 - usize::from(ended == Ok(WaitResult::Ok)), SeqCst);
    }
}

/// Has that thread wait, and wakes it.
fn park(memory: &SharedMemory) -> Result<()> {
    OUTCOME.store(0, SeqCst);
    *PARKED.lock().expect("no panic") = Some(memory.clone());
    let mut notified = 0;
    while OUTCOME.load(SeqCst) == 0 {
        notified += memory.atomic_notify(8, u32::MAX)?;
    }
    *PARKED.lock().expect("no panic") = None;
    match OUTCOME.load(SeqCst) {
        1 => assert_eq!(notified, 1),
        _ => return Err(lives::Exhausted.into()),
    }
    Ok(())
}

fn main() {
    // A report takes memory.
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        HEAP.get().failures.stop();
        HEAP.get().limit.store(usize::MAX, Relaxed);
        report(panic);
    }));
    let mut guards = Config::new(machine());
    guards.gc_heap_initial_size(1 << 16);
    let mut moving = guards.clone();
    moving.memory_reservation(0);
    moving.gc_heap_reservation(0);
    let world = World {
        books,
        print: |line| println!("{line}"),
        // Emulated, all of them would take many minutes.
        stride: if cfg!(target_env = "musl") { 41 } else { 1 },
    };
    infallible(&guards);
    living_errors(&guards);
    blocks_of_errors(&guards);
    // `cargo test --test out_of_memory NAME`
    let only = std::env::args()
        .nth(1)
        .filter(|name| !name.starts_with('-'));
    let walk = |config: &Config, name: &str, life: lives::Life<'_>| {
        if only.as_ref().is_some_and(|only| !name.contains(only)) {
            return;
        }
        let heap = &HEAP.get().failures;
        world.walk(&format!("{name}, allocations"), config, life, heap);
        let machine = &machine().failures;
        world.walk(&format!("{name}, mappings"), config, life, machine);
        world.squeeze(&format!("{name}, small heaps"), config, life, &|room| {
            let used = HEAP.get().bytes.load(Relaxed);
            let limit = room.map_or(usize::MAX, |room| used + room);
            HEAP.get().limit.store(limit, Relaxed);
        });
    };
    for (config, kind) in [(&guards, "guards"), (&moving, "no reservation")] {
        walk(config, &format!("small life, {kind}"), &lives::small);
        walk(config, &format!("large life, {kind}"), &lives::large);
    }

    let image = |config: &Config, wasm: &[u8]| {
        let engine = Engine::new(config).expect("enough memory");
        engine.precompile_module(wasm).expect("it compiles")
    };
    let guest = image(&guards, hosting::GUEST);
    let names = image(&guards, &hosting::long_names());
    walk(&guards, "hosting", &|engine| {
        hosting::hosting(engine, &guest, &names)
    });
    let caller = image(&guards, hosting::CALLER);
    walk(&guards, "in a table", &|engine| {
        hosting::in_a_table(engine, &caller)
    });
    let mut metered = guards.clone();
    metered.consume_fuel(true).epoch_interruption(true);
    let guest = image(&metered, stops::GUEST);
    walk(&metered, "stops", &|engine| stops::stops(engine, &guest));
    let mut epochs = guards.clone();
    epochs.epoch_interruption(true);
    let guest = image(&epochs, waiting::GUEST);
    walk(&epochs, "waiting", &|engine| {
        waiting::waiting(engine, &guest)
    });
    let guest = image(&guards, asking::GUEST);
    walk(&guards, "asking", &|engine| asking::asking(engine, &guest));
    let mut trusting = guards.clone();
    let kept = storing::Kept::new(&mut trusting, wasmetal_platform_linux::platform());
    let kept = kept.expect("enough memory");
    walk(&trusting, "storing", &|engine| {
        storing::storing(engine, &kept)
    });
    let mut caching = guards.clone();
    storing::cached(&mut caching).expect("enough memory");
    walk(&caching, "caching", &storing::caching);
    let directory = std::env::temp_dir().join(format!("wasmetal-lives-{}", std::process::id()));
    let size = storing::cache_size(&guards).expect("enough memory") as u64;
    let cache = DirectoryCache::new(&directory, size).expect("a directory");
    let mut caching = guards.clone();
    // SAFETY: nobody else writes to the directory.
    unsafe { caching.cache(Arc::new(cache)) };
    walk(&caching, "directory", &storing::caching);
    std::fs::remove_dir_all(&directory).expect("it is there");

    let good = format!("(module {})", "(func (drop (i32.const 5)))".repeat(200));
    let long = "x".repeat(60_000);
    let bad = [
        format!("(module (func (call ${long})))"),
        format!("(module (import \"a\" \"b\" (func)) (func (drop (i32.const 5{long}))))"),
        format!("(module (func (export \"{long}\")) (func (export \"{long}\")))"),
    ];
    walk(&guards, "text", &|engine| text(engine, &good, &bad));

    std::thread::spawn(waiter);
    let guest = image(&guards, sharing::GUEST);
    walk(&guards, "sharing", &|engine| {
        sharing::sharing(engine, &guest, &park)
    });
}
