//! A store's call hook: who hears of each change between the host's code and Wasm's.

use super::{RawStore, StoreOpaque};
use crate::Result;
use crate::activation::context::{VMContext, VMFuncRef};
use crate::activation::{HostFunction, ValRaw};
use alloc::boxed::Box;
use core::ptr::NonNull;
#[cfg(feature = "async")]
use {
    super::{Pending, StoreContextMut, has_to_wait},
    crate::module::ValueType,
    alloc::sync::Arc,
    core::future::Future,
    core::pin::Pin,
    core::task::{Context, Poll, Waker},
};

/// A change between the host's code and Wasm's: see [`Store::call_hook`](crate::Store::call_hook).
///
/// ```
/// use wasmetal::CallHook;
///
/// assert!(CallHook::CallingHost.entering_host());
/// assert!(CallHook::CallingWasm.exiting_host());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallHook {
    /// The host calls a function.
    CallingWasm,
    /// The function returns to the host, or was left.
    ReturningFromWasm,
    /// A host function is called.
    CallingHost,
    /// The host function returns, or fails.
    ReturningFromHost,
}

impl CallHook {
    /// Whether the host's code comes next.
    #[must_use]
    pub fn entering_host(&self) -> bool {
        matches!(self, Self::ReturningFromWasm | Self::CallingHost)
    }

    /// Whether Wasm code comes next.
    #[must_use]
    pub fn exiting_host(&self) -> bool {
        !self.entering_host()
    }
}

/// Who hears of each change between the host's code and Wasm's, and may answer later: see
/// [`Store::call_hook_async`](crate::Store::call_hook_async).
///
/// The function is what `#[async_trait::async_trait]` makes of an `async fn`, so that an implementation may be written with
/// it.
///
/// ```
/// use std::future::Future;
/// use std::pin::Pin;
/// use wasmetal::{CallHook, CallHookHandler, Result, StoreContextMut};
///
/// struct Counts;
///
/// impl CallHookHandler<u32> for Counts {
///     fn handle_call_event<'a, 'b, 'c>(
///         &'a self,
///         mut store: StoreContextMut<'b, u32>,
///         _: CallHook,
///     ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'c>>
///     where
///         'a: 'c,
///         'b: 'c,
///         Self: 'c,
///     {
///         Box::pin(async move {
///             *store.data_mut() += 1;
///             Ok(())
///         })
///     }
/// }
/// # let _: &dyn CallHookHandler<u32> = &Counts;
/// ```
#[cfg(feature = "async")]
pub trait CallHookHandler<T: 'static>: Send {
    /// Hears of a change. What comes next waits until the future is ready.
    ///
    /// # Errors
    /// As for what [`Store::call_hook`](crate::Store::call_hook) takes.
    fn handle_call_event<'life0, 'life1, 'async_trait>(
        &'life0 self,
        t: StoreContextMut<'life1, T>,
        ch: CallHook,
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'async_trait>>
    where
        'life0: 'async_trait,
        'life1: 'async_trait,
        Self: 'async_trait;
}

/// What a hook answers later. It has the store until it is gone.
#[cfg(feature = "async")]
pub(crate) type Answer = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

