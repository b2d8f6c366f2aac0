//! AArch64 (AAPCS64: x19-x28 and d8-d15 are callee-saved, x16 and x17 are scratch).

#[cfg(feature = "exceptions")]
mod thrown;

#[cfg(not(feature = "exceptions"))]
use self::leave_with as failed;
use super::{EXIT_FRAME_SIZE, EntryFrame, STATUS_INTERRUPTED};
use crate::abi::vmctx::{header, store_context};
use crate::call::ValRaw;
use crate::instance::vmctx::{StoreContext, VMHostContext};
use core::arch::{asm, naked_asm};
use core::mem::offset_of;
#[cfg(feature = "exceptions")]
use thrown::failed;

/// Where the stack pointer is when the frame pointer is on an entry frame.
pub(crate) const ENTRY_FRAME_SP: usize = 0;

/// The stack pointer, somewhere in the current function.
#[inline(always)]
pub(crate) fn stack_pointer() -> usize {
    let sp;
    // SAFETY: reads a register and nothing else.
    unsafe { asm!("mov {}, sp", out(reg) sp, options(nomem, nostack, preserves_flags)) };
    sp
}

/// Calls `entry` on the Wasm stack of `context`; see the [module's text](super).
///
/// # Safety
/// `entry` is an entry trampoline of the type of `code`, `code` takes `vmctx`, `values` holds the
/// parameters and has room for the results, and `context` is the vmctx's store's, with a Wasm stack.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn enter(
    vmctx: *mut u8,
    code: *const u8,
    values: *mut ValRaw,
    context: *mut StoreContext,
    entry: *const u8,
) -> usize {
    naked_asm!(
        "stp x29, x30, [sp, #-192]!",
        "ldp x9, x10, [x3]",
        "stp x19, x20, [sp, #48]",
        "stp x21, x22, [sp, #64]",
        "stp x23, x24, [sp, #80]",
        "stp x25, x26, [sp, #96]",
        "stp x27, x28, [sp, #112]",
        "stp d8, d9, [sp, #128]",
        "stp d10, d11, [sp, #144]",
        "stp d12, d13, [sp, #160]",
        "stp d14, d15, [sp, #176]",
        "mov x29, sp",
        "stp x9, x10, [sp, #{previous}]",
        "str x3, [sp, #{context}]",
        "str x29, [x3]",
        "mov sp, x10",
        "blr x4",
        // The callee-saved registers are as they were: only the links go back.
        "mov sp, x29",
        "ldr x3, [sp, #{context}]",
        "ldp x9, x10, [sp, #{previous}]",
        "stp x9, x10, [x3]",
        "mov x0, #0",
        "ldp x29, x30, [sp], #192",
        "ret",
        previous = const offset_of!(EntryFrame, previous_entry),
        context = const offset_of!(EntryFrame, context),
    )
}

const _: () = assert!(store_context::ENTRY_FRAME == 0 && store_context::STACK_POINTER == 8);

/// Makes the `enter` whose frame x29 is on return x0; see the [module's text](super).
///
/// # Safety
/// Jumped to, never called; x29 is on the innermost entry frame of a store.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn leave() {
    naked_asm!(
        "mov sp, x29",
        "ldr x3, [sp, #{context}]",
        "ldp x9, x10, [sp, #{previous}]",
        "stp x9, x10, [x3]",
        "ldp x19, x20, [sp, #48]",
        "ldp x21, x22, [sp, #64]",
        "ldp x23, x24, [sp, #80]",
        "ldp x25, x26, [sp, #96]",
        "ldp x27, x28, [sp, #112]",
        "ldp d8, d9, [sp, #128]",
        "ldp d10, d11, [sp, #144]",
        "ldp d12, d13, [sp, #160]",
        "ldp d14, d15, [sp, #176]",
        "ldp x29, x30, [sp], #192",
        "ret",
        previous = const offset_of!(EntryFrame, previous_entry),
        context = const offset_of!(EntryFrame, context),
    )
}

