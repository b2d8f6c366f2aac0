//! The alarm: when its time has come, it is rung by a core that has nothing else to do, or is about to.
//!
//! What rings is ordinary code, which takes locks. So no handler can call it, and there is no thread for it: a core does, on
//! its way into [`park`](super::park) and [`sleep_until`](super::cores::sleep_until), which last no longer than until then.
//! Who sets an earlier time has all cores that sleep look again; one that is parked looks often.

use core::mem;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, AtomicU64, Ordering};
use core::time::Duration;

use super::arch::timer::{self, NEVER};
use super::cores;

/// When it is to ring: a tick.
static AT: AtomicU64 = AtomicU64::new(NEVER);
/// What is called then, as a pointer to a `fn()`: always the same. Null before it was first set.
static RING: AtomicPtr<()> = AtomicPtr::new(null_mut());

/// See [`Platform::set_alarm`](wasmetal_platform::Platform::set_alarm).
pub(crate) fn set(at: Duration, ring: fn()) {
    RING.store(ring as *mut (), Ordering::Release);
    let at = timer::ticks(at);
    if AT.fetch_min(at, Ordering::AcqRel) > at {
        cores::wake_others();
    }
}

/// Rings if the time has come. When it is to ring next: a tick.
pub(crate) fn attend() -> u64 {
    loop {
        let at = AT.load(Ordering::Acquire);
        if at == NEVER || timer::now() < at {
            return at;
        }
        // One core does, if several look at once.
        let is_mine = AT.compare_exchange(at, NEVER, Ordering::AcqRel, Ordering::Relaxed);
        let ring = RING.load(Ordering::Acquire);
        if is_mine.is_ok() && !ring.is_null() {
            // SAFETY: only `set` stores here, and it stores a `fn()`.
            let ring = unsafe { mem::transmute::<*mut (), fn()>(ring) };
            ring();
        }
    }
}
