//! Measures wasmetal beside Wasmtime and wasmi, interleaved in one run, on one CPU.
//!
//! Every case is run by every engine in each round, in an order that rotates; what counts is the
//! ratio to Wasmtime within a round. A second Wasmtime takes part: its ratio is the machine's noise.

#![forbid(unsafe_code)]

mod cases;
mod clock;
mod engines;
mod inputs;
mod report;
mod subject;

use anyhow::Result;
use clap::Parser;
use std::path::PathBuf;

/// Measures wasmetal beside Wasmtime and wasmi.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench")]
struct Arguments {
    /// The directory with kernels.wasm and the guests' modules
    #[arg(long)]
    modules: PathBuf,
    /// Only cases whose `family/name` contains this text
    #[arg(long, default_value = "")]
    filter: String,
    /// How often each case is run by each engine
    #[arg(long, default_value_t = 21)]
    rounds: u32,
    /// Few rounds, and Wasmtime alone to compare with
    #[arg(long)]
    quick: bool,
}

fn main() -> Result<()> {
    let mut arguments = Arguments::parse();
    if arguments.quick {
        arguments.rounds = arguments.rounds.min(5);
    }
    if let Err(error) = clock::pin() {
        eprintln!("not pinned to one CPU: {error}");
    }
    let modules = inputs::load(&arguments.modules)?;
    let engines = engines::all(arguments.quick)?;
    let mut cases = cases::all(&engines, &modules, &arguments.filter)?;
    cases::measure(&engines, &mut cases, arguments.rounds)?;
    report::print(&engines, &cases);
    Ok(())
}
