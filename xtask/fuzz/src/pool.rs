//! Workers at work: who does which seed, and what becomes of those that crash.

use crate::Tally;
use anyhow::{Context as _, Result, bail};
use std::io::{BufRead as _, BufReader, Write as _, stdin, stdout};
use std::marker::PhantomData;
use std::ops::Range;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// A module that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(60);
/// After this many seeds a worker is replaced: what leaks does not pile up.
const SEEDS_OF_A_WORKER: u32 = 20_000;
const NEWS_EVERY: Duration = Duration::from_secs(10);

/// What is to be done.
pub struct Run<'a, T> {
    /// The seeds; each is a task of its own for a worker.
    pub seeds: Range<u64>,
    /// How many workers there are.
    pub jobs: usize,
    /// After this time no more is begun.
    pub limit: Option<Duration>,
    /// Writes down what made a finding, and says where; it may try other tasks.
    pub keep: &'a (dyn Fn(u64, &mut Worker<T>) -> Result<String> + Sync),
}

/// How far it is.
struct State<T> {
    start: Instant,
    news: Instant,
    next: u64,
    tally: T,
    findings: u64,
}

impl<T: Tally> Run<'_, T> {
    /// Runs the seeds; returns what was done, and how many findings there were.
    ///
    /// # Errors
    /// No worker starts, or one says what none does; a finding can't be kept.
    ///
    /// # Panics
    /// A thread of this function did.
    pub fn run(&self) -> Result<(T, u64)> {
        let state = Mutex::new(State {
            start: Instant::now(),
            news: Instant::now(),
            next: self.seeds.start,
            tally: T::default(),
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

    fn job(&self, state: &Mutex<State<T>>) -> Result<()> {
        let lock = || state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut worker = Worker::start()?;
        let mut done = 0;
        loop {
            let Some(seed) = self.next(&mut lock()) else {
                return worker.stop();
            };
            if done == SEEDS_OF_A_WORKER {
                worker.replace()?;
                done = 0;
            }
            done += 1;
            let (tally, what) = match worker.run(&seed.to_string())? {
                Answer::Same(tally) => {
                    lock().tally += tally;
                    continue;
                }
                Answer::Differs(tally, how) => (tally, format!("differs:{how}")),
                Answer::Crashed(how) => (T::default(), format!("crashed: {how}")),
            };
            let place = (self.keep)(seed, &mut worker)?;
            println!("seed {seed} {what}\n  {place}");
            let mut state = lock();
            state.tally += tally;
            state.findings += 1;
        }
    }

    fn next(&self, state: &mut State<T>) -> Option<u64> {
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
}

/// What came of a task.
pub enum Answer<T> {
    /// Nothing amiss.
    Same(T),
    /// What differs.
    Differs(T, String),
    /// How the worker ended.
    Crashed(String),
}

/// A worker process: this program with the same arguments, after `--worker`. It reads tasks and writes answers, as [`answer`] does.
pub struct Worker<T> {
    process: Child,
    to: ChildStdin,
    from: Receiver<String>,
    tally: PhantomData<T>,
}

impl<T: Tally> Worker<T> {
    fn start() -> Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg("--worker")
            .args(std::env::args_os().skip(1))
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
        Ok(Self {
            process,
            to,
            from,
            tally: PhantomData,
        })
    }

    /// Has a task done. A worker that crashes is replaced.
    ///
    /// # Errors
    /// It answers what no worker does, or can't be replaced.
    pub fn run(&mut self, task: &str) -> Result<Answer<T>> {
        if writeln!(self.to, "{task}").is_err() {
            return self.crashed();
        }
        let line = match self.from.recv_timeout(PATIENCE) {
            Ok(line) => line,
            Err(RecvTimeoutError::Disconnected) => return self.crashed(),
            Err(RecvTimeoutError::Timeout) => {
                self.process.kill()?;
                self.crashed()?;
                let how = format!("no end after {} s", PATIENCE.as_secs());
                return Ok(Answer::Crashed(how));
            }
        };
        let Some((verdict, counts)) = line.split_once(' ') else {
            bail!("a worker says {line:?}");
        };
        let tally = T::from_line(counts).with_context(|| format!("a worker says {line:?}"))?;
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

    fn crashed(&mut self) -> Result<Answer<T>> {
        let how = self.process.wait()?.to_string();
        *self = Self::start()?;
        Ok(Answer::Crashed(how))
    }

    fn replace(&mut self) -> Result<()> {
        std::mem::replace(self, Self::start()?).stop()
    }

    fn stop(mut self) -> Result<()> {
        drop(self.to);
        self.process.wait()?;
        Ok(())
    }
}

/// A worker's part: answers each line with a task by `same` or `differs`, the counts, and in the lines after it how
/// they differ, ended by an empty line.
///
/// # Errors
/// Those of `work`; the other process has ended.
pub fn answer<T: Tally>(
    mut work: impl FnMut(&str, &mut T) -> Result<Option<String>>,
) -> Result<()> {
    let mut out = stdout().lock();
    for line in stdin().lock().lines() {
        let mut tally = T::default();
        match work(&line?, &mut tally)? {
            None => writeln!(out, "same {}", tally.to_line())?,
            Some(difference) => writeln!(out, "differs {}{difference}\n", tally.to_line())?,
        }
        out.flush()?;
    }
    Ok(())
}
