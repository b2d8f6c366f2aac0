//! The executor: tasks in one queue, from which all cores take.
//!
//! A task has a turn of a slice: it is polled, on whatever core is free, and its store's time slice ends that. Who has had a
//! longer turn nevertheless, in the compiler, a builtin or a host function, passes over as many as it was longer by.

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::task::Wake;
use core::future::{Future, poll_fn};
use core::mem;
use core::pin::Pin;
use core::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
use core::task::{Context, Poll};
use core::time::Duration;

use spin::Mutex;
use wasmetal::InterruptHandle;
use wasmetal_platform_bare::cores::{self, MAX};
use wasmetal_platform_bare::timer;

use crate::{SLICE, limit};

/// A queue of tasks, until the last of them has ended.
pub(crate) struct Executor {
    queue: Mutex<Queue>,
    /// How many tasks have not ended.
    left: AtomicUsize,
}

struct Queue {
    ready: VecDeque<Arc<Task>>,
    /// Which cores sleep, or are about to.
    asleep: [bool; MAX],
}

struct Task {
    executor: Arc<Executor>,
    state: AtomicU8,
    account: Arc<Account>,
    /// What it does; nothing more when it has ended.
    doing: Mutex<Option<Doing>>,
}

type Doing = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Where a task is. Wakers change that too, in handlers of interrupts as well: those find it while it is polled, or take
/// no lock that is held.
mod state {
    /// In no queue, until somebody wakes it.
    pub(super) const WAITING: u8 = 0;
    pub(super) const QUEUED: u8 = 1;
    pub(super) const POLLED: u8 = 2;
    pub(super) const POLLED_AND_WOKEN: u8 = 3;
}

/// What the executor knows of a task's time, and the task may ask.
#[derive(Default)]
pub(crate) struct Account {
    /// Ticks for which it has had a core, in all turns that are over.
    used: AtomicU64,
    /// Ticks by which its turns were longer than a slice, as far as it has not passed over others for them.
    debt: AtomicU64,
    /// Whom to interrupt when `used` has come to this.
    limit: Mutex<Option<(u64, InterruptHandle)>>,
}

impl Account {
    /// The time for which the task has had a core, in all turns before this one.
    pub(crate) fn used(&self) -> Duration {
        timer::duration(self.used.load(Ordering::Relaxed))
    }

    /// Interrupts what the handle is of, once the task has had a core for that long, this turn included.
    pub(crate) fn set_limit(&self, limit: Option<(Duration, InterruptHandle)>) {
        let used = self.used.load(Ordering::Relaxed);
        let before = mem::replace(
            &mut *self.limit.lock(),
            limit.map(|(time, handle)| (used + timer::ticks(time), handle)),
        );
        drop(before);
    }

    /// A turn: does something, for as long as the limit lets it, and charges the task for that.
    fn turn<R>(&self, work: impl FnOnce() -> R) -> R {
        let limit = self.limit.lock().clone();
        let begin = timer::now();
        let result = match limit {
            None => work(),
            Some((end, handle)) => {
                let left = end.saturating_sub(self.used.load(Ordering::Relaxed));
                limit::limited(left, handle, work)
            }
        };
        let took = timer::now() - begin;
        self.used.fetch_add(took, Ordering::Relaxed);
        let longer = took.saturating_sub(timer::ticks(SLICE));
        self.debt.fetch_add(longer, Ordering::Relaxed);
        result
    }

    /// Whether the task passes over its turn, since one before was longer.
    fn passes(&self) -> bool {
        let slice = timer::ticks(SLICE);
        let debt = self.debt.load(Ordering::Relaxed);
        self.debt
            .store(debt.saturating_sub(slice), Ordering::Relaxed);
        debt >= slice
    }
}

/// Leaves the rest of the turn to others.
pub(crate) async fn end_turn() {
    let mut has_ended = false;
    poll_fn(|task| {
        if mem::replace(&mut has_ended, true) {
            return Poll::Ready(());
        }
        task.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl Executor {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            queue: Mutex::new(Queue {
                ready: VecDeque::new(),
                asleep: [false; MAX],
            }),
            left: AtomicUsize::new(0),
        })
    }

    /// Adds a task, which has turns as soon as a core [runs](Self::run) this.
    pub(crate) fn spawn<F: Future<Output = ()> + Send + 'static>(
        self: &Arc<Self>,
        task: impl FnOnce(Arc<Account>) -> F,
    ) {
        let account = Arc::new(Account::default());
        self.left.fetch_add(1, Ordering::Relaxed);
        self.push(Arc::new(Task {
            executor: self.clone(),
            state: AtomicU8::new(state::QUEUED),
            doing: Mutex::new(Some(Box::pin(task(account.clone())))),
            account,
        }));
    }

    /// Has this core take part until all tasks have ended.
    pub(crate) fn run(&self) {
        while self.left.load(Ordering::Acquire) > 0 {
            // It returns at once: but the alarm is seen to on cores that are never idle, too.
            cores::sleep_until(Some(0));
            match self.pop() {
                Some(task) if task.account.passes() => self.push(task),
                Some(task) => self.poll(&task),
                // Who ends the last task has all cores woken after that.
                None if self.left.load(Ordering::Acquire) > 0 => cores::sleep_until(None),
                None => {}
            }
        }
    }

    /// A task's turn. Nobody else polls it meanwhile: it is in no queue.
    fn poll(&self, task: &Arc<Task>) {
        task.state.store(state::POLLED, Ordering::Relaxed);
        let mut doing = task.doing.lock();
        let Some(future) = doing.as_mut() else { return };
        let waker = task.clone().into();
        let mut context = Context::from_waker(&waker);
        let polled = task.account.turn(|| future.as_mut().poll(&mut context));
        if polled.is_ready() {
            *doing = None;
            if self.left.fetch_sub(1, Ordering::AcqRel) == 1 {
                (0..cores::count()).for_each(cores::wake);
            }
            return;
        }
        // Before another core may poll it.
        drop(doing);
        let waits = task.state.compare_exchange(
            state::POLLED,
            state::WAITING,
            Ordering::AcqRel,
            Ordering::Acquire,
        );
        if waits.is_err() {
            task.state.store(state::QUEUED, Ordering::Relaxed);
            self.push(task.clone());
        }
    }

    /// The next task; if there is none, this core is known to sleep.
    fn pop(&self) -> Option<Arc<Task>> {
        let mut queue = self.queue.lock();
        let next = queue.ready.pop_front();
        queue.asleep[cores::current()] = next.is_none();
        next
    }

    fn push(&self, task: Arc<Task>) {
        let asleep = {
            let mut queue = self.queue.lock();
            queue.ready.push_back(task);
            mem::take(&mut queue.asleep)
        };
        (0..cores::count())
            .filter(|core| asleep[*core])
            .for_each(cores::wake);
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let next = |now| match now {
            state::WAITING => Some(state::QUEUED),
            state::POLLED => Some(state::POLLED_AND_WOKEN),
            _ => None,
        };
        let before = self
            .state
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, next);
        if before == Ok(state::WAITING) {
            self.executor.push(self.clone());
        }
    }
}
