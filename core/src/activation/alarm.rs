//! Alarms: tasks that are to be woken, by somebody or when a time has come.
//!
//! Those with a time are in one list, for which the platform calls [`ring`] when the earliest has come
//! ([`Platform::set_alarm`]): in ordinary code, so that wakers may do what they like. Who sets one whose time is not the
//! earliest has nothing to do with the platform. Who takes one back has not either: it rings for nothing then.

use super::deadline::Deadline;
use crate::Result;
use core::cell::Cell;
use core::fmt;
use core::mem;
use core::ptr;
use core::sync::atomic::{AtomicBool, Ordering};
use core::task::Waker;
use spin::Mutex;
use wasmetal_platform::Platform;

/// Who is to be woken.
///
/// Invariant (*in the list*): an alarm whose `listed` is set is in the list, which is changed, as all links are, by the
/// holder of its lock only. One that is listed is at one address, and is taken out before it is gone.
#[derive(Default)]
pub(crate) struct Alarm {
    /// The lock is held for an exchange.
    waker: Mutex<Option<Waker>>,
    listed: AtomicBool,
    links: Links,
}

/// The place in the list.
struct Links {
    previous: Cell<*const Alarm>,
    next: Cell<*const Alarm>,
    at: Cell<Deadline>,
}

impl Default for Links {
    fn default() -> Self {
        Self {
            previous: Cell::new(ptr::null()),
            next: Cell::new(ptr::null()),
            at: Cell::new(Deadline::NEVER),
        }
    }
}

// SAFETY: the links belong to the holder of the list's lock (*in the list*).
unsafe impl Send for Links {}
// SAFETY: as for `Send`.
unsafe impl Sync for Links {}

impl Alarm {
    /// Has the waker woken at this time, where the platform has alarms, or by [`wake`](Self::wake) before; instead of whom
    /// it was set to wake. Who sets it looks afterwards whether there is a reason already.
    ///
    /// # Errors
    /// The platform can't: it is not woken in time.
    ///
    /// # Safety
    /// The alarm does not move before it is dropped, or [forgotten](Self::forget).
    pub(crate) unsafe fn set(
        &self,
        platform: &'static dyn Platform,
        at: Deadline,
        waker: &Waker,
    ) -> Result<()> {
        // Cloned and dropped without the lock: that may be anybody's code.
        let is_set = match &*self.waker.lock() {
            Some(before) => before.will_wake(waker),
            None => false,
        };
        if !is_set {
            let waker = waker.clone();
            let before = self.waker.lock().replace(waker);
            drop(before);
        }
        if at == Deadline::NEVER || !platform.capabilities().alarm {
            self.take_out();
            return Ok(());
        }
        let earlier = {
            let mut alarms = ALARMS.lock();
            alarms.platform = Some(platform);
            if self.listed.load(Ordering::Acquire) && self.links.at.get() == at {
                return Ok(());
            }
            alarms.remove(self);
            alarms.add(self, at);
            let earliest = alarms.earliest.min(at);
            mem::replace(&mut alarms.earliest, earliest) > at
        };
        if earlier && let Err(error) = platform.set_alarm(at.time(), ring) {
            ALARMS.lock().earliest = Deadline::NEVER;
            return Err(error.into());
        }
        Ok(())
    }

    /// Has nobody woken.
    pub(crate) fn forget(&self) {
        self.take_out();
        let before = self.waker.lock().take();
        drop(before);
    }

    fn take_out(&self) {
        if self.listed.load(Ordering::Acquire) {
            ALARMS.lock().remove(self);
        }
    }

    /// Wakes who is to be woken, once. Fit for handlers, as far as the waker is.
    pub(crate) fn wake(&self) {
        // Who has the lock is about to look.
        if let Some(waker) = self.waker.try_lock().and_then(|mut waker| waker.take()) {
            waker.wake();
        }
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.forget();
    }
}

impl fmt::Debug for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alarm").finish_non_exhaustive()
    }
}

/// The alarms with a time. The lock is never taken in a handler.
static ALARMS: Mutex<Alarms> = Mutex::new(Alarms {
    first: ptr::null(),
    earliest: Deadline::NEVER,
    platform: None,
});

struct Alarms {
    first: *const Alarm,
    /// When the platform rings, at the latest.
    earliest: Deadline,
    /// Platforms in one program share a machine.
    platform: Option<&'static dyn Platform>,
}

// SAFETY: the alarms in the list live (*in the list*), and may be used by any thread.
unsafe impl Send for Alarms {}

