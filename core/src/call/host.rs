//! From Wasm to the host: what every host function does around its closure.

// Twins: panics can be caught where there is an operating system.
#[cfg_attr(not(feature = "std"), path = "host/no_panics.rs")]
pub(super) mod panics;

use crate::activation::HostResult;
use crate::activation::context::{VMContext, VMHostContext};
use crate::error::{Error, Result};
use crate::store::{Pending, RawStore, StoreOpaque};

/// Runs the body of a host function, with the store, and the vmctx of the calling instance or null. What it roots is
/// in a scope of its own; what it fails with, a panic included, ends the Wasm code.
///
/// # Safety
/// `host` is the context of a host function that is being called.
#[inline]
pub(crate) unsafe fn run(
    host: *mut VMHostContext,
    body: impl FnOnce(&mut RawStore<'_>, *mut VMContext) -> Result<()>,
) -> HostResult {
    // SAFETY: a host context points to its store's context; Wasm code or the host calls the function.
    let (mut store, vmctx) = unsafe {
        let context = (*host).store;
        (RawStore::lent_by(context), (*context).caller)
    };
    let scope = store.roots.enter();
    let result = panics::catch(|| body(&mut store, vmctx).map(|()| 0));
    ended(&mut store, scope, result)
}

/// Ends a host function or builtin: its scope of roots, and what it returns.
#[inline]
pub(super) fn ended(
    store: &mut StoreOpaque,
    scope: usize,
    result: Result<u64, Pending>,
) -> HostResult {
    store.roots.leave(scope);
    match result {
        Ok(value) => HostResult::ok(value),
        Err(pending) => fail(store, pending),
    }
}

/// Leaves the reason why Wasm code is to end where the entry looks for it.
#[cold]
pub(super) fn fail(store: &mut StoreOpaque, pending: Pending) -> HostResult {
    store.pending = Some(pending);
    HostResult {
        value: 0,
        status: store.failure_status(),
    }
}

/// An error as the reason why Wasm code is to end.
fn failed(error: Error) -> Pending {
    Pending::Error(error)
}
