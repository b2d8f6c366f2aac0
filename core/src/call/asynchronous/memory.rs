//! Code that waits in a shared memory, and is suspended meanwhile: the core is free.

use super::host::wait;
use crate::Result;
use crate::activation::HostResult;
use crate::activation::context::StoreContext;
use crate::activation::suspension::{Waiting, can_wait};
use crate::instance::{SharedWait, WaitResult};
use crate::store::RawStore;
use core::task::{Context, Poll};

/// A wait that has begun, or how it has ended at once.
struct InMemory(core::result::Result<SharedWait, WaitResult>);

impl Waiting for InMemory {
    unsafe fn poll(&mut self, _: *mut StoreContext, task: &mut Context<'_>) -> Poll<Result<u64>> {
        match &mut self.0 {
            Ok(wait) => wait.poll(task).map(|ended| Ok(ended? as u64)),
            Err(ended) => Poll::Ready(Ok(*ended as u64)),
        }
    }
}

/// Whether the code that calls can be suspended until it is notified, or, if it is `timed`, some time has passed. It can't
/// where a call that can't wait is around it; there it blocks the thread.
///
/// # Safety
/// Code of the store is calling.
pub(crate) unsafe fn can_wait_in_memory(store: &RawStore<'_>, timed: bool) -> bool {
    // SAFETY: the caller's promise.
    let can_wait = unsafe { can_wait(store.context.as_ptr()) };
    can_wait && (!timed || store.engine.platform().capabilities().alarm)
}

/// Has the code that calls wait, as `begin` says.
///
/// # Safety
/// Code of the store is calling, by `memory.atomic.wait32` or `memory.atomic.wait64`.
pub(crate) unsafe fn wait_in_memory(
    mut store: RawStore<'_>,
    begin: impl FnOnce() -> Result<core::result::Result<SharedWait, WaitResult>>,
) -> HostResult {
    let context = store.context.as_ptr();
    // SAFETY: the caller's promise.
    unsafe { wait(context, &mut store, || begin().map(InMemory), || None) }
}
