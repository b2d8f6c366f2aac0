//! Host to Wasm: the one way in, and what becomes of a call that did not return.

use super::interrupts;
use crate::activation::context::{StoreContext, VMContext, VMFuncRef, VMHostContext};
use crate::activation::frames::{EntryFrame, STATUS_INTERRUPTED, STATUS_RETURNED, STATUS_TRAP};
use crate::activation::host_stacks::{HostStack, is_on_this_stack};
#[cfg(feature = "async")]
use crate::activation::suspension::Closed;
use crate::activation::{ValRaw, arch};
use crate::interrupt;
use crate::store::{Pending, RawStore, StoreOpaque};
use crate::trap::{Trap, WasmBacktrace};
use crate::{Error, Result};
use core::ptr::{self, NonNull};
use wasmetal_platform::Thread;

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
    store: RawStore<'_>,
    func: NonNull<VMFuncRef>,
    values: *mut ValRaw,
) -> Result<()> {
    let context = store.context.as_ptr();
    // SAFETY: the context lives as long as the store. The caller promises that the function belongs to
    // the store, whose func refs live as long as the store and do not change while no code runs.
    let ready = unsafe { is_ready(context) && !func.as_ref().entry.is_null() };
    // SAFETY: the caller's promise; being ready is what `enter` asks for.
    unsafe {
        match ready {
            true => enter(store, func, values),
            false => invoke_slowly(store, func, values),
        }
    }
}

/// Whether Wasm code can be entered at once: there is a Wasm stack, the host's stack has room, this
/// thread is prepared for traps, and nobody can interrupt the store.
///
/// # Safety
/// The context is one of a live store.
#[inline(always)]
pub(super) unsafe fn is_ready(context: *const StoreContext) -> bool {
    // SAFETY: the caller's promise.
    unsafe {
        // One compare for both ends: elsewhere lies the stack of another thread, whose limit is
        // another.
        let room = arch::stack_pointer().wrapping_sub((*context).host_stack_limit);
        room < (*context).host_stack_room
            && (*context).thread_init.is_none_or(|init| init().is_ok())
    }
}

/// Enters Wasm code.
///
/// # Safety
/// As for [`invoke`], and the store has a Wasm stack and the function an entry trampoline.
#[inline(always)]
unsafe fn enter(
    mut store: RawStore<'_>,
    func: NonNull<VMFuncRef>,
    values: *mut ValRaw,
) -> Result<()> {
    // SAFETY: the caller's promise.
    match unsafe { enter_only(&store, func, values) } {
        STATUS_RETURNED => Ok(()),
        status => Err(raise(&mut store, status)),
    }
}

/// Enters Wasm code: the status with which it ends.
///
/// # Safety
/// As for [`enter`].
#[inline(always)]
pub(super) unsafe fn enter_only(
    store: &RawStore<'_>,
    func: NonNull<VMFuncRef>,
    values: *mut ValRaw,
) -> usize {
    // SAFETY: the entry trampoline is that of the function's type, by the invariant of `VMFuncRef`; the
    // rest is the caller's promise.
    unsafe {
        let func = func.as_ref();
        arch::enter(
            func.vmctx,
            func.code,
            values,
            store.context.as_ptr(),
            func.entry,
        )
    }
}

/// Does what is left to do before the call, which is most often the first of a store or of a thread.
///
/// # Safety
/// As for [`invoke`].
#[cold]
#[inline(never)]
unsafe fn invoke_slowly(
    store: RawStore<'_>,
    func: NonNull<VMFuncRef>,
    values: *mut ValRaw,
) -> Result<()> {
    // SAFETY: the caller's promise; there is no calling instance.
    unsafe { invoke_told(store, func, values, ptr::null_mut()) }
}

/// As [`invoke_slowly`], for the instance whose vmctx is `caller`; null: for the host itself.
///
/// # Safety
/// As for [`invoke`]; `caller` is the vmctx of an instance of `store`, or null.
unsafe fn invoke_told(
    store: RawStore<'_>,
    func: NonNull<VMFuncRef>,
    values: *mut ValRaw,
    caller: *mut VMContext,
) -> Result<()> {
    // SAFETY: the caller's promise, which is also what the code of a store with a hook asks for.
    unsafe {
        match store.hooks.entry() {
            Some(enter) => enter(store, func, values, caller),
            None => invoke_untold(store, func, values, caller),
        }
    }
}

