//! Calls of a store with a call hook: what the hook hears of.

mod kept;
#[cfg(feature = "async")]
pub(super) mod later;

use super::entry::invoke_untold;
use super::host::fail;
use super::host::panics::catch;
use crate::Result;
use crate::activation::context::{VMContext, VMFuncRef, VMHostContext};
use crate::activation::frames::STATUS_RETURNED;
use crate::activation::{HostResult, ValRaw};
use crate::module::ValueType;
use crate::store::{CallHook, Hook, HostFunc, Pending, RawStore, Store, StoreContextMut, Telling};
use crate::types::FuncType;
use alloc::boxed::Box;
use core::ptr::NonNull;
use kept::Kept;
#[cfg(feature = "async")]
use {
    super::asynchronous::poll_told, crate::activation::frames::STATUS_SUSPENDED,
    crate::activation::suspension::Told, crate::store::Tell, core::ptr,
};

impl<T: 'static> Store<T> {
    /// Has `hook` called at each change between the host's code and Wasm's, with what it is: for measuring, or for
    /// what must be undone while the host runs. It takes the place of one that was set before.
    ///
    /// An error that it returns before a function is called takes the place of the call; one after that takes the place
    /// of what the call returns. A host function that fails is told of as well, and so is a function that was left.
    /// While the hook runs it is not the store's: of calls that it makes itself in this store, it hears nothing. After a
    /// panic of its the store has none. A host function's panic is on its way when the hook hears `ReturningFromHost` and
    /// `ReturningFromWasm`, and goes on whether or not the hook fails then. (Wasmtime's hook hears neither.)
    ///
    /// Calls take no longer where it is not set. Builtins, and functions of the host that the embedder gives elsewhere (a
    /// limiter, say), are not told of.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine, Instance, Module};
    /// use wasmetal::{CallHook, Func, Store};
    ///
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// let module = Module::new(&engine, r#"
    ///     (import "host" "tick" (func $tick))
    ///     (func (export "run") (call $tick))
    /// "#)?;
    /// let mut store = Store::new(&engine, Vec::new());
    /// store.call_hook(|mut store, what| {
    ///     store.data_mut().push(what);
    ///     Ok(())
    /// });
    /// let tick = Func::wrap(&mut store, || ());
    /// let instance = Instance::new(&mut store, &module, &[tick.into()])?;
    /// instance.get_typed_func::<(), ()>(&mut store, "run")?.call(&mut store, ())?;
    /// use CallHook::*;
    /// assert_eq!(store.data(), &[CallingWasm, CallingHost, ReturningFromHost, ReturningFromWasm]);
    /// # wasmetal::error::Ok(())
    /// ```
    pub fn call_hook(
        &mut self,
        mut hook: impl FnMut(StoreContextMut<'_, T>, CallHook) -> Result<()> + Send + Sync + 'static,
    ) {
        let hook = Box::new(move |store: RawStore<'_>, what| {
            // SAFETY: it is this very store.
            hook(unsafe { StoreContextMut::from_raw(store) }, what)
        });
        let telling = Telling {
            entry: enter,
            around,
            #[cfg(feature = "async")]
            tell,
            #[cfg(feature = "async")]
            poll: poll_told,
        };
        self.raw().set_call_hook(Hook::AtOnce(hook), telling);
    }
}

/// Makes a call into Wasm code, or of a host function by the host itself; before and after it, tells the store's hook.
///
/// # Errors
/// Those of the call, or of the hook.
///
/// # Panics
/// Goes on with the panic of a host function, or of the hook.
///
/// # Safety
/// As for [`invoke_untold`].
unsafe fn enter(
    mut store: RawStore<'_>,
    func: NonNull<VMFuncRef>,
    values: *mut ValRaw,
    caller: *mut VMContext,
) -> Result<()> {
    // SAFETY: the store's func refs live as long as it does.
    let ty = FuncType::from_id(&store.engine, unsafe { func.as_ref() }.type_id);
    let ty = ty.canonical();
    // SAFETY: the caller's promise: the values are parameters.
    unsafe { tell(&mut store, CallHook::CallingWasm, &ty.params, values) }
        .map_err(Pending::into_error)?;
    // SAFETY: the caller's promise.
    let result = catch(|| unsafe { invoke_untold(store.reborrow(), func, values, caller) });
    let results = if result.is_ok() { &*ty.results } else { &[] };
    store.pending = result.err();
    // SAFETY: after a call that was made, the values are results.
    let told = unsafe { tell(&mut store, CallHook::ReturningFromWasm, results, values) };
    match told.err().or_else(|| store.pending.take()) {
        Some(reason) => Err(reason.into_error()),
        None => Ok(()),
    }
}

