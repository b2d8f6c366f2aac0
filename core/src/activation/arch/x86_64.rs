//! x86-64 (System V: rbx, rbp and r12-r15 are callee-saved; rax, r10 and r11 are scratch).

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
///
/// The entry frame's record and links lie above it, the callee-saved registers in between.
pub(crate) const ENTRY_FRAME_SP: usize = 0;

/// The stack pointer, somewhere in the current function.
#[inline(always)]
pub(crate) fn stack_pointer() -> usize {
    let sp;
    // SAFETY: reads a register and nothing else.
    unsafe { asm!("mov {}, rsp", out(reg) sp, options(nomem, nostack, preserves_flags)) };
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
        // rsp is 8 below a multiple of 16: the frame takes 88 bytes with the return address kept
        // above, so the frame record is copied down to where the entry frame starts.
        "mov r11, [rsp]",
        "sub rsp, 88",
        "mov [rsp], rbp",
        "mov [rsp + 8], r11",
        "mov r10, [rcx]",
        "mov r11, [rcx + 8]",
        "mov [rsp + {previous}], r10",
        "mov [rsp + {previous} + 8], r11",
        "mov [rsp + {context}], rcx",
        "mov [rsp + 40], rbx",
        "mov [rsp + 48], r12",
        "mov [rsp + 56], r13",
        "mov [rsp + 64], r14",
        "mov [rsp + 72], r15",
        "mov rbp, rsp",
        "mov [rcx], rbp",
        "mov rsp, r11",
        "call r8",
        // Code that returns has restored the callee-saved registers itself: only the links go back.
        "mov rsp, rbp",
        "mov rcx, [rsp + {context}]",
        "mov r10, [rsp + {previous}]",
        "mov r11, [rsp + {previous} + 8]",
        "mov [rcx], r10",
        "mov [rcx + 8], r11",
        "mov rbp, [rsp]",
        "add rsp, 88",
        "xor eax, eax",
        "ret",
        previous = const offset_of!(EntryFrame, previous_entry),
        context = const offset_of!(EntryFrame, context),
    )
}

const _: () = assert!(store_context::ENTRY_FRAME == 0 && store_context::STACK_POINTER == 8);

/// Makes the `enter` whose frame rbp is on return rdi; see the [module's text](super).
///
/// # Safety
/// Jumped to, never called; rbp is on the innermost entry frame of a store.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn leave() {
    naked_asm!(
        "mov rsp, rbp",
        "mov rcx, [rsp + {context}]",
        "mov r10, [rsp + {previous}]",
        "mov r11, [rsp + {previous} + 8]",
        "mov [rcx], r10",
        "mov [rcx + 8], r11",
        "mov rbx, [rsp + 40]",
        "mov r12, [rsp + 48]",
        "mov r13, [rsp + 56]",
        "mov r14, [rsp + 64]",
        "mov r15, [rsp + 72]",
        "mov rbp, [rsp]",
        "add rsp, 88",
        "mov rax, rdi",
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
        "endbr64",
        // A new frame begins at a multiple of 16, below the return address.
        "lea r10, [rsp - 8]",
        "mov [rdx + {stack_pointer}], r10",
        "mov r11, [rdx + {entry_frame}]",
        "mov r10, [rsp]",
        "mov [r11 - {size}], rbp",
        "mov [r11 - {size} + 8], r10",
        "mov [r11 - {size} + 16], rsp",
        "lea rsp, [r11 - {size}]",
        "call [rdi + {call}]",
        "test rdx, rdx",
        "jnz {failed}",
        "mov rsp, [rsp + 16]",
        "ret",
        call = const offset_of!(VMHostContext, call),
        stack_pointer = const store_context::STACK_POINTER,
        entry_frame = const store_context::ENTRY_FRAME,
        size = const EXIT_FRAME_SIZE,
        failed = sym failed,
    )
}

