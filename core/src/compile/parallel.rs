//! Running independent jobs on whatever threads the host gives.

use super::Executor;
use alloc::vec::Vec;
use anyhow::{Result, bail};
use core::sync::atomic::{AtomicUsize, Ordering};
use spin::Mutex;

/// The progress of one job.
enum Slot<I, T> {
    Waiting(I),
    Taken,
    Done(Result<T>),
}

/// Runs `job` on every input. The results are in the order of the inputs.
///
/// # Errors
/// That of the first input whose job fails: the same one whatever order the jobs run in.
pub(super) fn map<I: Send, T: Send>(
    executor: Option<Executor>,
    inputs: Vec<I>,
    job: impl Fn(I) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let Some(executor) = executor else {
        return inputs.into_iter().map(job).collect();
    };
    let slots: Vec<_> = inputs
        .into_iter()
        .map(|input| Mutex::new(Slot::Waiting(input)))
        .collect();
    let failed = AtomicUsize::new(usize::MAX);
    executor(slots.len(), &|i| {
        // What comes before the first failure known so far has to run: it might fail as well.
        if i > failed.load(Ordering::Relaxed) {
            return;
        }
        let Some(slot) = slots.get(i) else { return };
        let taken = core::mem::replace(&mut *slot.lock(), Slot::Taken);
        let done = match taken {
            Slot::Waiting(input) => Slot::Done(job(input)),
            other => other,
        };
        if matches!(done, Slot::Done(Err(_))) {
            failed.fetch_min(i, Ordering::Relaxed);
        }
        *slot.lock() = done;
    });
    slots
        .into_iter()
        .map(|slot| match slot.into_inner() {
            Slot::Done(result) => result,
            Slot::Waiting(_) | Slot::Taken => bail!("the executor left a job undone"),
        })
        .collect()
}
