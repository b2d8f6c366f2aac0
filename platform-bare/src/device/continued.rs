//! Going on with code that was interrupted and whose registers were kept.
//!
//! The core interrupts itself, and what that interrupt returns to is the kept code. So the vectors restore all its
//! registers, as they do for any.

use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering};

use wasmetal_platform::SavedRegisters;

use super::arch::Masked;
use super::arch::context::Interrupted;
use super::{cores, interrupts};

/// What code has of the program status: the condition flags, and the kind of the last branch (Arm ARM DDI 0487,
/// C5.2.19).
const FLAGS: u64 = 0xf << 28 | 3 << 10;

/// What a core is to go on with. It lies on the stack of the code that goes on with it.
pub(crate) struct Continued {
    registers: *const SavedRegisters,
    begin: unsafe fn(*mut ()),
    data: *mut (),
}

/// A core's: null, but from the moment at which it is to go on with something until it does.
pub(crate) type Slot = AtomicPtr<Continued>;

/// Goes on with the kept code.
///
/// # Safety
/// As for [`continue_interrupted`](wasmetal_platform::Platform::continue_interrupted).
pub(crate) unsafe fn continue_interrupted(
    registers: &SavedRegisters,
    begin: unsafe fn(*mut ()),
    data: *mut (),
) -> ! {
    let mut continued = Continued {
        registers,
        begin,
        data,
    };
    // The next interrupt of this core finds this code, in this task: no other has the core in between.
    let masked = Masked::new();
    let core = cores::this();
    core.continued.store(&raw mut continued, Ordering::Relaxed);
    cores::sync::dsb();
    interrupts::ask(core);
    drop(masked);
    loop {
        core::hint::spin_loop();
    }
}

/// Called by the vectors, before all else: an interrupt of code that is to go on with something returns there.
pub(crate) fn interrupt(interrupted: &mut Interrupted) {
    let slot = &cores::this().continued;
    if slot.load(Ordering::Relaxed).is_null() {
        return;
    }
    let continued = slot.swap(ptr::null_mut(), Ordering::Relaxed);
    // SAFETY: `continue_interrupted` is what was interrupted, so that its frame is there, and its caller has promised the
    // rest.
    unsafe {
        ((*continued).begin)((*continued).data);
        restore_all(&*(*continued).registers, interrupted);
    }
}

/// Keeps all registers of the interrupted code.
pub(crate) fn keep_all(to: &mut SavedRegisters, interrupted: &Interrupted) {
    let registers = &interrupted.registers;
    to.general = registers.x;
    to.sp = registers.sp;
    to.pc = registers.pc;
    to.flags = registers.spsr;
    to.vectors = interrupted.q;
    to.float_control = interrupted.fpcr;
    to.float_status = interrupted.fpsr;
}

fn restore_all(from: &SavedRegisters, interrupted: &mut Interrupted) {
    let registers = &mut interrupted.registers;
    registers.x = from.general;
    registers.sp = from.sp;
    registers.pc = from.pc;
    // The mode and the masks are this core's.
    registers.spsr = registers.spsr & !FLAGS | from.flags & FLAGS;
    interrupted.q = from.vectors;
    interrupted.fpcr = from.float_control;
    interrupted.fpsr = from.float_status;
}
