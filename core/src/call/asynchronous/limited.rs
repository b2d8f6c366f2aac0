//! Builtins whose limiter answers later.

use super::host::wait;
use crate::Result;
use crate::activation::HostResult;
use crate::activation::context::StoreContext;
use crate::activation::suspension::Waiting;
use crate::store::{Asked, RawStore, StoreOpaque};
use core::task::{Context, Poll};

/// Work that is done again when the limiter has answered.
struct Limited<F> {
    asked: Asked,
    work: F,
}

// SAFETY: what the work has belongs to the store, and goes where that goes; the rest is `Send`.
unsafe impl<F> Send for Limited<F> {}

impl<F: FnMut(&mut StoreOpaque) -> Result<u64>> Waiting for Limited<F> {
    unsafe fn poll(
        &mut self,
        context: *mut StoreContext,
        task: &mut Context<'_>,
    ) -> Poll<Result<u64>> {
        // SAFETY: the caller's promise: the builtin is being called. This is gone when it returns.
        let mut store = unsafe { RawStore::lent_by(context) };
        self.asked.poll(&mut store, task, &mut self.work)
    }

    fn who(&self) -> &'static str {
        "the store's limiter"
    }
}

/// Does the work of a builtin that is being called.
///
/// # Safety
/// Code of the store is calling. What `work` has belongs to the store, and is `Send` if the store is.
pub(crate) unsafe fn limited(
    mut store: RawStore<'_>,
    work: impl FnMut(&mut StoreOpaque) -> Result<u64> + 'static,
) -> HostResult {
    let asked = Asked::default();
    // SAFETY: the caller's promise.
    unsafe {
        wait(
            store.context.as_ptr(),
            &mut store,
            || Ok(Limited { asked, work }),
            || None,
        )
    }
}
