//! Time slices: how long a poll may run, and how code is gone on with that had all its registers kept.

use crate::activation::arch::returned;
use crate::activation::context::StoreContext;
use crate::activation::suspension::Suspension;
use crate::activation::{Deadline, HostResult};
use crate::interrupt::Interrupts;
use crate::store::StoreOpaque;
use core::ptr::{self, NonNull};

/// The entry of an asynchronous call: as long as this lives, its activation can be left where it waits, and at the end of
/// the store's slice.
pub(super) struct Polled {
    context: *mut StoreContext,
    polled_from: *mut u8,
    suspension: *mut Suspension,
    /// Of a store with slices whose outermost entry this is.
    ends: Option<NonNull<Interrupts>>,
}

impl Polled {
    /// The store is not dropped before it. Nobody but who ends up with `STATUS_SUSPENDED` uses `suspension` as long as it
    /// lives.
    pub(super) fn begin(store: &StoreOpaque, suspension: *mut Suspension) -> Self {
        let context = store.context.as_ptr();
        // SAFETY: the store's own context (*owned*), in which no code runs now.
        let (entry_frame, polled_from, suspension) = unsafe {
            let entry_frame = (*context).entry_frame;
            let polled_from = ptr::replace(&raw mut (*context).polled_from, entry_frame);
            let suspension = ptr::replace(&raw mut (*context).suspension, suspension);
            (entry_frame, polled_from, suspension)
        };
        let mut ends = None;
        if let (Some(slice), Some(interrupts)) = (store.time_slice, &store.interrupts)
            && entry_frame.is_null()
        {
            interrupts.set_slice(Deadline::after(interrupts.platform, slice));
            ends = Some(NonNull::from(&**interrupts));
        }
        Self {
            context,
            polled_from,
            suspension,
            ends,
        }
    }
}

impl Drop for Polled {
    fn drop(&mut self) {
        // SAFETY: the store's own context (*owned*), which the call has borrowed; no code runs in it now.
        unsafe {
            (*self.context).polled_from = self.polled_from;
            (*self.context).suspension = self.suspension;
        }
        if let Some(interrupts) = self.ends {
            // SAFETY: they live as long as the store.
            unsafe { interrupts.as_ref() }.set_slice(Deadline::NEVER);
        }
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
/// Called by [`enter_by`](crate::activation::arch::enter_by), for a store whose code was left with
/// `STATUS_PREEMPTED`, and whose Wasm stack is as it was then (*suspended*).
pub(super) unsafe extern "C" fn go_on(entry_frame: *mut u8, context: *mut StoreContext) -> ! {
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
pub(super) unsafe extern "C" fn go_back(_: *mut StoreContext) -> HostResult {
    HostResult::ok(0)
}
