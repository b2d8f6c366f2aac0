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

use anyhow::Result;
use clap::Parser;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tally::Counts;
use wasmetal_fuzz::command::{self, Fuzzer};
use wasmetal_fuzz::{Program, arguments, pool};

#[derive(Parser)]
#[command(name = "cargo xtask fuzz objects")]
struct Command {
    #[command(flatten)]
    arguments: arguments::Objects,
}

fn main() -> Result<ExitCode> {
    Command::parse().arguments.options.run(&Objects)
}

struct Objects;

impl Fuzzer for Objects {
    type Counts = Counts;

    fn serve(&self) -> Result<()> {
        worker::serve()
    }

    /// Writes the program, and a smaller one.
    fn keep(
        &self,
        seed: u64,
        worker: &mut pool::Worker<Counts>,
        findings: &Path,
    ) -> Result<String> {
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

    fn show(&self, seed: u64, findings: &Path) -> Result<Option<String>> {
        let program = wasmetal_fuzz::program(seed, &BTreeSet::new());
        let path = findings.join(seed.to_string());
        write(&program, &path)?;
        println!("program: {}.wat", path.display());
        println!("calls: {:?}", program.calls);
        let seen = worker::Subjects::new()?.run(&program);
        for (name, events) in &seen {
            command::print_seen(name, events);
        }
        Ok(observe::compare(&seen))
    }
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
        command::write(&add(".wasm"), bytes)?;
        command::write(&add(".wat"), wasmprinter::print_bytes(bytes)?)?;
    }
    Ok(())
}
