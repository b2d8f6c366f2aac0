//! Who waits in a shared memory, and for what address (threads proposal: "Wait and Notify operators").
#![forbid(unsafe_code)]

use crate::Result;
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
    /// What its thread is parked on; its store's own, if that can be interrupted.
    word: Arc<AtomicU32>,
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
                word: word.clone(),
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
            let still = waiting.iter().position(|it| Arc::ptr_eq(&it.word, &word));
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
                    it.word.store(AWAKE, Ordering::Relaxed);
                    batch[taken] = Some(it.word.clone());
                    taken += 1;
                }
                !chosen
            });
            for word in batch.iter().flatten() {
                platform.unpark(word);
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
