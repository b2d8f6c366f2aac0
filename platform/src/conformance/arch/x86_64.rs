//! x86-64.

use core::arch::naked_asm;

use crate::conformance::probe::Slot;

/// Probes begin with their access.
pub(in crate::conformance) const OFFSET: usize = 0;

/// The stack pointer at a probe's access, below the frame of [`attempt`].
pub(in crate::conformance) const DEPTH: usize = 72;

/// Where [`divide`] divides; `None` where division does not fault.
pub(in crate::conformance) const DIVIDE_OFFSET: Option<usize> = Some(4);

/// Where [`overflow`] pushes.
pub(in crate::conformance) const OVERFLOW_OFFSET: usize = 3;

/// Bytes of [`spin`].
pub(in crate::conformance) const SPIN_SIZE: usize = 10;

/// MXCSR: round towards zero, all exceptions masked.
pub(in crate::conformance) const ROUND_TO_ZERO: usize = 0x7f80;

/// Every multiple of this can be the address of code.
pub(in crate::conformance) const CODE_ALIGN: usize = 1;

/// Bytes of [`code`].
pub(in crate::conformance) const CODE_SIZE: usize = 6;

/// A function that returns `value`.
pub(in crate::conformance) fn code(value: u16) -> [u8; CODE_SIZE] {
    let [low, high] = value.to_le_bytes();
    // mov eax, value; ret
    [0xb8, low, high, 0, 0, 0xc3]
}

/// [`code`] without what makes it a branch target: here all is one.
pub(in crate::conformance) fn code_without_target(value: u16) -> [u8; CODE_SIZE] {
    code(value)
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
        "push rbp",
        "mov rbp, rsp",
        "push rbx",
        "push r12",
        "push r13",
        "push r14",
        "push r15",
        "push rcx",
        "sub rsp, 16",
        "stmxcsr [rbp - 56]",
        "mov [rcx], rbp",
        "mov rax, rdi",
        "mov rdi, rsi",
        "mov rsi, rdx",
        "call rax",
        "jmp {finish}",
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
        "mov rcx, [rbp - 48]",
        "mov [rcx + 8], rsp",
        "mov [rcx + 16], rbp",
        "mov [rcx + 24], rdi",
        "mov [rcx + 32], rsi",
        "mov qword ptr [rcx + 40], 0",
        "stmxcsr [rcx + 40]",
        "ldmxcsr [rbp - 56]",
        "jmp {finish}",
        finish = sym finish,
    )
}

/// Returns from [`attempt`].
#[unsafe(naked)]
unsafe extern "C" fn finish() {
    naked_asm!(
        "lea rsp, [rbp - 40]",
        "pop r15",
        "pop r14",
        "pop r13",
        "pop r12",
        "pop rbx",
        "pop rbp",
        "ret",
    )
}

/// Loads the byte at `address`.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn load(address: usize) -> usize {
    naked_asm!("movzx eax, byte ptr [rdi]", "ret")
}

/// Loads the eight bytes at `address`.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn load_wide(address: usize) -> usize {
    naked_asm!("mov rax, [rdi]", "ret")
}

/// Stores a byte to `address`.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn store(address: usize, value: usize) -> usize {
    naked_asm!("mov [rdi], sil", "ret")
}

/// An illegal instruction.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn illegal() -> usize {
    naked_asm!("ud2")
}

/// Divides by zero, [`DIVIDE_OFFSET`] bytes in.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn divide() -> usize {
    naked_asm!("xor edx, edx", "xor ecx, ecx", "div ecx", "ret")
}

/// Sets floating-point control, then meets an illegal instruction.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn set_rounding(control: usize) -> usize {
    naked_asm!("mov [rsp - 8], edi", "ldmxcsr [rsp - 8]", "ud2")
}

/// Makes `top` the stack, and pushes until it faults.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn overflow(top: usize) -> usize {
    naked_asm!("mov rsp, rdi", "2: push rax", "jmp 2b")
}

/// Sets the byte at `flags` to 1, and spins until the next one is not 0.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn spin(flags: usize) -> usize {
    naked_asm!(
        "mov byte ptr [rdi], 1",
        "2: cmp byte ptr [rdi + 1], 0",
        "je 2b",
        "ret"
    )
}
