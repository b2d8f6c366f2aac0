//! How a job of the compiler is run: within limits of memory and time, and confined where that can be.

use super::CompilationStopped;
use super::outside::outside;
use crate::compile::{Halted, Progress};
use crate::confine::{self, Ended, Stop};
use crate::error::Context as _;
use crate::interrupt::Interrupts;
use crate::oom::{self, Watch};
use crate::{Engine, Error, Executor, Result};
use alloc::vec::Vec;
use core::time::Duration;

impl Engine {
    /// Runs a job that makes bytes, confined where that can be had.
    ///
    /// # Safety
    /// That of [`confine::run`].
    pub(super) unsafe fn confined(&self, job: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        if !confine::is_available() {
            return job();
        }
        // SAFETY: the caller's contract.
        unsafe { self.confine(&Bounds::default(), job, copy) }
    }

    /// Runs a job of the compiler under the limits of the engine, confined where that can be.
    ///
    /// # Safety
    /// That of [`confine::run`] for the job.
    pub(super) unsafe fn bounded<R>(
        &self,
        interrupts: Option<&Interrupts>,
        job: impl FnOnce(Option<Executor>, &Progress<'_>) -> Result<R>,
        keep: impl FnOnce(&R) -> Result<R>,
    ) -> Result<R> {
        let config = &self.config().compiler;
        let bounds = Bounds {
            memory: config.memory_limit,
            time: config.time_limit,
            stop: Stop::new(self.platform(), config.time_limit, interrupts),
        };
        let confined = bounds.memory.is_some()
            || confine::is_available() && (config.executor.is_none() || bounds.stop.is_some());
        if confined {
            let progress = Progress::default();
            // SAFETY: the caller's contract.
            return unsafe { self.confine(&bounds, || job(None, &progress), keep) }
                .map_err(|error| bounds.stopped(error, &progress));
        }
        let must_stop = || bounds.stop.as_ref().is_some_and(Stop::must_stop);
        let progress = match bounds.stop {
            Some(_) => Progress::asking(&must_stop),
            None => Progress::default(),
        };
        job(config.executor, &progress).map_err(|error| bounds.stopped(error, &progress))
    }

    /// Runs a job confined, and `keep` on its result outside. A job that was to stop fails with [`Halted`].
    ///
    /// # Safety
    /// That of [`confine::run`] for the job.
    unsafe fn confine<R, K>(
        &self,
        bounds: &Bounds<'_>,
        job: impl FnOnce() -> Result<R>,
        keep: impl FnOnce(&R) -> Result<K>,
    ) -> Result<K> {
        if let Some(init) = self.thread_init() {
            init().context("cannot prepare this thread for faults")?;
        }
        let watch = Watch::start()?;
        let limit = bounds.memory;
        let keep = |result: &Result<R>| match result {
            Ok(result) => keep(result),
            // The error lies in the arena, which is freed: a copy goes out.
            Err(error) => Err(outside(error)),
        };
        // SAFETY: the caller's contract; the engine has set the trap hook, and this thread is prepared.
        let kept = unsafe { confine::run(self.platform(), limit, bounds.stop.as_ref(), job, keep) };
        let kept = kept.unwrap_or_else(|ended| {
            Err(match ended {
                Ended::NotBegun(error) => error,
                Ended::Stopped => Halted.into(),
                Ended::Memory { wanted, used } => CompilationStopped::Memory {
                    wanted,
                    used,
                    limit,
                }
                .into(),
                Ended::Stack => CompilationStopped::Stack.into(),
                Ended::Panic(message) => CompilationStopped::Panic(message).into(),
            })
        })?;
        Ok(watch.passed(kept)?)
    }
}

/// What bounds a job of the compiler.
#[derive(Default)]
struct Bounds<'a> {
    /// In bytes.
    memory: Option<usize>,
    time: Option<Duration>,
    stop: Option<Stop<'a>>,
}

impl Bounds<'_> {
    /// Says of a job that was to stop why, and how far it was.
    fn stopped(&self, error: Error, progress: &Progress<'_>) -> Error {
        if !error.is::<Halted>() {
            return error;
        }
        let (compiled, functions) = progress.functions();
        match self.time {
            Some(limit) if !self.stop.as_ref().is_some_and(Stop::is_interrupted) => {
                CompilationStopped::Time {
                    limit,
                    compiled,
                    functions,
                }
            }
            _ => CompilationStopped::Interrupted {
                compiled,
                functions,
            },
        }
        .into()
    }
}

#[allow(clippy::ptr_arg, reason = "that is what a job returns")]
pub(super) fn copy(image: &Vec<u8>) -> Result<Vec<u8>> {
    let mut copy = oom::vec(image.len())?;
    copy.extend_from_slice(image);
    Ok(copy)
}
