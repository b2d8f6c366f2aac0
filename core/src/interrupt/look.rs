//! What becomes of the stores that a thread runs when the trap hook has interrupted it.
//!
//! It may have interrupted anything: so it takes no lock that it can't have at once, and believes in a place only
//! if nothing else can be there. Where it is in doubt it comes back later.

use super::stores;
use crate::activation::Deadline;
use crate::activation::context::StoreContext;
use crate::activation::frames::EXIT_FRAME_SIZE;
use crate::activation::signals::{self, Doing};
use core::ptr;
use core::time::Duration;

/// What a thread was at when it was interrupted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum At {
    /// Wasm code of the store of this context, which goes on.
    Wasm(*const StoreContext),
    /// Wasm code of the store of this context, which must stop: it is left.
    LeavingWasm(*const StoreContext),
    /// A confined computation.
    Confined {
        /// The stack pointer of the host, which waits for it.
        host_sp: usize,
        /// When it is to be looked at again.
        deadline: Deadline,
    },
    /// Anything else, with this stack pointer.
    Host { sp: usize },
}

impl At {
    /// The stack pointer of the host: where it was interrupted, or where it entered what was.
    ///
    /// # Safety
    /// If it is Wasm code, that runs, or is interrupted, on this thread.
    unsafe fn host_sp(self) -> usize {
        match self {
            // SAFETY: the caller's promise: then the store is live.
            Self::Wasm(context) | Self::LeavingWasm(context) => unsafe {
                (*context).entry_frame.addr()
            },
            Self::Confined { host_sp, .. } => host_sp,
            Self::Host { sp } => sp,
        }
    }

    /// When this is to be looked at again, whatever is in the thread's list.
    ///
    /// # Safety
    /// As for [`host_sp`](Self::host_sp).
    unsafe fn deadline(self) -> Deadline {
        match self {
            // It may run on another core than the one that it was entered on: then it is in none of the lists that `look` visits.
            // SAFETY: the caller's promise: then the store is live, and so are its interrupts.
            Self::Wasm(context) => match unsafe { (*context).interrupts.as_ref() } {
                Some(interrupts) => interrupts.deadline(),
                None => Deadline::NEVER,
            },
            Self::Confined { deadline, .. } => deadline,
            Self::LeavingWasm(_) | Self::Host { .. } => Deadline::NEVER,
        }
    }

    /// Whether it is code of the store of this context that goes on.
    fn is_in(self, context: *const StoreContext) -> bool {
        matches!(self, Self::Wasm(goes_on) if ptr::eq(goes_on, context))
    }

    /// Whether it is code of the store of this context that is left.
    fn leaves(self, context: *const StoreContext) -> bool {
        matches!(self, Self::LeavingWasm(left) if ptr::eq(left, context))
    }
}

/// Looks at the stores that the calling thread runs: diverts those that must stop, but one whose code is left anyway,
/// and sets the timer for the others.
///
/// # Safety
/// The thread is interrupted, and was `at` that.
pub(crate) unsafe fn look(at: At) {
    let Some(platform) = stores::platform() else {
        return;
    };
    // SAFETY: the caller's promise.
    let (host_sp, mut earliest) = unsafe { (at.host_sp(), at.deadline()) };
    let thread = platform.current_thread();
    let mut again: Option<Duration> = None;
    let mut retry = |after: Duration| {
        again = Some(again.map_or(after, |again: Duration| again.min(after)));
    };
    let visited = stores::try_visit(thread, |store| {
        let context = store.context;
        let must_stop = store.interrupts.must_stop();
        if at.leaves(context) {
            // SAFETY: its code is interrupted on this thread: an entry frame is linked.
            if !must_stop && unsafe { StoreContext::is_nested(context) } {
                // The calls around it go on.
                earliest = earliest.min(store.deadline());
                retry(store.interrupts.retry());
            }
            return;
        }
        if !must_stop {
            earliest = earliest.min(store.deadline());
            if !store.slice_is_over() {
                return;
            }
            if at.is_in(context) {
                // It is not where it can be left.
                return retry(store.interrupts.retry());
            }
        }
        // SAFETY: the store is run by this thread (*listed*), which is interrupted.
        match unsafe { StoreContext::doing(context) } {
            // An idle store's next call finds the mark; the way back of a diverted one leads out.
            Doing::Idle | Doing::Diverted => {}
            Doing::Entering => retry(store.interrupts.retry()),
            Doing::Running => {
                // SAFETY: the store is run by this thread (*listed*), which is interrupted: nobody changes the context
                // meanwhile.
                let (entry_frame, limit) =
                    unsafe { ((*context).entry_frame, (*context).host_stack_limit) };
                let exit_frame = entry_frame.addr().wrapping_sub(EXIT_FRAME_SIZE);
                match (limit..exit_frame).contains(&host_sp) {
                    // SAFETY: the store's innermost entry frame is linked, and this thread, which is interrupted, is in
                    // what was called from there.
                    true if must_stop => unsafe { StoreContext::divert(context) },
                    true => {
                        // It may not be that, or lead back all the same: by a throw, or by a call in it that waits.
                        retry(store.interrupts.retry());
                        // SAFETY: as for the diversion above: the exit frame is that of what this thread is in.
                        unsafe { store.divert_for_slice() };
                    }
                    // The thread is in the assembly between host and Wasm, or on a stack whose place among the store's
                    // frames can't be told from the stack pointer.
                    false => retry(store.interrupts.retry()),
                }
            }
        }
    });
    if let Err(in_vain) = visited {
        // To wait for the lock could be for ever: the code that was interrupted here may hold it.
        retry(signals::retry(in_vain));
    }
    if let Some(left) = earliest.time_left(platform) {
        retry(left);
    }
    if let Some(after) = again {
        stores::set_by_hook(platform, thread, after);
    }
}
