//! The compiler, confined: what it needs is bounded, and an input that needs more is an error that loses
//! nothing. (In a program of its own, for its global allocator.)

mod program;
mod statics;
mod stops;
mod texts;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use wasmetal::{
    CompilationStopped, Config, Engine, Instance, InvalidModule, Module, ModuleLimitExceeded,
    ModuleLimits, Store, WasmFeatures,
};
use wasmetal_platform::confine::Allocator;

/// The system's, with a count of live bytes and a limit.
struct Counting {
    chunks: statics::Chunks,
    live: AtomicUsize,
    limit: AtomicUsize,
}

// SAFETY: blocks are the system's.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let live = self.live.fetch_add(layout.size(), Ordering::Relaxed);
        if live.saturating_add(layout.size()) > self.limit.load(Ordering::Relaxed) {
            self.live.fetch_sub(layout.size(), Ordering::Relaxed);
            return std::ptr::null_mut();
        }
        HERE.set(HERE.get() + layout.size() as isize);
        // SAFETY: passed on.
        let block = unsafe { System.alloc(layout) };
        self.chunks.add(block, layout.size());
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        HERE.set(HERE.get() - layout.size() as isize);
        self.live.fetch_sub(layout.size(), Ordering::Relaxed);
        if !self.chunks.keeps(block) {
            // SAFETY: passed on.
            unsafe { System.dealloc(block, layout) };
        }
    }
}

#[global_allocator]
static HEAP: Allocator<Counting> = Allocator::new(Counting {
    chunks: statics::Chunks::new(),
    live: AtomicUsize::new(0),
    limit: AtomicUsize::new(usize::MAX),
});

/// The heap is one for all tests.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

thread_local! {
    /// The bytes that this thread has allocated and not freed: nobody else makes noise in it.
    static HERE: Cell<isize> = const { Cell::new(0) };
}

fn live() -> usize {
    HEAP.get().live.load(Ordering::Relaxed)
}

fn engine(limit: Option<usize>) -> Engine {
    let mut config = Config::new(wasmetal_platform_linux::platform());
    if let Some(limit) = limit {
        config.compile_memory_limit(limit);
    }
    Engine::new(&config).expect("an engine")
}

/// `(func (export "f") (result i32))` with a body of `levels` nested ifs around 42.
fn nested(levels: usize) -> Vec<u8> {
    let open = "(if (result i32) (i32.const 1) (then ".repeat(levels);
    let close = ") (else (i32.const 0)))".repeat(levels);
    let text = format!("(module (func (export \"f\") (result i32) {open} (i32.const 42) {close}))");
    wat::parse_str(text).expect("valid")
}

fn call(engine: &Engine, module: &Module) -> i32 {
    let mut store = Store::new(engine, ());
    let instance = Instance::new(&mut store, module, &[]).expect("an instance");
    let f = instance.get_typed_func::<(), i32>(&mut store, "f");
    f.expect("exported").call(&mut store, ()).expect("no trap")
}

#[test]
fn a_limit_is_kept_and_nothing_is_lost() {
    let _one = ONE_AT_A_TIME.lock();
    let engine = engine(Some(4 << 20));
    let (small, large) = (nested(10), nested(4000));
    let module = Module::new(&engine, &small).expect("it fits");
    assert_eq!(call(&engine, &module), 42);
    let mut before = None;
    for _ in 0..20 {
        let error = Module::new(&engine, &large).expect_err("it does not fit");
        let stopped = error.downcast_ref::<CompilationStopped>();
        let Some(CompilationStopped::Memory {
            wanted,
            used,
            limit,
        }) = stopped
        else {
            panic!("{error:?}");
        };
        assert_eq!(*limit, Some(4 << 20));
        assert!(
            *used <= 4 << 20 && used + wanted + 4096 > 3 << 20,
            "{error}"
        );
        assert!(error.to_string().contains("4194304"), "{error}");
        drop(error);
        assert_eq!(*before.get_or_insert_with(live), live());
    }
    assert_eq!(
        call(&engine, &Module::new(&engine, &small).expect("it fits")),
        42
    );
}

#[test]
fn without_a_limit_the_heap_is_the_limit() {
    let _one = ONE_AT_A_TIME.lock();
    let engine = engine(None);
    let large = nested(4000);
    assert_eq!(
        call(
            &engine,
            &Module::new(&engine, &large).expect("there is room")
        ),
        42
    );
    let before = live();
    let mut failed = 0;
    // An error takes a little memory too.
    for room in (0..40).map(|step| (8 << 10) + step * (200 << 10)) {
        HEAP.get().limit.store(before + room, Ordering::Relaxed);
        let outcome = Module::new(&engine, &large).map(drop).map_err(|error| {
            matches!(
                error.downcast_ref(),
                Some(CompilationStopped::Memory { .. })
            )
        });
        HEAP.get().limit.store(usize::MAX, Ordering::Relaxed);
        match outcome {
            Ok(()) => {}
            Err(stopped) => {
                assert!(stopped || room > 1 << 20, "room for {room} bytes");
                failed += 1;
            }
        }
        assert_eq!(live(), before);
    }
    assert!(failed >= 5, "{failed}");
}

