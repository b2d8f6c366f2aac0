//! Memory that runs out at any point of the runtime's life, on the device: always an error, and the heap's bytes and
//! the page frames are what they were. The lives are those of `core/tests/out_of_memory.rs`.
//!
//! Long lives are sampled, but with the payload `all`.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "../../core/tests/lives/mod.rs"]
mod lives;

use core::cell::Cell;
use core::sync::atomic::Ordering::Relaxed;
use lives::Life;
use lives::walk::{Fails, Machine, World};
use wasmetal::Config;
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
    for config in [&guards, &moving] {
        world(1).walk(
            "small life, allocations",
            config,
            lives::small as Life,
            &allocations,
        );
        world(1).walk(
            "small life, mappings",
            config,
            lives::small,
            &machine().failures,
        );
        world(1).walk(
            "large life, mappings",
            config,
            lives::large,
            &machine().failures,
        );
        let stride = if all { 1 } else { 40 };
        world(stride).walk(
            "large life, allocations",
            config,
            lives::large,
            &allocations,
        );
    }
    0
}
