//! Call hooks that answer later: who is told waits for the answer.

use super::kept::Kept;
use super::{enter, tell, tell_in_vain};
use crate::Result;
use crate::activation::context::{StoreContext, VMContext, VMHostContext};
use crate::activation::frames::{STATUS_RETURNED, STATUS_SUSPENDED};
use crate::activation::suspension::{Poller, Waiting, Waits, Within};
use crate::activation::{HostResult, ValRaw};
use crate::call::asynchronous::{poll_told, wait};
use crate::call::host::panics::catch;
use crate::module::ValueType;
use crate::store::{
    Answer, CallHook, CallHookHandler, Hook, HostFunc, Later, Pending, RawStore, Store,
    StoreContextMut, Telling,
};
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::mem;
use core::task::{Context, Poll, ready};

impl<T: 'static> Store<T> {
    /// As [`call_hook`](Self::call_hook), with a hook that may answer later: the call waits for the answer, and others have
    /// their turn meanwhile. Of the two, the store has the one that was set last.
    ///
    /// A call that can't wait polls the answer once. If it is not ready then, it ends with an error that says so. (In
    /// Wasmtime all of these fail.)
    ///
    /// Where the future of a call is dropped, what the hook has not answered yet is dropped, and counts as if the hook
    /// had failed. Of each function that it has let begin and that has not returned, it then hears that it returns, as
    /// of one that was left; these answers are polled once. So whatever
    /// [`CallingWasm`](CallHook::CallingWasm) and [`CallingHost`](CallHook::CallingHost) have done when they were
    /// answered, what comes in the other direction undoes once, if it does so before it waits.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine, Instance, Module};
    /// use std::future::Future;
    /// use std::pin::Pin;
    /// use wasmetal::{CallHook, CallHookHandler, Result, Store, StoreContextMut};
    ///
    /// /// Tells somebody else.
    /// struct Meter;
    ///
    /// impl Meter {
    ///     async fn tell(&self, mut store: StoreContextMut<'_, Vec<CallHook>>, what: CallHook) -> Result<()> {
    ///         // ... a message, whose answer is awaited.
    ///         store.data_mut().push(what);
    ///         Ok(())
    ///     }
    /// }
    ///
    /// // With `#[async_trait::async_trait]` this may be an `async fn`.
    /// impl CallHookHandler<Vec<CallHook>> for Meter {
    ///     fn handle_call_event<'a, 'b, 'c>(
    ///         &'a self,
    ///         store: StoreContextMut<'b, Vec<CallHook>>,
    ///         what: CallHook,
    ///     ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'c>>
    ///     where
    ///         'a: 'c,
    ///         'b: 'c,
    ///         Self: 'c,
    ///     {
    ///         Box::pin(self.tell(store, what))
    ///     }
    /// }
    ///
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// # let module = Module::new(&engine, r#"(func (export "run"))"#)?;
    /// let mut store = Store::new(&engine, Vec::new());
    /// store.call_hook_async(Meter);
    /// # fn block_on<F: Future>(future: F) -> F::Output {
    /// #     let mut future = std::pin::pin!(future);
    /// #     let mut task = std::task::Context::from_waker(std::task::Waker::noop());
    /// #     loop { if let std::task::Poll::Ready(output) = future.as_mut().poll(&mut task) { break output } }
    /// # }
    /// let instance = Instance::new(&mut store, &module, &[])?;
    /// let run = instance.get_typed_func::<(), ()>(&mut store, "run")?;
    /// block_on(run.call_async(&mut store, ()))?;
    /// assert_eq!(store.data(), &[CallHook::CallingWasm, CallHook::ReturningFromWasm]);
    /// # wasmetal::error::Ok(())
    /// ```
    pub fn call_hook_async(&mut self, hook: impl CallHookHandler<T> + Sync + 'static) {
        let hook = Arc::new(hook);
        let later = move |store: RawStore<'static>, what| -> Answer {
            let hook = hook.clone();
            Box::pin(async move {
                // SAFETY: it is this very store.
                let store = unsafe { StoreContextMut::from_raw(store) };
                hook.handle_call_event(store, what).await
            })
        };
        let telling = Telling {
            entry: enter,
            around,
            tell,
            poll: poll_told,
        };
        self.raw()
            .set_call_hook(Hook::Later(Arc::new(later)), telling);
    }
}

