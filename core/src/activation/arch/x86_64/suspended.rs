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

/// How many registers a callee must save, besides rbp: rbx and r12 to r15.
pub(crate) const CALLEE_SAVED: usize = 5;

/// Where the context says in which [`Suspension`] the way back is kept.
const SUSPENSION: usize = offset_of!(StoreContext, poller);
const _: () = assert!(offset_of!(Poller, suspension) == 0);

/// Leaves Wasm code with the status rdx. If that says that what it has called waits, it can be gone on with: the C
/// function that says so has restored what it must save, so that the registers are those of the Wasm code.
///
/// # Safety
/// As for [`leave_with`].
#[unsafe(naked)]
pub(super) unsafe extern "C" fn failed() {
    naked_asm!(
        "cmp rdx, {suspended}",
        "jne {not_suspended}",
        "mov rcx, [rsp + {size} + {context}]",
        "mov r8, [rcx + {suspension}]",
        "mov r10, [rsp]",
        "mov r11, [rsp + 8]",
        "mov [r8 + {fp}], r10",
        "mov [r8 + {return_address}], r11",
        "mov r10, [rcx + {stack_pointer}]",
        "mov [r8 + {kept_stack_pointer}], r10",
        "mov [r8 + {registers}], rbx",
        "mov [r8 + {registers} + 8], r12",
        "mov [r8 + {registers} + 16], r13",
        "mov [r8 + {registers} + 24], r14",
        "mov [r8 + {registers} + 32], r15",
        "jmp {leave_with}",
        suspended = const STATUS_SUSPENDED,
        not_suspended = sym not_suspended,
        size = const EXIT_FRAME_SIZE,
        context = const offset_of!(EntryFrame, context),
        suspension = const SUSPENSION,
        fp = const offset_of!(Suspension, fp),
        return_address = const offset_of!(Suspension, return_address),
        stack_pointer = const store_context::STACK_POINTER,
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
        "mov r11, [rsp]",
        "sub rsp, 88",
        "mov [rsp], rbp",
        "mov [rsp + 8], r11",
        "mov r10, [rdi + {entry_frame}]",
        "mov r11, [rdi + {stack_pointer}]",
        "mov [rsp + {previous}], r10",
        "mov [rsp + {previous} + 8], r11",
        "mov [rsp + {context}], rdi",
        "mov [rsp + 40], rbx",
        "mov [rsp + 48], r12",
        "mov [rsp + 56], r13",
        "mov [rsp + 64], r14",
        "mov [rsp + 72], r15",
        // The record of the entry trampoline, which is the first thing on the Wasm stack, points here from now on.
        "lea rax, [rip + {returned}]",
        "mov [r11 - 16], rsp",
        "mov [r11 - 8], rax",
        // The exit frame, as `exit` made it.
        "mov rbp, rsp",
        "sub rsp, {size}",
        "mov r10, [rsi + {fp}]",
        "mov r11, [rsi + {return_address}]",
        "mov [rsp], r10",
        "mov [rsp + 8], r11",
        "mov r11, [rsi + {kept_stack_pointer}]",
        "lea rax, [r11 + 8]",
        "mov [rsp + 16], rax",
        "mov rbx, [rsi + {registers}]",
        "mov r12, [rsi + {registers} + 8]",
        "mov r13, [rsi + {registers} + 16]",
        "mov r14, [rsi + {registers} + 24]",
        "mov r15, [rsi + {registers} + 32]",
        // From the last of these on, the frames are linked: they are whole.
        "mov [rdi + {stack_pointer}], r11",
        "mov [rdi + {entry_frame}], rbp",
        "test rcx, rcx",
        "jnz 2f",
        "mov rbp, r10",
        "mov rsi, r8",
        "call rdx",
        "test rdx, rdx",
        "jnz {failed}",
        "mov rbp, [rsp]",
        "mov rsp, [rsp + 16]",
        "ret",
        // All registers are kept below the exit frame, as `exit_to_query` does it.
        "2: mov rbp, rsp",
        "sub rsp, {preserved}",
        "mov rax, rdi",
        "mov rdi, rsp",
        "mov rsi, rcx",
        "mov ecx, {preserved} / 8",
        "rep movsq",
        "mov rdi, rax",
        "mov rsi, r8",
        "call rdx",
        "jmp {back}",
        entry_frame = const store_context::ENTRY_FRAME,
        stack_pointer = const store_context::STACK_POINTER,
        previous = const offset_of!(EntryFrame, previous_entry),
        context = const offset_of!(EntryFrame, context),
        returned = sym returned,
        size = const EXIT_FRAME_SIZE,
        fp = const offset_of!(Suspension, fp),
        return_address = const offset_of!(Suspension, return_address),
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
/// Returned to; rbp is on the entry frame.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn returned() {
    naked_asm!("xor edi, edi", "jmp {leave}", leave = sym leave)
}
