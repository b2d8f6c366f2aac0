//! Wasm code that gives others their turn at the end of its epochs.

use super::host::wait;
use crate::Result;
use crate::activation::HostResult;
use crate::activation::context::StoreContext;
use crate::activation::suspension::{Preserved, Waiting};
use crate::store::RawStore;
use alloc::boxed::Box;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Not ready once.
struct Once(bool);

impl Waiting for Once {
    unsafe fn poll(&mut self, _: *mut StoreContext, task: &mut Context<'_>) -> Poll<Result<u64>> {
        match core::mem::replace(&mut self.0, true) {
            true => Poll::Ready(Ok(0)),
            false => {
                task.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }
}

/// Ready when the future is.
struct Until(Pin<Box<dyn Future<Output = ()> + Send>>);

impl Waiting for Until {
    unsafe fn poll(&mut self, _: *mut StoreContext, task: &mut Context<'_>) -> Poll<Result<u64>> {
        self.0.as_mut().poll(task).map(|()| Ok(0))
    }
}

/// Has the code that calls wait for one turn of the others.
///
/// # Safety
/// Code of the store is calling, by `exit_to_query`.
pub(crate) unsafe fn yield_once(store: RawStore<'_>) -> HostResult {
    // SAFETY: the caller's promise.
    unsafe { yields(store, Once(false)) }
}

/// Has the code that calls wait for a future.
///
/// # Safety
/// As for [`yield_once`].
pub(crate) unsafe fn yield_until(
    store: RawStore<'_>,
    future: Pin<Box<dyn Future<Output = ()> + Send>>,
) -> HostResult {
    // SAFETY: the caller's promise.
    unsafe { yields(store, Until(future)) }
}

/// # Safety
/// As for [`yield_once`].
unsafe fn yields(mut store: RawStore<'_>, what: impl Waiting + 'static) -> HostResult {
    let context = store.context.as_ptr();
    // SAFETY: the caller's promise.
    unsafe {
        let preserved = || Some(Preserved::below((*context).entry_frame));
        wait(context, &mut store, || Ok(what), preserved)
    }
}
