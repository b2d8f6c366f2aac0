//! AArch64 (AAPCS64: x19-x28 and d8-d15 are callee-saved).

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
        "stp x29, x30, [sp, #-160]!",
        "stp x19, x20, [sp, #16]",
        "stp x21, x22, [sp, #32]",
        "stp x23, x24, [sp, #48]",
        "stp x25, x26, [sp, #64]",
        "stp x27, x28, [sp, #80]",
        "stp d8, d9, [sp, #96]",
        "stp d10, d11, [sp, #112]",
        "stp d12, d13, [sp, #128]",
        "stp d14, d15, [sp, #144]",
        "mov x29, sp",
        "str x29, [x2]",
        "mov sp, x2",
        "blr x1",
        "mov x0, x29",
        "mov x1, #0",
        "b {leave}",
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
        "hint #34", // bti c
        "mov sp, x0",
        "mov x0, x1",
        "ldp x19, x20, [sp, #16]",
        "ldp x21, x22, [sp, #32]",
        "ldp x23, x24, [sp, #48]",
        "ldp x25, x26, [sp, #64]",
        "ldp x27, x28, [sp, #80]",
        "ldp d8, d9, [sp, #96]",
        "ldp d10, d11, [sp, #112]",
        "ldp d12, d13, [sp, #128]",
        "ldp d14, d15, [sp, #144]",
        "ldp x29, x30, [sp], #160",
        "ret",
    )
}
