//! Asynchronous calls of a store with a call hook, which hears of their begin and of their end.

use super::{Call, State};
use crate::Result;
use crate::call::host::panics::catch;
use crate::store::{CallHook, Tell};
use crate::types::FuncType;
use core::task::{Context, Poll};

impl Call<'_> {
    /// As [`poll_untold`](Self::poll_untold), with a word to the hook.
    ///
    /// # Panics
    /// As for [`poll_untold`](Self::poll_untold), or with the panic of the hook.
    #[cold]
    pub(super) fn poll_told(&mut self, task: &mut Context<'_>, tell: Tell) -> Poll<Result<()>> {
        let ty = FuncType::from_id(&self.store.engine, self.func.type_id);
        let ty = ty.canonical();
        let values = self.values;
        if matches!(self.state, State::New) {
            // SAFETY: the call's values are parameters.
            let told = unsafe { tell(&mut self.store, CallHook::CallingWasm, &ty.params, values) };
            if let Err(reason) = told {
                self.state = State::Over;
                return Poll::Ready(Err(reason.into_error()));
            }
        }
        let mut ready = true;
        let result = catch(|| match self.poll_untold(task) {
            Poll::Ready(result) => result,
            Poll::Pending => {
                ready = false;
                Ok(())
            }
        });
        if result.is_ok() && !ready {
            return Poll::Pending;
        }
        let results = if result.is_ok() { &*ty.results } else { &[] };
        let store = &mut self.store;
        store.pending = result.err();
        // SAFETY: after a call without an error, the values are results.
        let told = unsafe { tell(store, CallHook::ReturningFromWasm, results, values) };
        Poll::Ready(match told.err().or_else(|| store.pending.take()) {
            Some(reason) => Err(reason.into_error()),
            None => Ok(()),
        })
    }

    /// Tells the hook that a call is gone which has begun, and can't end any more.
    #[cold]
    pub(super) fn tell_of_drop(&mut self, tell: Tell) {
        // SAFETY: no values are named.
        let told = unsafe {
            tell(
                &mut self.store,
                CallHook::ReturningFromWasm,
                &[],
                self.values,
            )
        };
        // There is nobody to hear what it fails with, a panic included.
        drop(told);
    }
}