/// As [`invoke_told`], without a word to the store's call hook.
///
/// # Safety
/// As for [`invoke_told`].
pub(super) unsafe fn invoke_untold(
    mut store: RawStore<'_>,
    func: NonNull<VMFuncRef>,
    values: *mut ValRaw,
    caller: *mut VMContext,
) -> Result<()> {
    // SAFETY: as in `invoke`.
    if unsafe { func.as_ref() }.entry.is_null() {
        // SAFETY: only host functions lack an entry trampoline; the rest is the caller's promise.
        return unsafe { invoke_host(store, func, values, caller) };
    }
    // Dropped when the call has ended, also by a panic: it gives the store back to the thread that has lent it.
    prepare_stack(&mut store)?;
    let _elsewhere = prepare(&store)?;
    // SAFETY: `prepare_stack` made sure of the Wasm stack; the rest is the caller's promise.
    let enter = |store: RawStore<'_>| unsafe { enter(store, func, values) };
    match store.interrupts.is_some() {
        true => interrupts::enter(store, enter),
        false => enter(store),
    }
}

/// A call from a frame that is less shallow than this, in bytes above the one that set the limit, needs
/// no other limit: no more than a guard page, so that no other thread's stack is that near.
const SHALLOWER: usize = 4096;

/// A call on another thread's stack than the call around it. Dropping it gives the store back to that thread.
pub(super) struct Elsewhere {
    context: *mut StoreContext,
    limit: usize,
    room: usize,
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        let context = self.context;
        // SAFETY: the context lives as long as the store, which the owner of this has borrowed; no code runs in it now.
        unsafe {
            let stacks = &mut (*context).host_stacks;
            stacks.remove();
            let before = stacks.thread();
            (*context).host_stack_limit = self.limit;
            // A handle may have been made during the call: then the room must be 0, whatever it was before.
            (*context).host_stack_room = match (*context).interrupts.as_ref() {
                None => self.room,
                Some(_) => 0,
            };
            if let Some(interrupts) = (*context).interrupts.as_ref() {
                interrupt::give_back(interrupts, before);
            }
        }
    }
}

/// The calling thread; `None` where the platform has no names for them.
fn current_thread(store: &StoreOpaque) -> Option<Thread> {
    let platform = store.engine.platform();
    let has_names = platform.capabilities().interrupts;
    has_names.then(|| platform.current_thread())
}

/// Makes sure that there is a Wasm stack.
pub(super) fn prepare_stack(store: &mut StoreOpaque) -> Result<()> {
    if store.stack.is_none() {
        let context = store.context.as_ptr();
        let stack = store.engine.stacks().lease(context)?;
        // SAFETY: the store's own context (*owned*), in which no code runs now.
        unsafe {
            (*context).stack_pointer = stack.top();
            (*context).stack_limit = stack.limit();
        }
        store.stack = Some(stack);
    }
    Ok(())
}

/// Makes sure that the thread is prepared, and that the host's stack has room.
pub(super) fn prepare(store: &StoreOpaque) -> Result<Option<Elsewhere>> {
    if let Some(init) = store.engine.thread_init() {
        init()?;
    }
    let context = store.context.as_ptr();
    let thread = current_thread(store);
    let sp = arch::stack_pointer();
    // SAFETY: the store's own context (*owned*), in which no code runs now; entry frames are linked as long as their
    // calls last.
    let (innermost, here, outermost) = unsafe {
        let innermost = (*context).entry_frame;
        let on_this_stack = is_on_this_stack(context);
        let stacks = &mut (*context).host_stacks;
        if innermost.is_null() {
            stacks.begin(thread);
            (innermost, true, sp)
        } else {
            let here = stacks.thread() == thread || on_this_stack;
            let (mut outermost, mut frame) = (sp, innermost);
            for (i, stack) in stacks.iter().enumerate() {
                let is_here = if i == 0 { here } else { stack.thread == thread };
                while frame != stack.below {
                    if is_here {
                        outermost = frame.addr();
                    }
                    frame = (*frame.cast::<EntryFrame>()).previous_entry;
                }
            }
            (innermost, here, outermost)
        }
    };
    let limit = outermost.saturating_sub(store.engine.max_host_stack());
    if sp < limit {
        return Err(host_stack_overflow(store));
    }
    let elsewhere = match here {
        true => None,
        // SAFETY: the store's own context (*owned*), in which no code runs now.
        false => Some(unsafe {
            let below = innermost;
            (*context).host_stacks.add(HostStack { thread, below })?;
            if let Some(interrupts) = &store.interrupts {
                interrupt::hand_over(interrupts, thread);
            }
            Elsewhere {
                context,
                limit: (*context).host_stack_limit,
                room: (*context).host_stack_room,
            }
        }),
    };
    // SAFETY: the store's own context (*owned*), in which no code runs now.
    unsafe {
        (*context).host_stack_limit = limit;
        // No room: `is_ready` sends each entry of a store that can be interrupted the slow way, which puts it into the
        // list of its thread; and that of a store with a call hook, which tells that.
        (*context).host_stack_room = match store.interrupts.is_some() || store.hooks.are_set() {
            true => 0,
            false => (outermost - limit).saturating_add(SHALLOWER),
        };
    }
    Ok(elsewhere)
}

#[cold]
fn host_stack_overflow(store: &StoreOpaque) -> Error {
    failed(Trap::StackOverflow, store)
}