/// Calls rax on the host's stack, with the argument registers as they are. rdi is a vmctx.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn exit() {
    naked_asm!(
        "mov r11, [rdi + {store}]",
        // A new frame begins at a multiple of 16, below the return address.
        "lea r10, [rsp - 8]",
        "mov [r11 + {stack_pointer}], r10",
        "mov r11, [r11 + {entry_frame}]",
        "mov r10, [rsp]",
        "mov [r11 - {size}], rbp",
        "mov [r11 - {size} + 8], r10",
        "mov [r11 - {size} + 16], rsp",
        "lea rsp, [r11 - {size}]",
        "mov rbp, rsp",
        "call rax",
        "test rdx, rdx",
        "jnz {failed}",
        "mov rbp, [rsp]",
        "mov rsp, [rsp + 16]",
        "ret",
        store = const header::STORE,
        stack_pointer = const store_context::STACK_POINTER,
        entry_frame = const store_context::ENTRY_FRAME,
        size = const EXIT_FRAME_SIZE,
        failed = sym failed,
    )
}

/// The last two words of a diverted exit frame: the stack pointer, and, where that points to, what
/// is returned to.
pub(crate) fn diversion(entry_frame: *mut u8) -> [usize; 2] {
    let last = entry_frame.wrapping_sub(size_of::<usize>());
    [last.addr(), interrupted as *const () as usize]
}

/// The last two words of an exit frame that is not: the stack pointer, and padding. The return
/// address is on the Wasm stack, above where a new frame would begin.
pub(crate) fn undiverted(stack_pointer: *mut u8, _return_address: usize) -> [usize; 2] {
    [stack_pointer.addr() + 8, 0]
}

/// Where a function returns to whose frame record is not there at the offset `at`: not yet, in its prologue, or not any
/// more. `stack` gives the words from the stack pointer on, by their distance in bytes.
pub(crate) fn return_address(
    function: &[u8],
    at: usize,
    stack: impl Fn(usize) -> Option<usize>,
    _link: usize,
) -> Option<usize> {
    const PUSH_RBP: u8 = 0x55;
    const RETURNS: [u8; 2] = [0xc3, 0xc2];
    let begins = function.first() == Some(&PUSH_RBP);
    match at {
        0 if begins => stack(0),
        // `mov rbp, rsp` comes next.
        1 if begins => stack(8),
        // rbp was restored before.
        _ if RETURNS.contains(function.get(at)?) => stack(0),
        _ => None,
    }
}

/// Where a stub that is on the Wasm stack returns to, if it has been called from there.
///
/// # Safety
/// There is a word at the stack pointer.
pub(crate) unsafe fn caller_of_stub(sp: usize, _link: usize) -> usize {
    // SAFETY: the caller's promise.
    unsafe { (sp as *const usize).read_unaligned() }
}

/// Where a diverted exit frame leads: leaves Wasm code.
///
/// # Safety
/// Returned to; the stack pointer is on an entry frame.
#[unsafe(naked)]
unsafe extern "C" fn interrupted() {
    naked_asm!(
        "sub rsp, {size}",
        "mov edx, {status}",
        "jmp {leave_with}",
        size = const EXIT_FRAME_SIZE,
        status = const STATUS_INTERRUPTED,
        leave_with = sym leave_with,
    )
}

/// Leaves Wasm code with the status rdx. The backtrace starts at the call that left Wasm.
///
/// # Safety
/// Jumped to; the stack pointer is on an exit frame.
#[unsafe(naked)]
unsafe extern "C" fn leave_with() {
    naked_asm!(
        "mov r10, [rsp]",
        "mov r11, [rsp + 8]",
        "dec r11",
        "lea rbp, [rsp + {size}]",
        "mov rcx, [rbp + {context}]",
        "mov [rcx + {trap}], r11",
        "mov [rcx + {trap} + 8], r10",
        "mov [rcx + {trap} + 16], rbp",
        "mov rdi, rdx",
        "jmp {leave}",
        size = const EXIT_FRAME_SIZE,
        context = const offset_of!(EntryFrame, context),
        trap = const offset_of!(StoreContext, trap),
        leave = sym leave,
    )
}

/// How many bytes below an exit frame [`exit_to_query`] keeps registers in.
pub(crate) const PRESERVED: usize = 10 * 8 + 16 * 16;

