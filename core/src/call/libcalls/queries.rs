//! What generated code has seen at one of its checks: its store's deadline has come, or its fuel is used up.

use super::panics;
#[cfg(feature = "async")]
use crate::activation::suspension::can_wait;
use crate::activation::{HostResult, Query};
#[cfg(feature = "async")]
use crate::call::asynchronous::{yield_once, yield_until};
use crate::store::{Pending, RawStore, UpdateDeadline};
use crate::trap::Trap;
use core::ptr;

/// Says what is to become of the code that calls, by a query of its store.
pub(crate) unsafe extern "C" fn asked(query: *const Query) -> HostResult {
    // SAFETY: generated code calls with a query of its own store, which points to the store's context.
    let (store, is_fuel) = unsafe {
        let context = (*query).store.get();
        let is_fuel = ptr::eq(query, &raw const (*context).fuel_query);
        (RawStore::lent_by(context), is_fuel)
    };
    match is_fuel {
        true => out_of_fuel(store),
        false => new_epoch(store),
    }
}

/// The code has used all the fuel that it may until it asks.
fn out_of_fuel(mut store: RawStore<'_>) -> HostResult {
    if let Err(trap) = store.refuel() {
        store.pending = Some(Pending::Error(trap.into()));
        return HostResult::FAILED;
    }
    #[cfg(feature = "async")]
    if store.yields_by_fuel() {
        // SAFETY: the code is calling, by `exit_to_query`.
        return unsafe { yield_once(store) };
    }
    HostResult::ok(0)
}

/// The store's deadline has come.
fn new_epoch(mut store: RawStore<'_>) -> HostResult {
    let pending = match panics::catch(|| store.reborrow().ask_deadline()) {
        Ok(Some(UpdateDeadline::Interrupt)) => Pending::Error(Trap::Interrupt.into()),
        Ok(None | Some(UpdateDeadline::Continue(_))) => return HostResult::ok(0),
        #[cfg(feature = "async")]
        // SAFETY: the code is calling, by `exit_to_query`.
        Ok(Some(UpdateDeadline::Yield(_))) => unsafe {
            let yielded = yield_once(store.reborrow());
            return still_due_unless_it_goes_on(store, yielded);
        },
        #[cfg(feature = "async")]
        // SAFETY: the code is calling, by `exit_to_query`.
        Ok(Some(UpdateDeadline::YieldCustom(_, future))) => unsafe {
            let yielded = yield_until(store.reborrow(), future);
            return still_due_unless_it_goes_on(store, yielded);
        },
        Err(pending) => pending,
    };
    store.pending = Some(pending);
    HostResult::FAILED
}

/// A call that can't give others their turn ends with an error. So must the next one: its deadline was moved for nothing.
///
/// # Safety
/// Code of the store is calling.
#[cfg(feature = "async")]
unsafe fn still_due_unless_it_goes_on(store: RawStore<'_>, yielded: HostResult) -> HostResult {
    // SAFETY: the caller's promise: it has been entered.
    let can_wait = unsafe { can_wait(store.context.as_ptr()) };
    if yielded.status != HostResult::ok(0).status && !can_wait {
        store.deadline_is_due();
    }
    yielded
}
