//! Time slices: how long a poll may run, and how code is gone on with that had all its registers kept.

use crate::activation::arch::{self, returned};
use crate::activation::context::StoreContext;
use crate::activation::suspension::Waits;
use crate::activation::{Deadline, HostResult};
use crate::interrupt::Interrupts;
use crate::store::StoreOpaque;
use core::ptr::{self, NonNull};

/// The entry of an asynchronous call, of a store that may have slices: this lives as long.
pub(super) struct Slice(Option<NonNull<Interrupts>>);

impl Slice {
    /// Has the store's slice begin, if it has slices and this is its outermost entry. The store is not dropped before it.
    pub(super) fn begin(store: &StoreOpaque) -> Self {
        // SAFETY: the store's own context (*owned*), in which no code runs now.
        let is_outermost = unsafe { (*store.context.as_ptr()).entry_frame.is_null() };
        let (Some(slice), Some(interrupts), true) =
            (store.time_slice, &store.interrupts, is_outermost)
        else {
            return Self(None);
        };
        interrupts.set_slice(Deadline::after(interrupts.platform, slice));
        Self(Some(NonNull::from(&**interrupts)))
    }
}

impl Drop for Slice {
    fn drop(&mut self) {
        if let Some(interrupts) = self.0 {
            // SAFETY: they live as long as the store.
            unsafe { interrupts.as_ref() }.set_slice(Deadline::NEVER);
        }
    }
}

/// Goes on with code that was left at the end of its time slice: the status.
///
/// # Safety
/// The context is a store's whose code was left with `STATUS_PREEMPTED`, and whose Wasm stack is as it was then
/// (*suspended*); the caller has borrowed it.
pub(super) unsafe fn go_on_from(context: *mut StoreContext) -> usize {
    // SAFETY: the caller's promise: the context has all registers, since they were kept.
    unsafe {
        if (*context).continues {
            return arch::enter_by(context, go_on);
        }
        // A call had returned to it.
        let (suspension, registers) = arch::at_call(&*(*context).registers);
        let (suspension, registers) = (&raw const suspension, &raw const registers);
        arch::resume(context, suspension, go_back, registers, ptr::null_mut())
    }
}

/// What the platform tells when it goes on.
struct Link {
    context: *mut StoreContext,
    entry_frame: *mut u8,
}

/// Goes on with the code of the store whose registers are kept, below this entry frame.
///
/// # Safety
/// Called by [`enter_by`](arch::enter_by), for a store whose code was left with
/// `STATUS_PREEMPTED`, and whose Wasm stack is as it was then (*suspended*).
unsafe extern "C" fn go_on(entry_frame: *mut u8, context: *mut StoreContext) -> ! {
    let mut link = Link {
        context,
        entry_frame,
    };
    // SAFETY: the caller's promise. The entry trampoline's frame record is below where the activation began, since the code
    // was left in a function; the interrupts are there, since it was left for them. The registers are the store's own.
    unsafe {
        let record = (*context).stack_pointer.cast::<[*const u8; 2]>().sub(1);
        record.write([entry_frame, returned as *const u8]);
        let platform = (*(*context).interrupts).platform;
        let registers = &*(*context).registers;
        platform.continue_interrupted(registers, begin, (&raw mut link).cast())
    }
}

/// Links the entry frame: from here on the code runs.
///
/// # Safety
/// `link` is a [`Link`], of a store that this thread runs.
unsafe fn begin(link: *mut ()) {
    // SAFETY: the caller's promise.
    unsafe {
        let Link {
            context,
            entry_frame,
        } = *link.cast::<Link>();
        (*context).looks_in_vain = 0;
        (*context).entry_frame = entry_frame;
    }
}

/// Goes back to code that was left when a call had returned to it: that is over.
///
/// # Safety
/// None.
unsafe extern "C" fn go_back(_: *mut StoreContext, _: *mut Option<Waits>) -> HostResult {
    HostResult::ok(0)
}