/// As [`exit`], for `Upcalls::asked`, and keeps all registers. rdi is a query.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn exit_to_query() {
    naked_asm!(
        "endbr64",
        "mov [rdi + {scratch}], rax",
        "mov rax, [rdi + {store}]",
        "mov rax, [rax + {entry_frame}]",
        "sub rax, {size}",
        "mov [rax - 8], rcx",
        "mov [rax - 16], rdx",
        "mov [rax - 24], rsi",
        "mov [rax - 32], rdi",
        "mov [rax - 40], r8",
        "mov [rax - 48], r9",
        "mov [rax - 56], r10",
        "mov [rax - 64], r11",
        "mov rcx, [rdi + {scratch}]",
        "mov [rax - 72], rcx",
        "movaps [rax - 96], xmm0",
        "movaps [rax - 112], xmm1",
        "movaps [rax - 128], xmm2",
        "movaps [rax - 144], xmm3",
        "movaps [rax - 160], xmm4",
        "movaps [rax - 176], xmm5",
        "movaps [rax - 192], xmm6",
        "movaps [rax - 208], xmm7",
        "movaps [rax - 224], xmm8",
        "movaps [rax - 240], xmm9",
        "movaps [rax - 256], xmm10",
        "movaps [rax - 272], xmm11",
        "movaps [rax - 288], xmm12",
        "movaps [rax - 304], xmm13",
        "movaps [rax - 320], xmm14",
        "movaps [rax - 336], xmm15",
        // A new frame begins at a multiple of 16, below the return address.
        "mov r11, [rdi + {store}]",
        "lea r10, [rsp - 8]",
        "mov [r11 + {stack_pointer}], r10",
        "mov r10, [rsp]",
        "mov [rax], rbp",
        "mov [rax + 8], r10",
        "mov [rax + 16], rsp",
        "lea rsp, [rax - {preserved}]",
        "mov rbp, rax",
        "call [r11 + {asked}]",
        "jmp {back}",
        scratch = const query::SCRATCH,
        store = const query::STORE,
        stack_pointer = const store_context::STACK_POINTER,
        entry_frame = const store_context::ENTRY_FRAME,
        size = const EXIT_FRAME_SIZE,
        preserved = const PRESERVED,
        asked = const offset_of!(StoreContext, upcalls.asked),
        back = sym back_from_query,
    )
}

/// Goes back to the code that has called [`exit_to_query`], with all registers, if the status rdx is 0.
///
/// # Safety
/// Jumped to; rbp is on the exit frame, below which the registers are.
#[unsafe(naked)]
unsafe extern "C" fn back_from_query() {
    naked_asm!(
        "test rdx, rdx",
        "jnz 2f",
        "mov rcx, [rbp - 8]",
        "mov rdx, [rbp - 16]",
        "mov rsi, [rbp - 24]",
        "mov rdi, [rbp - 32]",
        "mov r8, [rbp - 40]",
        "mov r9, [rbp - 48]",
        "mov r10, [rbp - 56]",
        "mov r11, [rbp - 64]",
        "mov rax, [rbp - 72]",
        "movaps xmm0, [rbp - 96]",
        "movaps xmm1, [rbp - 112]",
        "movaps xmm2, [rbp - 128]",
        "movaps xmm3, [rbp - 144]",
        "movaps xmm4, [rbp - 160]",
        "movaps xmm5, [rbp - 176]",
        "movaps xmm6, [rbp - 192]",
        "movaps xmm7, [rbp - 208]",
        "movaps xmm8, [rbp - 224]",
        "movaps xmm9, [rbp - 240]",
        "movaps xmm10, [rbp - 256]",
        "movaps xmm11, [rbp - 272]",
        "movaps xmm12, [rbp - 288]",
        "movaps xmm13, [rbp - 304]",
        "movaps xmm14, [rbp - 320]",
        "movaps xmm15, [rbp - 336]",
        // From here on the frame is not diverted any more.
        "mov rsp, rbp",
        "mov rbp, [rsp]",
        "mov rsp, [rsp + 16]",
        "ret",
        "2: mov rsp, rbp",
        "jmp {failed}",
        failed = sym failed,
    )
}

/// Defines the stub of a builtin.
macro_rules! builtin_stub {
    ($stub:ident, $body:path) => {
        #[unsafe(naked)]
        pub(super) unsafe extern "C" fn $stub() {
            core::arch::naked_asm!(
                "endbr64",
                "lea rax, [rip + {body}]",
                "jmp {exit}",
                body = sym $body,
                exit = sym $crate::activation::arch::exit_to_builtin,
            )
        }
    };
}
pub(crate) use builtin_stub;
pub(crate) use exit as exit_to_builtin;