/// Calls the host function of a [`VMHostContext`]; see the [module's text](super).
///
/// The frame pointer stays where it is: the chain of frame records goes on with the trampoline's.
///
/// # Safety
/// Called by host trampolines only: `(vmctx, values, context)` on a Wasm stack.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn host_call() {
    naked_asm!(
        "hint #34", // bti c
        "ldr x16, [x0, #{call}]",
        "mov x9, sp",
        "str x9, [x2, #{stack_pointer}]",
        "ldr x17, [x2, #{entry_frame}]",
        "stp x29, x30, [x17, #-{size}]!",
        "stp x9, x30, [x17, #16]",
        "mov sp, x17",
        "blr x16",
        "cbnz x1, 1f",
        "ldp x9, x30, [sp, #16]",
        "mov sp, x9",
        "ret",
        "1: b {failed}",
        call = const offset_of!(VMHostContext, call),
        stack_pointer = const store_context::STACK_POINTER,
        entry_frame = const store_context::ENTRY_FRAME,
        size = const EXIT_FRAME_SIZE,
        failed = sym failed,
    )
}

/// Calls x16 on the host's stack, with the argument registers as they are. x0 is a vmctx.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn exit() {
    naked_asm!(
        "ldr x17, [x0, #{store}]",
        "mov x9, sp",
        "str x9, [x17, #{stack_pointer}]",
        "ldr x17, [x17, #{entry_frame}]",
        "stp x29, x30, [x17, #-{size}]!",
        "stp x9, x30, [x17, #16]",
        "mov sp, x17",
        "mov x29, sp",
        "blr x16",
        "cbnz x1, 1f",
        "ldp x9, x30, [sp, #16]",
        "ldr x29, [sp]",
        "mov sp, x9",
        "ret",
        "1: b {failed}",
        store = const header::STORE,
        stack_pointer = const store_context::STACK_POINTER,
        entry_frame = const store_context::ENTRY_FRAME,
        size = const EXIT_FRAME_SIZE,
        failed = sym failed,
    )
}

/// The last two words of a diverted exit frame: the stack pointer, and where to return to.
pub(super) fn diversion(entry_frame: *mut u8) -> [usize; 2] {
    let exit_frame = entry_frame.wrapping_sub(EXIT_FRAME_SIZE);
    [exit_frame.addr(), interrupted as *const () as usize]
}

/// The last two words of an exit frame that is not.
pub(super) fn undiverted(stack_pointer: *mut u8, return_address: usize) -> [usize; 2] {
    [stack_pointer.addr(), return_address]
}

/// Where a diverted exit frame leads: leaves Wasm code.
///
/// # Safety
/// Returned to; the stack pointer is on an exit frame.
#[unsafe(naked)]
unsafe extern "C" fn interrupted() {
    naked_asm!(
        "mov x1, #{status}",
        "b {leave_with}",
        status = const STATUS_INTERRUPTED,
        leave_with = sym leave_with,
    )
}

/// Leaves Wasm code with the status x1. The backtrace starts at the call that left Wasm.
///
/// # Safety
/// Jumped to; the stack pointer is on an exit frame.
#[unsafe(naked)]
unsafe extern "C" fn leave_with() {
    naked_asm!(
        "ldp x9, x10, [sp]",
        "sub x10, x10, #1",
        "add x29, sp, #{size}",
        "ldr x3, [x29, #{context}]",
        "stp x10, x9, [x3, #{trap}]",
        "str x29, [x3, #{trap} + 16]",
        "mov x0, x1",
        "b {leave}",
        size = const EXIT_FRAME_SIZE,
        context = const offset_of!(EntryFrame, context),
        trap = const offset_of!(StoreContext, trap),
        leave = sym leave,
    )
}

/// Defines the stub of a builtin.
macro_rules! builtin_stub {
    ($stub:ident, $body:path) => {
        #[unsafe(naked)]
        pub(super) unsafe extern "C" fn $stub() {
            core::arch::naked_asm!(
                "hint #34", // bti c
                "adrp x16, {body}",
                "add x16, x16, :lo12:{body}",
                "b {exit}",
                body = sym $body,
                exit = sym $crate::call::arch::exit_to_builtin,
            )
        }
    };
}
pub(crate) use builtin_stub;
pub(crate) use exit as exit_to_builtin;