/// Calls a host function; before and after it, tells the store's hook.
///
/// # Safety
/// As [`HostFunction`](crate::activation::HostFunction).
unsafe extern "C" fn around(host: *mut VMHostContext, values: *mut ValRaw) -> HostResult {
    // SAFETY: a host context is part of a function of its store, which lives as long, and has its store's context.
    let (func, context) = unsafe { (HostFunc::of(host), (*host).store) };
    // SAFETY: the contract: the store waits for this function, and `values` holds parameters before the call. What the hook
    // calls may change the caller, which the function is to see.
    unsafe {
        let caller = (*context).caller;
        let mut store = RawStore::lent_by(context);
        let params = &func.ty.canonical().params;
        if let Err(reason) = tell(&mut store, CallHook::CallingHost, params, values) {
            return fail(&mut store, reason);
        }
        (*context).caller = caller;
        let result = (func.call)(host, values);
        #[cfg(feature = "async")]
        if result.status == STATUS_SUSPENDED {
            // Who waits is with the poller.
            if let Some(waits) = &mut (*(*context).poller).waits {
                waits.told = Some(Told {
                    host,
                    values,
                    returned,
                });
            }
            return result;
        }
        returned(host, values, result)
    }
}

/// Tells the hook that a host function has returned: what it returns then.
///
/// # Safety
/// As for [`around`], after the call.
unsafe fn returned(
    host: *mut VMHostContext,
    values: *mut ValRaw,
    result: HostResult,
) -> HostResult {
    // SAFETY: as in `around`; after a call without an error, the values are results.
    unsafe {
        let (func, context) = (HostFunc::of(host), (*host).store);
        let results = match result.status {
            STATUS_RETURNED => &*func.ty.canonical().results,
            _ => &[],
        };
        let mut store = RawStore::lent_by(context);
        match tell(&mut store, CallHook::ReturningFromHost, results, values) {
            Ok(()) => result,
            Err(reason) => fail(&mut store, reason),
        }
    }
}

/// Tells the hook what nobody can answer: something that has begun is gone, and can't end any more.
///
/// # Safety
/// `tell` tells this store's hook.
#[cfg(feature = "async")]
#[cold]
pub(super) unsafe fn tell_in_vain(store: &mut RawStore<'_>, tell: Tell, what: CallHook) {
    // SAFETY: the caller's promise; no values are named.
    if unsafe { tell(store, what, &[], ptr::null_mut()) }.is_err() {
        // There is nobody to hear that, be it a panic or an exception.
        store.set_exception_aside();
    }
}

/// Tells the hook. It may collect garbage, and call functions that fail: what refers to objects in `values`, and
/// why a call is failing, is kept meanwhile. What the hook roots is in a scope of its own.
///
/// # Errors
/// The hook failed or panicked, or memory is exhausted: what was the reason before is forgotten then, but for a panic,
/// which stays the reason whatever the hook does.
///
/// # Safety
/// `values` holds values of these types, of the store.
unsafe fn tell(
    store: &mut RawStore<'_>,
    what: CallHook,
    types: &[ValueType],
    values: *mut ValRaw,
) -> Result<(), Pending> {
    let mut kept = Kept::begin(store);
    let told = catch(|| {
        // SAFETY: the caller's promise.
        unsafe { kept.root(store, types, values) }?;
        store.reborrow().call_hook(what)?;
        // SAFETY: the caller's promise.
        unsafe { kept.put_back(store, values) }
    });
    kept.end(store, told)
}
