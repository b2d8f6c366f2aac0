//! An example host on Linux: does one job (see `wasmetal-run`), given as a file.

#![forbid(unsafe_code)]

use std::{
    env, fmt, fs, io, io::Write, panic, process::ExitCode, sync::LazyLock, thread, time::Instant,
};

use peak_alloc::PeakAlloc;
use wasmetal::Config;
use wasmetal::error::{Context, Result};
use wasmetal_run::{Causes, Machine, execute, exit_code};
use wasmetal_wasi::{DirPerms, FilePerms};

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

const MACHINE: Machine = Machine {
    now: || START.elapsed(),
    reset_heap_peak: || HEAP.reset_peak_usage(),
    heap_peak: || HEAP.peak_usage(),
    resources: || [HEAP.current_usage(), 0, 0],
    give: |given, _| {
        given.inherit_stdio();
    },
    give_directory: |given, host, guest| {
        given.preopened_dir(host, guest, DirPerms::all(), FilePerms::all())?;
        Ok(())
    },
    elsewhere: |work| {
        thread::scope(|scope| {
            if let Err(panic) = scope.spawn(work).join() {
                panic::resume_unwind(panic);
            }
        });
    },
};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => match exit_code(&error) {
            Some(code) => ExitCode::from(code as u8),
            None => {
                eprintln!("{}", Causes(&error));
                ExitCode::FAILURE
            }
        },
    }
}

fn run() -> Result<()> {
    LazyLock::force(&START);
    let path = env::args_os().nth(1).context("usage: wasmetal-linux JOB")?;
    let job = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut config = Config::new(wasmetal_platform_linux::platform());
    config.parallel_compilation(wasmetal_platform_linux::for_each);
    execute(&job, &config, &MACHINE, &mut Stdout)
}

/// Standard output as `core::fmt` writes to it.
struct Stdout;

impl fmt::Write for Stdout {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        io::stdout()
            .write_all(text.as_bytes())
            .map_err(|_| fmt::Error)
    }
}
