//! Clocks, as a host gives them.

use core::task::Waker;
use core::time::Duration;

/// The time of day.
///
/// ```
/// use std::time::Duration;
/// use wasmetal_wasi::{HostWallClock, WasiCtxBuilder};
///
/// /// A machine without a clock that knows when it was built.
/// struct Built;
///
/// impl HostWallClock for Built {
///     fn resolution(&self) -> Duration {
///         Duration::from_secs(1)
///     }
///
///     fn now(&self) -> Duration {
///         Duration::from_secs(1_700_000_000)
///     }
/// }
///
/// let ctx = WasiCtxBuilder::new().wall_clock(Built).build_p1();
/// ```
pub trait HostWallClock: Send + Sync {
    /// By how much the time goes on at once.
    fn resolution(&self) -> Duration;

    /// The time since the beginning of 1970, UTC.
    fn now(&self) -> Duration;
}

/// Time that passes, in nanoseconds since some moment. It never goes back.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use wasmetal_wasi::{HostMonotonicClock, WasiCtxBuilder};
///
/// /// Time that passes whenever somebody asks.
/// #[derive(Default)]
/// struct Counter(AtomicU64);
///
/// impl HostMonotonicClock for Counter {
///     fn resolution(&self) -> u64 {
///         1
///     }
///
///     fn now(&self) -> u64 {
///         self.0.fetch_add(1, Ordering::Relaxed)
///     }
/// }
///
/// let ctx = WasiCtxBuilder::new().monotonic_clock(Counter::default()).build_p1();
/// ```
pub trait HostMonotonicClock: Send + Sync {
    /// By how many nanoseconds the time goes on at once.
    fn resolution(&self) -> u64;

    /// The time.
    fn now(&self) -> u64;

    /// Wakes a task when the clock has come to `at`, or before.
    ///
    /// The default wakes it at once: a guest that sleeps in an asynchronous call is polled again and again, in turn with
    /// others. Whose executor has timers implements it. Calls that park do not ask.
    fn wake_at(&self, at: u64, waker: &Waker) {
        let _ = at;
        waker.wake_by_ref();
    }
}
