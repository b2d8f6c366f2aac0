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

/// Leaves Wasm code with the status x1, unless that says that an exception was thrown, and code of this
/// entry catches it: then goes on there.
///
/// It gets there by a return, since handlers are no marked targets of branches (BTI).
///
/// # Safety
/// As for [`leave_with`].
#[unsafe(naked)]
pub(super) unsafe extern "C" fn failed() {
    naked_asm!(
        "cmp x1, #{thrown}",
        "b.eq 1f",
        "b {leave_with}",
        "1: ldr x0, [sp, #{size} + {context}]",
        "sub sp, sp, #{landing}",
        "mov x1, sp",
        "ldr x16, [x0, #{find_handler}]",
        "blr x16",
        "tbz w0, #0, 2f",
        "ldp x9, x10, [sp, #{pc}]",
        "ldp x11, x0, [sp, #{fp}]",
        // From here on the exit frame is not diverted any more.
        "add sp, sp, #{landing}",
        "ldr x12, [sp, #{size} + {context}]",
        "ldr x13, [x12, #{diverted}]",
        "cmp x13, #{to_stop}",
        "b.eq 3f",
        "str xzr, [x12, #{diverted}]",
        // Where code counts fuel, this register has it (`abi`).
        "ldr x21, [x12, #{fuel}]",
        "mov x29, x11",
        "mov sp, x10",
        "ret x9",
        "2: add sp, sp, #{landing}",
        "mov x1, #{thrown}",
        "b {leave_with}",
        "3: mov x1, #{interrupted}",
        "b {leave_with}",
        interrupted = const STATUS_INTERRUPTED,
        to_stop = const DIVERTED,
        diverted = const offset_of!(StoreContext, diverted),
        thrown = const STATUS_THROWN,
        fuel = const store_context::FUEL,
        size = const EXIT_FRAME_SIZE,
        context = const offset_of!(EntryFrame, context),
        landing = const size_of::<Landing>(),
        pc = const offset_of!(Landing, pc),
        fp = const offset_of!(Landing, fp),
        find_handler = const offset_of!(StoreContext, upcalls.find_handler),
        leave_with = sym leave_with,
    )
}

// It is loaded in pairs, and the stack stays aligned.
const _: () = {
    assert!(size_of::<Landing>().is_multiple_of(16));
    assert!(offset_of!(Landing, sp) == offset_of!(Landing, pc) + 8);
    assert!(offset_of!(Landing, exception) == offset_of!(Landing, fp) + 8);
};