impl Alarms {
    fn add(&mut self, alarm: &Alarm, at: Deadline) {
        let links = &alarm.links;
        links.at.set(at);
        links.previous.set(ptr::null());
        links.next.set(self.first);
        // SAFETY: *in the list*.
        if let Some(next) = unsafe { self.first.as_ref() } {
            next.links.previous.set(alarm);
        }
        self.first = alarm;
        alarm.listed.store(true, Ordering::Release);
    }

    fn remove(&mut self, alarm: &Alarm) {
        if !alarm.listed.load(Ordering::Acquire) {
            return;
        }
        let (previous, next) = (alarm.links.previous.get(), alarm.links.next.get());
        // SAFETY: the one before is a neighbour of an alarm in the list (*in the list*).
        match unsafe { previous.as_ref() } {
            Some(previous) => previous.links.next.set(next),
            None => self.first = next,
        }
        // SAFETY: the one behind is a neighbour of an alarm in the list (*in the list*).
        if let Some(next) = unsafe { next.as_ref() } {
            next.links.previous.set(previous);
        }
        // From here on who has it may drop it.
        alarm.listed.store(false, Ordering::Release);
    }

    /// Takes out alarms whose time has come, as many as there is room for: whether there may be more.
    fn take_due(&mut self, wakers: &mut [Option<Waker>]) -> bool {
        let Some(platform) = self.platform else {
            return false;
        };
        let mut room = wakers.iter_mut();
        let mut link = self.first;
        self.earliest = Deadline::NEVER;
        // SAFETY: *in the list*.
        while let Some(alarm) = unsafe { link.as_ref() } {
            link = alarm.links.next.get();
            let at = alarm.links.at.get();
            if !at.has_come(platform) {
                self.earliest = self.earliest.min(at);
                continue;
            }
            let Some(place) = room.next() else {
                return true;
            };
            // Before it is out of the list, after which it may be gone.
            *place = alarm.waker.lock().take();
            self.remove(alarm);
        }
        false
    }
}

/// Wakes whose time has come.
fn ring() {
    loop {
        let mut wakers = [const { None }; 16];
        let (more, next, platform) = {
            let mut alarms = ALARMS.lock();
            let more = alarms.take_due(&mut wakers);
            (more, alarms.earliest, alarms.platform)
        };
        if let (false, true, Some(platform)) = (more, next != Deadline::NEVER, platform) {
            // It has succeeded before. Set before anything is woken, which may panic.
            let _ = platform.set_alarm(next.time(), ring);
        }
        for waker in wakers.into_iter().flatten() {
            waker.wake();
        }
        if !more {
            return;
        }
    }
}

#[cfg(all(test, feature = "compile"))]
mod tests {
    use super::*;
    use alloc::boxed::Box;
    use alloc::sync::Arc;
    use alloc::task::Wake;
    use alloc::vec::Vec;
    use core::sync::atomic::AtomicU32;
    use core::time::Duration;

    #[derive(Default)]
    struct Woken(AtomicU32);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
            wasmetal_platform_linux::platform().unpark(&self.0);
        }
    }

    fn wait(woken: &Woken) {
        let platform = wasmetal_platform_linux::platform();
        platform.park(&woken.0, 0, Some(Duration::from_secs(20)));
        assert_eq!(woken.0.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn tasks_are_woken_when_their_time_has_come() {
        let platform = wasmetal_platform_linux::platform();
        let after = |time| Deadline::after(platform, time);
        let all: Vec<_> = (0..100_u64)
            .map(|i| (Box::new(Alarm::default()), Arc::new(Woken::default()), i))
            .collect();
        for (alarm, woken, i) in &all {
            // Most are due soon, in no order; some never.
            let at = match i % 10 {
                0 => after(Duration::from_secs(3600)),
                1 => Deadline::NEVER,
                _ => after(Duration::from_micros(i * 7919 % 20_000)),
            };
            let waker = Waker::from(woken.clone());
            // SAFETY: it is in a box.
            unsafe { alarm.set(platform, after(Duration::from_secs(3000)), &waker) }.unwrap();
            // SAFETY: it is in a box. What was set first is forgotten.
            unsafe { alarm.set(platform, at, &waker) }.unwrap();
        }
        for (_, woken, i) in &all {
            match i % 10 {
                0 | 1 => {}
                _ => wait(woken),
            }
        }
        // By somebody; and what is forgotten, by nobody.
        for (alarm, woken, i) in &all {
            let before = woken.0.load(Ordering::SeqCst);
            if i % 20 == 0 {
                alarm.forget();
            }
            alarm.wake();
            alarm.wake();
            let now = woken.0.load(Ordering::SeqCst) - before;
            assert_eq!(now, u32::from(i % 10 < 2 && i % 20 != 0));
        }
        drop(all);
    }
}
