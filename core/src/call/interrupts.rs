//! Entries of stores that can be interrupted. `interrupt` has the whole protocol.

use super::entry::failed;
use crate::activation::Deadline;
use crate::activation::signals::{Entering, Interrupts};
use crate::error::{Error, Result};
use crate::interrupt;
use crate::store::{RawStore, StoreOpaque};
use crate::trap::Trap;

/// Enters Wasm code by `enter` in a store that can be interrupted.
///
/// # Errors
/// [`Trap::Interrupt`] without entering, if the store is to stop; whatever `enter` fails with; the platform has no timer
/// for this thread.
#[inline(always)] // It has one caller.
pub(crate) fn enter<R>(
    mut store: RawStore<'_>,
    enter: impl FnOnce(RawStore<'_>) -> Result<R>,
) -> Result<R> {
    let context = store.context.as_ptr();
    // SAFETY: the store's own context (*owned*), whose interrupts live as long as the store.
    let (interrupts, outer, entering) = unsafe {
        (
            &*(*context).interrupts,
            (*context).entry_frame,
            &(*context).entering,
        )
    };
    // From here until the new entry frame is linked, and `entry_frame` another, the hook comes back later.
    entering.begin(outer);
    let running = Running {
        interrupts,
        entering,
        outermost: outer.is_null(),
    };
    let timed = match running.outermost {
        true => {
            interrupts.begin();
            interrupt::begin(interrupts)
        }
        false => interrupt::set_timer(interrupts.platform, Deadline::NEVER),
    };
    match timed {
        Ok(()) if interrupts.must_stop() => Err(refuse(&store, interrupts)),
        Ok(()) => enter(store.reborrow()),
        Err(error) => Err(error),
    }
}

/// A call of a store that can be interrupted. Dropping it ends that, also where a panic goes on.
struct Running<'a> {
    interrupts: &'a Interrupts,
    entering: &'a Entering,
    outermost: bool,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.entering.end();
        if self.outermost {
            // The thread's timer is set for this store. Another store that the thread runs may need it next.
            interrupt::end(self.interrupts);
        }
    }
}

#[cold]
fn refuse(store: &StoreOpaque, interrupts: &Interrupts) -> Error {
    let error = failed(Trap::Interrupt, store);
    store.call_interrupted(interrupts);
    error
}
