//! A store's call hook: who hears of each change between the host's code and Wasm's.

use super::{RawStore, StoreOpaque};
use crate::Result;
use crate::activation::HostFunction;
use alloc::boxed::Box;

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

/// A store's call hook, if it has one.
///
/// Without one nothing asks for it: a store with a hook is never ready to be entered at once, and its host functions are
/// called through `around`.
#[derive(Default)]
pub(crate) struct CallHooks {
    /// What stands before each host function; `None`: no hook was ever set.
    around: Option<HostFunction>,
    /// None while it runs.
    hook: Option<Hook>,
}

impl CallHooks {
    /// Whether a hook was set.
    pub(crate) fn are_set(&self) -> bool {
        self.around.is_some()
    }

    /// What stands before each host function.
    pub(super) fn around(&self) -> Option<HostFunction> {
        self.around
    }
}

impl StoreOpaque {
    /// Sets the hook. Host functions are called through `around` from now on.
    pub(crate) fn set_call_hook(&mut self, hook: Hook, around: HostFunction) {
        self.functions.call_through(around);
        self.hooks = CallHooks {
            around: Some(around),
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
