//! Calls of a store with a call hook: what the hook hears of, and what stays as it is meanwhile.

use super::host::run;
use crate::Result;
use crate::activation::context::{VMFuncRef, VMHostContext};
use crate::activation::{HostResult, ValRaw};
use crate::module::ValueType;
use crate::oom;
use crate::store::{CallHook, HostFunc, RawStore, Store, StoreContextMut};
use crate::types::FuncType;
use alloc::boxed::Box;
use core::ptr::NonNull;

impl<T: 'static> Store<T> {
    /// Has `hook` called at each change between the host's code and Wasm's, with what it is: for measuring, or for
    /// what must be undone while the host runs. It takes the place of one that was set before.
    ///
    /// An error that it returns before a function is called takes the place of the call; one after that takes the place
    /// of what the call returns. A host function that fails is told of as well, and so is a function that was left.
    /// While the hook runs it is not the store's: of calls that it makes itself in this store, it hears nothing. After a
    /// panic of its the store has none. Of a host function's panic it hears `ReturningFromHost`, which loses the panic if it
    /// fails, and not `ReturningFromWasm`: the panic goes on at once.
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
        self.raw().set_call_hook(hook, around);
    }
}

/// Makes a call into Wasm code, or of a host function by the host itself, by `call`; before and after it, tells the hook
/// of a store that has one.
///
/// # Errors
/// Those of `call`, or of the hook.
///
/// # Safety
/// `func` belongs to `store`; `values` has room for its parameters and its results, and holds the former now and the
/// latter after a call without an error.
pub(super) unsafe fn enter(
    mut store: RawStore<'_>,
    func: NonNull<VMFuncRef>,
    values: *mut ValRaw,
    call: impl FnOnce(RawStore<'_>) -> Result<()>,
) -> Result<()> {
    if !store.hooks.are_set() {
        return call(store);
    }
    // SAFETY: the store's func refs live as long as it does.
    let ty = FuncType::from_id(&store.engine, unsafe { func.as_ref() }.type_id);
    let ty = ty.canonical();
    // SAFETY: the caller's promise.
    unsafe { tell(&mut store, CallHook::CallingWasm, &ty.params, values) }?;
    let result = call(store.reborrow());
    let results = if result.is_ok() { &*ty.results } else { &[] };
    // SAFETY: the caller's promise.
    unsafe { tell(&mut store, CallHook::ReturningFromWasm, results, values) }?;
    result
}

/// Calls a host function; before and after it, tells the store's hook.
///
/// # Safety
/// As [`HostFunction`](crate::activation::HostFunction).
unsafe extern "C" fn around(host: *mut VMHostContext, values: *mut ValRaw) -> HostResult {
    // SAFETY: the contract, in all of the block: a host context is part of a function of its store, which lives as
    // long, and `values` holds parameters before the call and results after it. What the hook calls may change the
    // caller, which the function is to see.
    unsafe {
        let func = HostFunc::of(host);
        let ty = func.ty.canonical();
        let context = (*host).store;
        let caller = (*context).caller;
        let told = run(host, |store, _| {
            tell(store, CallHook::CallingHost, &ty.params, values)
        });
        if told.status != 0 {
            return told;
        }
        (*context).caller = caller;
        let result = (func.call)(host, values);
        let results = if result.status == 0 {
            &*ty.results
        } else {
            &[]
        };
        let told = run(host, |store, _| {
            tell(store, CallHook::ReturningFromHost, results, values)
        });
        match told.status {
            0 => result,
            _ => told,
        }
    }
}

/// Tells the hook. It may collect garbage, and call functions that fail: what refers to objects in `values`, and
/// why a call is failing, is kept meanwhile.
///
/// # Errors
/// That of the hook; what was the reason before is forgotten then. Or memory is exhausted.
///
/// # Safety
/// `values` holds values of these types, of the store.
unsafe fn tell(
    store: &mut RawStore<'_>,
    what: CallHook,
    types: &[ValueType],
    values: *mut ValRaw,
) -> Result<()> {
    let objects = || types.iter().enumerate().filter(|(_, ty)| is_object(ty));
    let count = objects().count();
    let mut roots = oom::vec(count)?;
    store.roots.room(count + 1)?;
    let (id, scope) = (store.id, store.roots.enter());
    let pending = store.pending.take();
    let exception = store.set_exception_aside();
    let exception = store.roots.push(id, exception);
    for (i, _) in objects() {
        // SAFETY: the caller's promise; a reference to an object is the lower half of its slot's first word.
        let reference = unsafe { &*values.add(i) }.get_i32() as u32;
        roots.push(store.roots.push(id, reference));
    }
    let mut result = store.reborrow().call_hook(what);
    if result.is_ok() {
        result = (|| {
            for ((i, _), root) in objects().zip(roots) {
                let reference = store.reference(root)? as i32;
                // SAFETY: the caller's promise.
                unsafe { values.add(i).write(ValRaw::i32(reference)) };
            }
            let exception = store.reference(exception)?;
            store.put_exception_back(exception);
            store.pending = pending;
            Ok(())
        })();
    }
    store.roots.leave(scope);
    result
}

/// Whether values of the type may refer to objects or values of the host.
fn is_object(ty: &ValueType) -> bool {
    matches!(ty, ValueType::Ref(ty) if !ty.heap.is_func())
}