/// Calls the start function of an instance: if it is a host function, that instance is the caller.
///
/// # Safety
/// As for [`invoke`], with a function that has neither parameters nor results; `instance` is the vmctx of an instance of
/// `store`.
pub(crate) unsafe fn invoke_start(
    store: RawStore<'_>,
    func: NonNull<VMFuncRef>,
    instance: NonNull<VMContext>,
) -> Result<()> {
    // SAFETY: the caller's promise; only host functions lack an entry trampoline.
    unsafe {
        match func.as_ref().entry.is_null() {
            true => invoke_told(store, func, [].as_mut_ptr(), instance.as_ptr()),
            false => invoke(store, func, [].as_mut_ptr()),
        }
    }
}

/// Calls a host function, without Wasm code in between.
///
/// # Safety
/// As for [`invoke`], with a host function; `caller` is the vmctx of an instance of `store`, or null.
unsafe fn invoke_host(
    mut store: RawStore<'_>,
    func: NonNull<VMFuncRef>,
    values: *mut ValRaw,
    caller: *mut VMContext,
) -> Result<()> {
    // SAFETY: this has borrowed the store.
    #[cfg(feature = "async")]
    let _closed = unsafe { Closed::begin(store.context.as_ptr()) };
    // SAFETY: the caller's promise.
    match unsafe { call_host_only(&store, func, values, caller) } {
        STATUS_RETURNED => Ok(()),
        _ => Err(take_pending(&mut store)),
    }
}

/// Calls a host function, without Wasm code in between: its status.
///
/// # Safety
/// As for [`invoke_host`].
pub(super) unsafe fn call_host_only(
    store: &RawStore<'_>,
    func: NonNull<VMFuncRef>,
    values: *mut ValRaw,
    caller: *mut VMContext,
) -> usize {
    let context = store.context.as_ptr();
    // SAFETY: a func ref without an entry trampoline is a host function's, so its vmctx is a host
    // context; values and `caller` are the caller's promise. There is no reference to the func ref during the call, which
    // may fill its hole.
    unsafe {
        let host = (*func.as_ptr()).vmctx.cast::<VMHostContext>();
        (*context).caller = caller;
        ((*host).call)(host, values).status
    }
}

/// The error of a call that left Wasm code with a status other than [`STATUS_RETURNED`].
#[cold]
pub(super) fn raise(store: &mut StoreOpaque, status: usize) -> Error {
    let error = reason(store, status);
    store.call_failed(&error);
    error
}

fn reason(store: &mut StoreOpaque, status: usize) -> Error {
    // SAFETY: the context lives as long as the store; code that could write to it has been left.
    let raised = unsafe {
        let trap = &raw mut (*store.context.as_ptr()).trap;
        let raised = *trap;
        // A builtin or host function that fails writes the first three fields only. These would otherwise stay from an
        // interrupt or a fault before.
        (*trap).cut_off = None;
        (*trap).address = None;
        raised
    };
    let error = match (status, raised.trap) {
        (STATUS_TRAP, Some(trap)) => {
            if trap == Trap::OutOfFuel {
                store.out_of_fuel();
            }
            trap.into()
        }
        (STATUS_INTERRUPTED, _) => Trap::Interrupt.into(),
        _ => {
            if store.pending.as_ref().is_some_and(Pending::is_panic) {
                store.call_panicked();
            }
            let error = take_pending(store);
            if error.is::<WasmBacktrace>() {
                // A nested call of this store has attached a backtrace, in which the frames of this call are too.
                return error;
            }
            error
        }
    };
    with_backtrace(error, store, |trace| trace.add_left(store, &raised))
}

/// A trap without Wasm code that it has ended, with the backtrace of the calls that the host is in, as an error.
pub(crate) fn failed(trap: Trap, store: &StoreOpaque) -> Error {
    with_backtrace(trap.into(), store, |trace| trace.add_calls(store))
}

/// An error with a backtrace, unless these are off.
pub(super) fn with_backtrace(
    error: Error,
    store: &StoreOpaque,
    add_frames: impl FnOnce(&mut WasmBacktrace),
) -> Error {
    let limit = store.engine.max_backtrace_frames();
    if limit == 0 {
        return error;
    }
    let trap = error.downcast_ref::<Trap>().copied();
    // It is large: so its frames are added where it stays.
    let mut error = error.context(WasmBacktrace::empty(limit));
    match (error.downcast_mut(), trap) {
        (Some(trace), _) => add_frames(trace),
        // There is no memory for the backtrace. That is not why the call failed.
        (None, Some(trap)) => return trap.into(),
        (None, None) => (),
    }
    error
}

/// What a host function or builtin failed with.
pub(super) fn take_pending(store: &mut StoreOpaque) -> Error {
    match store.pending.take() {
        Some(reason) => reason.into_error(),
        None => crate::error::bounded::format_err!(
            "internal error: Wasm code was left without a reason"
        ),
    }
}
