//! Host functions that may wait: what is done around each, at its call and whenever it is polled again.

use crate::Result;
use crate::activation::HostResult;
use crate::activation::context::{StoreContext, VMContext, VMHostContext};
use crate::activation::suspension::{AnyWaiting, Preserved, Waiting, Waits, waker};
use crate::call::host::{ended, panics};
use crate::error::OutOfMemory;
use crate::oom::{self, Watch};
use crate::store::RawStore;
use alloc::boxed::Box;
use core::task::{Context, Poll};

/// Calls a host function: `start` makes its future, of the store, which is for that alone until it is gone, and of the
/// vmctx of the calling instance or null.
///
/// # Safety
/// `host` is the context of a host function that is being called.
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
/// `preserved` says, and the status says so.
///
/// # Safety
/// `context` is that of the store, whose code is calling.
pub(in crate::call) unsafe fn wait<W: Waiting + 'static>(
    context: *mut StoreContext,
    store: &mut RawStore<'_>,
    start: impl FnOnce() -> Result<W>,
    preserved: impl FnOnce() -> Option<Preserved>,
) -> HostResult {
    let scope = store.roots.enter();
    let mut waits = None;
    let result = panics::catch(|| {
        let mut what = start()?;
        // SAFETY: the caller's promise.
        let polled = unsafe {
            let mut task = Context::from_waker(waker(context));
            what.poll(context, &mut task)
        };
        match polled {
            Poll::Ready(result) => result,
            Poll::Pending => {
                let watch = Watch::now();
                let preserved = preserved().map(placed).transpose()?;
                let what = AnyWaiting::new(what)?;
                watch.check()?;
                waits = Some(Waits {
                    preserved,
                    told: None,
                    scope,
                    what,
                });
                Ok(0)
            }
        }
    });
    if waits.is_some() {
        // SAFETY: the store's own context.
        unsafe { (*context).waits = waits };
        return HostResult::SUSPENDED;
    }
    ended(store, scope, result)
}

/// A box with this in it.
fn placed<T>(it: T) -> Result<Box<T>> {
    oom::place(it).map_err(|_| OutOfMemory::new(size_of::<T>()).into())
}

/// Polls what the store of this context waits for, as the host function that it belongs to.
///
/// # Safety
/// There is such a thing, and that host function is being called, by an activation that was resumed or by the host.
pub(in crate::call) unsafe extern "C" fn go_on(context: *mut StoreContext) -> HostResult {
    // SAFETY: the caller's promise.
    let waits = unsafe { (*context).waits.take() };
    let Waits {
        preserved,
        told,
        scope,
        mut what,
    } = waits.expect("somebody waits");
    let mut suspended = false;
    let result = panics::catch(|| {
        // SAFETY: the caller's promise.
        let polled = unsafe {
            let mut task = Context::from_waker(waker(context));
            what.poll(context, &mut task)
        };
        match polled {
            Poll::Ready(result) => {
                drop(what);
                result
            }
            Poll::Pending => {
                suspended = true;
                let waits = Waits {
                    preserved,
                    told,
                    scope,
                    what,
                };
                // SAFETY: the store's own context.
                unsafe { (*context).waits = Some(waits) };
                Ok(0)
            }
        }
    });
    if suspended {
        return HostResult::SUSPENDED;
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
