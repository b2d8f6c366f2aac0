//! The frames on the host's stack between which Wasm code runs: saved by assembly, linked, and read by what walks
//! the stacks or ends an activation.
//!
//! Each entry pushes an [`EntryFrame`], and links it into the store's context; each call out pushes an exit frame right
//! below it. Both begin with a frame record, so that the records of all frames make one chain: from the exit
//! frame over those on the Wasm stack to the entry trampoline's, which points to the entry frame.
//!
//! | word | who writes it |
//! |---|---|
//! | `StoreContext::entry_frame`, `stack_pointer` | `enter`, `leave`, and the stubs that call out, on the store's thread |
//! | an entry frame | `enter`, once |
//! | an exit frame's record | `host_call` and `exit`, at each call out |
//! | an exit frame's way back | the same, and [`divert`] and [`undivert`] |
//! | `StoreContext::trap` | the trap hook and the end of a failed call, before they `leave`; `enter`'s caller reads it |

use super::arch;
use super::context::StoreContext;
use crate::abi::traps::Trap;
use core::mem::offset_of;

/// What `enter` returns when the code has returned, and the status of a host function or builtin that has not failed.
/// Assembly compares with zero.
pub(crate) const STATUS_RETURNED: usize = 0;
/// What `enter` returns when a trap ended the code: `StoreContext::trap` says which.
pub(crate) const STATUS_TRAP: usize = 1;
/// The status of a host function or builtin that failed: `StoreOpaque::pending` says how.
pub(crate) const STATUS_FAILED: usize = 2;
/// What `enter` returns when the store was interrupted.
pub(crate) const STATUS_INTERRUPTED: usize = 4;
/// The status of a host function or builtin that threw an exception: the store's pending one.
#[cfg(feature = "exceptions")]
pub(crate) const STATUS_THROWN: usize = 3;

/// The status of a host function that waits: [`StoreContext::waits`] says for what.
#[cfg(feature = "async")]
pub(crate) const STATUS_SUSPENDED: usize = 5;

/// What `enter` returns when the code was left at the end of a time slice, with all its registers in
/// [`StoreContext::registers`].
#[cfg(feature = "async")]
pub(crate) const STATUS_PREEMPTED: usize = 6;

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
    pub context: *mut StoreContext,
}

/// The size of an exit frame in bytes: a frame record, the Wasm stack pointer, the return address or padding.
///
/// It lies right below the entry frame, so it is found from that. As long as the entry frame is linked,
/// nothing else lies there.
///
/// A return to Wasm code takes nothing but the last two words. So code that overwrites these
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
    unsafe { way_back(entry_frame).write_volatile(arch::diversion(entry_frame)) }
}

/// Sees to it that the code which has been called from Wasm code, and has not returned, leaves the Wasm code with
/// [`STATUS_PREEMPTED`] when it does.
///
/// # Safety
/// As for [`divert`]. There is room for the registers.
#[cfg(feature = "async")]
pub(crate) unsafe fn divert_for_slice(entry_frame: *mut u8) {
    // SAFETY: as in `divert`.
    unsafe { way_back(entry_frame).write_volatile(arch::diversion_for_slice(entry_frame)) }
}

/// Takes back what [`divert`] did. `stack_pointer` is the context's.
///
/// # Safety
/// As for [`divert`].
pub(crate) unsafe fn undivert(entry_frame: *mut u8, stack_pointer: *mut u8) {
    // SAFETY: as in `divert`; the second word of the frame record is the return address.
    unsafe {
        let record = entry_frame
            .wrapping_sub(EXIT_FRAME_SIZE)
            .cast::<[usize; 2]>();
        let back = arch::undiverted(stack_pointer, (*record)[1]);
        way_back(entry_frame).write_volatile(back);
    }
}

/// What the trap hook, or an exit that failed, leaves for the code that called `enter`.
///
/// `pc` and `fp` are where the backtrace starts. The frames stay readable until the Wasm stack is
/// entered again: the host runs on another stack.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(crate) struct RaisedTrap {
    /// The instruction that faulted, or the call of the host function or builtin that failed.
    pub pc: usize,
    /// The frame pointer there.
    pub fp: usize,
    /// The entry frame of the code that was left. Dangling: only compared.
    pub entry_frame: usize,
    /// Which trap; of no meaning after a failure.
    pub trap: Option<Trap>,
    /// The address of a memory fault.
    pub address: Option<usize>,
    /// Where it stood, if it was interrupted.
    pub cut_off: Option<CutOff>,
}

/// What tells where a function returns to that was cut off anywhere: it may have had no frame record yet, or none any
/// more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CutOff {
    /// The stack pointer.
    pub sp: usize,
    /// The link register; 0 where there is none.
    pub link: usize,
}

// `exit` writes the start of a `RaisedTrap` as three words.
const _: () = {
    assert!(offset_of!(RaisedTrap, pc) == 0);
    assert!(offset_of!(RaisedTrap, fp) == 8);
    assert!(offset_of!(RaisedTrap, entry_frame) == 16);
};

/// Where Wasm code goes on after a throw.
#[cfg(feature = "exceptions")]
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(crate) struct Landing {
    /// The catch clause's code.
    pub pc: usize,
    /// The stack pointer of the frame.
    pub sp: usize,
    /// The frame pointer.
    pub fp: usize,
    /// The exception, as the code takes it.
    pub exception: usize,
}
