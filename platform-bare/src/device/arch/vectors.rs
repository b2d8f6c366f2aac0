//! The exception vectors.
//!
//! Threads run on SP_EL0, exceptions on SP_EL1. A fault inside a handler goes to the emergency
//! stack, because SP_EL1 may be what is broken. Interrupts stay masked inside handlers.

use core::arch::global_asm;
use core::mem::{offset_of, size_of};

use super::context::{Interrupted, Registers};
use super::registers::read;
use crate::device::cores::EMERGENCY_STACK;
use crate::device::{fault, interrupts, trap};

/// Which vectors are of no use to this firmware (the third argument of a fatal exception).
pub(crate) const VECTOR_NAMES: [&str; 16] = [
    "synchronous exception in a thread",
    "interrupt in a thread",
    "fast interrupt in a thread",
    "system error in a thread",
    "synchronous exception in an exception handler",
    "interrupt in an exception handler",
    "fast interrupt in an exception handler",
    "system error in an exception handler",
    "synchronous exception from EL0",
    "interrupt from EL0",
    "fast interrupt from EL0",
    "system error from EL0",
    "synchronous exception from 32-bit EL0",
    "interrupt from 32-bit EL0",
    "fast interrupt from 32-bit EL0",
    "system error from 32-bit EL0",
];

/// A synchronous exception in a thread. On return, execution resumes with pc, sp, x0, x1 and x29 as
/// `registers` has them; all other registers hold arbitrary values.
extern "C" fn thread_fault(registers: &mut Registers) {
    registers.esr = read!("esr_el1");
    registers.far = read!("far_el1");
    if !trap::resume(registers) {
        fault::fatal(registers, VECTOR_NAMES[0]);
    }
}

/// An interrupt in a thread. Whatever it was about: it may go on in another task than it came in, which somebody
/// has interrupted while it did not have the core.
extern "C" fn thread_interrupt(interrupted: &mut Interrupted) {
    interrupts::serve(interrupted);
    trap::interrupt(interrupted);
}

/// Any other exception.
extern "C" fn unexpected(registers: &mut Registers, vector: usize) -> ! {
    registers.esr = read!("esr_el1");
    registers.far = read!("far_el1");
    fault::fatal(registers, VECTOR_NAMES[vector])
}

unsafe extern "C" {
    pub(crate) safe fn exception_vectors();
}

