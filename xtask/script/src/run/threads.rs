//! Threads of scripts: what starts them, what they inherit, and what becomes of their commands.

use alloc::{boxed::Box, format, string::String, vec, vec::Vec};
use core::fmt;

use wasmetal::error::Result;
use wasmetal::{Engine, Instance, Linker, SharedMemory, Store};

use super::{
    report::Outcome,
    runner::{Runner, Settings},
};
use crate::Command;

/// Starts threads, in whatever way the machine has them.
pub trait Threads: Sync {
    /// Starts a thread that does this work, and returns what waits for it.
    ///
    /// # Errors
    /// There can be no further thread.
    fn start(&self, work: Work) -> Result<Join>;
}

/// What a thread does.
pub type Work = Box<dyn FnOnce() -> Log + Send>;

/// Waits until a thread has ended.
pub type Join = Box<dyn FnOnce() -> Log>;

/// What became of a thread's commands, for the thread that started it.
#[derive(Debug, Default)]
pub struct Log(Vec<(u32, Outcome)>);

impl Log {
    /// That of a thread which did not start, and why.
    #[must_use]
    pub fn not_started(why: &dyn fmt::Display) -> Self {
        let outcome = Outcome::Failed(format!("a thread does not start: {why}"));
        Self(vec![(0, outcome)])
    }

    /// Takes in that of another thread.
    pub(super) fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// Hands it over line by line.
    pub(super) fn report(self, report: &mut dyn FnMut(u32, Outcome) -> fmt::Result) -> fmt::Result {
        let mut lines = self.0.into_iter();
        lines.try_for_each(|(line, outcome)| report(line, outcome))
    }
}

/// The shared memories that an instance exports: all of it that other threads can have.
#[derive(Clone)]
pub(super) struct Shared(Vec<(Box<str>, SharedMemory)>);

impl Shared {
    pub(super) fn of(instance: Instance, store: &mut Store<()>) -> Self {
        let memories = instance.exports(&mut *store).filter_map(|export| {
            let name = export.name().into();
            Some((name, export.into_shared_memory()?))
        });
        Self(memories.collect())
    }

    /// Makes them importable.
    pub(super) fn register(
        &self,
        linker: &mut Linker<()>,
        store: &mut Store<()>,
        module: &str,
    ) -> Result<()> {
        for (name, memory) in &self.0 {
            linker.define(&mut *store, module, name, memory.clone())?;
        }
        Ok(())
    }
}

/// A thread that runs commands, and can name one instance of the thread that starts it.
///
/// # Errors
/// Out of memory.
pub(super) fn work(
    engine: &Engine,
    settings: &Settings,
    shared: Option<(String, Shared)>,
    commands: &[Command<'_>],
) -> Result<Work> {
    // The thread may live longer than what the commands borrow.
    let commands = postcard::to_allocvec(commands)?;
    let (engine, settings) = (engine.clone(), settings.clone());
    Ok(Box::new(move || {
        let mut log = Vec::new();
        let run = || -> Result<()> {
            let commands: Vec<Command<'_>> = postcard::from_bytes(&commands)?;
            let mut runner = Runner::new(&engine, &settings)?;
            if let Some((name, memories)) = shared {
                runner.share(&name, memories)?;
            }
            runner.run(&commands, &mut |line, outcome| {
                log.push((line, outcome));
                Ok(())
            })?;
            Ok(())
        };
        if let Err(error) = run() {
            return Log::not_started(&format_args!("{error:#}"));
        }
        Log(log)
    }))
}
