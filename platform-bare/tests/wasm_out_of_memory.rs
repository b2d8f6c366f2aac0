//! Memory that runs out at any point of the runtime's life, on the device: always an error, and the heap's bytes and
//! the page frames are what they were. The lives are those of `core/tests/out_of_memory.rs`.
//!
//! Long lives are sampled, but with the payload `all`; another payload is a part of the names of those that are lived.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "../../core/tests/lives/mod.rs"]
mod lives;

use alloc::{format, vec::Vec};
use core::cell::{Cell, RefCell};
use core::sync::atomic::Ordering::Relaxed;
use core::{mem, str};
use lives::walk::{Fails, Machine, World};
use lives::{Life, asking, hosting, sharing, stops, storing, waiting};
use wasmetal::{Config, Engine};
use wasmetal_platform::confine;
use wasmetal_platform_bare::{entry, heap, payload, platform, println};

entry!(main, heap = 64 << 20);

/// The heap's allocations.
struct Allocations(Cell<usize>);

impl Fails for Allocations {
    fn start(&self, first: usize, alone: bool) {
        self.0.set(0);
        heap::refuse(first..if alone { first + 1 } else { usize::MAX });
    }

    fn stop(&self) -> usize {
        self.0.set(self.0.get() + heap::refused());
        self.0.get()
    }
}

fn machine() -> &'static Machine {
    static MACHINE: spin::Once<Machine> = spin::Once::new();
    MACHINE.call_once(|| Machine::over(platform()))
}

fn books() -> [usize; 5] {
    [
        heap::used(),
        platform().free_frames(),
        confine::drawn(),
        machine().reserved.load(Relaxed),
        machine().images.load(Relaxed),
    ]
}

/// Leaves `room` bytes of the heap free, or for `None` gives back what was taken.
fn leave(room: Option<usize>, ballast: &RefCell<Vec<Vec<u8>>>) {
    let mut ballast = ballast.borrow_mut();
    let Some(room) = room else {
        ballast.clear();
        return;
    };
    // The heap may be in pieces.
    for size in (6..26).rev().map(|bits| 1 << bits) {
        let mut block = Vec::new();
        while heap::size() - heap::used() >= room + size
            && ballast.len() < ballast.capacity()
            && block.try_reserve_exact(size).is_ok()
        {
            ballast.push(mem::take(&mut block));
        }
    }
}

fn main() -> i32 {
    let all = payload() == Some(b"all");
    let mut guards = Config::new(machine());
    guards.gc_heap_initial_size(1 << 16);
    let mut moving = guards.clone();
    moving.memory_reservation(0);
    moving.gc_heap_reservation(0);
    let world = |stride| World {
        books,
        print: |line| println!("{line}"),
        stride,
    };
    let allocations = Allocations(Cell::new(0));
    let ballast = RefCell::new(Vec::with_capacity(1000));
    let only = payload().filter(|_| !all).map(str::from_utf8);
    let only = only.map(|name| name.expect("a name is text"));
    let walk = |config: &Config, name: &str, life: Life<'_>, stride| {
        if only.is_some_and(|only| !name.contains(only)) {
            return;
        }
        let stride = if all { 1 } else { stride };
        let allocated = format!("{name}, allocations");
        world(stride).walk(&allocated, config, life, &allocations);
        let mapped = format!("{name}, mappings");
        world(1).walk(&mapped, config, life, &machine().failures);
        let squeezed = format!("{name}, small heaps");
        let limit = |room| leave(room, &ballast);
        world(stride).squeeze(&squeezed, config, life, &limit);
    };
    for config in [&guards, &moving] {
        walk(config, "small life", &lives::small, 1);
        walk(config, "large life", &lives::large, 40);
    }

    let image = |config: &Config, wasm: &[u8]| {
        let engine = Engine::new(config).expect("enough memory");
        engine.precompile_module(wasm).expect("it compiles")
    };
    let guest = image(&guards, hosting::GUEST);
    let names = image(&guards, &hosting::long_names());
    let life = |engine: &Engine| hosting::hosting(engine, &guest, &names);
    walk(&guards, "hosting", &life, 40);
    let caller = image(&guards, hosting::CALLER);
    let life = |engine: &Engine| hosting::in_a_table(engine, &caller);
    walk(&guards, "in a table", &life, 10);
    let mut metered = guards.clone();
    metered.consume_fuel(true).epoch_interruption(true);
    let guest = image(&metered, stops::GUEST);
    let life = |engine: &Engine| stops::stops(engine, &guest);
    walk(&metered, "stops", &life, 20);
    let mut epochs = guards.clone();
    epochs.epoch_interruption(true);
    let guest = image(&epochs, waiting::GUEST);
    let life = |engine: &Engine| waiting::waiting(engine, &guest);
    walk(&epochs, "waiting", &life, 20);
    let guest = image(&guards, asking::GUEST);
    let life = |engine: &Engine| asking::asking(engine, &guest);
    walk(&guards, "asking", &life, 40);
    let mut trusting = guards.clone();
    let kept = storing::Kept::new(&mut trusting, platform());
    let kept = kept.expect("enough memory");
    let life = |engine: &Engine| storing::storing(engine, &kept);
    walk(&trusting, "storing", &life, 40);
    let mut cached = guards.clone();
    storing::cached(&mut cached).expect("enough memory");
    walk(&cached, "caching", &storing::caching, 40);
    let guest = image(&guards, sharing::GUEST);
    let life = |engine: &Engine| sharing::sharing(engine, &guest, &|_| Ok(()));
    walk(&guards, "sharing", &life, 20);
    0
}
