//! Going on with code that was interrupted and whose registers were kept.
//!
//! That needs no interrupt: a core has interrupts masked until it is there, so that one that is pending by then comes at the
//! code's first instruction.

use wasmetal_platform::SavedRegisters;

use super::arch::Masked;
use super::arch::context::{Interrupted, restore_all};
use super::arch::registers::read;

/// Of the program status (Arm ARM DDI 0487, C5.2.19): what level and stack code runs on, and what it masks.
const MODE: u64 = 0x1f;
const MASKS: u64 = 0xf << 6;
/// EL1, on the stack pointer of threads.
const THREAD: u64 = 0b00100;

/// Goes on with the kept code.
///
/// # Safety
/// As for [`continue_interrupted`](wasmetal_platform::Platform::continue_interrupted).
pub(crate) unsafe fn continue_interrupted(
    registers: &SavedRegisters,
    begin: unsafe fn(*mut ()),
    data: *mut (),
) -> ! {
    // The mode and the masks are those of this thread, whatever the registers say.
    let status = registers.flags & !(MODE | MASKS) | THREAD | read!("daif");
    let _masked = Masked::new();
    // SAFETY: the caller's promise. The thread is on its own stack, which it does not come back to, and no handler runs.
    unsafe {
        begin(data);
        restore_all(registers, status)
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
