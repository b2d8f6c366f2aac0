//! aarch64. Whatever is called begins with `bti c` (`hint #34`), for machines that ask for it.

use core::arch::naked_asm;

use crate::conformance::continued::Held;
use crate::conformance::probe::Slot;

/// Probes begin with `bti c`.
pub(in crate::conformance) const OFFSET: usize = 4;

/// The stack pointer at a probe's access, below the frame of [`attempt`].
pub(in crate::conformance) const DEPTH: usize = 0;

/// Where [`divide`] divides; `None` where division does not fault.
pub(in crate::conformance) const DIVIDE_OFFSET: Option<usize> = None;

/// Where [`overflow`] pushes.
pub(in crate::conformance) const OVERFLOW_OFFSET: usize = 8;

/// Bytes of [`spin`].
pub(in crate::conformance) const SPIN_SIZE: usize = 24;

/// FPCR: round towards zero.
pub(in crate::conformance) const ROUND_TO_ZERO: usize = 3 << 22;

/// `v0` to `v31`.
pub(in crate::conformance) const VECTORS: usize = 32;

/// The registers that [`hold`] has patterns in: `x2` to `x30`.
pub(in crate::conformance) const GENERAL: usize = 29;

/// NZCV.
pub(in crate::conformance) const FLAGS: u64 = 0xf << 28;

/// FPCR: as a process finds it; and rounding towards zero, with default NaNs, flushing to zero.
pub(in crate::conformance) const FLOAT_CONTROLS: [u64; 2] = [0, 3 << 22 | 1 << 25 | 1 << 24];

/// FPSR: nothing has happened; saturation, and a division by zero.
pub(in crate::conformance) const FLOAT_STATUSES: [u64; 2] = [0, 1 << 27 | 1 << 1];

/// Every multiple of this can be the address of code.
pub(in crate::conformance) const CODE_ALIGN: usize = 4;

/// Bytes of [`code`].
pub(in crate::conformance) const CODE_SIZE: usize = 12;

const BTI_C: u32 = 0xd503_245f;
const NOP: u32 = 0xd503_201f;
const RET: u32 = 0xd65f_03c0;

/// A function that returns `value`.
pub(in crate::conformance) fn code(value: u16) -> [u8; CODE_SIZE] {
    function(BTI_C, value)
}

/// [`code`] without what makes it a branch target.
pub(in crate::conformance) fn code_without_target(value: u16) -> [u8; CODE_SIZE] {
    function(NOP, value)
}

fn function(first: u32, value: u16) -> [u8; CODE_SIZE] {
    let mov = 0x5280_0000 | u32::from(value) << 5;
    let mut bytes = [0; CODE_SIZE];
    for (bytes, instruction) in bytes.chunks_mut(4).zip([first, mov, RET]) {
        bytes.copy_from_slice(&instruction.to_le_bytes());
    }
    bytes
}

/// Calls `code(a, b)`, with a frame that [`landing`] can return from. Leaves the frame's address in
/// the slot.
///
/// # Safety
/// There is a function at `code`, or fetching from it faults; `slot` is the caller's.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn attempt(
    code: usize,
    a: usize,
    b: usize,
    slot: &Slot,
) -> usize {
    naked_asm!(
        "hint #34",
        "stp x29, x30, [sp, #-176]!",
        "mov x29, sp",
        "stp x19, x20, [sp, #16]",
        "stp x21, x22, [sp, #32]",
        "stp x23, x24, [sp, #48]",
        "stp x25, x26, [sp, #64]",
        "stp x27, x28, [sp, #80]",
        "stp d8, d9, [sp, #96]",
        "stp d10, d11, [sp, #112]",
        "stp d12, d13, [sp, #128]",
        "stp d14, d15, [sp, #144]",
        "mrs x9, fpcr",
        "stp x3, x9, [sp, #160]",
        "str x29, [x3]",
        "mov x9, x0",
        "mov x0, x1",
        "mov x1, x2",
        "blr x9",
        "b {finish}",
        finish = sym finish,
    )
}

/// Where execution resumes after a fault: notes the registers that a resumption sets, and returns
/// from [`attempt`].
///
/// # Safety
/// Only the trap hook sends execution here, with the frame of an attempt.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn landing() {
    naked_asm!(
        "hint #38",
        "ldp x2, x3, [x29, #160]",
        "mov x4, sp",
        "mrs x5, fpcr",
        "stp x4, x29, [x2, #8]",
        "stp x0, x1, [x2, #24]",
        "str x5, [x2, #40]",
        "msr fpcr, x3",
        "b {finish}",
        finish = sym finish,
    )
}

/// Returns from [`attempt`].
#[unsafe(naked)]
unsafe extern "C" fn finish() {
    naked_asm!(
        "mov sp, x29",
        "ldp x19, x20, [sp, #16]",
        "ldp x21, x22, [sp, #32]",
        "ldp x23, x24, [sp, #48]",
        "ldp x25, x26, [sp, #64]",
        "ldp x27, x28, [sp, #80]",
        "ldp d8, d9, [sp, #96]",
        "ldp d10, d11, [sp, #112]",
        "ldp d12, d13, [sp, #128]",
        "ldp d14, d15, [sp, #144]",
        "ldp x29, x30, [sp], #176",
        "ret",
    )
}

/// Loads the byte at `address`.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn load(address: usize) -> usize {
    naked_asm!("hint #34", "ldrb w0, [x0]", "ret")
}