global_asm!(
    // Saves x0 to x30, SP_EL0, ELR and SPSR in a frame of \\size bytes on the current stack.
    ".macro save_registers size",
    "sub sp, sp, #\\size",
    "stp x0, x1, [sp, #0]",
    "stp x2, x3, [sp, #16]",
    "stp x4, x5, [sp, #32]",
    "stp x6, x7, [sp, #48]",
    "stp x8, x9, [sp, #64]",
    "stp x10, x11, [sp, #80]",
    "stp x12, x13, [sp, #96]",
    "stp x14, x15, [sp, #112]",
    "stp x16, x17, [sp, #128]",
    "stp x18, x19, [sp, #144]",
    "stp x20, x21, [sp, #160]",
    "stp x22, x23, [sp, #176]",
    "stp x24, x25, [sp, #192]",
    "stp x26, x27, [sp, #208]",
    "stp x28, x29, [sp, #224]",
    "mrs x9, sp_el0",
    "stp x30, x9, [sp, #240]",
    "mrs x9, elr_el1",
    "mrs x10, spsr_el1",
    "stp x9, x10, [sp, #256]",
    ".endm",
    // Restores x0 to x30 and SP_EL0 from such a frame, drops it, and returns from the exception.
    ".macro restore_registers size",
    "ldp x30, x9, [sp, #240]",
    "msr sp_el0, x9",
    "ldp x0, x1, [sp, #0]",
    "ldp x2, x3, [sp, #16]",
    "ldp x4, x5, [sp, #32]",
    "ldp x6, x7, [sp, #48]",
    "ldp x8, x9, [sp, #64]",
    "ldp x10, x11, [sp, #80]",
    "ldp x12, x13, [sp, #96]",
    "ldp x14, x15, [sp, #112]",
    "ldp x16, x17, [sp, #128]",
    "ldp x18, x19, [sp, #144]",
    "ldp x20, x21, [sp, #160]",
    "ldp x22, x23, [sp, #176]",
    "ldp x24, x25, [sp, #192]",
    "ldp x26, x27, [sp, #208]",
    "ldp x28, x29, [sp, #224]",
    "add sp, sp, #\\size",
    "eret",
    ".endm",
    // One vector that is never expected: the core's emergency stack afresh, whatever the old one was.
    // The stack pointer of the handler that it was taken in goes to TPIDR_EL0.
    ".macro unexpected number",
    ".balign 128",
    "msr tpidrro_el0, x9",
    "mov x9, sp",
    "msr tpidr_el0, x9",
    "mrs x9, tpidr_el1",
    "ldr x9, [x9, #{emergency_stack}]",
    "mov sp, x9",
    "mrs x9, tpidrro_el0",
    "save_registers {registers}",
    "mov x1, #\\number",
    "b 8f",
    ".endm",
    //
    ".pushsection .text.vectors, \"ax\"",
    ".global exception_vectors",
    ".balign 2048",
    "exception_vectors:",
    "save_registers {registers}",
    "b 6f",
    ".balign 128",
    "b 7f",
    "unexpected 2",
    "unexpected 3",
    "unexpected 4",
    "unexpected 5",
    "unexpected 6",
    "unexpected 7",
    "unexpected 8",
    "unexpected 9",
    "unexpected 10",
    "unexpected 11",
    "unexpected 12",
    "unexpected 13",
    "unexpected 14",
    "unexpected 15",
    ".balign 128",
    // A synchronous exception in a thread. A translation fault may be over by now: another core has
    // backed the page, and told this one, but the table walk came before (Arm ARM DDI 0487, FEAT_ETS2:
    // without it, a walk is not ordered with the loads before it). Then the instruction is done again,
    // with all registers as they were.
    "6:",
    "mrs x9, esr_el1",
    // An instruction or data abort at EL1 (class 0x21, 0x25), with a fault status of 0b0001xx.
    "ubfx x10, x9, #26, #6",
    "bic x10, x10, #4",
    "cmp x10, #0x21",
    "b.ne 5f",
    "ubfx x10, x9, #2, #4",
    "cmp x10, #1",
    "b.ne 5f",
    "mrs x10, far_el1",
    "at s1e1r, x10",
    "isb",
    "mrs x10, par_el1",
    "tbz x10, #0, 4f",
    "5:",
    "mov x0, sp",
    "bl {thread_fault}",
    // Resumption after a fault that the hook took.
    "ldp x9, x10, [sp, #{pc}]",
    "ldr x11, [sp, #{sp}]",
    "ldr x29, [sp, #232]",
    "ldp x0, x1, [sp]",
    "msr elr_el1, x9",
    "msr spsr_el1, x10",
    "msr sp_el0, x11",
    "add sp, sp, #{registers}",
    "eret",
    "4:",
    "restore_registers {registers}",
    // An interrupt.
    "7:",
    "save_registers {interrupted}",
    "stp q0, q1, [sp, #{q} + 0]",
    "stp q2, q3, [sp, #{q} + 32]",
    "stp q4, q5, [sp, #{q} + 64]",
    "stp q6, q7, [sp, #{q} + 96]",
    "stp q8, q9, [sp, #{q} + 128]",
    "stp q10, q11, [sp, #{q} + 160]",
    "stp q12, q13, [sp, #{q} + 192]",
    "stp q14, q15, [sp, #{q} + 224]",
    "stp q16, q17, [sp, #{q} + 256]",
    "stp q18, q19, [sp, #{q} + 288]",
    "stp q20, q21, [sp, #{q} + 320]",
    "stp q22, q23, [sp, #{q} + 352]",
    "stp q24, q25, [sp, #{q} + 384]",
    "stp q26, q27, [sp, #{q} + 416]",
    "stp q28, q29, [sp, #{q} + 448]",
    "stp q30, q31, [sp, #{q} + 480]",
    "mrs x9, fpsr",
    "mrs x10, fpcr",
    "stp x9, x10, [sp, #{fpsr}]",
    "mov x0, sp",
    "bl {thread_interrupt}",
    "ldp x9, x10, [sp, #{fpsr}]",
    "msr fpsr, x9",
    "msr fpcr, x10",
    "ldp q0, q1, [sp, #{q} + 0]",
    "ldp q2, q3, [sp, #{q} + 32]",
    "ldp q4, q5, [sp, #{q} + 64]",
    "ldp q6, q7, [sp, #{q} + 96]",
    "ldp q8, q9, [sp, #{q} + 128]",
    "ldp q10, q11, [sp, #{q} + 160]",
    "ldp q12, q13, [sp, #{q} + 192]",
    "ldp q14, q15, [sp, #{q} + 224]",
    "ldp q16, q17, [sp, #{q} + 256]",
    "ldp q18, q19, [sp, #{q} + 288]",
    "ldp q20, q21, [sp, #{q} + 320]",
    "ldp q22, q23, [sp, #{q} + 352]",
    "ldp q24, q25, [sp, #{q} + 384]",
    "ldp q26, q27, [sp, #{q} + 416]",
    "ldp q28, q29, [sp, #{q} + 448]",
    "ldp q30, q31, [sp, #{q} + 480]",
    "ldp x9, x10, [sp, #{pc}]",
    "msr elr_el1, x9",
    "msr spsr_el1, x10",
    "restore_registers {interrupted}",
    // An exception that is never expected, of number x1.
    "8:",
    "mov x0, sp",
    // Vectors 4 to 7 interrupted a handler on SP_EL1, the others something on SP_EL0.
    "sub x9, x1, #4",
    "cmp x9, #4",
    "b.hs 1f",
    "mrs x9, tpidr_el0",
    "str x9, [sp, #{sp}]",
    "1:",
    "bl {unexpected}",
    "brk #0",
    ".popsection",
    registers = const size_of::<Registers>(),
    interrupted = const size_of::<Interrupted>(),
    sp = const offset_of!(Registers, sp),
    pc = const offset_of!(Registers, pc),
    q = const offset_of!(Interrupted, q),
    fpsr = const offset_of!(Interrupted, fpsr),
    emergency_stack = const EMERGENCY_STACK,
    thread_fault = sym thread_fault,
    thread_interrupt = sym thread_interrupt,
    unexpected = sym unexpected,
);
