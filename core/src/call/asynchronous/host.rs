//! Host functions that may wait: what is done around each, at its call and whenever it is polled again.

use crate::Result;
use crate::activation::HostResult;
use crate::activation::context::{StoreContext, VMContext, VMHostContext};
use crate::activation::suspension::{AnyWaiting, GoOn, Preserved, Waiting, Waits, can_wait, waker};
use crate::call::host::{ended, panics};
use crate::error::OutOfMemory;
use crate::error::bounded::format_err;
use crate::oom::{self, Watch};
use crate::store::{Pending, RawStore};
use alloc::boxed::Box;
use core::task::{Context, Poll};

/// Calls a host function: `start` makes its future, of the store, which is for that alone until it is gone, and of the
/// vmctx of the calling instance or null.
///
/// # Safety
/// `host` is the context of a host function that is being called.
#[inline]
pub(crate) unsafe fn run<W: Waiting + 'static>(
    host: *mut VMHostContext,
    start: impl FnOnce(RawStore<'static>, *mut VMContext) -> Result<W>,
) -> HostResult {
    // SAFETY: a host context points to its store's context; Wasm code or the host calls the function. Of the two
    // borrows the second is used first, and by the time the first is used it is gone, or its owner waits (*one borrow*).
    let (context, mut store, own, vmctx) = unsafe {
        let context = (*host).store;
        let [store, own] = [(); 2].map(|()| RawStore::lent_by(context));
        (context, store, own, (*context).caller)
    };
    // SAFETY: the store runs the function that asks; that has just been called.
    unsafe { wait(context, &mut store, || start(own, vmctx), || None) }
}

/// Polls what `start` makes, for a host function or builtin that is being called. If it is not ready, it is kept, with what
/// `preserved` says, and the status says so. Where nothing can wait, it fails.
///
/// # Safety
/// `context` is that of the store, whose code is calling.
#[inline]
pub(in crate::call) unsafe fn wait<W: Waiting + 'static>(
    context: *mut StoreContext,
    store: &mut RawStore<'_>,
    start: impl FnOnce() -> Result<W>,
    preserved: impl FnOnce() -> Option<Preserved>,
) -> HostResult {
    let scope = store.roots.enter();
    let result = panics::catch(|| {
        let mut what = start()?;
        // SAFETY: the caller's promise.
        unsafe {
            match what.poll(context, &mut Context::from_waker(waker(context))) {
                Poll::Ready(result) => result.map(Poll::Ready),
                Poll::Pending => keep(context, what, scope, preserved).map(|()| Poll::Pending),
            }
        }
    });
    match result {
        Ok(Poll::Ready(value)) => ended(store, scope, Ok(value)),
        Ok(Poll::Pending) => HostResult::SUSPENDED,
        Err(reason) => ended(store, scope, Err(reason)),
    }
}

/// Keeps what is not ready, with the poller of this context.
///
/// # Errors
/// Nothing can wait; memory is exhausted. It is gone then.
///
/// # Safety
/// As for [`wait`].
unsafe fn keep<W: Waiting + 'static>(
    context: *mut StoreContext,
    what: W,
    scope: usize,
    preserved: impl FnOnce() -> Option<Preserved>,
) -> Result<()> {
    // SAFETY: the caller's promise.
    if !unsafe { can_wait(context) } {
        let who = what.who();
        drop(what);
        return Err(has_to_wait(who));
    }
    let preserved = match preserved() {
        Some(preserved) => Some(placed(preserved)?),
        None => None,
    };
    let (what, go_on): (_, GoOn) = match AnyWaiting::is_small::<W>() {
        true => (AnyWaiting::new(what), go_on::<W>),
        false => (AnyWaiting::new(placed(what)?), go_on::<Box<W>>),
    };
    let waits = Waits {
        go_on,
        what,
        scope,
        preserved,
        told: None,
    };
    // SAFETY: something can wait, so there is a poller, in which nothing waits.
    unsafe { (&raw mut (*(*context).poller).waits).write(Some(waits)) };
    Ok(())
}

#[cold]
fn has_to_wait(who: &str) -> crate::Error {
    format_err!(
        "{who} has to wait, which only an asynchronous call can: use `call_async` or `instantiate_async`"
    )
}

/// A box with this in it.
fn placed<T>(it: T) -> Result<Box<T>> {
    let watch = Watch::now();
    let placed = oom::place(it).map_err(|_| OutOfMemory::new(size_of::<T>()))?;
    watch.check()?;
    Ok(placed)
}

/// Polls what waits in this place, as the host function that it belongs to: the [`GoOn`] of its type.
///
/// # Safety
/// There is such a thing, of this type, and that host function is being called, by an activation that was resumed or by the
/// host.
unsafe extern "C" fn go_on<W: Waiting>(
    context: *mut StoreContext,
    waits: *mut Option<Waits>,
) -> HostResult {
    let polled = panics::catch(|| {
        // SAFETY: the caller's promise.
        unsafe {
            let what: &mut W = (*waits).as_mut().unwrap_unchecked().what.get_mut();
            match what.poll(context, &mut Context::from_waker(waker(context))) {
                Poll::Ready(result) => result.map(Poll::Ready),
                Poll::Pending => Ok(Poll::Pending),
            }
        }
    });
    let result = match polled {
        Ok(Poll::Pending) => return HostResult::SUSPENDED,
        Ok(Poll::Ready(value)) => Ok(value),
        Err(reason) => Err(reason),
    };
    // SAFETY: the caller's promise.
    unsafe { has_waited(context, waits, result) }
}

/// What has waited in this place is ready, or has failed: drops it, and ends its host function.
///
/// # Safety
/// As for [`go_on`].
unsafe fn has_waited(
    context: *mut StoreContext,
    waits: *mut Option<Waits>,
    mut result: Result<u64, Pending>,
) -> HostResult {
    // SAFETY: the caller's promise.
    let Waits { scope, told, .. } = *unsafe { (*waits).as_ref().unwrap_unchecked() };
    let dropped = panics::catch(|| {
        // SAFETY: the caller's promise: the place is the call's, and nobody else refers to what is in it.
        unsafe { *waits = None };
        Ok(())
    });
    if let (Ok(_), Err(reason)) = (&result, dropped) {
        result = Err(reason);
    }
    // SAFETY: the host function is being called; what it had of the store is gone.
    let mut store = unsafe { RawStore::lent_by(context) };
    let result = ended(&mut store, scope, result);
    match told {
        // SAFETY: as it was called: the values are there as long as the call.
        Some(told) => unsafe { (told.returned)(told.host, told.values, result) },
        None => result,
    }
}
