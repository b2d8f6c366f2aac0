//! An example host with no operating system: does one job (see `wasmetal-run`), handed over in
//! memory.

#![no_std]
#![no_main]

use core::{fmt, time::Duration};

use wasmetal::Config;
use wasmetal_platform_bare::{entry, heap, payload, platform, print, println, timer};
use wasmetal_run::{Causes, Machine, execute};

entry!(main);

const MACHINE: Machine = Machine {
    now,
    reset_heap_peak: heap::reset_peak,
    heap_peak: heap::peak,
    resources: || {
        let platform = platform();
        let free = [platform.free_frames(), platform.free_address_space()];
        [heap::used(), !free[0], !free[1]]
    },
    elsewhere: |work| work(),
};

fn main() -> i32 {
    let Some(job) = payload() else {
        println!("error: no job was loaded; start this firmware by `cargo xtask run --bare`");
        return 2;
    };
    match execute(job, &Config::new(platform()), &MACHINE, &mut Console) {
        Ok(()) => 0,
        Err(error) => {
            println!("{}", Causes(&error));
            1
        }
    }
}

fn now() -> Duration {
    Duration::from_nanos(
        (u128::from(timer::now()) * 1_000_000_000 / u128::from(timer::frequency())) as u64,
    )
}

/// The serial port as `core::fmt` writes to it.
struct Console;

impl fmt::Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        print!("{text}");
        Ok(())
    }
}
