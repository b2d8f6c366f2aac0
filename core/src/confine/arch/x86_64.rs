//! x86-64 (System V: rbx, rbp and r12-r15 are callee-saved).

use core::arch::naked_asm;

/// Calls `body` on another stack; see the [module's text](super).
///
/// # Safety
/// `top` is 16-byte aligned, at the upper end of a stack that nobody uses, with 16 bytes above it; `body`
/// takes the argument.
#[unsafe(naked)]
pub(in crate::confine) unsafe extern "C" fn enter(
    argument: *mut u8,
    body: unsafe extern "C" fn(*mut u8),
    top: *mut u8,
) -> usize {
    naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "push rbx",
        "push r12",
        "push r13",
        "push r14",
        "push r15",
        "mov rbx, rsp",
        "mov [rdx], rsp",
        "mov rsp, rdx",
        "call rsi",
        "mov rdi, rbx",
        "xor esi, esi",
        "jmp {leave}",
        leave = sym leave,
    )
}

/// Makes `enter` return `status`; see the [module's text](super).
///
/// # Safety
/// `host` is what `enter` wrote to its `top`, and its `body` has not returned.
#[unsafe(naked)]
pub(in crate::confine) unsafe extern "C" fn leave(host: usize, status: usize) -> ! {
    naked_asm!(
        "mov rsp, rdi",
        "mov rax, rsi",
        "pop r15",
        "pop r14",
        "pop r13",
        "pop r12",
        "pop rbx",
        "pop rbp",
        "ret",
    )
}
