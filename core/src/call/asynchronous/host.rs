//! Host functions that may wait: what is done around each, at its call and whenever it is polled again.

use crate::activation::HostResult;
use crate::activation::context::{StoreContext, VMContext, VMHostContext};
use crate::activation::suspension::{Waiting, Waits, waker};
use crate::call::host::{fail, panics};
use crate::error::OutOfMemory;
use crate::oom::{self, Watch};
use crate::store::RawStore;
use crate::{Error, Result};
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
    let scope = store.roots.enter();
    let mut waits = None;
    let result = panics::catch(|| {
        let mut what = start(own, vmctx)?;
        // SAFETY: the store runs the function that asks; that has just been called.
        let polled = unsafe {
            let mut task = Context::from_waker(waker(context));
            what.poll(context, &mut task)
        };
        match polled {
            Poll::Ready(result) => result,
            Poll::Pending => {
                let watch = Watch::now();
                let placed = oom::place(what);
                let what = placed.map_err(|_| Error::from(OutOfMemory::new(size_of::<W>())))?;
                watch.check()?;
                waits = Some(Waits { scope, what });
                Ok(())
            }
        }
    });
    if waits.is_some() {
        // SAFETY: the store's own context.
        unsafe { (*context).waits = waits };
        return HostResult::SUSPENDED;
    }
    store.roots.leave(scope);
    match result {
        Ok(()) => HostResult::ok(0),
        Err(pending) => fail(&mut store, pending),
    }
}

/// Polls what the store of this context waits for, as the host function that it belongs to.
///
/// # Safety
/// There is such a thing, and that host function is being called, by an activation that was resumed or by the host.
pub(super) unsafe extern "C" fn go_on(context: *mut StoreContext) -> HostResult {
    // SAFETY: the caller's promise.
    let waits = unsafe { (*context).waits.take() };
    let Waits { scope, mut what } = waits.expect("somebody waits");
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
                // SAFETY: the store's own context.
                unsafe { (*context).waits = Some(Waits { scope, what }) };
                Ok(())
            }
        }
    });
    if suspended {
        return HostResult::SUSPENDED;
    }
    // SAFETY: the host function is being called; what it had of the store is gone.
    let mut store = unsafe { RawStore::lent_by(context) };
    store.roots.leave(scope);
    match result {
        Ok(()) => HostResult::ok(0),
        Err(pending) => fail(&mut store, pending),
    }
}