/// What a hook was told, until it has answered. Its drop drops the answer, if that is not there yet.
pub(in crate::call) struct Event {
    /// Of a store that who has this has borrowed.
    context: *mut StoreContext,
    /// Of the types that the hook was told of, or are not used any more.
    values: *mut ValRaw,
    /// `None` where there is no hook, or it has answered.
    asked: Option<(Answer, Later)>,
    kept: Option<Kept>,
    failed: Option<Pending>,
}

// SAFETY: it belongs to the store, and goes where that goes.
unsafe impl Send for Event {}

impl Event {
    /// Tells the hook, if it answers later; what it may change is kept.
    ///
    /// # Safety
    /// `context` is that of a store that the caller has borrowed as long as this lives, on whose behalf it runs. `values`
    /// holds values of these types, of the store, until this is ready or dropped.
    pub(in crate::call) unsafe fn begin(
        context: *mut StoreContext,
        what: CallHook,
        types: &[ValueType],
        values: *mut ValRaw,
    ) -> Self {
        // SAFETY: the caller's promise. The hook has the second until its answer is gone; the first is not used meanwhile
        // (*one borrow*).
        let [mut store, own] = unsafe { [(); 2].map(|()| RawStore::lent_by(context)) };
        let mut kept = Kept::begin(&mut store);
        let mut asked = None;
        let told = catch(|| {
            // SAFETY: the caller's promise.
            unsafe { kept.root(&mut store, types, values) }?;
            if let Some(later) = store.hooks.take_later() {
                asked = Some((later(own, what), later));
            }
            Ok(())
        });
        Self {
            context,
            values,
            asked,
            kept: Some(kept),
            failed: told.err(),
        }
    }

    /// Waits for the answer. Not called again when it was there.
    pub(in crate::call) fn poll(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Pending>> {
        let mut told = match self.failed.take() {
            Some(reason) => Err(reason),
            None => Ok(()),
        };
        if let Some((answer, _)) = &mut self.asked {
            let polled = catch(|| Ok(answer.as_mut().poll(task)));
            match polled {
                Ok(Poll::Pending) => return Poll::Pending,
                Ok(Poll::Ready(answer)) => {
                    told = answer.map_err(Pending::Error);
                    self.forget_answer();
                }
                // After a panic the store has no hook.
                Err(reason) => {
                    told = Err(reason);
                    self.asked = None;
                }
            }
        }
        Poll::Ready(self.end(told))
    }

    /// Ends it before it is ready, with this reason.
    ///
    /// # Errors
    /// As for [`Kept::end`].
    pub(in crate::call) fn stop(&mut self, reason: Pending) -> Result<(), Pending> {
        self.forget_answer();
        self.end(Err(reason))
    }

    /// Drops the answer: then the store has its hook again.
    fn forget_answer(&mut self) {
        if let Some((answer, later)) = self.asked.take() {
            drop(answer);
            // SAFETY: the promise of `begin`; who had the store is gone.
            unsafe { RawStore::lent_by(self.context) }
                .hooks
                .put_later(later);
        }
    }

    fn end(&mut self, told: Result<(), Pending>) -> Result<(), Pending> {
        // SAFETY: the promise of `begin`; who had the store is gone.
        let mut store = unsafe { RawStore::lent_by(self.context) };
        let kept = self.kept.take().expect("an event ends once");
        let told = told.and_then(|()| {
            // SAFETY: the promise of `begin`.
            let put = unsafe { kept.put_back(&mut store, self.values) };
            put.map_err(Pending::Error)
        });
        kept.end(&mut store, told)
    }
}

impl Drop for Event {
    fn drop(&mut self) {
        self.forget_answer();
        if let Some(kept) = self.kept.take() {
            // SAFETY: the promise of `begin`; who had the store is gone.
            let mut store = unsafe { RawStore::lent_by(self.context) };
            kept.forget(&mut store);
        }
    }
}

/// A host function that is called, of a store whose hook answers later.
struct Hooked {
    host: *mut VMHostContext,
    values: *mut ValRaw,
    caller: *mut VMContext,
    stage: Stage,
}

enum Stage {
    /// The hook was told of the call.
    Calling(Event),
    /// The host function waits, until this is empty.
    Host(Option<Waits>),
    /// The hook was told that the host function has returned this.
    Returning(Event, HostResult),
    Over,
}

// SAFETY: what it has belongs to the store, and goes where that goes.
unsafe impl Send for Hooked {}

impl Hooked {
    /// The host function has returned.
    ///
    /// # Safety
    /// It is being called, in this context.
    unsafe fn called(&mut self, context: *mut StoreContext, result: HostResult) {
        // SAFETY: the caller's promise.
        let func = unsafe { HostFunc::of(self.host) };
        let results = match result.status {
            STATUS_RETURNED => &*func.ty.canonical().results,
            _ => &[],
        };
        let what = CallHook::ReturningFromHost;
        // SAFETY: the caller's promise; after a call without an error, the values are results.
        let event = unsafe { Event::begin(context, what, results, self.values) };
        self.stage = Stage::Returning(event, result);
    }
}

impl Waiting for Hooked {
    unsafe fn poll(
        &mut self,
        context: *mut StoreContext,
        task: &mut Context<'_>,
    ) -> Poll<Result<u64>> {
        if let Stage::Calling(event) = &mut self.stage {
            let told = ready!(event.poll(task));
            self.stage = Stage::Over;
            told.map_err(Pending::into_error)?;
            // SAFETY: the caller's promise. What the hook calls may have changed the caller, which the function is to see.
            let (waits, result) = unsafe {
                (*context).caller = self.caller;
                let call = HostFunc::of(self.host).call;
                called_within(context, || call(self.host, self.values))
            };
            if result.status == STATUS_SUSPENDED {
                self.stage = Stage::Host(waits);
                return Poll::Pending;
            }
            // SAFETY: the caller's promise.
            unsafe { self.called(context, result) };
        } else if let Stage::Host(waits) = &mut self.stage {
            let go_on = waits.as_ref().expect("it waits").go_on;
            // SAFETY: the caller's promise: the host function that waits is being called.
            let result = unsafe { go_on(context, waits) };
            if result.status == STATUS_SUSPENDED {
                return Poll::Pending;
            }
            self.stage = Stage::Over;
            // SAFETY: the caller's promise.
            unsafe { self.called(context, result) };
        }
        let Stage::Returning(event, result) = &mut self.stage else {
            return Poll::Pending;
        };
        let (told, result) = (ready!(event.poll(task)), *result);
        self.stage = Stage::Over;
        told.map_err(Pending::into_error)?;
        if result.status == STATUS_RETURNED {
            return Poll::Ready(Ok(result.value));
        }
        // SAFETY: the caller's promise; the hook's answer is gone.
        let reason = unsafe { RawStore::lent_by(context) }.pending.take();
        Poll::Ready(Err(reason
            .expect("a host function fails for a reason")
            .into_error()))
    }

