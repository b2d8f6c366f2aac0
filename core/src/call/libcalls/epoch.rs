//! The store's deadline has come.

use super::panics;
use crate::call::HostResult;
use crate::engine::Clock;
use crate::error::Result;
use crate::store::{Pending, StoreOpaque, UpdateDeadline};
use crate::trap::Trap;

/// Asks what is to become of the code that calls, whose store has this clock.
pub(in crate::call) unsafe extern "C" fn new_epoch(clock: *const Clock) -> HostResult {
    // SAFETY: generated code calls with the clock of its own store, which points to the store's context, and
    // that to the store. Whoever called into Wasm has lent the store out for the time of the call.
    let mut store = unsafe { (*(*clock).store.get()).store.unwrap_unchecked() };
    let mut answer = None;
    let asked = panics::catch(|| {
        // SAFETY: see above.
        answer = unsafe { StoreOpaque::ask_deadline(store) }?;
        Result::Ok(())
    });
    let pending = match (asked, answer) {
        (Ok(()), Some(UpdateDeadline::Interrupt)) => Pending::Error(Trap::Interrupt.into()),
        (Ok(()), _) => return HostResult::ok(0),
        (Err(pending), _) => pending,
    };
    // SAFETY: see above.
    unsafe { store.as_mut() }.pending = Some(pending);
    HostResult::FAILED
}
