//! Calls out that wait: left with the registers kept, and gone on with later.

#[cfg(not(feature = "exceptions"))]
use super::leave_with as not_suspended;
#[cfg(feature = "exceptions")]
use super::thrown::failed as not_suspended;
use super::{PRESERVED, back_from_query, leave, leave_with};
use crate::abi::vmctx::store_context;
use crate::activation::context::StoreContext;
use crate::activation::frames::{EXIT_FRAME_SIZE, EntryFrame, STATUS_SUSPENDED};
use crate::activation::suspension::{GoOn, Poller, Preserved, Suspension, Waits};
use core::arch::naked_asm;
use core::mem::offset_of;

/// How many registers a callee must save, besides x29: x19 to x28 and d8 to d15.
pub(crate) const CALLEE_SAVED: usize = 18;

/// Where the context says in which [`Suspension`] the way back is kept.
const SUSPENSION: usize = offset_of!(StoreContext, poller);
const _: () = assert!(offset_of!(Poller, suspension) == 0);

/// Leaves Wasm code with the status x1. If that says that what it has called waits, it can be gone on with: the C
/// function that says so has restored what it must save, so that the registers are those of the Wasm code.
///
/// # Safety
/// As for [`leave_with`].
#[unsafe(naked)]
pub(super) unsafe extern "C" fn failed() {
    naked_asm!(
        "cmp x1, #{suspended}",
        "b.eq 1f",
        "b {not_suspended}",
        "1: ldr x3, [sp, #{size} + {context}]",
        "ldp x9, x10, [sp]",
        "ldr x11, [x3, #{stack_pointer}]",
        "ldr x12, [x3, #{suspension}]",
        "stp x9, x10, [x12, #{fp}]",
        "str x11, [x12, #{kept_stack_pointer}]",
        "add x12, x12, #{registers}",
        "stp x19, x20, [x12]",
        "stp x21, x22, [x12, #16]",
        "stp x23, x24, [x12, #32]",
        "stp x25, x26, [x12, #48]",
        "stp x27, x28, [x12, #64]",
        "stp d8, d9, [x12, #80]",
        "stp d10, d11, [x12, #96]",
        "stp d12, d13, [x12, #112]",
        "stp d14, d15, [x12, #128]",
        "b {leave_with}",
        suspended = const STATUS_SUSPENDED,
        not_suspended = sym not_suspended,
        size = const EXIT_FRAME_SIZE,
        context = const offset_of!(EntryFrame, context),
        stack_pointer = const store_context::STACK_POINTER,
        suspension = const SUSPENSION,
        fp = const offset_of!(Suspension, fp),
        kept_stack_pointer = const offset_of!(Suspension, stack_pointer),
        registers = const offset_of!(Suspension, registers),
        leave_with = sym leave_with,
    )
}

/// Goes on with a call out that waits, by `go_on`; see the [module's text](super::super).
///
/// # Safety
/// `suspension` is one of the store of `context`, whose Wasm stack is as it was then. `go_on` finishes what that call
/// out had begun, which waits in `waits`, or in nothing. `preserved` is what that keeps below the exit frame, if it is one
/// for a query; else null.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn resume(
    context: *mut StoreContext,
    suspension: *const Suspension,
    go_on: GoOn,
    preserved: *const Preserved,
    waits: *mut Option<Waits>,
) -> usize {
    naked_asm!(
        // An entry frame, as `enter` makes it.
        "stp x29, x30, [sp, #-192]!",
        "ldp x9, x10, [x0]",
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
        "str x0, [sp, #{context}]",
        // The record of the entry trampoline, which is the first thing on the Wasm stack, points here from now on.
        "adrp x11, {returned}",
        "add x11, x11, :lo12:{returned}",
        "stp x29, x11, [x10, #-16]",
        // The exit frame, as `exit` made it.
        "ldp x12, x13, [x1, #{fp}]",
        "ldr x14, [x1, #{kept_stack_pointer}]",
        "sub sp, sp, #{size}",
        "stp x12, x13, [sp]",
        "stp x14, x13, [sp, #16]",
        "add x1, x1, #{registers}",
        "ldp x19, x20, [x1]",
        "ldp x21, x22, [x1, #16]",
        "ldp x23, x24, [x1, #32]",
        "ldp x25, x26, [x1, #48]",
        "ldp x27, x28, [x1, #64]",
        "ldp d8, d9, [x1, #80]",
        "ldp d10, d11, [x1, #96]",
        "ldp d12, d13, [x1, #112]",
        "ldp d14, d15, [x1, #128]",
        // From the last of these on, the frames are linked: they are whole.
        "str x14, [x0, #{stack_pointer}]",
        "str x29, [x0, #{entry_frame}]",
        "cbnz x3, 2f",
        "mov x29, x12",
        "mov x1, x4",
        "blr x2",
        "cbnz x1, 1f",
        "ldp x9, x30, [sp, #16]",
        "ldr x29, [sp]",
        "mov sp, x9",
        "ret",
        "1: b {failed}",
        // All registers are kept below the exit frame, as `exit_to_query` does it.
        "2: mov x29, sp",
        "sub sp, sp, #{preserved}",
        "mov x9, sp",
        "3: ldp q0, q1, [x3], #32",
        "stp q0, q1, [x9], #32",
        "cmp x9, x29",
        "b.ne 3b",
        "mov x1, x4",
        "blr x2",
        "b {back}",
        entry_frame = const store_context::ENTRY_FRAME,
        stack_pointer = const store_context::STACK_POINTER,
        previous = const offset_of!(EntryFrame, previous_entry),
        context = const offset_of!(EntryFrame, context),
        returned = sym returned,
        size = const EXIT_FRAME_SIZE,
        fp = const offset_of!(Suspension, fp),
        kept_stack_pointer = const offset_of!(Suspension, stack_pointer),
        registers = const offset_of!(Suspension, registers),
        failed = sym failed,
        preserved = const PRESERVED,
        back = sym back_from_query,
    )
}

/// Where the entry trampoline of code that has been [resumed](resume) returns to. What it has restored are the registers
/// of who entered the code; those of who resumed it are in the entry frame.
///
/// # Safety
/// Returned to; x29 is on the entry frame.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn returned() {
    naked_asm!("mov x0, #0", "b {leave}", leave = sym leave)
}
