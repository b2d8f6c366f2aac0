//! Who waits in a shared memory, and for what address (threads proposal: "Wait and Notify operators").
#![forbid(unsafe_code)]

use crate::Result;
#[cfg(feature = "async")]
use crate::activation::alarm::Alarm;
use crate::interrupt::{AWAKE, Interrupts, WAITING};
use crate::oom::{Room as _, Watch};
use crate::trap::Trap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;
use spin::Mutex;
use wasmetal_platform::Platform;

/// How waiting ended.
///
/// The numbers are what `memory.atomic.wait32` and `memory.atomic.wait64` return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WaitResult {
    /// The thread was notified.
    Ok = 0,
    /// The value in memory was not the one expected: the thread did not wait.
    Mismatch = 1,
    /// The time has passed.
    TimedOut = 2,
}

/// Those who wait in one memory.
///
/// The lock is held for a few instructions; nobody sleeps with it.
#[derive(Default)]
pub(super) struct Waiters(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    /// In the order in which they began to wait.
    waiting: Vec<Waiter>,
}

struct Waiter {
    address: u64,
    who: Who,
}

/// Who waits.
#[derive(Clone)]
enum Who {
    /// A thread, which is parked on this word: its store's own, if that can be interrupted.
    Thread(Arc<AtomicU32>),
    /// A task, whose call is suspended.
    #[cfg(feature = "async")]
    Task(Arc<Alarm>),
}

impl Who {
    fn is_thread(&self, word: &Arc<AtomicU32>) -> bool {
        match self {
            Self::Thread(its) => Arc::ptr_eq(its, word),
            #[cfg(feature = "async")]
            Self::Task(_) => false,
        }
    }

    /// Says that it was notified.
    fn notified(&self) {
        match self {
            Self::Thread(word) => word.store(AWAKE, Ordering::Relaxed),
            // It is not in the queue any more.
            #[cfg(feature = "async")]
            Self::Task(_) => {}
        }
    }

    fn wake(&self, platform: &dyn Platform) {
        match self {
            Self::Thread(word) => platform.unpark(word),
            #[cfg(feature = "async")]
            Self::Task(alarm) => alarm.wake(),
        }
    }
}

impl Waiters {
    /// Waits for a notification of `address`, if `equal` says so. `interrupts` are those of the store that
    /// waits, if it can be interrupted.
    ///
    /// # Errors
    /// It would have to, and the platform can't park ([`Trap::CannotBlock`]). The store was interrupted. Memory is
    /// exhausted ([`OutOfMemory`](crate::error::OutOfMemory)).
    pub(super) fn wait(
        &self,
        platform: &dyn Platform,
        address: u64,
        equal: impl FnOnce() -> bool,
        timeout: Option<Duration>,
        interrupts: Option<&Interrupts>,
    ) -> Result<WaitResult> {
        let word = {
            let mut queue = self.0.lock();
            // A notifier takes the lock after the value has been changed. So either the change is seen
            // here, or the notifier sees who waits.
            if !equal() {
                return Ok(WaitResult::Mismatch);
            }
            if timeout == Some(Duration::ZERO) {
                return Ok(WaitResult::TimedOut);
            }
            if !platform.capabilities().park {
                return Err(Trap::CannotBlock.into());
            }
            let watch = Watch::start()?;
            let word = match interrupts {
                Some(interrupts) => interrupts.parking().clone(),
                None => Arc::default(),
            };
            queue.waiting.room(1, watch)?;
            watch.check()?;
            // An interrupt leaves its mark before it looks at the word; here it is the other way round.
            word.store(WAITING, Ordering::SeqCst);
            queue.waiting.push(Waiter {
                address,
                who: Who::Thread(word.clone()),
            });
            word
        };
        // A deadline ends parking before the timeout does.
        let begin = interrupts.map(|_| platform.now());
        let waited = || begin.map_or(Duration::ZERO, |begin| platform.now() - begin);
        loop {
            if !interrupts.is_some_and(Interrupts::must_stop) {
                let left = timeout.map(|timeout| timeout.saturating_sub(waited()));
                let deadline = interrupts.and_then(Interrupts::time_left);
                platform.park(&word, WAITING, left.into_iter().chain(deadline).min());
            }
            let stop = interrupts.is_some_and(Interrupts::must_stop);
            let mut queue = self.0.lock();
            // The thread that notifies takes the waiter out.
            let waiting = &mut queue.waiting;
            let still = waiting.iter().position(|it| it.who.is_thread(&word));
            let result = match (still, timeout) {
                (None, _) => Ok(WaitResult::Ok),
                (Some(index), _) if stop => {
                    waiting.remove(index);
                    Err(Trap::Interrupt.into())
                }
                (Some(index), Some(timeout)) if begin.is_none() || waited() >= timeout => {
                    waiting.remove(index);
                    Ok(WaitResult::TimedOut)
                }
                (Some(_), _) => continue,
            };
            word.store(AWAKE, Ordering::Relaxed);
            return result;
        }
    }

