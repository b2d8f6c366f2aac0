//! The end of a time slice: Wasm code that is left with all its registers, and gone on with.

use super::{CALLEE_SAVED, leave_with};
use crate::abi::vmctx::store_context;
use crate::activation::context::StoreContext;
use crate::activation::frames::{EXIT_FRAME_SIZE, EntryFrame, STATUS_PREEMPTED};
use crate::activation::suspension::{Preserved, Suspension};
use core::arch::naked_asm;
use core::mem::offset_of;
use core::ptr;
use wasmetal_platform::SavedRegisters;

/// Makes an entry frame, which is not linked, and calls `run` with it and the context, below it and room for an exit frame:
/// the status with which what `run` goes on with is left.
///
/// # Safety
/// `run` links the frame when it goes on with Wasm code of this store.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn enter_by(
    context: *mut StoreContext,
    run: unsafe extern "C" fn(*mut u8, *mut StoreContext) -> !,
) -> usize {
    naked_asm!(
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
        "sub sp, sp, #{size}",
        "mov x9, x1",
        "mov x1, x0",
        "mov x0, x29",
        "blr x9",
        "udf #0",
        previous = const offset_of!(EntryFrame, previous_entry),
        context = const offset_of!(EntryFrame, context),
        size = const EXIT_FRAME_SIZE,
    )
}

/// The last two words of an exit frame that leads to the end of a time slice: the stack pointer, and where to return to.
pub(crate) fn diversion_for_slice(entry_frame: *mut u8) -> [usize; 2] {
    let exit_frame = entry_frame.wrapping_sub(EXIT_FRAME_SIZE);
    [exit_frame.addr(), sliced as *const () as usize]
}

/// Where the exit frame leads: keeps all registers, as the code would have them that the call returns to, and leaves it.
/// No code relies on x16, x17 or flags over a call.
///
/// # Safety
/// Returned to; the stack pointer is on an exit frame.
#[unsafe(naked)]
unsafe extern "C" fn sliced() {
    naked_asm!(
        "ldr x17, [sp, #{size} + {context}]",
        "ldr x16, [x17, #{registers}]",
        "ldr x17, [x17, #{stack_pointer}]",
        "stp q0, q1, [x16, #0]",
        "stp q2, q3, [x16, #32]",
        "stp q4, q5, [x16, #64]",
        "stp q6, q7, [x16, #96]",
        "stp q8, q9, [x16, #128]",
        "stp q10, q11, [x16, #160]",
        "stp q12, q13, [x16, #192]",
        "stp q14, q15, [x16, #224]",
        "stp q16, q17, [x16, #256]",
        "stp q18, q19, [x16, #288]",
        "stp q20, q21, [x16, #320]",
        "stp q22, q23, [x16, #352]",
        "stp q24, q25, [x16, #384]",
        "stp q26, q27, [x16, #416]",
        "stp q28, q29, [x16, #448]",
        "stp q30, q31, [x16, #480]",
        "str x17, [x16, #{sp}]",
        "ldp x29, x30, [sp]",
        "str x30, [x16, #{pc}]",
        "mrs x17, fpcr",
        "str x17, [x16, #{float_control}]",
        "mrs x17, fpsr",
        "str x17, [x16, #{float_status}]",
        "str xzr, [x16, #{flags}]",
        "add x16, x16, #{general}",
        "stp x0, x1, [x16, #0]",
        "stp x2, x3, [x16, #16]",
        "stp x4, x5, [x16, #32]",
        "stp x6, x7, [x16, #48]",
        "stp x8, x9, [x16, #64]",
        "stp x10, x11, [x16, #80]",
        "stp x12, x13, [x16, #96]",
        "stp x14, x15, [x16, #112]",
        "stp x18, x19, [x16, #144]",
        "stp x20, x21, [x16, #160]",
        "stp x22, x23, [x16, #176]",
        "stp x24, x25, [x16, #192]",
        "stp x26, x27, [x16, #208]",
        "stp x28, x29, [x16, #224]",
        "str x30, [x16, #240]",
        "mov x1, #{status}",
        "b {leave_with}",
        size = const EXIT_FRAME_SIZE,
        context = const offset_of!(EntryFrame, context),
        registers = const offset_of!(StoreContext, registers),
        stack_pointer = const store_context::STACK_POINTER,
        general = const offset_of!(SavedRegisters, general),
        sp = const offset_of!(SavedRegisters, sp),
        pc = const offset_of!(SavedRegisters, pc),
        flags = const offset_of!(SavedRegisters, flags),
        float_control = const offset_of!(SavedRegisters, float_control),
        float_status = const offset_of!(SavedRegisters, float_status),
        status = const STATUS_PREEMPTED,
        leave_with = sym leave_with,
    )
}

const _: () = assert!(offset_of!(SavedRegisters, vectors) == 0);

/// The way back into code that was left when a call had returned to it, and all that it has in registers, as
/// [`resume`](super::resume) takes them.
pub(crate) fn at_call(kept: &SavedRegisters) -> (Suspension, Preserved) {
    let mut registers = [0; CALLEE_SAVED];
    let callee_saved = kept.general[19..29].iter().copied();
    // The lower halves.
    let vectors = kept.vectors[8..16].iter().map(|vector| *vector as u64);
    for (to, from) in registers.iter_mut().zip(callee_saved.chain(vectors)) {
        *to = from as usize;
    }
    let suspension = Suspension {
        fp: ptr::with_exposed_provenance(kept.general[29] as usize),
        return_address: ptr::with_exposed_provenance(kept.pc as usize),
        stack_pointer: ptr::with_exposed_provenance_mut(kept.sp as usize),
        registers,
    };
    let preserved = Preserved::new(|put| {
        // In pairs, as `exit_to_query` does it.
        for (i, pair) in kept.general[..16].chunks(2).enumerate() {
            put(16 * (i + 1), &pair[0].to_ne_bytes());
            put(16 * (i + 1) - 8, &pair[1].to_ne_bytes());
        }
        for (i, pair) in kept.vectors.chunks(2).enumerate() {
            put(160 + 32 * i, &pair[0].to_ne_bytes());
            put(160 + 32 * i - 16, &pair[1].to_ne_bytes());
        }
    });
    (suspension, preserved)
}
