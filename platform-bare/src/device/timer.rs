//! The generic timer: a counter, and an interrupt once or periodically.

use core::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

use super::arch::registers::{read, write};
use super::arch::vectors::Interrupted;

/// Called on each timer interrupt with the context that was stopped; what it changes there is what
/// execution goes on with.
///
/// It runs with interrupts masked, on the exception stack (16 KiB). It does not print, allocate or
/// wait for a lock: the code that it stopped may hold it.
pub type Handler = fn(&mut Interrupted);

/// The handler, as a pointer; null for none.
static HANDLER: AtomicPtr<()> = AtomicPtr::new(core::ptr::null_mut());
/// Ticks from one interrupt to the next; 0 for one-shot.
static PERIOD: AtomicU64 = AtomicU64::new(0);

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
    read!("cntfrq_el0")
}

/// Calls `handler` once, `ticks` from now. Replaces what was set before.
pub fn once(ticks: u64, handler: Handler) {
    set(ticks, 0, handler);
}

/// Calls `handler` every `ticks`. Replaces what was set before.
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

/// No more timer interrupts.
pub fn stop() {
    control(0);
}

fn set(first: u64, period: u64, handler: Handler) {
    stop();
    HANDLER.store(handler as *mut (), Ordering::Relaxed);
    PERIOD.store(period, Ordering::Relaxed);
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

/// The timer's interrupt has come.
pub(crate) fn interrupt(interrupted: &mut Interrupted) {
    match PERIOD.load(Ordering::Relaxed) {
        0 => stop(),
        period => {
            let passed = now() - read!("cntv_cval_el0");
            deadline(read!("cntv_cval_el0") + (passed / period + 1) * period);
        }
    }
    let handler = HANDLER.load(Ordering::Relaxed);
    if !handler.is_null() {
        // SAFETY: only `set` stores here, and it stores a `Handler`.
        let handler = unsafe { core::mem::transmute::<*mut (), Handler>(handler) };
        handler(interrupted);
    }
}
