//! Waiting for events: `wfe`, `sev`, and the timer's event stream, which bounds every wait; and for
//! interrupts: `wfi`.

use core::arch::asm;

use super::registers::{read, write};

/// How many events a second the timer makes at least, if the counter's lower 16 bits allow.
const RATE: u64 = 10_000;

/// `CNTKCTL_EL1.EVNTEN`: an event on every 0-to-1 transition of the counter's bit `EVNTI`.
const EVNTEN: u64 = 1 << 2;

/// Starts this core's event stream (Arm ARM DDI 0487, "Event streams").
pub(crate) fn start() {
    // Bit n rises every 2^(n + 1) ticks. EVNTI has four bits.
    let ticks = (read!("cntfrq_el0") / RATE).max(2);
    let bit = u64::from(ticks.ilog2() - 1).min(15);
    // SAFETY: the register controls the event stream, and accesses from EL0, where nothing runs.
    unsafe {
        write!("cntkctl_el1", EVNTEN | bit << 4);
        asm!("isb", options(nostack, preserves_flags));
    }
}

/// Waits for an event: one sent by any core since the last wait, the event stream's, or an interrupt.
pub(crate) fn wait() {
    // SAFETY: a hint.
    unsafe { asm!("wfe", options(nostack, preserves_flags)) };
}

/// Leaves to others, for a moment, what this core has in common with them: where one emulates several in turn, its time.
/// (`core::hint::spin_loop` is an `isb`, which no emulator takes for that. Where instructions are counted, QEMU then has
/// this core spin until the next timer of any core is due. If that is the timer of the core that is waited for, that
/// one has an interrupt to serve each time that it may run, and never does anything else.)
pub(crate) fn give_way() {
    // SAFETY: a hint.
    unsafe { asm!("yield", options(nostack, preserves_flags)) };
}

/// Waits for an interrupt, masked or not; one that is pending already will do.
pub(crate) fn wait_for_interrupt() {
    // SAFETY: a barrier and a hint.
    unsafe { asm!("dsb sy", "wfi", options(nostack, preserves_flags)) };
}

/// Sends an event to all cores, after all stores before it are visible to them: `sev` is not ordered with
/// memory accesses by itself (Arm ARM DDI 0487, "Wait for Event mechanism and Send event").
pub(crate) fn send() {
    // SAFETY: a barrier and a hint.
    unsafe { asm!("dsb ish", "sev", options(nostack, preserves_flags)) };
}