/// Loads the eight bytes at `address`.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn load_wide(address: usize) -> usize {
    naked_asm!("hint #34", "ldr x0, [x0]", "ret")
}

/// Stores a byte to `address`.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn store(address: usize, value: usize) -> usize {
    naked_asm!("hint #34", "strb w1, [x0]", "ret")
}

/// An illegal instruction.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn illegal() -> usize {
    naked_asm!("hint #34", "udf #0")
}

/// Puts `value` into the pinned register, then meets an illegal instruction.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn pin(value: usize) -> usize {
    naked_asm!("hint #34", "mov x21, x0", "udf #0")
}

/// Divides by zero, which is no fault here.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn divide() -> usize {
    naked_asm!("hint #34", "udiv x0, x0, xzr", "ret")
}

/// Sets floating-point control, then meets an illegal instruction.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn set_rounding(control: usize) -> usize {
    naked_asm!("hint #34", "msr fpcr, x0", "udf #0")
}

/// Makes `top` the stack, and pushes until it faults.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn overflow(top: usize) -> usize {
    naked_asm!("hint #34", "mov sp, x0", "2: str x0, [sp, #-16]!", "b 2b")
}

/// Sets the byte at `flags` to 1, and spins until the next one is not 0.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn spin(flags: usize) -> usize {
    naked_asm!(
        "hint #34",
        "mov w9, #1",
        "strb w9, [x0]",
        "2: ldrb w9, [x0, #1]",
        "cbz w9, 2b",
        "ret"
    )
}

/// Puts the pattern into all registers but two, and spins until it is let go. Then it writes down what is in them, and meets an
/// illegal instruction.
///
/// # Safety
/// `held` is the address of a [`Held`], whose stack nobody else uses.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn hold(held: usize) -> ! {
    naked_asm!(
        "hint #34",
        "mov x1, #{stack_end}",
        "add x1, x0, x1",
        "mov sp, x1",
        "add x1, x0, #{pattern}",
        "ldp q0, q1, [x1], #32",
        "ldp q2, q3, [x1], #32",
        "ldp q4, q5, [x1], #32",
        "ldp q6, q7, [x1], #32",
        "ldp q8, q9, [x1], #32",
        "ldp q10, q11, [x1], #32",
        "ldp q12, q13, [x1], #32",
        "ldp q14, q15, [x1], #32",
        "ldp q16, q17, [x1], #32",
        "ldp q18, q19, [x1], #32",
        "ldp q20, q21, [x1], #32",
        "ldp q22, q23, [x1], #32",
        "ldp q24, q25, [x1], #32",
        "ldp q26, q27, [x1], #32",
        "ldp q28, q29, [x1], #32",
        "ldp q30, q31, [x1], #32",
        "ldp x2, x3, [x1], #16",
        "ldp x4, x5, [x1], #16",
        "msr nzcv, x2",
        "msr fpcr, x3",
        "msr fpsr, x4",
        "ldp x2, x3, [x1], #16",
        "ldp x4, x5, [x1], #16",
        "ldp x6, x7, [x1], #16",
        "ldp x8, x9, [x1], #16",
        "ldp x10, x11, [x1], #16",
        "ldp x12, x13, [x1], #16",
        "ldp x14, x15, [x1], #16",
        "ldp x16, x17, [x1], #16",
        "ldp x18, x19, [x1], #16",
        "ldp x20, x21, [x1], #16",
        "ldp x22, x23, [x1], #16",
        "ldp x24, x25, [x1], #16",
        "ldp x26, x27, [x1], #16",
        "ldp x28, x29, [x1], #16",
        "ldr x30, [x1]",
        "mov w1, #1",
        "strb w1, [x0]",
        // The loop leaves the flags alone.
        "2: ldrb w1, [x0, #1]",
        "cbz w1, 2b",
        "add x1, x0, #{found}",
        "stp q0, q1, [x1], #32",
        "stp q2, q3, [x1], #32",
        "stp q4, q5, [x1], #32",
        "stp q6, q7, [x1], #32",
        "stp q8, q9, [x1], #32",
        "stp q10, q11, [x1], #32",
        "stp q12, q13, [x1], #32",
        "stp q14, q15, [x1], #32",
        "stp q16, q17, [x1], #32",
        "stp q18, q19, [x1], #32",
        "stp q20, q21, [x1], #32",
        "stp q22, q23, [x1], #32",
        "stp q24, q25, [x1], #32",
        "stp q26, q27, [x1], #32",
        "stp q28, q29, [x1], #32",
        "stp q30, q31, [x1], #32",
        "stp x2, x3, [x1, #32]",
        "mrs x2, nzcv",
        "mrs x3, fpcr",
        "stp x2, x3, [x1], #16",
        "mrs x2, fpsr",
        "str x2, [x1], #16",
        "add x1, x1, #16",
        "stp x4, x5, [x1], #16",
        "stp x6, x7, [x1], #16",
        "stp x8, x9, [x1], #16",
        "stp x10, x11, [x1], #16",
        "stp x12, x13, [x1], #16",
        "stp x14, x15, [x1], #16",
        "stp x16, x17, [x1], #16",
        "stp x18, x19, [x1], #16",
        "stp x20, x21, [x1], #16",
        "stp x22, x23, [x1], #16",
        "stp x24, x25, [x1], #16",
        "stp x26, x27, [x1], #16",
        "stp x28, x29, [x1], #16",
        "str x30, [x1]",
        "udf #0",
        stack_end = const Held::STACK_END,
        pattern = const Held::PATTERN,
        found = const Held::FOUND,
    )
}
