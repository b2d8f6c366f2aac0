//! The end of a time slice: Wasm code that is left with all its registers, and gone on with.

use super::leave_with;
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
        "mov rbp, rsp",
        "sub rsp, {size}",
        "mov rax, rsi",
        "mov rsi, rdi",
        "mov rdi, rbp",
        "call rax",
        "ud2",
        entry_frame = const store_context::ENTRY_FRAME,
        stack_pointer = const store_context::STACK_POINTER,
        previous = const offset_of!(EntryFrame, previous_entry),
        context = const offset_of!(EntryFrame, context),
        size = const EXIT_FRAME_SIZE,
    )
}

/// The last two words of an exit frame that leads to the end of a time slice: the stack pointer, and, where that points to,
/// what is returned to.
pub(crate) fn diversion_for_slice(entry_frame: *mut u8) -> [usize; 2] {
    let last = entry_frame.wrapping_sub(size_of::<usize>());
    [last.addr(), sliced as *const () as usize]
}

/// Where the exit frame leads: keeps all registers, as the code would have them that the call returns to, and leaves it.
///
/// # Safety
/// Returned to; the stack pointer is on an entry frame.
#[unsafe(naked)]
unsafe extern "C" fn sliced() {
    naked_asm!(
        "sub rsp, {size}",
        // The last two words of the exit frame are of no more use.
        "mov [rsp + 16], rax",
        "mov [rsp + 24], rcx",
        "mov rcx, [rsp + {size} + {context}]",
        "mov rax, [rcx + {registers}]",
        "mov rcx, [rcx + {stack_pointer}]",
        // The call was at the return address, which is 8 above that, and is gone when it has returned.
        "add rcx, 16",
        "mov [rax + {general} + 8 * 4], rcx",
        "mov rcx, [rsp + 8]",
        "mov [rax + {pc}], rcx",
        "mov rcx, [rsp + 16]",
        "mov [rax + {general}], rcx",
        "mov rcx, [rsp + 24]",
        "mov [rax + {general} + 8 * 1], rcx",
        "mov [rax + {general} + 8 * 2], rdx",
        "mov [rax + {general} + 8 * 3], rbx",
        "mov rcx, [rsp]",
        "mov [rax + {general} + 8 * 5], rcx",
        "mov [rax + {general} + 8 * 6], rsi",
        "mov [rax + {general} + 8 * 7], rdi",
        "mov [rax + {general} + 8 * 8], r8",
        "mov [rax + {general} + 8 * 9], r9",
        "mov [rax + {general} + 8 * 10], r10",
        "mov [rax + {general} + 8 * 11], r11",
        "mov [rax + {general} + 8 * 12], r12",
        "mov [rax + {general} + 8 * 13], r13",
        "mov [rax + {general} + 8 * 14], r14",
        "mov [rax + {general} + 8 * 15], r15",
        // No code relies on flags over a call.
        "mov qword ptr [rax + {flags}], 0",
        "mov qword ptr [rax + {float_control}], 0",
        "stmxcsr [rax + {float_control}]",
        "movaps [rax + {vectors} + 16 * 0], xmm0",
        "movaps [rax + {vectors} + 16 * 1], xmm1",
        "movaps [rax + {vectors} + 16 * 2], xmm2",
        "movaps [rax + {vectors} + 16 * 3], xmm3",
        "movaps [rax + {vectors} + 16 * 4], xmm4",
        "movaps [rax + {vectors} + 16 * 5], xmm5",
        "movaps [rax + {vectors} + 16 * 6], xmm6",
        "movaps [rax + {vectors} + 16 * 7], xmm7",
        "movaps [rax + {vectors} + 16 * 8], xmm8",
        "movaps [rax + {vectors} + 16 * 9], xmm9",
        "movaps [rax + {vectors} + 16 * 10], xmm10",
        "movaps [rax + {vectors} + 16 * 11], xmm11",
        "movaps [rax + {vectors} + 16 * 12], xmm12",
        "movaps [rax + {vectors} + 16 * 13], xmm13",
        "movaps [rax + {vectors} + 16 * 14], xmm14",
        "movaps [rax + {vectors} + 16 * 15], xmm15",
        "mov edx, {status}",
        "jmp {leave_with}",
        size = const EXIT_FRAME_SIZE,
        context = const offset_of!(EntryFrame, context),
        registers = const offset_of!(StoreContext, registers),
        stack_pointer = const store_context::STACK_POINTER,
        general = const offset_of!(SavedRegisters, general),
        pc = const offset_of!(SavedRegisters, pc),
        flags = const offset_of!(SavedRegisters, flags),
        float_control = const offset_of!(SavedRegisters, float_control),
        vectors = const offset_of!(SavedRegisters, vectors),
        status = const STATUS_PREEMPTED,
        leave_with = sym leave_with,
    )
}

/// The way back into code that was left when a call had returned to it, and all that it has in registers, as
/// [`resume`](super::resume) takes them.
pub(crate) fn at_call(kept: &SavedRegisters) -> (Suspension, Preserved) {
    let general = |register: usize| kept.general[register] as usize;
    let suspension = Suspension {
        fp: ptr::with_exposed_provenance(general(5)),
        return_address: ptr::with_exposed_provenance(kept.pc as usize),
        // Below the return address, which is below what the code has.
        stack_pointer: ptr::with_exposed_provenance_mut(general(4) - 16),
        registers: [3, 12, 13, 14, 15].map(general),
    };
    let preserved = Preserved::new(|put| {
        // rcx, rdx, rsi, rdi, r8 to r11, rax: as `exit_to_query` does it.
        for (i, register) in [1, 2, 6, 7, 8, 9, 10, 11, 0].into_iter().enumerate() {
            put(8 * (i + 1), &kept.general[register].to_ne_bytes());
        }
        for (i, vector) in kept.vectors.iter().enumerate() {
            put(96 + 16 * i, &vector.to_ne_bytes());
        }
    });
    (suspension, preserved)
}