#[test]
fn errors_keep_their_texts() {
    let _one = ONE_AT_A_TIME.lock();
    let confined = engine(Some(16 << 20));
    for bad in [
        &b"garbage"[..],
        &wat::parse_str("(module (func $name (result i32)))").expect("well-formed"),
    ] {
        let mut config = Config::new(wasmetal_platform_linux::platform());
        config.parallel_compilation(wasmetal_platform_linux::for_each);
        let free = Engine::new(&config).expect("an engine");
        let text =
            |engine: &Engine| format!("{:#}", Module::from_binary(engine, bad).expect_err("bad"));
        assert_eq!(text(&confined), text(&free));
        let text =
            |engine: &Engine| format!("{:#}", Module::validate(engine, bad).expect_err("bad"));
        assert_eq!(text(&confined), text(&free));
    }
}

#[test]
fn images_are_the_same() {
    let _one = ONE_AT_A_TIME.lock();
    let mut config = Config::new(wasmetal_platform_linux::platform());
    config.parallel_compilation(wasmetal_platform_linux::for_each);
    let free = Engine::new(&config).expect("an engine");
    let wasm = nested(100);
    let image = engine(Some(64 << 20))
        .precompile_module(&wasm)
        .expect("it fits");
    assert_eq!(image, free.precompile_module(&wasm).expect("valid"));
}

#[test]
fn on_many_threads_at_once() {
    let _one = ONE_AT_A_TIME.lock();
    let engine = engine(Some(8 << 20));
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let engine = &engine;
            scope.spawn(move || {
                for round in 0..20 {
                    match (thread + round) % 2 {
                        0 => assert!(Module::new(engine, nested(6000)).is_err()),
                        _ => {
                            let module = Module::new(engine, nested(20)).expect("it fits");
                            assert_eq!(call(engine, &module), 42);
                        }
                    }
                }
            });
        }
    });
}

/// What is known of an error outlives the memory that the compiler made it in.
#[test]
fn errors_keep_their_types() {
    let _one = ONE_AT_A_TIME.lock();
    let mut config = Config::firmware(wasmetal_platform_linux::platform());
    config.wasm_tail_call(false);
    let engine = Engine::new(&config).expect("an engine");
    let error = Module::new(&engine, "(func) (func $f return_call 0)").expect_err("it is off");
    // Whatever is left there is overwritten.
    Module::new(&engine, nested(900)).expect("it fits");
    let invalid: &InvalidModule = error.downcast_ref().expect("it is invalid");
    assert_eq!(
        (
            invalid.function(),
            invalid.function_name(),
            invalid.offset()
        ),
        (Some(1), Some("f"), 27)
    );
    assert_eq!(invalid.missing_proposals(), WasmFeatures::TAIL_CALL);
    assert_eq!(
        error.to_string(),
        "invalid function 1 (`f`): tail calls support is not enabled (at offset 0x1b); \
         the proposal tail-call is not enabled"
    );
}

/// The preset for firmware compiles and runs what is of its size, refuses what is not, and gives way to what is set
/// afterwards.
#[test]
fn firmware() {
    let _one = ONE_AT_A_TIME.lock();
    let mut config = Config::firmware(wasmetal_platform_linux::platform());
    let engine = Engine::new(&config).expect("an engine");
    let module = Module::new(&engine, nested(900)).expect("it fits");
    assert_eq!(call(&engine, &module), 42);
    let deep = nested(1100);
    let error = Module::new(&engine, &deep).expect_err("too deep");
    let exceeded = error.downcast_ref::<ModuleLimitExceeded>();
    assert_eq!(exceeded.expect("a limit").limit, "block_depth");
    config.module_limits(ModuleLimits::default());
    let engine = Engine::new(&config).expect("an engine");
    let module = Module::new(&engine, &deep).expect("it fits");
    assert_eq!(call(&engine, &module), 42);
    config.compile_memory_limit(1 << 20);
    let engine = Engine::new(&config).expect("an engine");
    let error = Module::new(&engine, &deep).expect_err("too large");
    assert!(error.is::<CompilationStopped>(), "{error:?}");
}