/// Has a hook begin to answer.
#[cfg(feature = "async")]
pub(crate) type Later = Arc<dyn Fn(RawStore<'static>, CallHook) -> Answer + Send + Sync>;

/// A hook that answers at once.
type AtOnce = Box<dyn FnMut(RawStore<'_>, CallHook) -> Result<()> + Send + Sync>;

/// What the embedder has set.
pub(crate) enum Hook {
    AtOnce(AtOnce),
    #[cfg(feature = "async")]
    Later(Later),
}

/// What makes a call into Wasm code, or of a host function by the host itself, with the function, its parameters and
/// results, and the vmctx of the calling instance or null.
pub(crate) type Entry =
    unsafe fn(RawStore<'_>, NonNull<VMFuncRef>, *mut ValRaw, *mut VMContext) -> Result<()>;

/// What stands around the calls of a store with a call hook, and tells that. A store has it from the one that sets a hook:
/// nothing else refers to this code, so a program that sets no hook does not contain it.
#[derive(Clone, Copy)]
pub(crate) struct Telling {
    /// Around each call of the host's.
    pub(crate) entry: Entry,
    /// Around each host function.
    pub(crate) around: HostFunction,
    /// Tells the hook, of an asynchronous call.
    #[cfg(feature = "async")]
    pub(crate) tell: Tell,
    /// Polls an asynchronous call.
    #[cfg(feature = "async")]
    pub(crate) poll: PollTold,
}

/// What tells the hook, with the values that there are, of these types.
#[cfg(feature = "async")]
pub(crate) type Tell =
    unsafe fn(&mut RawStore<'_>, CallHook, &[ValueType], *mut ValRaw) -> Result<(), Pending>;

/// What polls the call at this address, and tells the hook.
#[cfg(feature = "async")]
pub(crate) type PollTold = unsafe fn(NonNull<()>, &mut Context<'_>, Tell) -> Poll<Result<()>>;

/// A store's call hook, if it has one.
///
/// Without one nothing asks for it: a store with a hook is never ready to be entered at once, and its host functions are
/// called through `around`.
#[derive(Default)]
pub(crate) struct CallHooks {
    /// `None`: no hook was ever set.
    telling: Option<Telling>,
    /// None while it runs.
    hook: Option<Hook>,
}

impl CallHooks {
    /// Whether a hook was set.
    pub(crate) fn are_set(&self) -> bool {
        self.telling.is_some()
    }

    /// What stands around each call of the host's.
    pub(crate) fn entry(&self) -> Option<Entry> {
        self.telling.map(|telling| telling.entry)
    }

    /// What tells the hook of an asynchronous call.
    #[cfg(feature = "async")]
    pub(crate) fn tell(&self) -> Option<Tell> {
        self.telling.map(|telling| telling.tell)
    }

    /// What polls an asynchronous call.
    #[cfg(feature = "async")]
    pub(crate) fn poll(&self) -> Option<(PollTold, Tell)> {
        self.telling.map(|telling| (telling.poll, telling.tell))
    }

    /// Whether the hook may answer later. None does while it runs.
    #[cfg(feature = "async")]
    pub(crate) fn answers_later(&self) -> bool {
        matches!(self.hook, Some(Hook::Later(_)))
    }

    /// Takes the hook, if it is one that answers later. While it is told of one thing, it hears of nothing else.
    #[cfg(feature = "async")]
    pub(crate) fn take_later(&mut self) -> Option<Later> {
        match self.hook.take() {
            Some(Hook::Later(later)) => Some(later),
            hook => {
                self.hook = hook;
                None
            }
        }
    }

    /// Puts back what was taken.
    #[cfg(feature = "async")]
    pub(crate) fn put_later(&mut self, later: Later) {
        self.hook = Some(Hook::Later(later));
    }

    /// What stands around each host function.
    pub(super) fn around(&self) -> Option<HostFunction> {
        self.telling.map(|telling| telling.around)
    }
}

impl StoreOpaque {
    /// Sets the hook. Calls are made through `telling` from now on.
    pub(crate) fn set_call_hook(&mut self, hook: Hook, telling: Telling) {
        self.functions.call_through(telling.around);
        self.hooks = CallHooks {
            telling: Some(telling),
            hook: Some(hook),
        };
        // SAFETY: the store's own context (*owned*); no code runs in it now.
        unsafe { (*self.context.as_ptr()).host_stack_room = 0 };
    }
}

impl RawStore<'_> {
    /// Tells the hook, whose answer is not waited for. What it does itself in this store it does not hear of.
    ///
    /// # Errors
    /// The hook's; it answers later.
    pub(crate) fn call_hook(mut self, what: CallHook) -> Result<()> {
        let Some(mut hook) = self.hooks.hook.take() else {
            return Ok(());
        };
        let result = match &mut hook {
            Hook::AtOnce(hook) => hook(self.reborrow(), what),
            #[cfg(feature = "async")]
            Hook::Later(later) => {
                // SAFETY: the store's own context, which is this very store's. The answer is gone when this is used again.
                let store = unsafe { RawStore::lent_by(self.context.as_ptr()) };
                let answer = &mut later(store, what);
                match answer
                    .as_mut()
                    .poll(&mut Context::from_waker(Waker::noop()))
                {
                    Poll::Ready(answer) => answer,
                    Poll::Pending => Err(has_to_wait("call hook")),
                }
            }
        };
        self.hooks.hook = Some(hook);
        result
    }
}
