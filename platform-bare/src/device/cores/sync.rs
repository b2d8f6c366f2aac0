//! Context synchronization on every core: what lets a core run code that another has written.
//!
//! Cache maintenance by the writer makes new bytes visible to instruction fetch on all cores, but not
//! to what a core has fetched already: each core that may run them must pass a context
//! synchronization event afterwards (Arm ARM DDI 0487, "Concurrent modification and execution of
//! instructions", and the appendix "Barrier Litmus Tests", "Instruction cache maintenance
//! instructions"). Nothing done on entry to Wasm would be enough, because a core may come upon new code
//! while it is inside: a host function can put a function of a new module into a table. So the writer
//! interrupts the other cores, and waits until each has executed an `isb`. Code is published seldom;
//! running it costs nothing.
//!
//! A core that comes on later needs no interrupt: [`join`] orders its first instructions after all
//! maintenance done by those who did not see it online.

use core::arch::asm;
use core::sync::atomic::{AtomicU64, Ordering};

use super::{CORES, Core, count, this};
use crate::device::arch::event;
use crate::device::interrupts;

/// How many synchronizations were asked for.
static REQUESTS: AtomicU64 = AtomicU64::new(0);

/// On return, every other core has passed a context synchronization event since the call.
///
/// Cores that ask at the same time answer each other, even with interrupts masked. The caller holds no
/// lock that another core waits for with interrupts masked.
pub(crate) fn synchronize() {
    if count() > 1 {
        ask();
    }
}

fn ask() {
    let me = this();
    let others = || {
        let others = CORES[..count()].iter();
        others.filter(|core| core.index != me.index && core.online.load(Ordering::SeqCst))
    };
    let request = REQUESTS.fetch_add(1, Ordering::SeqCst) + 1;
    // The request, and what came before it, are visible before the interrupts are sent: a write to
    // ICC_SGI1R_EL1 is not ordered after stores otherwise. Together with the barrier in `join`: either
    // this core sees the other online, or the other executes its `isb` after this point.
    dsb();
    others().for_each(interrupts::synchronize);
    for other in others() {
        while other.online.load(Ordering::Acquire)
            && other.synchronized.load(Ordering::Acquire) < request
        {
            serve(me);
            event::wait();
        }
    }
}

/// Serves the requests made so far, on this core.
fn serve(me: &Core) {
    let requests = REQUESTS.load(Ordering::Acquire);
    if me.synchronized.load(Ordering::Relaxed) < requests {
        isb();
        // The maximum, since the interrupt handler may come in between and serve later requests.
        me.synchronized.fetch_max(requests, Ordering::Release);
        event::send();
    }
}

/// The interrupt that asks for it.
pub(crate) fn interrupt() {
    // The requests are read after the interrupt is acknowledged, so that one that is sent after the
    // reading makes the interrupt pending again.
    isb();
    serve(this());
}

/// This core begins to run things: it is told of new code from now on.
pub(super) fn join() {
    this().online.store(true, Ordering::SeqCst);
    dsb();
    // For those who found the core offline when they sent interrupts, and online when they waited.
    serve(this());
    isb();
}

/// This core will run nothing more.
pub(crate) fn leave() {
    this().online.store(false, Ordering::SeqCst);
}

pub(crate) fn dsb() {
    // SAFETY: a barrier.
    unsafe { asm!("dsb ish", options(nostack, preserves_flags)) };
}

fn isb() {
    // SAFETY: a barrier.
    unsafe { asm!("isb", options(nostack, preserves_flags)) };
}
