//! Pre-emptive tasks: several computations that share a core, in turn, by the timer.
//!
//! ```ignore
//! tasks::scope(Duration::from_millis(1), |scope| {
//!     let guest = scope.spawn(64 << 10, || run(&module))?;
//!     supervise();
//!     guest.join()
//! })
//! ```
//!
//! Each task has a stack of its own, above a guard page. The code that opens the scope is one of them.
//! A task that can run gets the core for a slice of time at a time, one after the other; one that is parked
//! (`Platform::park`, [`sleep`], [`Task::join`]) takes no part until what it waits for has come. When all
//! wait, the core sleeps until the next of them is due.
//!
//! Tasks stay on the core that they were spawned on. A task may be stopped at any instruction, so what tasks
//! share they share as threads do. A task that holds the lock of heap, page frames or console is not stopped until
//! it gives it back.

mod schedule;
mod stack;

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::mem;
use core::sync::atomic::AtomicU32;
use core::time::Duration;

use spin::Mutex;

use super::{park, timer};
use crate::lifetimes::Lifetimes;
use schedule::{Limit, Record};
use stack::Stack;

pub(crate) use schedule::{Scheduler, guard, hold, interrupt, park, release, wake};

/// The most tasks that a core has at once, the one that opened the scope included.
pub const MAX: usize = 32;

/// Where tasks are spawned: see [`scope`].
#[derive(Debug)]
pub struct Scope<'scope, 'env> {
    _lifetimes: Lifetimes<'scope, 'env>,
}

/// A task that was spawned. Dropping this leaves it running until the scope ends, which waits for it.
#[derive(Debug)]
#[must_use = "`join` waits for the task"]
pub struct Task<'scope, R> {
    slot: usize,
    result: Arc<Mutex<Option<R>>>,
    _lifetimes: Lifetimes<'scope, 'scope>,
}

/// Why a task was not spawned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpawnError {
    /// The core has [`MAX`] tasks.
    TooMany,
    /// No memory or address space for the task's stack.
    OutOfMemory,
}

impl core::fmt::Display for SpawnError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::TooMany => "a core has at most 32 tasks",
            Self::OutOfMemory => "out of memory for a task's stack",
        })
    }
}

impl core::error::Error for SpawnError {}

/// Runs `work` as the first of this core's tasks, and returns what it returns when all tasks have ended.
///
/// A task that does not give up the core earlier is stopped after `slice`, if another one can run. Meanwhile
/// the core's [`timer`] belongs to the scope: nobody else sets it. (What [`Platform`](wasmetal_platform::Platform)
/// has of timers is not affected.)
///
/// # Panics
/// This core is in a scope already, or `slice` is shorter than a tick of the timer.
pub fn scope<'env, R>(
    slice: Duration,
    work: impl for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> R,
) -> R {
    let slice = timer::ticks(slice);
    assert!(slice > 0, "a slice of no time");
    schedule::open(slice);
    let scope = Scope {
        _lifetimes: Lifetimes::new(),
    };
    let result = work(&scope);
    // What the tasks borrow lives until then. (A panic on the way ends the machine.)
    for slot in 1..MAX {
        schedule::join(slot);
    }
    schedule::close();
    result
}

impl<'scope> Scope<'scope, '_> {
    /// A new task that runs `work`, on a stack of `stack` bytes, rounded up to pages.
    ///
    /// # Errors
    /// See [`SpawnError`]; `work` has been dropped then.
    pub fn spawn<R: Send + 'scope>(
        &'scope self,
        stack: usize,
        work: impl FnOnce() -> R + Send + 'scope,
    ) -> core::result::Result<Task<'scope, R>, SpawnError> {
        let result = Arc::new(Mutex::new(None));
        let place = result.clone();
        let work: Box<dyn FnOnce() + Send + 'scope> = Box::new(move || {
            let value = work();
            *place.lock() = Some(value);
        });
        // SAFETY: only the lifetime changes. `scope` returns when the task has ended, and has dropped this by then.
        let work = unsafe {
            mem::transmute::<Box<dyn FnOnce() + Send + 'scope>, Box<dyn FnOnce() + Send>>(work)
        };
        let stack = Stack::new(stack).map_err(|_| SpawnError::OutOfMemory)?;
        let slot = schedule::add(Record::new(stack, work)).ok_or(SpawnError::TooMany)?;
        Ok(Task {
            slot,
            result,
            _lifetimes: Lifetimes::new(),
        })
    }
}

impl<R> Task<'_, R> {
    /// Waits until the task has ended, gives its stack back, and returns its result.
    pub fn join(self) -> R {
        schedule::join(self.slot);
        let result = self.result.lock().take();
        result.expect("a task that is done has left its result")
    }

    /// Whether [`join`](Self::join) would return at once.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        schedule::is_done(self.slot).unwrap_or(true)
    }

    /// The time that the task has had the core for, so far.
    #[must_use]
    pub fn used(&self) -> Duration {
        timer::duration(schedule::used(self.slot))
    }
}

/// The time that the task which calls this has had the core for, so far; zero outside of a [`scope`].
#[must_use]
pub fn used() -> Duration {
    timer::duration(schedule::used_by_current())
}

/// The time, since the [`scope`] was opened, in which all tasks of this core waited.
#[must_use]
pub fn idle() -> Duration {
    timer::duration(schedule::idle())
}

/// Waits for `time`, and lets other tasks have the core meanwhile.
pub fn sleep(time: Duration) {
    park::park(&AtomicU32::new(0), 0, Some(time));
}

/// Does `work`, and calls `over` once if the calling task has the core for longer than `time` meanwhile: from
/// an interrupt handler, so it does only what a [`timer::Handler`] may. The work goes on then.
///
/// Inside of `work`, a second call holds instead of the first until it ends. Outside of a [`scope`] it
/// only does `work`.
pub fn limited<R>(time: Duration, over: &(dyn Fn() + Sync), work: impl FnOnce() -> R) -> R {
    // SAFETY: only the lifetime changes: the limit is taken back before this function returns, and a panic ends the
    // machine.
    let over = unsafe { mem::transmute::<&(dyn Fn() + Sync), &'static (dyn Fn() + Sync)>(over) };
    let outer = schedule::limit(|used| {
        let end = used.saturating_add(timer::ticks(time));
        Some(Limit { end, over })
    });
    let result = work();
    schedule::limit(|_| outer);
    result
}
