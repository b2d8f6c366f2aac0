//! Cores that have nothing to do sleep, by `wfi`, until a handler or another core wakes them.
//!
//! No call is lost. Who wakes a core sets its mark, and then interrupts it. A core that is about to sleep looks at its mark
//! with interrupts masked, and `wfi` ends with an interrupt that is pending, masked or not (Arm ARM DDI 0487, "Wait for
//! Interrupt mechanism").

use core::sync::atomic::Ordering;
use core::time::Duration;

use super::{CORES, count, sync, this};
use crate::device::arch::timer::{self, Alarm};
use crate::device::arch::{Masked, event};
use crate::device::{alarm, interrupts};

/// Has this core sleep until somebody [wakes](wake) it, or this tick has come (see [`timer`](super::super::timer)). If
/// somebody has since it last returned, it returns at once. Interrupts are served meanwhile.
///
/// It is what an executor of this core calls when all its tasks wait: their wakers wake the core. And when some do not: it
/// sees to the alarm, which wakes tasks whose deadlines have come
/// ([`Platform::set_alarm`](wasmetal_platform::Platform::set_alarm)). In a scope of `tasks` the
/// other tasks have the core when it is their turn.
pub fn sleep_until(tick: Option<u64>) {
    let core = this();
    let due = tick.unwrap_or(timer::NEVER);
    loop {
        let alarm = alarm::attend();
        let masked = Masked::new();
        let begin = timer::now();
        if core.woken.swap(false, Ordering::Acquire) || begin >= due {
            return;
        }
        // By the platform's timer, since the firmware's is anybody's.
        let before = timer::alarm();
        timer::set_alarm(before.min(Alarm::at(due.min(alarm))));
        event::wait_for_interrupt();
        timer::set_alarm(before);
        let slept = timer::now() - begin;
        core.asleep.fetch_add(slept, Ordering::Relaxed);
        // What has ended the wait is served now.
        drop(masked);
    }
}

/// Has a core sleep no more: the one of this index, which may be this one. Fit for handlers. Nothing happens if there is no
/// such core, or it is off.
pub fn wake(index: usize) {
    let Some(core) = CORES[..count()].get(index) else {
        return;
    };
    core.woken.store(true, Ordering::Release);
    // This core looks at its mark before it sleeps, and after each handler.
    if core.index != this().index && core.online.load(Ordering::Relaxed) {
        // A write to ICC_SGI1R_EL1 is not ordered after stores otherwise.
        sync::dsb();
        interrupts::wake(core);
    }
}

/// Has all cores but this one sleep no more.
pub(crate) fn wake_others() {
    (0..count())
        .filter(|index| *index != this().index)
        .for_each(wake);
}

/// How long this core has slept, in all calls of [`sleep_until`] since boot: handlers that have run meanwhile do not count.
#[must_use]
pub fn asleep() -> Duration {
    timer::duration(this().asleep.load(Ordering::Relaxed))
}
