//! Differential fuzzing: generated modules do the same with wasmetal and with Wasmtime.
//!
//! A seed stands for a module, for the settings of both engines, and for what is done with the module.
//! A module ends by itself: the generator has it count its loops and calls. Worker processes do
//! the work, so that a crash takes one of them, and its seed is known.

mod engines;
mod observe;
mod shared;
mod tally;
mod worker;

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};
use tally::Counts;
use wasmetal_fuzz::{Settings, pool};

/// Runs generated modules with wasmetal and with Wasmtime, and compares what they do
#[derive(Debug, Parser)]
#[command(name = "cargo xtask fuzz differential")]
struct Arguments {
    /// How many modules
    #[arg(long, default_value_t = 10_000)]
    count: u64,
    /// The first seed; the others follow it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Stop after so many seconds
    #[arg(long)]
    seconds: Option<u64>,
    /// How many modules at once [default: one for each CPU]
    #[arg(long)]
    jobs: Option<usize>,
    /// This seed alone; prints what was seen
    #[arg(long, value_name = "SEED")]
    only: Option<u64>,
    /// With --only: have Cranelift check its intermediate code
    #[arg(long, requires = "only")]
    verify: bool,
    /// Where modules go that make a difference
    #[arg(long)]
    findings: PathBuf,
    /// Do what standard input says
    #[arg(long, hide = true)]
    worker: bool,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    if arguments.worker {
        worker::serve()?;
        return Ok(ExitCode::SUCCESS);
    }
    std::fs::create_dir_all(&arguments.findings)
        .with_context(|| format!("cannot make {}", arguments.findings.display()))?;
    if let Some(seed) = arguments.only {
        return only(seed, arguments.verify, &arguments.findings);
    }
    let Some(end) = arguments.seed.checked_add(arguments.count) else {
        bail!("--seed and --count together are too large");
    };
    let jobs = match arguments.jobs {
        Some(jobs) => jobs.max(1),
        None => std::thread::available_parallelism()?.get(),
    };
    let run = pool::Run {
        seeds: arguments.seed..end,
        jobs,
        limit: arguments.seconds.map(Duration::from_secs),
        keep: &|seed, _| keep(seed, &arguments.findings),
    };
    let (tally, findings): (Counts, u64) = run.run()?;
    println!("{tally}");
    println!("{findings} findings");
    Ok(if findings == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Writes the module that made a difference.
fn keep(seed: u64, findings: &Path) -> Result<String> {
    let path = findings.join(format!("{seed}.wasm"));
    let case = wasmetal_fuzz::case(seed).context("the worker had a module")?;
    std::fs::write(&path, &case.wasm)
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(format!("module: {}", path.display()))
}

/// Runs one seed in this process, in sight.
fn only(seed: u64, verify: bool, findings: &Path) -> Result<ExitCode> {
    let case = wasmetal_fuzz::case(seed).context("the generator makes nothing of this seed")?;
    let path = findings.join(format!("{seed}.wasm"));
    std::fs::write(&path, &case.wasm)?;
    println!("module: {}", path.display());
    if let Ok(text) = wasmprinter::print_bytes(&case.wasm) {
        let path = path.with_extension("wat");
        std::fs::write(&path, text)?;
        println!("as text: {}", path.display());
    }
    let mut settings = Settings::numbered(case.settings);
    settings.wasmetal.verifier |= verify;
    println!("settings: {settings:?}");
    println!(
        "fuel: {}, units: {}, runs: {}",
        case.fuel, case.units, case.runs
    );
    let (wasmtime, wasmetal) = worker::Pair::new(&settings)?.run(&case);
    for (name, events) in [("Wasmtime", &wasmtime), ("wasmetal", &wasmetal)] {
        println!("{name}:");
        for (index, event) in events.iter().enumerate() {
            println!("  {index}: {event:?}");
        }
    }
    Ok(match observe::compare(&wasmtime, &wasmetal, case.units) {
        Ok(()) => ExitCode::SUCCESS,
        Err(difference) => {
            println!("they differ:{difference}");
            ExitCode::FAILURE
        }
    })
}
