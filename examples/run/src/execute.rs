//! Does a job.

use core::{fmt::Write, time::Duration};

use wasmetal::error::{Context, Result};
use wasmetal::{Config, Engine};
use wasmetal_wasi::WasiCtxBuilder;

use crate::{Given, Job, call, fuel, guests, images, programs, slices, stops};

/// What a host has besides a platform.
#[derive(Clone, Copy, Debug)]
pub struct Machine {
    /// Time since some moment in the past.
    pub now: fn() -> Duration,
    /// Start to watch the heap.
    pub reset_heap_peak: fn(),
    /// The most bytes of heap in use at once since then.
    pub heap_peak: fn() -> usize,
    /// Bytes of heap, pages and bytes of address space in use; 0 for what the machine does not tell.
    pub resources: fn() -> [usize; 3],
    /// Gives a program the machine's own streams, clocks and randomness.
    pub give: fn(&mut WasiCtxBuilder, &Given<'_>),
    /// Gives a program a directory of the machine's system, by this path.
    pub give_directory: fn(&mut WasiCtxBuilder, &str, &str) -> Result<()>,
    /// Does this on another thread or core, if there is one, and waits for it.
    pub elsewhere: fn(&mut (dyn FnMut() + Send)),
}

/// Does the job that `bytes` hold and writes what comes of it to `out`; `config` is the platform's.
///
/// # Errors
/// The job could not be done: the module is bad or does not link, a function trapped, a guest's
/// output differs from its native one, an image or the use of fuel from that of another machine. A program that has exited
/// with another code than 0 is an error too, of which [`exit_code`](crate::exit_code) knows.
pub fn execute(
    bytes: &[u8],
    config: &Config,
    machine: &Machine,
    out: &mut dyn Write,
) -> Result<()> {
    let job = Job::from_bytes(bytes).context("a damaged job")?;
    match &job {
        Job::Guests(job) => guests::run(&Engine::new(config)?, job, machine, out),
        Job::Call(job) => call::run(config, job, machine, out),
        Job::Programs(job) => programs::run(config, job, machine, out),
        Job::Images(job) => images::run(config, job, out),
        Job::Fuel(job) => fuel::run(config, job, out),
        Job::Stops(job) => stops::run(config, job, machine, out),
        Job::Slices(job) => slices::run(config, job, machine, out),
    }
}