    fn who(&self) -> &'static str {
        match &self.stage {
            Stage::Host(_) => "a host function",
            _ => "the store's call hook",
        }
    }
}

impl Drop for Hooked {
    fn drop(&mut self) {
        if let Stage::Host(waits) = mem::replace(&mut self.stage, Stage::Over) {
            drop(waits);
            // SAFETY: who drops this has borrowed the store; what had it is gone.
            unsafe {
                let mut store = RawStore::lent_by((*self.host).store);
                tell_in_vain(&mut store, tell, CallHook::ReturningFromHost);
            }
        }
    }
}

/// Calls a host function by `call`, on behalf of one that is being polled and may wait itself: what waits, and the status.
///
/// # Safety
/// The context is that of the store.
unsafe fn called_within(
    context: *mut StoreContext,
    call: impl FnOnce() -> HostResult,
) -> (Option<Waits>, HostResult) {
    // SAFETY: the caller's promise.
    unsafe {
        if (*context).poller.is_null() {
            return (None, call());
        }
        let mut poller = Poller::within(context);
        let result = {
            let _within = Within::begin(context, &raw mut poller);
            call()
        };
        (poller.waits.take(), result)
    }
}

/// Calls a host function; before and after it, tells the store's hook, which may answer later.
///
/// # Safety
/// As [`HostFunction`](crate::activation::HostFunction).
unsafe extern "C" fn around(host: *mut VMHostContext, values: *mut ValRaw) -> HostResult {
    // SAFETY: a host context is part of a function of its store, which lives as long, and has its store's context. The
    // contract: the store waits for this function, and `values` holds parameters before the call. Of the borrows
    // of the store those of the events are gone when this is used.
    unsafe {
        let (func, context) = (HostFunc::of(host), (*host).store);
        let caller = (*context).caller;
        let mut store = RawStore::lent_by(context);
        let params = &func.ty.canonical().params;
        let start = || {
            let event = Event::begin(context, CallHook::CallingHost, params, values);
            Ok(Hooked {
                host,
                values,
                caller,
                stage: Stage::Calling(event),
            })
        };
        wait(context, &mut store, start, || None)
    }
}
