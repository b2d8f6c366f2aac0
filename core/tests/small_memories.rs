//! What memories of a few bytes cost, counted by the allocator: alone in this program, so that nothing
//! else allocates.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use wasmetal::{Config, Engine, Instance, Module, Result, Store};

/// The system's allocator, and how many bytes are in use.
struct Counting(AtomicUsize);

// SAFETY: passes on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.0.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        self.0.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting(AtomicUsize::new(0));

/// How many bytes of heap each instance of a module takes that has `memories` memories of `bytes` bytes.
fn cost(engine: &Engine, memories: usize, bytes: usize) -> Result<usize> {
    const INSTANCES: usize = 128;
    let memory = format!("(memory {bytes} (pagesize 1))");
    let module = Module::new(engine, format!("(module {})", memory.repeat(memories)))?;
    let mut store = Store::new(engine, ());
    // The first makes what all share.
    Instance::new(&mut store, &module, &[])?;
    let before = ALLOCATOR.0.load(Ordering::Relaxed);
    for _ in 0..INSTANCES {
        Instance::new(&mut store, &module, &[])?;
    }
    Ok((ALLOCATOR.0.load(Ordering::Relaxed) - before) / INSTANCES)
}

#[test]
fn a_memory_of_a_few_bytes_costs_a_few_bytes() -> Result<()> {
    let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    let empty = cost(&engine, 1, 0)?;
    let one = cost(&engine, 1, 8)?;
    let fifty = cost(&engine, 50, 8)?;
    println!(
        "bytes for an instance: {empty} with an empty memory, {one} with one of 8, {fifty} with 50"
    );
    assert!(one - empty <= 16, "{empty} {one}");
    assert!((fifty - one) / 49 <= 192, "{one} {fifty}");
    assert!(cost(&engine, 1, 1000)? - empty <= 1024);
    Ok(())
}
