//! AArch64 (AAPCS64: x19-x28 and d8-d15 are callee-saved, x16 and x17 are scratch).

#[cfg(feature = "async")]
mod preempted;
#[cfg(feature = "async")]
mod suspended;
#[cfg(feature = "exceptions")]
mod thrown;

#[cfg(not(any(feature = "async", feature = "exceptions")))]
use self::leave_with as failed;
use crate::abi::vmctx::{header, query, store_context};
use crate::activation::ValRaw;
use crate::activation::context::{StoreContext, VMHostContext};
use crate::activation::frames::{EXIT_FRAME_SIZE, EntryFrame, STATUS_INTERRUPTED};
use core::arch::{asm, naked_asm};
use core::mem::offset_of;
#[cfg(feature = "async")]
pub(crate) use preempted::{at_call, diversion_for_slice, enter_by};
#[cfg(feature = "async")]
use suspended::failed;
#[cfg(feature = "async")]
pub(crate) use suspended::{CALLEE_SAVED, resume, returned};
#[cfg(all(feature = "exceptions", not(feature = "async")))]
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
        // Code that returns has restored the callee-saved registers itself: only the links go back.
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
pub(crate) fn diversion(entry_frame: *mut u8) -> [usize; 2] {
    let exit_frame = entry_frame.wrapping_sub(EXIT_FRAME_SIZE);
    [exit_frame.addr(), interrupted as *const () as usize]
}

/// The last two words of an exit frame that is not.
pub(crate) fn undiverted(stack_pointer: *mut u8, return_address: usize) -> [usize; 2] {
    [stack_pointer.addr(), return_address]
}

/// Where a function returns to whose frame record is not there at the offset `at`: not yet, in its prologue, or not any
/// more. Then the link register has it.
pub(crate) fn return_address(
    function: &[u8],
    at: usize,
    _stack: impl Fn(usize) -> Option<usize>,
    link: usize,
) -> Option<usize> {
    /// `stp x29, x30, [sp, #-16]!`
    const PUSH_RECORD: u32 = 0xa9bf_7bfd;
    const RET: u32 = 0xd65f_03c0;
    /// `add sp, sp, #...`, without the number.
    const POP: u32 = 0x9100_03ff;
    const POP_MASK: u32 = 0xff80_03ff;
    let (words, _) = function.as_chunks::<4>();
    let word = |index: usize| words.get(index).map(|word| u32::from_le_bytes(*word));
    let at = at / 4;
    // A landing pad may come first; `mov x29, sp` comes right after.
    let pushes = (0..2).find(|&index| word(index) == Some(PUSH_RECORD));
    let early = pushes.is_some_and(|pushes| at <= pushes + 1);
    let pops = word(at).is_some_and(|word| word & POP_MASK == POP);
    let late = word(at) == Some(RET) || pops && word(at + 1) == Some(RET);
    (early || late).then_some(link)
}

/// Where a stub that is on the Wasm stack returns to, if it has been called from there.
///
/// # Safety
/// There is a word at the stack pointer.
pub(crate) unsafe fn caller_of_stub(_sp: usize, link: usize) -> usize {
    link
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

/// How many bytes below an exit frame [`exit_to_query`] keeps registers in.
pub(crate) const PRESERVED: usize = 16 * 8 + 32 * 16;

/// As [`exit`], for `Upcalls::asked`, and keeps all registers but x16 and x17. x0 is a query.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn exit_to_query() {
    naked_asm!(
        "hint #34", // bti c
        "ldr x16, [x0, #{store}]",
        "ldr x17, [x16, #{entry_frame}]",
        "sub x17, x17, #{size}",
        "stp x0, x1, [x17, #-16]",
        "stp x2, x3, [x17, #-32]",
        "stp x4, x5, [x17, #-48]",
        "stp x6, x7, [x17, #-64]",
        "stp x8, x9, [x17, #-80]",
        "stp x10, x11, [x17, #-96]",
        "stp x12, x13, [x17, #-112]",
        "stp x14, x15, [x17, #-128]",
        "stp q0, q1, [x17, #-160]",
        "stp q2, q3, [x17, #-192]",
        "stp q4, q5, [x17, #-224]",
        "stp q6, q7, [x17, #-256]",
        "stp q8, q9, [x17, #-288]",
        "stp q10, q11, [x17, #-320]",
        "stp q12, q13, [x17, #-352]",
        "stp q14, q15, [x17, #-384]",
        "stp q16, q17, [x17, #-416]",
        "stp q18, q19, [x17, #-448]",
        "stp q20, q21, [x17, #-480]",
        "stp q22, q23, [x17, #-512]",
        "stp q24, q25, [x17, #-544]",
        "stp q26, q27, [x17, #-576]",
        "stp q28, q29, [x17, #-608]",
        "stp q30, q31, [x17, #-640]",
        "mov x9, sp",
        "str x9, [x16, #{stack_pointer}]",
        "stp x29, x30, [x17]",
        "stp x9, x30, [x17, #16]",
        "sub sp, x17, #{preserved}",
        "mov x29, x17",
        "ldr x16, [x16, #{asked}]",
        "blr x16",
        "b {back}",
        store = const query::STORE,
        stack_pointer = const store_context::STACK_POINTER,
        entry_frame = const store_context::ENTRY_FRAME,
        size = const EXIT_FRAME_SIZE,
        preserved = const PRESERVED,
        asked = const offset_of!(StoreContext, upcalls.asked),
        back = sym back_from_query,
    )
}

/// Goes back to the code that has called [`exit_to_query`], with all registers but x16 and x17, if the status x1 is 0.
///
/// # Safety
/// Jumped to; x29 is on the exit frame, below which the registers are.
#[unsafe(naked)]
unsafe extern "C" fn back_from_query() {
    naked_asm!(
        "cbnz x1, 1f",
        "ldp x0, x1, [x29, #-16]",
        "ldp x2, x3, [x29, #-32]",
        "ldp x4, x5, [x29, #-48]",
        "ldp x6, x7, [x29, #-64]",
        "ldp x8, x9, [x29, #-80]",
        "ldp x10, x11, [x29, #-96]",
        "ldp x12, x13, [x29, #-112]",
        "ldp x14, x15, [x29, #-128]",
        "ldp q0, q1, [x29, #-160]",
        "ldp q2, q3, [x29, #-192]",
        "ldp q4, q5, [x29, #-224]",
        "ldp q6, q7, [x29, #-256]",
        "ldp q8, q9, [x29, #-288]",
        "ldp q10, q11, [x29, #-320]",
        "ldp q12, q13, [x29, #-352]",
        "ldp q14, q15, [x29, #-384]",
        "ldp q16, q17, [x29, #-416]",
        "ldp q18, q19, [x29, #-448]",
        "ldp q20, q21, [x29, #-480]",
        "ldp q22, q23, [x29, #-512]",
        "ldp q24, q25, [x29, #-544]",
        "ldp q26, q27, [x29, #-576]",
        "ldp q28, q29, [x29, #-608]",
        "ldp q30, q31, [x29, #-640]",
        // From here on the frame is not diverted any more.
        "mov sp, x29",
        "ldp x16, x30, [sp, #16]",
        "ldr x29, [sp]",
        "mov sp, x16",
        "ret",
        "1: mov sp, x29",
        "b {failed}",
        failed = sym failed,
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
                exit = sym $crate::activation::arch::exit_to_builtin,
            )
        }
    };
}
pub(crate) use builtin_stub;
pub(crate) use exit as exit_to_builtin;
