//! Modules that are meant to cost the compiler much, under the preset for firmware: each is compiled, refused or stopped,
//! nothing is lost, and the next module runs. Totals of a store hold here too.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "common/wasm.rs"]
mod wasm;

use wasm::{check_works, failed};
use wasmetal::{
    CompilationStopped, Config, Engine, Instance, Module, ModuleLimitExceeded, Resource,
    ResourceLimitExceeded, Store, StoreLimitsBuilder,
};
use wasmetal_bombs::BOMBS;
use wasmetal_platform_bare::{entry, heap, platform, println};
use wasmetal_wat::wat;

entry!(main, heap = 64 << 20);

const GROWING: &[u8] =
    wat!(r#"(module (memory 1) (func (export "f") (result i32) (memory.grow (i32.const 1))))"#);
/// What the compiler may take under the preset, in bytes.
const BUDGET: usize = 24 << 20;

fn main() -> i32 {
    // What the platform keeps of address space is there before.
    drop(Engine::new(&Config::firmware(platform())));
    let before = books();
    explode();
    // Without an engine, which keeps room for types that it has seen.
    assert_eq!(books(), before, "lost");
    0
}

/// Bytes of heap in use, free page frames, bytes of address space free.
fn books() -> (usize, usize, usize) {
    let frames = platform().free_frames();
    (heap::used(), frames, platform().free_address_space())
}

fn explode() {
    let engine = Engine::new(&Config::firmware(platform())).expect("the settings fit");
    check_works(&engine);
    let (mut compiled, mut refused, mut stopped) = (0, 0, 0);
    for bomb in BOMBS {
        for size in [100, 5_000] {
            let module = bomb.of_size(size);
            let before = books();
            heap::reset_peak();
            let outcome = Module::new(&engine, &module).map(drop);
            let peak = heap::peak() - before.0;
            assert!(peak <= BUDGET + (8 << 20), "{}: {peak}", bomb.name);
            match outcome {
                Ok(()) => compiled += 1,
                Err(error) if error.is::<ModuleLimitExceeded>() => refused += 1,
                Err(error) => {
                    assert!(error.is::<CompilationStopped>(), "{error:?}");
                    stopped += 1;
                }
            }
            assert_eq!(platform().free_frames(), before.1, "{}: frames", bomb.name);
            println!("{}, {} bytes: {} KiB", bomb.name, module.len(), peak >> 10);
        }
        check_works(&engine);
    }
    println!("{compiled} compiled, {refused} refused, {stopped} stopped");
    assert!(compiled > BOMBS.len() && refused > 5);
    totals(&engine);
}

/// What all instances of a store have together is bounded.
fn totals(engine: &Engine) {
    const PAGE: usize = 64 << 10;
    let module = Module::new(engine, GROWING).expect("a valid module");
    let limits = StoreLimitsBuilder::new().total_memory_size(3 * PAGE);
    let mut store = Store::new(engine, limits.build());
    store.limiter(|limits| limits);
    let mut grow = |expected: i32| {
        let instance = Instance::new(&mut store, &module, &[]).expect("an instance");
        let f = instance.get_typed_func::<(), i32>(&mut store, "f");
        let f = f.expect("exported");
        assert_eq!(f.call(&mut store, ()).expect("no trap"), expected);
    };
    grow(1);
    grow(-1);
    let error = failed(Instance::new(&mut store, &module, &[]));
    let exceeded = error.downcast_ref::<ResourceLimitExceeded>();
    let exceeded = exceeded.expect("of that type");
    assert_eq!(
        (
            exceeded.resource,
            exceeded.limit,
            exceeded.present,
            exceeded.wanted
        ),
        (Resource::MemorySize, 3 * PAGE, 3 * PAGE, PAGE)
    );
}
