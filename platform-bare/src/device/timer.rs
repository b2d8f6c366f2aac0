//! The firmware's timer of each core: an interrupt once or periodically, and a handler that is called then. Time is told by
//! a counter that all cores share.

use core::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

use super::arch::context::Interrupted;
use super::arch::timer;
use super::cores::{self, MAX};

pub use timer::{duration, frequency, now, ticks};

/// Called on each timer interrupt with the context that was stopped; what it changes there is what
/// execution goes on with.
///
/// It runs with interrupts masked, on the exception stack (16 KiB). It does not print, allocate or
/// wait for a lock: the code that it stopped may hold it. It runs on the core that set the timer.
pub type Handler = fn(&mut Interrupted);

/// What a core's timer is set to. Only that core uses it.
struct Timer {
    /// The handler, as a pointer; null for none.
    handler: AtomicPtr<()>,
    /// Ticks from one interrupt to the next; 0 for one-shot.
    period: AtomicU64,
}

/// The cores' timers, by index.
static TIMERS: [Timer; MAX] = [const {
    Timer {
        handler: AtomicPtr::new(core::ptr::null_mut()),
        period: AtomicU64::new(0),
    }
}; MAX];

/// The timer of the core that runs this.
fn this() -> &'static Timer {
    &TIMERS[cores::current()]
}

/// Calls `handler` once, `ticks` from now. Replaces what was set before on this core.
pub fn once(ticks: u64, handler: Handler) {
    set(ticks, 0, handler);
}

/// Calls `handler` every `ticks`. Replaces what was set before on this core.
///
/// Deadlines do not drift; those that were missed while interrupts were masked are dropped. So count
/// time by [`now`], not by calls.
///
/// # Panics
/// `ticks` is 0.
pub fn periodic(ticks: u64, handler: Handler) {
    assert!(ticks > 0, "a timer period of 0 ticks");
    set(ticks, ticks, handler);
}

/// No more timer interrupts on this core.
pub fn stop() {
    timer::stop();
}

fn set(first: u64, period: u64, handler: Handler) {
    stop();
    let this = this();
    this.handler.store(handler as *mut (), Ordering::Relaxed);
    this.period.store(period, Ordering::Relaxed);
    timer::start(now().saturating_add(first));
}

/// The timer's interrupt has come.
pub(crate) fn interrupt(interrupted: &mut Interrupted) {
    let this = this();
    match this.period.load(Ordering::Relaxed) {
        0 => stop(),
        period => {
            let passed = now() - timer::deadline();
            timer::set_deadline(timer::deadline() + (passed / period + 1) * period);
        }
    }
    let handler = this.handler.load(Ordering::Relaxed);
    if !handler.is_null() {
        // SAFETY: only `set` stores here, and it stores a `Handler`.
        let handler = unsafe { core::mem::transmute::<*mut (), Handler>(handler) };
        handler(interrupted);
    }
}
