//! Measures wasmetal beside Wasmtime and wasmi, interleaved in one run, on one CPU.
//!
//! Every case is run by every engine in each round, in an order that rotates; what counts is the
//! ratio to Wasmtime within a round. A second Wasmtime takes part: its ratio is the machine's noise.
//! Each engine has a process of its own, so that none is in another's way (signal handlers above all);
//! only one of them runs at a time.

#[forbid(unsafe_code)]
mod asynchronous;
#[forbid(unsafe_code)]
mod cases;
#[forbid(unsafe_code)]
mod clock;
mod engines;
#[forbid(unsafe_code)]
mod inputs;
#[forbid(unsafe_code)]
mod memory;
#[forbid(unsafe_code)]
mod report;
#[forbid(unsafe_code)]
mod rounds;
#[forbid(unsafe_code)]
mod subject;
#[forbid(unsafe_code)]
mod worker;

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
    /// What counting fuel and looking at epochs costs each engine's code
    #[arg(long)]
    metered: bool,
    /// Measure this engine, on demand
    #[arg(long, hide = true)]
    worker: Option<String>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let Some(name) = &arguments.worker {
        clock::pin()?;
        let modules = inputs::load(&arguments.modules)?;
        let engine = engines::engine(name)?;
        let mut cases = match arguments.metered {
            true => cases::metered(&engine, &modules, &arguments.filter)?,
            false => cases::all(name, &engine, &modules, &arguments.filter)?,
        };
        return worker::serve(&mut cases);
    }
    let measure = |engines, rounds| {
        let Arguments {
            modules,
            filter,
            metered,
            ..
        } = &arguments;
        rounds::measure(engines, rounds, modules, filter, *metered)
    };
    if arguments.metered {
        return report::print_metered(&measure(engines::METERED, arguments.rounds)?);
    }
    let (engines, rounds) = if arguments.quick {
        (&engines::NAMES[..2], arguments.rounds.min(5))
    } else {
        (engines::NAMES, arguments.rounds)
    };
    if arguments.filter != memory::NAME {
        report::print(engines, &measure(engines, rounds)?);
    }
    if memory::NAME.contains(&*arguments.filter) {
        memory::print()?;
    }
    Ok(())
}
