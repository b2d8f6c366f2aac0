//! Asynchronous calls of a store with a call hook, which hears of their begin and of their end.

use super::{Call, State};
use crate::Result;
use crate::activation::suspension::Polling;
use crate::call::hooks::later::Event;
use crate::call::host::panics::catch;
use crate::error::OutOfMemory;
use crate::module::ValueType;
use crate::oom::{self, Watch};
use crate::store::{CallHook, Pending, Tell};
use crate::types::FuncType;
use core::ptr::NonNull;
use core::task::{Context, Poll, ready};

/// Polls the call at this address, with a word to the hook.
///
/// # Panics
/// As a call that nobody is told of, or with the panic of the hook.
///
/// # Safety
/// There is a [`Call`], which the caller has borrowed, of a store with a hook, which `tell` tells.
pub(in crate::call) unsafe fn poll_told(
    call: NonNull<()>,
    task: &mut Context<'_>,
    tell: Tell,
) -> Poll<Result<()>> {
    // SAFETY: the caller's promise.
    unsafe { call.cast::<Call<'_>>().as_mut() }.poll_told(task, tell)
}

impl Call<'_> {
    fn poll_told(&mut self, task: &mut Context<'_>, tell: Tell) -> Poll<Result<()>> {
        let ty = FuncType::from_id(&self.store.engine, self.func.type_id);
        let ty = ty.canonical();
        if self.state == State::New {
            let told = ready!(self.told(task, tell, CallHook::CallingWasm, &ty.params));
            if let Err(reason) = told {
                self.state = State::Over;
                return Poll::Ready(Err(reason.into_error()));
            }
        }
        let mut results = &[][..];
        if self.told.is_none() {
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
            if result.is_ok() {
                results = &ty.results;
            }
            self.store.pending = result.err();
        }
        let told = ready!(self.told(task, tell, CallHook::ReturningFromWasm, results));
        Poll::Ready(match told.err().or_else(|| self.store.pending.take()) {
            Some(reason) => Err(reason.into_error()),
            None => Ok(()),
        })
    }

    /// Tells the hook, and waits for its answer, as long as the store is not to stop. The call's values are of these types.
    fn told(
        &mut self,
        task: &mut Context<'_>,
        tell: Tell,
        what: CallHook,
        types: &[ValueType],
    ) -> Poll<Result<(), Pending>> {
        let mut event = match self.told.take() {
            Some(mut event) => {
                self.forget_waker();
                if let Some(error) = self.stopped(false) {
                    return Poll::Ready(event.stop(Pending::Error(error)));
                }
                event
            }
            None if !self.store.hooks.answers_later() => {
                // SAFETY: the call's values are of these types.
                return Poll::Ready(unsafe { tell(&mut self.store, what, types, self.values) });
            }
            None => {
                let watch = Watch::now();
                // SAFETY: this has borrowed the store; the call's values are of these types, until it is ready.
                let event = unsafe { Event::begin(self.context(), what, types, self.values) };
                let placed = oom::place(event).map_err(|mut event| {
                    let error = OutOfMemory::new(size_of::<Event>());
                    event.stop(Pending::Error(error.into()))
                });
                match (placed, watch.check()) {
                    (Ok(event), Ok(())) => event,
                    (Ok(mut event), Err(error)) => {
                        return Poll::Ready(event.stop(Pending::Error(error.into())));
                    }
                    (Err(stopped), _) => return Poll::Ready(stopped),
                }
            }
        };
        let polled = {
            // SAFETY: this has borrowed the store; the waker is there until this returns.
            let _polling = unsafe { Polling::begin(self.context(), task.waker()) };
            event.poll(task)
        };
        if polled.is_ready() {
            return polled;
        }
        match self.stopped_when_woken(task, false) {
            None => {
                self.told = Some(event);
                Poll::Pending
            }
            Some(error) => {
                self.forget_waker();
                Poll::Ready(event.stop(Pending::Error(error)))
            }
        }
    }
}
