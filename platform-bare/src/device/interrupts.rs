//! What becomes of interrupts: the one place where the board's are given to those whom they are for, and where cores ask
//! each other for something.

use core::sync::atomic::Ordering;

use super::arch::context::Interrupted;
use super::arch::timer::{Alarm, set_alarm};
use super::board::{self, Interrupt};
use super::cores::{self, Core, sync};
use super::{console, exit, tasks, timer};

/// What a core asks another, or itself, for: the numbers of software interrupts.
const SYNCHRONIZE: u32 = 0;
const RESCHEDULE: u32 = 1;
const ASK: u32 = 2;
const WAKE: u32 = 3;
/// How many there are.
const REQUESTS: u32 = 4;

/// Sets up the interrupts of the calling core, and lets them in. Its timers are still off.
pub(crate) fn start(core: &Core) {
    let affinity = core.affinity.load(Ordering::Relaxed);
    if let Err(lack) = board::interrupts_start(affinity, cores::count(), REQUESTS) {
        exit::fail(lack);
    }
}

/// The calling core gets none any more, before it is switched off. Interrupts are masked.
pub(crate) fn stop(core: &Core) {
    board::interrupts_stop(core.affinity.load(Ordering::Relaxed), cores::count());
}

/// Called by the vectors: serves the interrupts that are pending. The trap hook is asked after that, whatever they
/// were.
pub(crate) fn serve(interrupted: &mut Interrupted) {
    board::take_interrupts(|interrupt| match interrupt {
        Interrupt::VirtualTimer => timer::interrupt(interrupted),
        Interrupt::PhysicalTimer => set_alarm(Alarm::NONE),
        Interrupt::Console => console::interrupt(),
        Interrupt::Software(SYNCHRONIZE) => sync::interrupt(),
        Interrupt::Software(RESCHEDULE) => tasks::interrupt(interrupted),
        // `ASK`: only the hook is to be asked. `WAKE`: the core sleeps no more.
        Interrupt::Software(_) => {}
    });
}

/// Asks another core for a context synchronization (see [`sync`]). What was stored before is visible to it only if a
/// barrier came between.
pub(crate) fn synchronize(core: &Core) {
    send(SYNCHRONIZE, core);
}

/// Asks a core's scheduler, which may be this core's, to look who can run (see [`tasks`]).
pub(crate) fn reschedule(core: &Core) {
    send(RESCHEDULE, core);
}

/// Has a core, which may be this core, ask the trap hook. What was stored before is visible to it only if a barrier came
/// between.
pub(crate) fn ask(core: &Core) {
    send(ASK, core);
}

/// Ends the sleep of a core (see [`cores::sleep_until`]). What was stored before is visible to it only if a barrier came
/// between.
pub(crate) fn wake(core: &Core) {
    send(WAKE, core);
}

fn send(request: u32, core: &Core) {
    board::send_interrupt(request, core.affinity.load(Ordering::Relaxed));
}
