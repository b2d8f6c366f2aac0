//! The few instructions between the host's stack and a Wasm stack, for each architecture.
//!
//! Four pieces of assembly, the same on each:
//!
//! - `enter(vmctx, code, values, context, entry) -> status` saves the callee-saved registers in an *entry
//!   frame* on the host's stack, links it into the store's context, switches to the Wasm stack and
//!   calls the entry trampoline. It returns 0.
//! - `leave` is jumped to, with the frame pointer on the innermost entry frame and the status as first
//!   argument: it makes that `enter` return the status. What lies on the Wasm stack is abandoned. It
//!   works from any instruction of generated code, since it takes nothing but the frame pointer.
//! - `host_call(vmctx, values, context)` switches to the host's stack, pushes an *exit frame* right
//!   below the entry frame and calls the C function at the vmctx's second word. If its status is not 0, it goes to
//!   `leave`, or, after a throw, to where the exception is caught. It puts nothing on the Wasm stack, so it can't overflow that.
//!   If somebody has diverted the exit frame meanwhile, it returns to `interrupted` instead, which goes to `leave`.
//! - a stub per builtin does the same for a fixed function.
//!
//! A fifth, `exit_to_new_epoch(clock)`, is such a stub that keeps all registers, below the exit frame: code that
//! might call it keeps its values where they are.
//!
//! Frames are linked by frame records (saved frame pointer, return address) all the way: from the exit
//! frame over those on the Wasm stack to the entry trampoline's, which points to the entry frame.

// Twins: Miri executes no assembly.
#[cfg(all(target_arch = "aarch64", not(miri)))]
mod aarch64;
#[cfg(miri)]
mod model;
#[cfg(all(target_arch = "x86_64", not(miri)))]
mod x86_64;

#[cfg(all(target_arch = "aarch64", not(miri)))]
pub(crate) use aarch64::*;
#[cfg(miri)]
pub(crate) use model::*;
#[cfg(all(target_arch = "x86_64", not(miri)))]
pub(crate) use x86_64::*;

/// What `enter` returns when a trap ended the code: `StoreContext::trap` says which.
pub(crate) const STATUS_TRAP: usize = 1;
/// The status of a host function or builtin that failed: `StoreOpaque::pending` says how.
pub(crate) const STATUS_FAILED: usize = 2;

/// What `enter` returns when the store was interrupted.
pub(crate) const STATUS_INTERRUPTED: usize = 4;

/// The status of a host function or builtin that threw an exception: the store's pending one.
#[cfg(feature = "exceptions")]
pub(crate) const STATUS_THROWN: usize = 3;

/// What an entry frame starts with; saved registers follow.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct EntryFrame {
    /// The caller's frame pointer and the return address.
    pub record: [usize; 2],
    /// `StoreContext::entry_frame` before.
    pub previous_entry: *mut u8,
    /// `StoreContext::stack_pointer` before.
    pub previous_stack_pointer: *mut u8,
    /// The context.
    pub context: *mut crate::instance::vmctx::StoreContext,
}

/// The size of an exit frame in bytes: a frame record, the Wasm stack pointer, the return address or padding.
///
/// It lies right below the entry frame, so it is found from that. As long as the entry frame is linked,
/// nothing else lies there.
///
/// A return to Wasm code takes nothing but the last two words. So whoever overwrites these
/// ([`divert`]) keeps the host from going back, while backtraces, stack maps and throws, which take
/// the frame record, see what they always do.
pub(crate) const EXIT_FRAME_SIZE: usize = 32;

/// The last two words of the exit frame below an entry frame.
fn way_back(entry_frame: *mut u8) -> *mut [usize; 2] {
    entry_frame.wrapping_sub(EXIT_FRAME_SIZE / 2).cast()
}

/// Sees to it that the code which has been called from Wasm code, and has not returned, ends the
/// Wasm code with [`STATUS_INTERRUPTED`] when it does.
///
/// # Safety
/// `entry_frame` is the innermost one of its store, and the store's thread is the calling one, or is interrupted by
/// it. Its stack pointer lies below the exit frame, outside of the assembly here.
pub(crate) unsafe fn divert(entry_frame: *mut u8) {
    // SAFETY: as long as an entry frame is linked, the exit frame is nobody else's.
    unsafe { way_back(entry_frame).write_volatile(diversion(entry_frame)) }
}

/// Takes back what [`divert`] did. `stack_pointer` is the context's.
///
/// # Safety
/// As there.
pub(crate) unsafe fn undivert(entry_frame: *mut u8, stack_pointer: *mut u8) {
    // SAFETY: as in `divert`; the second word of the frame record is the return address.
    unsafe {
        let record = entry_frame
            .wrapping_sub(EXIT_FRAME_SIZE)
            .cast::<[usize; 2]>();
        let back = undiverted(stack_pointer, (*record)[1]);
        way_back(entry_frame).write_volatile(back);
    }
}

// `exit` writes the start of a `RaisedTrap` as three words.
const _: () = {
    use crate::trap::RaisedTrap;
    use core::mem::offset_of;
    assert!(offset_of!(RaisedTrap, pc) == 0);
    assert!(offset_of!(RaisedTrap, fp) == 8);
    assert!(offset_of!(RaisedTrap, entry_frame) == 16);
};
