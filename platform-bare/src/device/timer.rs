//! The generic timer: a counter that all cores share, and on each core two timers. The virtual one is the
//! firmware's: an interrupt once or periodically. The physical one is the platform's ([`Alarm`]).

use core::sync::atomic::{AtomicPtr, AtomicU64, Ordering};
use core::time::Duration;

use super::arch::registers::{read, write};
use super::arch::vectors::Interrupted;
use super::cores::this;

/// Called on each timer interrupt with the context that was stopped; what it changes there is what
/// execution goes on with.
///
/// It runs with interrupts masked, on the exception stack (16 KiB). It does not print, allocate or
/// wait for a lock: the code that it stopped may hold it. It runs on the core that set the timer.
pub type Handler = fn(&mut Interrupted);

/// What a core's timer is set to. Only that core uses it.
pub(crate) struct Timer {
    /// The handler, as a pointer; null for none.
    handler: AtomicPtr<()>,
    /// Ticks from one interrupt to the next; 0 for one-shot.
    period: AtomicU64,
}

impl Timer {
    pub(crate) const fn new() -> Self {
        Self {
            handler: AtomicPtr::new(core::ptr::null_mut()),
            period: AtomicU64::new(0),
        }
    }
}

const ENABLE: u64 = 1;

/// The counter: ticks since some time before boot. It never goes back.
#[must_use]
pub fn now() -> u64 {
    // SAFETY: a barrier, so that the counter is not read ahead of what precedes it.
    unsafe { core::arch::asm!("isb", options(nostack, preserves_flags)) };
    read!("cntvct_el0")
}

/// Ticks per second.
#[must_use]
pub fn frequency() -> u64 {
    read!("cntfrq_el0") & u64::from(u32::MAX)
}

/// The ticks that `duration` takes, at least; at most `u64::MAX`.
#[must_use]
pub fn ticks(duration: Duration) -> u64 {
    // The frequency has 32 bits (Arm ARM DDI 0487, "CNTFRQ_EL0"), so that the product fits.
    let rest = (u64::from(duration.subsec_nanos()) * frequency()).div_ceil(1_000_000_000);
    let seconds = duration.as_secs().saturating_mul(frequency());
    seconds.saturating_add(rest)
}

/// How long `ticks` take, rounded down to nanoseconds.
#[must_use]
pub fn duration(ticks: u64) -> Duration {
    let (seconds, rest) = (ticks / frequency(), ticks % frequency());
    // As in `ticks`. The quotient is less than a second.
    let nanoseconds = rest * 1_000_000_000 / frequency();
    Duration::new(seconds, nanoseconds as u32)
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
    control(0);
}

fn set(first: u64, period: u64, handler: Handler) {
    stop();
    let timer = &this().timer;
    timer.handler.store(handler as *mut (), Ordering::Relaxed);
    timer.period.store(period, Ordering::Relaxed);
    deadline(now().saturating_add(first));
    control(ENABLE);
}

fn control(value: u64) {
    // SAFETY: the timer's only effect is its interrupt, which `interrupt` serves.
    unsafe {
        write!("cntv_ctl_el0", value);
        core::arch::asm!("isb", options(nostack, preserves_flags));
    }
}

fn deadline(tick: u64) {
    // SAFETY: as in `control`.
    unsafe { write!("cntv_cval_el0", tick) };
}

/// When the platform's timer of a core goes off: at this tick; at [`Self::NONE`] never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Alarm(u64);

impl Alarm {
    pub(crate) const NONE: Self = Self(u64::MAX);

    /// That long from now, and hardly so soon that a handler which sets it has not come to its end.
    pub(crate) fn after(time: Duration) -> Self {
        const SOONEST: Duration = Duration::from_nanos(250);
        Self(now().saturating_add(ticks(time.max(SOONEST))))
    }
}

/// Sets the platform's timer of this core, instead of what it was set to. Fit for handlers.
///
/// (Boot sees to it that the physical counter is the virtual one: `CNTVOFF_EL2` is 0.)
pub(crate) fn set_alarm(alarm: Alarm) {
    // SAFETY: the timer's only effect is its interrupt, after which the vectors ask the trap hook.
    unsafe {
        write!("cntp_ctl_el0", 0u64);
        if alarm != Alarm::NONE {
            write!("cntp_cval_el0", alarm.0);
            write!("cntp_ctl_el0", ENABLE);
        }
        core::arch::asm!("isb", options(nostack, preserves_flags));
    }
}

/// Sets the platform's timer, and returns what it was set to.
pub(crate) fn swap_alarm(alarm: Alarm) -> Alarm {
    let old = match read!("cntp_ctl_el0") & ENABLE {
        0 => Alarm::NONE,
        _ => Alarm(read!("cntp_cval_el0")),
    };
    if (old, alarm) != (Alarm::NONE, Alarm::NONE) {
        set_alarm(alarm);
    }
    old
}

/// The timer's interrupt has come.
pub(crate) fn interrupt(interrupted: &mut Interrupted) {
    let timer = &this().timer;
    match timer.period.load(Ordering::Relaxed) {
        0 => stop(),
        period => {
            let passed = now() - read!("cntv_cval_el0");
            deadline(read!("cntv_cval_el0") + (passed / period + 1) * period);
        }
    }
    let handler = timer.handler.load(Ordering::Relaxed);
    if !handler.is_null() {
        // SAFETY: only `set` stores here, and it stores a `Handler`.
        let handler = unsafe { core::mem::transmute::<*mut (), Handler>(handler) };
        handler(interrupted);
    }
}
