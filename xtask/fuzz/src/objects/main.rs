//! Fuzzing of references: generated programs do the same however they are compiled, whenever there is a collection,
//! and with Wasmtime.
//!
//! A seed stands for a program (one module, or two), and for what is called in it. Worker processes do the work, so
//! that a crash takes one of them, and its seed is known.

mod engines;
mod observe;
mod shrink;
mod tally;
mod worker;

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use tally::Counts;
use wasmetal_fuzz::{Program, pool};

/// Runs generated programs about references in several ways, and compares what they do
#[derive(Debug, Parser)]
#[command(name = "cargo xtask fuzz objects")]
struct Arguments {
    /// How many programs
    #[arg(long, default_value_t = 10_000)]
    count: u64,
    /// The first seed; the others follow it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Stop after so many seconds
    #[arg(long)]
    seconds: Option<u64>,
    /// How many programs at once [default: one for each CPU]
    #[arg(long)]
    jobs: Option<usize>,
    /// This seed alone; prints what was seen
    #[arg(long, value_name = "SEED")]
    only: Option<u64>,
    /// Where programs go that make a difference
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
        return only(seed, &arguments.findings);
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
        keep: &|seed, worker| keep(seed, worker, &arguments.findings),
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

/// Writes the program of a finding, and a smaller one.
fn keep(seed: u64, worker: &mut pool::Worker<Counts>, findings: &Path) -> Result<String> {
    let whole = wasmetal_fuzz::program(seed, &BTreeSet::new());
    write(&whole, &findings.join(seed.to_string()))?;
    let removed = shrink::shrink(seed, whole.statements, worker)?;
    let small = findings.join(format!("{seed}-small"));
    write(&wasmetal_fuzz::program(seed, &removed), &small)?;
    let left = whole.statements as usize - removed.len();
    Ok(format!(
        "program: {}.wat, {left} of {} statements: {}.wat",
        findings.join(seed.to_string()).display(),
        whole.statements,
        small.display()
    ))
}

/// Writes a program, as bytes and as text.
fn write(program: &Program, path: &Path) -> Result<()> {
    let library = path.with_extension("lib");
    let library = program
        .library
        .iter()
        .map(|bytes| (library.as_path(), bytes));
    for (path, bytes) in library.chain([(path, &program.main)]) {
        let add = |extension| {
            let mut name = path.as_os_str().to_owned();
            name.push(extension);
            PathBuf::from(name)
        };
        std::fs::write(add(".wasm"), bytes)
            .with_context(|| format!("cannot write {}", path.display()))?;
        std::fs::write(add(".wat"), wasmprinter::print_bytes(bytes)?)?;
    }
    Ok(())
}

/// Runs one seed in this process, in sight.
fn only(seed: u64, findings: &Path) -> Result<ExitCode> {
    let program = wasmetal_fuzz::program(seed, &BTreeSet::new());
    let path = findings.join(seed.to_string());
    write(&program, &path)?;
    println!("program: {}.wat", path.display());
    println!("calls: {:?}", program.calls);
    let seen = worker::Subjects::new()?.run(&program);
    for (name, events) in &seen {
        println!("{name}:");
        for (index, event) in events.iter().enumerate() {
            println!("  {index}: {event:?}");
        }
    }
    Ok(match observe::compare(&seen) {
        None => ExitCode::SUCCESS,
        Some(difference) => {
            println!("they differ:{difference}");
            ExitCode::FAILURE
        }
    })
}
