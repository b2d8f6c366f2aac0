//! Host to Wasm: the one way in, and what becomes of a call that did not return.

use super::{ValRaw, arch};
use crate::instance::vmctx::{StoreContext, VMFuncRef, VMHostContext};
use crate::store::{Pending, StoreOpaque};
use crate::trap::{RaisedTrap, Trap, WasmBacktrace};
use crate::{Error, Result};
use core::ptr::{self, NonNull};

/// The context of a store that has run nothing yet. The store sets `store` when it has its address.
pub(crate) fn new_context() -> StoreContext {
    StoreContext {
        entry_frame: ptr::null_mut(),
        stack_pointer: ptr::null_mut(),
        caller: ptr::null_mut(),
        stack_limit: 0,
        host_call: arch::host_call as *const u8,
        host_stack_limit: 0,
        trap: RaisedTrap::default(),
        store: None,
    }
}

/// Calls a function with the parameters in `values`, and leaves its results there.
///
/// # Errors
/// The trap, with its backtrace, or the host function's own error.
///
/// # Panics
/// Goes on with the panic of a host function that Wasm code called.
///
/// # Safety
/// `func` belongs to `store`. `values` has as many slots as the function has parameters or results,
/// whichever is more, and holds values of its parameters' types that belong to `store`.
#[inline]
pub(crate) unsafe fn invoke(
    store: &mut StoreOpaque,
    func: NonNull<VMFuncRef>,
    values: *mut ValRaw,
) -> Result<()> {
    let context = store.context.as_ptr();
    // SAFETY: the caller promises that the function belongs to the store, whose func refs live as long
    // as the store and do not change while no code runs.
    let func = unsafe { func.as_ref() };
    if func.entry.is_null() {
        // SAFETY: only host functions lack an entry trampoline; the rest is the caller's promise.
        return unsafe { invoke_host(store, func, values) };
    }
    prepare(store, context)?;
    // SAFETY: the entry trampoline is that of the function's type, by the invariant of `VMFuncRef`;
    // `prepare` made sure of the Wasm stack; values are the caller's promise.
    let status = unsafe { arch::enter(func.vmctx, func.code, values, context, func.entry) };
    if status == 0 {
        Ok(())
    } else {
        Err(raise(store, status))
    }
}

/// Makes sure that there is a Wasm stack to enter and enough of the host's stack to nest.
#[inline]
fn prepare(store: &mut StoreOpaque, context: *mut StoreContext) -> Result<()> {
    let sp = approximate_sp();
    // SAFETY: the context lives as long as the store, and no code runs in it now.
    unsafe {
        if (*context).entry_frame.is_null() {
            if (*context).stack_pointer.is_null() || store.engine.thread_init().is_some() {
                prepare_outermost(store, context)?;
            }
            (*context).host_stack_limit = sp.saturating_sub(store.engine.max_host_stack());
            Ok(())
        } else if sp >= (*context).host_stack_limit {
            Ok(())
        } else {
            Err(host_stack_overflow(store))
        }
    }
}

/// The address of something in the current frame.
#[inline(always)]
fn approximate_sp() -> usize {
    let here = 0_u8;
    core::hint::black_box(&raw const here).addr()
}

#[cold]
fn prepare_outermost(store: &mut StoreOpaque, context: *mut StoreContext) -> Result<()> {
    if let Some(init) = store.engine.thread_init() {
        init()?;
    }
    if store.stack.is_none() {
        let stack = store.engine.stacks().lease(context)?;
        // SAFETY: as in `prepare`.
        unsafe {
            (*context).stack_pointer = stack.top();
            (*context).stack_limit = stack.limit();
        }
        store.stack = Some(stack);
    }
    Ok(())
}

#[cold]
fn host_stack_overflow(store: &StoreOpaque) -> Error {
    Error::from(Trap::StackOverflow).context(WasmBacktrace::of_calls(store))
}

/// Calls a host function from the host.
#[cold]
unsafe fn invoke_host(
    store: &mut StoreOpaque,
    func: &VMFuncRef,
    values: *mut ValRaw,
) -> Result<()> {
    let context = store.context.as_ptr();
    let host = func.vmctx.cast::<VMHostContext>();
    // SAFETY: a func ref without an entry trampoline is a host function's, so its vmctx is a host
    // context; values are the caller's promise. No Wasm code is the caller.
    let result = unsafe {
        (*context).caller = ptr::null_mut();
        ((*host).call)(host, values)
    };
    match result.status {
        0 => Ok(()),
        _ => Err(take_pending(store)),
    }
}

/// The error of a call that left Wasm code with a status other than 0.
#[cold]
fn raise(store: &mut StoreOpaque, status: usize) -> Error {
    // SAFETY: the context lives as long as the store; code that could write to it has been left.
    let raised = unsafe { (*store.context.as_ptr()).trap };
    let error = match (status, raised.trap) {
        (arch::STATUS_TRAP, Some(trap)) => Error::from(trap),
        _ => take_pending(store),
    };
    if error.downcast_ref::<WasmBacktrace>().is_some() {
        // A nested call of this store has attached it, with these frames included.
        return error;
    }
    error.context(WasmBacktrace::of_trap(store, &raised))
}

/// What a host function or builtin failed with.
fn take_pending(store: &mut StoreOpaque) -> Error {
    match store.pending.take() {
        Some(Pending::Error(error)) => error,
        #[cfg(feature = "std")]
        Some(Pending::Panic(payload)) => std::panic::resume_unwind(payload),
        None => anyhow::anyhow!("internal error: Wasm code was left without a reason"),
    }
}
