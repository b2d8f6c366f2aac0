//! Parking a core until another wakes it, by `wfe` and `sev`; or a task (see [`tasks`]).
//!
//! No wake-up is lost. A core that unparks has changed the word before, and sends an event to all cores when
//! the change is visible to them. A core that parks loads the word and then waits for an event. Either it sees
//! the change; or the event comes after the load, and ends the wait, or keeps it from beginning: an event
//! that has been sent stays in the core's event register until a `wfe` takes it (Arm ARM DDI 0487,
//! "Wait for Event mechanism and Send event"). An event for somebody else wakes the core for one look at its word.

use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;

use super::arch::{event, timer};
use super::{alarm, tasks};

/// Waits while the word is as expected, until the time is up. A task lets others have the core; where there are no
/// tasks, the time is looked at about every 100 microseconds. Interrupts that are let in are served meanwhile, and the
/// alarm rings.
pub(crate) fn park(word: &AtomicU32, expected: u32, timeout: Option<Duration>) {
    // A tick more: the one that is running may be nearly over, and the timeout must have passed in full.
    let until = timeout.map_or(timer::NEVER, |timeout| {
        let ticks = timer::ticks(timeout).saturating_add(1);
        timer::now().saturating_add(ticks)
    });
    while word.load(Ordering::Acquire) == expected && timer::now() < until {
        let alarm = alarm::attend();
        if !tasks::park(word, expected, until.min(alarm)) {
            event::wait();
        }
    }
}

/// Wakes all cores and tasks that are parked on a word, which was changed before.
pub(crate) fn unpark(_: &AtomicU32) {
    event::send();
    tasks::wake();
}
