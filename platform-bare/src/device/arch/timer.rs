//! The generic timer: a counter that all cores share, and on each core two timers. The virtual one is the
//! firmware's; the physical one is the platform's ([`Alarm`]).

use core::time::Duration;

use super::registers::{read, write};

/// A tick that does not come: it is 584 years away at a GHz.
pub(crate) const NEVER: u64 = u64::MAX;

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

/// Has this core's virtual timer interrupt it at this tick, instead of what it was set to.
pub(crate) fn start(tick: u64) {
    set_deadline(tick);
    control(ENABLE);
}

/// No more interrupts of this core's virtual timer.
pub(crate) fn stop() {
    control(0);
}

/// The tick that this core's virtual timer is set to.
pub(crate) fn deadline() -> u64 {
    read!("cntv_cval_el0")
}

/// Sets another tick, without a look at whether the timer is on.
pub(crate) fn set_deadline(tick: u64) {
    // SAFETY: the timer's only effect is its interrupt, which `device/interrupts.rs` serves.
    unsafe { write!("cntv_cval_el0", tick) };
}

fn control(value: u64) {
    // SAFETY: as in `set_deadline`.
    unsafe {
        write!("cntv_ctl_el0", value);
        core::arch::asm!("isb", options(nostack, preserves_flags));
    }
}

/// When the platform's timer of a core goes off: at this tick; at [`Self::NONE`] never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Alarm(u64);

impl Alarm {
    pub(crate) const NONE: Self = Self(NEVER);

    /// At this tick.
    pub(crate) const fn at(tick: u64) -> Self {
        Self(tick)
    }

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

/// What the platform's timer of this core is set to.
pub(crate) fn alarm() -> Alarm {
    match read!("cntp_ctl_el0") & ENABLE {
        0 => Alarm::NONE,
        _ => Alarm(read!("cntp_cval_el0")),
    }
}

/// Sets the platform's timer, and returns what it was set to.
pub(crate) fn swap_alarm(alarm: Alarm) -> Alarm {
    let old = self::alarm();
    if (old, alarm) != (Alarm::NONE, Alarm::NONE) {
        set_alarm(alarm);
    }
    old
}
