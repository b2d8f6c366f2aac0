//! Running independent jobs on whatever threads the host gives.

use super::Executor;
use crate::error::Result;
use crate::error::bounded::bail;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicUsize, Ordering};
use spin::Mutex;

/// The progress of one job.
enum Slot<I, T> {
    Waiting(I),
    Taken,
    Done(T),
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
    for_each(Some(executor), slots.len(), &|i| {
        let taken = core::mem::replace(&mut *slots[i].lock(), Slot::Taken);
        if let Slot::Waiting(input) = taken {
            let output = job(input)?;
            *slots[i].lock() = Slot::Done(output);
        }
        Ok(())
    })?;
    slots
        .into_iter()
        .map(|slot| match slot.into_inner() {
            Slot::Done(output) => Ok(output),
            Slot::Waiting(_) | Slot::Taken => bail!("the executor left a job undone"),
        })
        .collect()
}

/// Runs `job(0)` to `job(count - 1)`.
///
/// # Errors
/// As [`map`].
pub(super) fn for_each(
    executor: Option<Executor>,
    count: usize,
    job: &(dyn Fn(usize) -> Result<()> + Sync),
) -> Result<()> {
    let Some(executor) = executor else {
        return (0..count).try_for_each(job);
    };
    let failed = AtomicUsize::new(usize::MAX);
    let first = Mutex::new(None);
    executor(count, &|i| {
        // What comes before the first failure known so far has to run: it might fail as well.
        if i > failed.load(Ordering::Relaxed) {
            return;
        }
        if let Err(error) = job(i) {
            let mut first = first.lock();
            if i < failed.fetch_min(i, Ordering::Relaxed) {
                *first = Some(error);
            }
        }
    });
    first.into_inner().map_or(Ok(()), Err)
}
