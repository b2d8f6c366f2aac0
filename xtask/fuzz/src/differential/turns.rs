//! Asynchronous calls: how they are polled, and what waits in them.

use async_trait::async_trait;
use fastrand::Rng;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::{Context, Poll, Wake};
use std::time::Duration;
use wasmetal::{
    ResourceLimiter as _, ResourceLimiterAsync, Result, StoreLimits, StoreLimitsBuilder,
};

/// How many slices a module takes at most, more or less.
const MOST_SLICES: u32 = 512;
/// One module in this many has slices that are as short as they get, unless it takes longer than `SHORT`.
const SHORTEST: u8 = 8;
const SHORT: Duration = Duration::from_micros(200);

/// How long slices are for a module that takes so long without.
pub(crate) fn slice(time: Duration, values: u64) -> Duration {
    let mut rng = Rng::with_seed(values);
    if rng.u8(..SHORTEST) == 0 && time < SHORT {
        return Duration::from_nanos(rng.u64(..2000));
    }
    let magnitude = rng.u32(..MOST_SLICES.ilog2());
    time / rng.u32(1 << magnitude..2 << magnitude)
}

/// A limiter that answers later, now and then, and allows what another does.
pub(crate) struct Later {
    limits: StoreLimits,
    rng: Rng,
    begun: bool,
}

impl Later {
    pub(crate) fn new(memory: usize, elements: usize, values: u64) -> Self {
        let limits = StoreLimitsBuilder::new()
            .memory_size(memory)
            .table_elements(elements);
        Self {
            limits: limits.build(),
            rng: Rng::with_seed(!values),
            begun: false,
        }
    }

    /// Before that, all that is asked for can't wait.
    pub(crate) fn begin(&mut self) {
        self.begun = true;
    }

    /// How often who asks is to wait: not, mostly.
    pub(crate) fn waits(&mut self) -> u8 {
        match self.begun {
            true => self.rng.u8(..8).saturating_sub(5),
            false => 0,
        }
    }

    async fn wait(&mut self) {
        for _ in 0..self.waits() {
            once().await;
        }
    }
}

#[async_trait]
impl ResourceLimiterAsync for Later {
    async fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool> {
        self.wait().await;
        self.limits.memory_growing(current, desired, maximum)
    }

    async fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool> {
        self.wait().await;
        self.limits.table_growing(current, desired, maximum)
    }
}

/// Is not ready once.
pub(crate) fn once() -> impl Future<Output = ()> + Send {
    let mut polled = false;
    poll_fn(move |task| {
        if std::mem::replace(&mut polled, true) {
            return Poll::Ready(());
        }
        task.waker().wake_by_ref();
        Poll::Pending
    })
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, SeqCst);
    }
}

/// Polls a call until it is ready: what it comes to, and how often it was not.
///
/// # Panics
/// It is not ready, and nobody was woken.
pub(crate) fn drive<F: Future>(call: F) -> (F::Output, u64) {
    let woken = Arc::new(Woken(AtomicBool::new(false)));
    let waker = woken.clone().into();
    let mut task = Context::from_waker(&waker);
    let mut call = pin!(call);
    let mut suspensions = 0;
    loop {
        if let Poll::Ready(output) = call.as_mut().poll(&mut task) {
            return (output, suspensions);
        }
        assert!(woken.0.swap(false, SeqCst), "nobody was woken");
        suspensions += 1;
    }
}
