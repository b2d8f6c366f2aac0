//! Activations that wait: what is kept of one whose Wasm code has called the host, and what it waits for.
//!
//! A host function that can't finish yet leaves a [`Waits`] in the context, and returns `STATUS_SUSPENDED`. Assembly
//! then keeps in a [`Suspension`] what the way back to the Wasm code takes, and leaves. The frames stay on the Wasm
//! stack; nothing of the activation is on the host's. To go on, `arch::resume` makes an entry frame and an exit frame as
//! they were, wherever on a host's stack it is called, and polls from there. So whoever walks the frames, throws, calls
//! into Wasm code or ends the activation finds what a host function that has never waited would have left.
//!
//! Invariant (*suspended*): as long as a [`Suspension`] is to be resumed, the Wasm stack from its `stack_pointer` on is as
//! it was left. What resumes it has borrowed the store, so that nobody enters the store but what it polls; that enters
//! below. The entry trampoline's frame record is the first thing of the activation on the Wasm stack: the two words below
//! `StoreContext::stack_pointer` as it was when the activation began, and is again whenever it is resumed.

use super::arch::{CALLEE_SAVED, PRESERVED};
use super::context::{StoreContext, VMHostContext};
use super::frames::EXIT_FRAME_SIZE;
use super::values::{HostResult, ValRaw};
use alloc::boxed::Box;
use core::ptr;
use core::task::{Context, Poll, Waker};

/// The way back into Wasm code that has called out.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Suspension {
    /// The frame pointer of the code that has called.
    pub fp: *const u8,
    /// Where the call returns to.
    pub return_address: *const u8,
    /// [`StoreContext::stack_pointer`] during the call.
    pub stack_pointer: *mut u8,
    /// The registers that the called function must save.
    pub registers: [usize; CALLEE_SAVED],
}

impl Suspension {
    /// None.
    pub(crate) const NONE: Self = Self {
        fp: ptr::null(),
        return_address: ptr::null(),
        stack_pointer: ptr::null_mut(),
        registers: [0; CALLEE_SAVED],
    };
}

/// A host function's future, with what becomes of its output.
pub(crate) trait Waiting: Send {
    /// Goes on. When it is ready, the results are in their slots, and it is not polled again.
    ///
    /// # Safety
    /// The activation that has called the host function is linked in this context, or none was between it and the host
    /// that called it.
    unsafe fn poll(
        &mut self,
        context: *mut StoreContext,
        task: &mut Context<'_>,
    ) -> Poll<crate::Result<()>>;
}

/// The registers that `arch::exit_to_new_epoch` keeps below its exit frame.
#[derive(Clone)]
#[repr(C, align(16))]
pub(crate) struct Preserved([u8; PRESERVED]);

impl Preserved {
    /// Those of the call to a new epoch that this entry frame's exit frame belongs to.
    ///
    /// # Safety
    /// There is such a call, and the calling code runs on its behalf.
    pub(crate) unsafe fn below(entry_frame: *const u8) -> Self {
        // SAFETY: the caller's promise: they lie right below the exit frame.
        unsafe {
            entry_frame
                .sub(EXIT_FRAME_SIZE + PRESERVED)
                .cast::<Self>()
                .read()
        }
    }
}

/// What an activation waits for.
pub(crate) struct Waits {
    /// What is kept of a call to a new epoch; `None` for any other.
    pub preserved: Option<Box<Preserved>>,
    /// Who is told when the host function returns; `None` if nobody is.
    pub told: Option<Told>,
    /// The scope of what the host function has rooted.
    pub scope: usize,
    /// The host function.
    pub what: Box<dyn Waiting>,
}

/// What is called when a host function that has waited returns: with its context and values, and what it returns; what it
/// returns then.
#[derive(Clone, Copy)]
pub(crate) struct Told {
    pub host: *mut VMHostContext,
    pub values: *mut ValRaw,
    pub returned: unsafe fn(*mut VMHostContext, *mut ValRaw, HostResult) -> HostResult,
}

impl core::fmt::Debug for Waits {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Waits").finish_non_exhaustive()
    }
}

/// Says whom to wake as long as it lives: who polls, of the store of this context.
pub(crate) struct Polling {
    context: *mut StoreContext,
    before: *const Waker,
}

impl Polling {
    /// # Safety
    /// The context is a live store's, which the caller has borrowed, and stays so as long as this lives; so does the
    /// waker.
    pub(crate) unsafe fn begin(context: *mut StoreContext, waker: &Waker) -> Self {
        // SAFETY: the caller's promise.
        let before = unsafe { ptr::replace(&raw mut (*context).waker, waker) };
        Self { context, before }
    }
}

impl Drop for Polling {
    fn drop(&mut self) {
        // SAFETY: the promise of `begin`.
        unsafe { (*self.context).waker = self.before };
    }
}

/// The waker of who polls now; one that does nothing where nobody does.
///
/// # Safety
/// The context is a live store's, on whose behalf the calling code runs; what is returned is used no longer than that.
pub(crate) unsafe fn waker<'a>(context: *const StoreContext) -> &'a Waker {
    // SAFETY: `Polling` leaves one that lives, or null.
    unsafe { (*context).waker.as_ref() }.unwrap_or(Waker::noop())
}
