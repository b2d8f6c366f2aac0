//! What programs that run seeds have in common: what they do, and what becomes of findings.

use crate::arguments::Options;
use crate::pool::{self, Worker};
use crate::{Tally, check_assertions};
use anyhow::{Context as _, Result, bail};
use std::fmt::Debug;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

/// What such a program does with a seed.
pub trait Fuzzer: Sync {
    /// What it counts.
    type Counts: Tally;

    /// Does what standard input says, as [`pool::answer`] does.
    ///
    /// # Errors
    /// Its own.
    fn serve(&self) -> Result<()>;

    /// Writes down, in a directory, what made a finding, and says where. It may give the worker other tasks.
    ///
    /// # Errors
    /// Its own.
    fn keep(&self, seed: u64, worker: &mut Worker<Self::Counts>, findings: &Path)
    -> Result<String>;

    /// Runs a seed in this process, in sight; returns what differs. What it writes goes to a directory.
    ///
    /// # Errors
    /// Its own.
    fn show(&self, seed: u64, findings: &Path) -> Result<Option<String>>;
}

impl Options {
    /// Does what the options say. It fails if there are findings.
    ///
    /// # Errors
    /// Those of the fuzzer, and of [`pool::Run::run`]; the directory for findings can't be made.
    ///
    /// # Panics
    /// Debug assertions are off.
    pub fn run(&self, fuzzer: &impl Fuzzer) -> Result<ExitCode> {
        check_assertions();
        if self.worker {
            fuzzer.serve()?;
            return Ok(ExitCode::SUCCESS);
        }
        let findings = &self.findings;
        std::fs::create_dir_all(findings)
            .with_context(|| format!("cannot make {}", findings.display()))?;
        let found = match self.only {
            Some(seed) => {
                let difference = fuzzer.show(seed, findings)?;
                if let Some(difference) = &difference {
                    println!("they differ:{difference}");
                }
                difference.is_some()
            }
            None => self.run_all(fuzzer)? > 0,
        };
        Ok(ExitCode::from(u8::from(found)))
    }

    fn run_all<F: Fuzzer>(&self, fuzzer: &F) -> Result<u64> {
        let Some(end) = self.seed.checked_add(self.count) else {
            bail!("--seed and --count together are too large");
        };
        let jobs = match self.jobs {
            Some(jobs) => jobs.max(1),
            None => std::thread::available_parallelism()?.get(),
        };
        let run = pool::Run {
            seeds: self.seed..end,
            jobs,
            limit: self.seconds.map(Duration::from_secs),
            keep: &|seed, worker| fuzzer.keep(seed, worker, &self.findings),
        };
        let (tally, found): (F::Counts, u64) = run.run()?;
        println!("{tally}");
        println!("{found} findings");
        Ok(found)
    }
}

/// Prints what someone saw, by name.
pub fn print_seen(name: &str, events: &[impl Debug]) {
    println!("{name}:");
    for (index, event) in events.iter().enumerate() {
        println!("  {index}: {event:?}");
    }
}

/// Writes a file, and says which one if that fails.
///
/// # Errors
/// The system's.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    std::fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}
