//! Runs the official test scripts, handed over in memory, with no operating system.

#![no_std]
#![no_main]

extern crate alloc;

mod threads;

use core::fmt;

use wasmetal::Config;
use wasmetal_platform_bare::{entry, payload, platform, print, println};

entry!(main);

fn main() -> i32 {
    let Some(pack) = payload() else {
        println!("error: no scripts were loaded; start this firmware by `cargo xtask wast --bare`");
        return 2;
    };
    let run = || {
        let config = Config::new(platform());
        wasmetal_script::run_all(pack, config, &threads::Tasks, &mut Console)
    };
    match threads::run(run).flatten() {
        Ok(summary) => i32::from(summary.failed > 0),
        Err(error) => {
            println!("error: {error:#}");
            2
        }
    }
}

/// The serial port as `core::fmt` writes to it.
struct Console;

impl fmt::Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        print!("{text}");
        Ok(())
    }
}
