//! Workers at work: who does which seed, and what becomes of those that crash.

use crate::tally::Tally;
use anyhow::{Context as _, Result, bail};
use std::io::{BufRead as _, BufReader, Write as _};
use std::ops::Range;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// A module that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(60);
/// After so many seeds a worker is replaced: what leaks does not pile up.
const SEEDS_OF_A_WORKER: u32 = 20_000;
const NEWS_EVERY: Duration = Duration::from_secs(10);

/// What is to be done.
pub(crate) struct Run {
    pub(crate) seeds: Range<u64>,
    pub(crate) jobs: usize,
    pub(crate) limit: Option<Duration>,
    pub(crate) findings: PathBuf,
}

/// How far it is.
struct State {
    start: Instant,
    news: Instant,
    next: u64,
    tally: Tally,
    findings: u64,
}

impl Run {
    /// Runs the seeds; returns what was done, and how many findings there were.
    pub(crate) fn run(&self) -> Result<(Tally, u64)> {
        let state = Mutex::new(State {
            start: Instant::now(),
            news: Instant::now(),
            next: self.seeds.start,
            tally: Tally::default(),
            findings: 0,
        });
        thread::scope(|scope| {
            let jobs: Vec<_> = (0..self.jobs)
                .map(|_| scope.spawn(|| self.job(&state)))
                .collect();
            jobs.into_iter()
                .try_for_each(|job| job.join().expect("a job does not panic"))
        })?;
        let state = state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let seconds = state.start.elapsed().as_secs_f64();
        let done = state.next - self.seeds.start;
        println!(
            "seeds {} to {}: {done} in {seconds:.0} s, {:.0} a second",
            self.seeds.start,
            state.next.saturating_sub(1),
            done as f64 / seconds
        );
        Ok((state.tally, state.findings))
    }

    fn job(&self, state: &Mutex<State>) -> Result<()> {
        let lock = || state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut worker = Worker::start()?;
        let mut done = 0;
        loop {
            let Some(seed) = self.next(&mut lock()) else {
                return worker.stop();
            };
            if done == SEEDS_OF_A_WORKER {
                worker.stop()?;
                worker = Worker::start()?;
                done = 0;
            }
            done += 1;
            match worker.run(seed)? {
                Answer::Same(tally) => lock().tally += tally,
                Answer::Differs(tally, how) => {
                    let mut state = lock();
                    state.tally += tally;
                    self.report(&mut state, seed, &format!("differs:{how}"))?;
                }
                Answer::Crashed(how) => {
                    self.report(&mut lock(), seed, &format!("crashed: {how}"))?;
                    worker = Worker::start()?;
                }
            }
        }
    }

    fn next(&self, state: &mut State) -> Option<u64> {
        let over = self
            .limit
            .is_some_and(|limit| state.start.elapsed() >= limit);
        if over || state.next == self.seeds.end {
            return None;
        }
        if state.news.elapsed() >= NEWS_EVERY {
            state.news = Instant::now();
            let done = state.next - self.seeds.start;
            let each = done as f64 / state.start.elapsed().as_secs_f64();
            let findings = state.findings;
            eprintln!("{done} seeds, {each:.0} a second, {findings} findings");
        }
        state.next += 1;
        Some(state.next - 1)
    }

    fn report(&self, state: &mut State, seed: u64, what: &str) -> Result<()> {
        state.findings += 1;
        let path = self.findings.join(format!("{seed}.wasm"));
        let case = wasmetal_fuzz::case(seed).context("the worker had a module")?;
        std::fs::write(&path, &case.wasm)
            .with_context(|| format!("cannot write {}", path.display()))?;
        println!("seed {seed} {what}\n  module: {}", path.display());
        Ok(())
    }
}

/// What came of a seed.
enum Answer {
    Same(Tally),
    Differs(Tally, String),
    Crashed(String),
}

/// A worker process.
struct Worker {
    process: Child,
    to: ChildStdin,
    from: Receiver<String>,
}

impl Worker {
    fn start() -> Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["--worker", "--findings", "."])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let to = process.stdin.take().context("it was asked for")?;
        let lines = BufReader::new(process.stdout.take().context("it was asked for")?).lines();
        // A thread reads, so that the wait for a line can have an end.
        let (sender, from) = mpsc::channel();
        thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .try_for_each(|line| sender.send(line))
        });
        Ok(Self { process, to, from })
    }

    fn run(&mut self, seed: u64) -> Result<Answer> {
        if writeln!(self.to, "{seed}").is_err() {
            return self.crashed();
        }
        let line = match self.from.recv_timeout(PATIENCE) {
            Ok(line) => line,
            Err(RecvTimeoutError::Disconnected) => return self.crashed(),
            Err(RecvTimeoutError::Timeout) => {
                self.process.kill()?;
                self.process.wait()?;
                let how = format!("no end after {} s", PATIENCE.as_secs());
                return Ok(Answer::Crashed(how));
            }
        };
        let Some((verdict, counts)) = line.split_once(' ') else {
            bail!("a worker says {line:?}");
        };
        let tally = Tally::from_line(counts).with_context(|| format!("a worker says {line:?}"))?;
        if verdict == "same" {
            return Ok(Answer::Same(tally));
        }
        let mut how = String::new();
        while let Ok(line) = self.from.recv_timeout(PATIENCE)
            && !line.is_empty()
        {
            how.push('\n');
            how.push_str(&line);
        }
        Ok(Answer::Differs(tally, how))
    }

    fn crashed(&mut self) -> Result<Answer> {
        Ok(Answer::Crashed(self.process.wait()?.to_string()))
    }

    fn stop(mut self) -> Result<()> {
        drop(self.to);
        self.process.wait()?;
        Ok(())
    }
}
