//! Fuzzing of WASI: random calls with random memory, on every kind of file system, in every way that a guest is called.
//!
//! A seed stands for what a guest is given, and for what it calls. Worker processes do the work, so that a crash takes one
//! of them, and its seed is known.

mod folder;
mod generate;
mod given;
mod guest;
mod life;
mod tally;

use anyhow::Result;
use clap::Parser;
use life::Lives;
use peak_alloc::PeakAlloc;
use std::path::Path;
use std::process::ExitCode;
use tally::Counts;
use wasmetal_fuzz::command::Fuzzer;
use wasmetal_fuzz::{arguments, pool};

/// It counts, so that what is lost is found.
#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

#[derive(Parser)]
#[command(name = "cargo xtask fuzz wasi")]
struct Command {
    #[command(flatten)]
    arguments: arguments::Wasi,
}

fn main() -> Result<ExitCode> {
    Command::parse().arguments.options.run(&Wasi)
}

struct Wasi;

impl Fuzzer for Wasi {
    type Counts = Counts;

    fn serve(&self) -> Result<()> {
        let mut lives = Lives::new(&HEAP)?;
        pool::answer(|task, tally: &mut Counts| lives.live(task.parse()?, tally, &mut |_| {}))
    }

    fn keep(&self, seed: u64, _: &mut pool::Worker<Counts>, _: &Path) -> Result<String> {
        Ok(format!("shown by --only {seed}"))
    }

    fn show(&self, seed: u64, _: &Path) -> Result<Option<String>> {
        let mut lives = Lives::new(&HEAP)?;
        let show = &mut |line: &str| println!("{line}");
        lives.live(seed, &mut Counts::default(), show)
    }
}
