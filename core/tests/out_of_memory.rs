//! Memory that runs out at any point of the runtime's life: always an error, nothing lost, and life goes on.
//!
//! Every allocation of a life fails, alone and with all that follow, and every mapping. (A program of its own, for
//! its allocator.)

extern crate alloc;

mod lives;

use lives::Life;
use lives::walk::{Fails as _, Failures, Machine, World};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use wasmetal::error::OutOfMemory;
use wasmetal::{Config, Engine, Func, FuncType, Memory, MemoryType, Store, Val};
use wasmetal_platform::confine::{self, Allocator};

/// The system's, with books, which fails when it is told to.
struct Heap {
    blocks: AtomicUsize,
    bytes: AtomicUsize,
    failures: Failures,
}

// SAFETY: blocks are the system's.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if self.failures.is_due() {
            return std::ptr::null_mut();
        }
        self.blocks.fetch_add(1, Relaxed);
        self.bytes.fetch_add(layout.size(), Relaxed);
        // SAFETY: passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        self.blocks.fetch_sub(1, Relaxed);
        self.bytes.fetch_sub(layout.size(), Relaxed);
        // SAFETY: passed on.
        unsafe { System.dealloc(block, layout) };
    }
}

#[global_allocator]
static HEAP: Allocator<Heap> = Allocator::new(Heap {
    blocks: AtomicUsize::new(0),
    bytes: AtomicUsize::new(0),
    failures: Failures::none(),
});

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

/// What fails while an error lives has failed for its own reasons.
fn living_errors(config: &Config) {
    let engine = Engine::new(config).expect("enough memory");
    let mut errors = Vec::with_capacity(300);
    for _ in 0..300 {
        HEAP.get().failures.start(1, false);
        let failed = lives::small(&engine).expect_err("no memory");
        HEAP.get().failures.stop();
        errors.push(failed);
        lives::small(&engine).expect("there is memory");
    }
    assert!(confine::drawn() > 0);
    drop(errors);
    assert_eq!(confine::drawn(), 0);
}

fn main() {
    // Where the standard library is there, an error would carry a backtrace of the host, a hundred times as
    // large as itself.
    // SAFETY: no other thread runs yet.
    unsafe { std::env::set_var("RUST_LIB_BACKTRACE", "0") };
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
    for (config, kind) in [(&guards, "guards"), (&moving, "no reservation")] {
        for (life, name) in [(lives::small as Life, "small"), (lives::large, "large")] {
            let allocations = format!("{name} life, {kind}, allocations");
            world.walk(&allocations, config, life, &HEAP.get().failures);
            let mappings = format!("{name} life, {kind}, mappings");
            world.walk(&mappings, config, life, &machine().failures);
        }
    }
}
