//! A store's call hook: who hears of each change between the host's code and Wasm's.

use super::{RawStore, StoreOpaque};
use crate::Result;
use crate::activation::context::{VMContext, VMFuncRef};
use crate::activation::{HostFunction, ValRaw};
use alloc::boxed::Box;
use core::ptr::NonNull;
#[cfg(feature = "async")]
use {super::Pending, crate::module::ValueType};

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

/// What the embedder has set.
pub(crate) type Hook = Box<dyn FnMut(RawStore<'_>, CallHook) -> Result<()> + Send + Sync>;

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
}

/// What tells the hook, with the values that there are, of these types.
#[cfg(feature = "async")]
pub(crate) type Tell =
    unsafe fn(&mut RawStore<'_>, CallHook, &[ValueType], *mut ValRaw) -> Result<(), Pending>;

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
    /// Tells the hook. What it does itself in this store it does not hear of.
    pub(crate) fn call_hook(mut self, what: CallHook) -> Result<()> {
        let Some(mut hook) = self.hooks.hook.take() else {
            return Ok(());
        };
        let result = hook(self.reborrow(), what);
        self.hooks.hook = Some(hook);
        result
    }
}
