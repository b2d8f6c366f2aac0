//! The store's deadline has come.

use super::panics;
use crate::activation::Clock;
use crate::activation::HostResult;
#[cfg(feature = "async")]
use crate::call::asynchronous::{yield_once, yield_until};
use crate::error::Result;
use crate::store::{Pending, RawStore, UpdateDeadline};
use crate::trap::Trap;

/// Asks what is to become of the code that calls, whose store has this clock.
pub(crate) unsafe extern "C" fn new_epoch(clock: *const Clock) -> HostResult {
    // SAFETY: generated code calls with the clock of its own store, which points to the store's context.
    let mut store = unsafe { RawStore::lent_by((*clock).store.get()) };
    let mut answer = None;
    let asked = panics::catch(|| {
        answer = store.reborrow().ask_deadline()?;
        Result::Ok(())
    });
    let pending = match (asked, answer) {
        (Ok(()), Some(UpdateDeadline::Interrupt)) => Pending::Error(Trap::Interrupt.into()),
        (Ok(()), None | Some(UpdateDeadline::Continue(_))) => return HostResult::ok(0),
        #[cfg(feature = "async")]
        // SAFETY: the code is calling, by `exit_to_new_epoch`.
        (Ok(()), Some(UpdateDeadline::Yield(_))) => return unsafe { yield_once(store) },
        #[cfg(feature = "async")]
        (Ok(()), Some(UpdateDeadline::YieldCustom(_, future))) => {
            // SAFETY: the code is calling, by `exit_to_new_epoch`.
            return unsafe { yield_until(store, future) };
        }
        (Err(pending), _) => pending,
    };
    store.pending = Some(pending);
    HostResult::FAILED
}
