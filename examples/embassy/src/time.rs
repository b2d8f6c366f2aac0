//! Embassy's time: microseconds since the counter began, and one queue of those who wait, for all cores.
//!
//! Each core's timer is set to the earliest of all when a task of the core joins the queue, and when the timer has gone off.
//! So it is never set to a later time than one that a task of its own core waits for. That another core has woken somebody
//! by then does not matter.

use core::cell::RefCell;
use core::task::Waker;
use core::time::Duration;

use critical_section::{CriticalSection, Mutex};
use embassy_time_driver::{Driver, TICK_HZ, time_driver_impl};
use embassy_time_queue_utils::Queue;
use wasmetal_platform_bare::{Interrupted, timer};

struct Time {
    queue: Mutex<RefCell<Queue>>,
}

time_driver_impl!(static TIME: Time = Time { queue: Mutex::new(RefCell::new(Queue::new())) });

const _: () = assert!(TICK_HZ == 1_000_000, "a tick is a microsecond");

impl Driver for Time {
    fn now(&self) -> u64 {
        // Enough for 584,000 years.
        timer::duration(timer::now()).as_micros() as u64
    }

    fn schedule_wake(&self, at: u64, waker: &Waker) {
        critical_section::with(|section| {
            let is_new = self.queue.borrow_ref_mut(section).schedule_wake(at, waker);
            if is_new {
                self.go_on(section);
            }
        });
    }
}

impl Time {
    /// Wakes whose time has come, and sets this core's timer to the next.
    fn go_on(&self, section: CriticalSection<'_>) {
        let next = self
            .queue
            .borrow_ref_mut(section)
            .next_expiration(self.now());
        if next == u64::MAX {
            timer::stop();
            return;
        }
        let tick = timer::ticks(Duration::from_micros(next));
        timer::once(tick.saturating_sub(timer::now()), |_: &mut Interrupted| {
            critical_section::with(|section| TIME.go_on(section));
        });
    }
}