    /// Wakes up to `count` of those who wait for `address`, the first first; how many.
    pub(super) fn notify(&self, platform: &dyn Platform, address: u64, count: u32) -> u32 {
        // Those who begin to wait meanwhile are not meant; they are behind these.
        let mut left = {
            let queue = self.0.lock();
            let there = queue.waiting.iter().filter(|it| it.address == address);
            there.take(count as usize).count()
        };
        let mut notified = 0;
        while left > 0 {
            // Without the lock, and without a vector: those who wake up want the one, and there may be no room for
            // the other.
            let mut batch = [const { None }; 16];
            let wanted = left.min(batch.len());
            let mut taken = 0;
            self.0.lock().waiting.retain(|it| {
                let chosen = taken < wanted && it.address == address;
                if chosen {
                    it.who.notified();
                    batch[taken] = Some(it.who.clone());
                    taken += 1;
                }
                !chosen
            });
            for who in batch.iter().flatten() {
                who.wake(platform);
            }
            notified += taken as u32;
            left -= taken;
            if taken < wanted {
                break;
            }
        }
        notified
    }
}

#[cfg(feature = "async")]
impl Waiters {
    /// Has a task begin to wait for a notification of `address`, if `equal` says so: what its alarm is then, or how that
    /// has ended at once.
    ///
    /// # Errors
    /// Memory is exhausted ([`OutOfMemory`](crate::error::OutOfMemory)).
    pub(super) fn begin(
        &self,
        address: u64,
        equal: impl FnOnce() -> bool,
        timeout: Option<Duration>,
    ) -> Result<core::result::Result<Arc<Alarm>, WaitResult>> {
        let watch = Watch::start()?;
        let alarm = Arc::<Alarm>::default();
        let mut queue = self.0.lock();
        // As for a thread that waits.
        if !equal() {
            return Ok(Err(WaitResult::Mismatch));
        }
        if timeout == Some(Duration::ZERO) {
            return Ok(Err(WaitResult::TimedOut));
        }
        queue.waiting.room(1, watch)?;
        watch.check()?;
        queue.waiting.push(Waiter {
            address,
            who: Who::Task(alarm.clone()),
        });
        Ok(Ok(alarm))
    }

    /// Whether a task still waits, and does so `no_more` after this.
    pub(super) fn still_waits(&self, alarm: &Arc<Alarm>, no_more: bool) -> bool {
        let mut queue = self.0.lock();
        let waiting = &mut queue.waiting;
        let place = waiting.iter().position(|it| match &it.who {
            Who::Task(its) => Arc::ptr_eq(its, alarm),
            Who::Thread(_) => false,
        });
        if let (Some(place), true) = (place, no_more) {
            waiting.remove(place);
        }
        place.is_some()
    }
}
