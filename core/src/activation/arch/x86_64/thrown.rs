//! Going on where an exception is caught.

use super::leave_with;
use crate::abi::vmctx::store_context;
use crate::activation::context::StoreContext;
use crate::activation::frames::{
    EXIT_FRAME_SIZE, EntryFrame, Landing, STATUS_INTERRUPTED, STATUS_THROWN,
};
use crate::activation::signals::DIVERTED;
use core::arch::naked_asm;
use core::mem::offset_of;

// The stack stays aligned.
const _: () = assert!(size_of::<Landing>().is_multiple_of(16));

/// Leaves Wasm code with the status rdx, unless that says that an exception was thrown, and code of this
/// entry catches it: then goes on there.
///
/// # Safety
/// As for [`leave_with`].
#[unsafe(naked)]
pub(super) unsafe extern "C" fn failed() {
    naked_asm!(
        "cmp rdx, {thrown}",
        "jne {leave_with}",
        "mov rdi, [rsp + {size} + {context}]",
        "sub rsp, {landing}",
        "mov rsi, rsp",
        "call [rdi + {find_handler}]",
        "test al, al",
        "jz 2f",
        "mov rcx, [rsp + {pc}]",
        "mov rax, [rsp + {exception}]",
        "mov rsi, [rsp + {fp}]",
        "mov rdi, [rsp + {sp}]",
        // From here on the exit frame is not diverted any more.
        "add rsp, {landing}",
        "mov rdx, [rsp + {size} + {context}]",
        "cmp qword ptr [rdx + {diverted}], {to_stop}",
        "je 3f",
        "mov qword ptr [rdx + {diverted}], 0",
        // Where code counts fuel, this register has it (`abi`).
        "mov r15, [rdx + {fuel}]",
        "mov rbp, rsi",
        "mov rsp, rdi",
        "jmp rcx",
        "2: add rsp, {landing}",
        "mov edx, {thrown}",
        "jmp {leave_with}",
        "3: mov edx, {interrupted}",
        "jmp {leave_with}",
        interrupted = const STATUS_INTERRUPTED,
        to_stop = const DIVERTED,
        diverted = const offset_of!(StoreContext, diverted),
        thrown = const STATUS_THROWN,
        fuel = const store_context::FUEL,
        size = const EXIT_FRAME_SIZE,
        context = const offset_of!(EntryFrame, context),
        landing = const size_of::<Landing>(),
        pc = const offset_of!(Landing, pc),
        sp = const offset_of!(Landing, sp),
        fp = const offset_of!(Landing, fp),
        exception = const offset_of!(Landing, exception),
        find_handler = const offset_of!(StoreContext, upcalls.find_handler),
        leave_with = sym leave_with,
    )
}
