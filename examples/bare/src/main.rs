//! An example host with no operating system: does one job (see `wasmetal-run`), handed over in
//! memory.

#![no_std]
#![no_main]

use core::{
    fmt,
    task::{Context, Poll},
    time::Duration,
};

use wasmetal::{Config, error::format_err};
use wasmetal_platform_bare::{
    console, entry, heap, payload, platform, print, println, random, timer,
};
use wasmetal_run::{Causes, Given, Machine, Since, execute, exit_code};
use wasmetal_wasi::{Errno, OutputStream, Random, WasiCtxBuilder};

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
    give,
    give_directory: |_, _, _| {
        Err(format_err!(
            "there is no system whose directory it could be"
        ))
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
        Err(error) => exit_code(&error).unwrap_or_else(|| {
            println!("{}", Causes(&error));
            1
        }),
    }
}

/// The console, the clock that counts from the start, and the processor's randomness.
fn give(builder: &mut WasiCtxBuilder, given: &Given<'_>) {
    builder.stdout(Console).stderr(Console).wall_clock(Since {
        at_boot: given.now,
        now,
    });
    if random::is_there() {
        builder.secure_random(Processor);
    }
}

struct Processor;

impl Random for Processor {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), Errno> {
        random::fill(buffer).ok_or(Errno::Io)
    }
}

impl OutputStream for Console {
    fn poll_write(&mut self, _: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize, Errno>> {
        console::write_bytes(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
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
