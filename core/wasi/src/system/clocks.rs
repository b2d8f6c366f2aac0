//! The system's clocks, and a thread that wakes tasks when a time has come.

use crate::{HostMonotonicClock, HostWallClock};
use alloc::collections::BTreeMap;
use core::task::Waker;
use core::time::Duration;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Instant, SystemTime};

pub(super) struct Wall;

impl HostWallClock for Wall {
    fn resolution(&self) -> Duration {
        Duration::from_nanos(1)
    }

    fn now(&self) -> Duration {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        since.unwrap_or_default()
    }
}

/// Begins at the moment it is made, so that guests do not learn how long the machine runs.
pub(super) struct Monotonic(Instant);

impl Monotonic {
    pub(super) fn new() -> Self {
        Self(Instant::now())
    }
}

impl HostMonotonicClock for Monotonic {
    fn resolution(&self) -> u64 {
        1
    }

    fn now(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    fn wake_at(&self, at: u64, waker: &Waker) {
        // What is beyond the clock does not come.
        if let Some(at) = self.0.checked_add(Duration::from_nanos(at)) {
            TIMERS.set(at, waker);
        }
    }
}

static TIMERS: Timers = Timers {
    state: Mutex::new(State {
        waiting: BTreeMap::new(),
        count: 0,
        runs: false,
    }),
    changed: Condvar::new(),
};

/// Tasks that are to be woken, and the thread that does so. It begins with the first.
struct Timers {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    /// By the time, and a number of their own.
    waiting: BTreeMap<(Instant, u64), Waker>,
    count: u64,
    runs: bool,
}

impl Timers {
    fn set(&'static self, at: Instant, waker: &Waker) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // A task that is polled again and again sets the same time each time.
        let same = state.waiting.range((at, 0)..=(at, u64::MAX));
        if same.into_iter().any(|(_, other)| other.will_wake(waker)) {
            return;
        }
        state.count += 1;
        let key = (at, state.count);
        state.waiting.insert(key, waker.clone());
        if !state.runs {
            let thread = thread::Builder::new().name("wasmetal-wasi-timer".into());
            state.runs = thread.spawn(|| self.run()).is_ok();
        }
        let runs = state.runs;
        drop(state);
        self.changed.notify_one();
        if !runs {
            // Without the thread the task looks itself.
            waker.wake_by_ref();
        }
    }

    fn run(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let now = Instant::now();
            let later = state.waiting.split_off(&(now, u64::MAX));
            let due = core::mem::replace(&mut state.waiting, later);
            if !due.is_empty() {
                drop(state);
                due.into_values().for_each(Waker::wake);
                state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let next = state.waiting.first_key_value();
            state = match next.map(|((at, _), _)| at.saturating_duration_since(now)) {
                None => self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(time) => {
                    let waited = self.changed.wait_timeout(state, time);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }
}
