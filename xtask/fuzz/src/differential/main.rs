//! Differential fuzzing: generated modules do the same with wasmetal and with Wasmtime; or with wasmetal, undisturbed and in
//! time slices.
//!
//! A seed stands for a module, for the settings of both engines, and for what is done with the module.
//! A module ends by itself: the generator has it count its loops and calls. Worker processes do
//! the work, so that a crash takes one of them, and its seed is known.

#[cfg(feature = "wasmtime")]
mod beside_wasmtime;
mod engines;
mod observe;
mod shared;
mod tally;
mod turns;
mod worker;

use anyhow::{Context as _, Result};
use clap::Parser;
use std::{path::Path, process::ExitCode};
use tally::Counts;
use wasmetal_fuzz::command::{self, Fuzzer};
use wasmetal_fuzz::{Settings, arguments, pool};

#[derive(Parser)]
#[command(name = "cargo xtask fuzz differential")]
struct Command {
    #[command(flatten)]
    arguments: arguments::Differential,
}

fn main() -> Result<ExitCode> {
    let Command { arguments } = Command::parse();
    arguments.options.run(&Differential {
        verify: arguments.verify,
        slices: arguments.slices,
    })
}

struct Differential {
    verify: bool,
    slices: bool,
}

/// How often a seed is tried where time decides what happens.
const TRIES: u32 = 100;

impl Fuzzer for Differential {
    type Counts = Counts;

    fn serve(&self) -> Result<()> {
        worker::serve(self.slices)
    }

    /// Writes the module.
    fn keep(&self, seed: u64, _: &mut pool::Worker<Counts>, findings: &Path) -> Result<String> {
        let path = findings.join(format!("{seed}.wasm"));
        let case = wasmetal_fuzz::case(seed).context("the worker had a module")?;
        command::write(&path, &case.wasm)?;
        Ok(format!("module: {}", path.display()))
    }

    fn show(&self, seed: u64, findings: &Path) -> Result<Option<String>> {
        let case = wasmetal_fuzz::case(seed).context("the generator makes nothing of this seed")?;
        let path = findings.join(format!("{seed}.wasm"));
        command::write(&path, &case.wasm)?;
        println!("module: {}", path.display());
        if let Ok(text) = wasmprinter::print_bytes(&case.wasm) {
            let path = path.with_extension("wat");
            command::write(&path, text)?;
            println!("as text: {}", path.display());
        }
        let mut settings = Settings::numbered(case.settings);
        settings.wasmetal.verifier |= self.verify;
        println!("settings: {settings:?}");
        println!(
            "fuel: {}, units: {}, runs: {}",
            case.fuel, case.units, case.runs
        );
        let pair = worker::Pair::new(&settings, self.slices)?;
        let mut seen = pair.run(&case);
        if self.slices {
            for _ in 1..TRIES {
                if seen.difference.is_none() {
                    seen = pair.run(&case);
                }
            }
        }
        for (name, events) in &seen.sides {
            command::print_seen(name, events);
        }
        Ok(seen.difference)
    }
}
