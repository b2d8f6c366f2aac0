//! When a store, or a confined computation, is to stop: a moment of the platform's clock.

use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;
use wasmetal_platform::Platform;

/// A moment of the platform's clock ([`Platform::now`]), in nanoseconds, or never. Of two, the earlier one is less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(transparent)]
pub(crate) struct Deadline(u64);

impl Deadline {
    /// It does not come.
    pub(crate) const NEVER: Self = Self(u64::MAX);
    /// It has come, since no clock is behind it.
    pub(crate) const AT_ONCE: Self = Self(0);

    /// So much time from now; never, where that is beyond what a `Deadline` can say (584 years).
    pub(crate) fn after(platform: &dyn Platform, time: Duration) -> Self {
        Self(nanoseconds(platform.now()).saturating_add(nanoseconds(time)))
    }

    /// Whether it has come.
    #[inline(always)] // A call in asks it, and the hook.
    pub(crate) fn has_come(self, platform: &dyn Platform) -> bool {
        self != Self::NEVER && self.0 <= nanoseconds(platform.now())
    }

    /// When it comes, by the platform's clock.
    #[cfg(feature = "async")]
    pub(crate) fn time(self) -> Duration {
        Duration::from_nanos(self.0)
    }

    /// How long until it comes, zero if it has; `None` for never.
    #[inline(always)] // As above.
    pub(crate) fn time_left(self, platform: &dyn Platform) -> Option<Duration> {
        let left = || self.0.saturating_sub(nanoseconds(platform.now()));
        (self != Self::NEVER).then(|| Duration::from_nanos(left()))
    }
}

/// `u64::MAX` only for a time that never comes.
fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// A deadline that one thread sets and others look at.
#[derive(Debug)]
pub(crate) struct AtomicDeadline(AtomicU64);

impl AtomicDeadline {
    pub(crate) const fn new(deadline: Deadline) -> Self {
        Self(AtomicU64::new(deadline.0))
    }

    pub(crate) fn get(&self) -> Deadline {
        Deadline(self.0.load(Ordering::Relaxed))
    }

    pub(crate) fn set(&self, deadline: Deadline) {
        self.0.store(deadline.0, Ordering::SeqCst);
    }
}

#[cfg(all(test, feature = "compile"))]
mod tests {
    use super::*;

    #[test]
    fn deadlines_come_in_order() {
        let platform = wasmetal_platform_linux::platform();
        let hour = Duration::from_secs(3600);
        let check = |deadline: Deadline, has_come: bool, at_most: Option<Duration>| {
            assert_eq!(deadline.has_come(platform), has_come, "{deadline:?}");
            let left = deadline.time_left(platform);
            assert_eq!(left.is_some(), at_most.is_some(), "{deadline:?}");
            assert!(left <= at_most, "{deadline:?}: {left:?}");
        };
        let after = |time| Deadline::after(platform, time);
        check(Deadline::AT_ONCE, true, Some(Duration::ZERO));
        check(after(Duration::ZERO), true, Some(Duration::ZERO));
        check(after(hour), false, Some(hour));
        check(after(Duration::MAX), false, None);
        check(Deadline::NEVER, false, None);
        let order = [Deadline::AT_ONCE, after(Duration::ZERO), after(hour)];
        assert!(order.is_sorted() && order[2] < Deadline::NEVER);
    }
}
