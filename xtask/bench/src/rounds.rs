//! The side that compares: a process for each engine, and the rounds.

use crate::engines;
use anyhow::{Context as _, Result, bail, ensure};
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A case as it was measured.
pub(crate) struct Measured {
    pub(crate) family: String,
    pub(crate) name: String,
    /// It is measured in one round out of this many.
    apart: u32,
    /// By engine, by round; an engine that has nothing to measure here has none.
    pub(crate) samples: Vec<Vec<f64>>,
}

/// The process of an engine.
struct Worker {
    name: &'static str,
    process: Child,
    to: ChildStdin,
    from: Lines<BufReader<ChildStdout>>,
}

impl Worker {
    fn start(name: &'static str, modules: &Path, filter: &str, metered: bool) -> Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg("--modules")
            .arg(modules)
            .args(["--filter", filter, "--worker", name])
            .args(metered.then_some("--metered"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let to = process.stdin.take().context("it was asked for")?;
        let from = BufReader::new(process.stdout.take().context("it was asked for")?).lines();
        Ok(Self {
            name,
            process,
            to,
            from,
        })
    }

    fn line(&mut self) -> Result<String> {
        match self.from.next() {
            Some(line) => Ok(line?),
            None => bail!("{} ended early: {}", self.name, self.process.wait()?),
        }
    }

    fn cases(&mut self) -> Result<Vec<(String, String, u32)>> {
        let mut cases = Vec::new();
        loop {
            let line = self.line()?;
            let parts: Vec<&str> = line.split('\t').collect();
            let [family, name, apart] = parts[..] else {
                return Ok(cases);
            };
            cases.push((family.to_owned(), name.to_owned(), apart.parse()?));
        }
    }

    fn sample(&mut self, case: usize) -> Result<f64> {
        writeln!(self.to, "{case}")?;
        Ok(self.line()?.parse()?)
    }
}

/// After this many rounds all processes are started anew: where the kernel puts things differs from one
/// to the next, and makes mappings up to a third slower or faster.
const ROUNDS_OF_A_PROCESS: u32 = 5;

/// Measures every case with every engine, round by round.
pub(crate) fn measure(
    names: &[&'static str],
    rounds: u32,
    modules: &Path,
    filter: &str,
    metered: bool,
) -> Result<Vec<Measured>> {
    let mut results = Vec::new();
    let mut workers = Vec::new();
    for round in 0..rounds {
        eprint!("\rround {} of {rounds} ", round + 1);
        if round % ROUNDS_OF_A_PROCESS == 0 {
            workers = start(names, modules, filter, metered, &mut results)?;
        }
        for (index, case) in results.iter_mut().enumerate() {
            for turn in 0..workers.len() {
                let which = (turn + round as usize) % workers.len();
                let apart = case.apart.max(engines::apart(names[which]));
                if !round.is_multiple_of(apart) {
                    continue;
                }
                let sample = workers[which].sample(index)?;
                if !sample.is_nan() {
                    case.samples[which].push(sample);
                }
            }
        }
    }
    eprintln!();
    Ok(results)
}

/// Starts the processes, and has each do everything once: caches are warm then, memory is committed.
/// The first time it makes the list of `results`.
fn start(
    names: &[&'static str],
    modules: &Path,
    filter: &str,
    metered: bool,
    results: &mut Vec<Measured>,
) -> Result<Vec<Worker>> {
    let mut workers = Vec::new();
    for name in names {
        let mut worker = Worker::start(name, modules, filter, metered)?;
        let cases = worker.cases()?;
        if results.is_empty() {
            let measured = |(family, name, apart)| Measured {
                family,
                name,
                apart,
                samples: vec![Vec::new(); names.len()],
            };
            results.extend(cases.into_iter().map(measured));
        } else {
            let same = cases.len() == results.len();
            ensure!(
                same,
                "{name} has {} cases, not {}",
                cases.len(),
                results.len()
            );
        }
        for index in 0..results.len() {
            worker.sample(index)?;
        }
        workers.push(worker);
    }
    Ok(workers)
}
