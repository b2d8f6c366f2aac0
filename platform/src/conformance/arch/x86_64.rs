//! x86-64.

use core::arch::naked_asm;
use core::mem::offset_of;

use crate::conformance::continued::{Held, Registers};
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

/// `xmm0` to `xmm15`.
pub(in crate::conformance) const VECTORS: usize = 16;

/// The registers that [`hold`] has patterns in: all but `rsp`, `rdi` and `rcx`.
pub(in crate::conformance) const GENERAL: usize = 13;

/// Carry, parity, auxiliary carry, zero, sign, overflow.
pub(in crate::conformance) const FLAGS: u64 = 0x8d5;

/// MXCSR: as a process finds it; and rounding towards zero, with denormals as zero. Its flags are what has happened.
pub(in crate::conformance) const FLOAT_CONTROLS: [u64; 2] = [0x1f80, 0x7fc0 | 0x21];

/// In MXCSR.
pub(in crate::conformance) const FLOAT_STATUSES: [u64; 2] = [0, 0];

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

/// Puts `value` into the pinned register, then meets an illegal instruction.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn pin(value: usize) -> usize {
    naked_asm!("mov r15, rdi", "ud2")
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

/// Puts the pattern into all registers but three, and spins until it is let go. Then it writes down what is in them, and meets
/// an illegal instruction.
///
/// # Safety
/// `held` is the address of a [`Held`], whose stack nobody else uses.
#[unsafe(naked)]
pub(in crate::conformance) unsafe extern "C" fn hold(held: usize) -> ! {
    naked_asm!(
        "lea rsp, [rdi + {stack_end}]",
        "movdqu xmm0, [rdi + {pattern} + 0]",
        "movdqu xmm1, [rdi + {pattern} + 16]",
        "movdqu xmm2, [rdi + {pattern} + 32]",
        "movdqu xmm3, [rdi + {pattern} + 48]",
        "movdqu xmm4, [rdi + {pattern} + 64]",
        "movdqu xmm5, [rdi + {pattern} + 80]",
        "movdqu xmm6, [rdi + {pattern} + 96]",
        "movdqu xmm7, [rdi + {pattern} + 112]",
        "movdqu xmm8, [rdi + {pattern} + 128]",
        "movdqu xmm9, [rdi + {pattern} + 144]",
        "movdqu xmm10, [rdi + {pattern} + 160]",
        "movdqu xmm11, [rdi + {pattern} + 176]",
        "movdqu xmm12, [rdi + {pattern} + 192]",
        "movdqu xmm13, [rdi + {pattern} + 208]",
        "movdqu xmm14, [rdi + {pattern} + 224]",
        "movdqu xmm15, [rdi + {pattern} + 240]",
        "ldmxcsr [rdi + {pattern} + {float_control}]",
        "push qword ptr [rdi + {pattern} + {flags}]",
        "popfq",
        "mov rax, [rdi + {pattern} + {general} + 0]",
        "mov rdx, [rdi + {pattern} + {general} + 8]",
        "mov rbx, [rdi + {pattern} + {general} + 16]",
        "mov rbp, [rdi + {pattern} + {general} + 24]",
        "mov rsi, [rdi + {pattern} + {general} + 32]",
        "mov r8, [rdi + {pattern} + {general} + 40]",
        "mov r9, [rdi + {pattern} + {general} + 48]",
        "mov r10, [rdi + {pattern} + {general} + 56]",
        "mov r11, [rdi + {pattern} + {general} + 64]",
        "mov r12, [rdi + {pattern} + {general} + 72]",
        "mov r13, [rdi + {pattern} + {general} + 80]",
        "mov r14, [rdi + {pattern} + {general} + 88]",
        "mov r15, [rdi + {pattern} + {general} + 96]",
        "mov byte ptr [rdi], 1",
        // The loop leaves the flags alone.
        "2: movzx ecx, byte ptr [rdi + 1]",
        "jrcxz 2b",
        "mov [rdi + {found} + {general} + 0], rax",
        "mov [rdi + {found} + {general} + 8], rdx",
        "mov [rdi + {found} + {general} + 16], rbx",
        "mov [rdi + {found} + {general} + 24], rbp",
        "mov [rdi + {found} + {general} + 32], rsi",
        "mov [rdi + {found} + {general} + 40], r8",
        "mov [rdi + {found} + {general} + 48], r9",
        "mov [rdi + {found} + {general} + 56], r10",
        "mov [rdi + {found} + {general} + 64], r11",
        "mov [rdi + {found} + {general} + 72], r12",
        "mov [rdi + {found} + {general} + 80], r13",
        "mov [rdi + {found} + {general} + 88], r14",
        "mov [rdi + {found} + {general} + 96], r15",
        "pushfq",
        "pop qword ptr [rdi + {found} + {flags}]",
        "stmxcsr [rdi + {found} + {float_control}]",
        "movdqu [rdi + {found} + 0], xmm0",
        "movdqu [rdi + {found} + 16], xmm1",
        "movdqu [rdi + {found} + 32], xmm2",
        "movdqu [rdi + {found} + 48], xmm3",
        "movdqu [rdi + {found} + 64], xmm4",
        "movdqu [rdi + {found} + 80], xmm5",
        "movdqu [rdi + {found} + 96], xmm6",
        "movdqu [rdi + {found} + 112], xmm7",
        "movdqu [rdi + {found} + 128], xmm8",
        "movdqu [rdi + {found} + 144], xmm9",
        "movdqu [rdi + {found} + 160], xmm10",
        "movdqu [rdi + {found} + 176], xmm11",
        "movdqu [rdi + {found} + 192], xmm12",
        "movdqu [rdi + {found} + 208], xmm13",
        "movdqu [rdi + {found} + 224], xmm14",
        "movdqu [rdi + {found} + 240], xmm15",
        "ud2",
        stack_end = const Held::STACK_END,
        pattern = const Held::PATTERN,
        found = const Held::FOUND,
        general = const offset_of!(Registers, general),
        flags = const offset_of!(Registers, flags),
        float_control = const offset_of!(Registers, float_control),
    )
}
