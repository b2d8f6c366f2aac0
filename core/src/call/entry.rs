//! Host to Wasm: the one way in, and what becomes of a call that did not return.

use super::ValRaw;
use super::arch::{self, EntryFrame};
use super::host_stacks::{HostStack, HostStacks};
use crate::instance::vmctx::{NO_FUNCTIONS, StoreContext, VMContext, VMFuncRef, VMHostContext};
use crate::interrupt::{self, NOT_ENTERING};
use crate::store::{Pending, RawStore, StoreOpaque};
use crate::trap::{RaisedTrap, Trap, WasmBacktrace};
use crate::{Engine, Error, Result};
use anyhow::Context as _;
use core::convert::Infallible;
use core::ptr::{self, NonNull};
use core::sync::atomic::AtomicUsize;

/// The context of a store that has run nothing yet. The store sets `store` when it has its address.
pub(crate) fn new_context(engine: &Engine) -> StoreContext {
    StoreContext {
        entry_frame: ptr::null_mut(),
        stack_pointer: ptr::null_mut(),
        caller: ptr::null_mut(),
        stack_limit: 0,
        host_call: arch::host_call as *const u8,
        heap_base: ptr::null_mut(),
        heap_length: 0,
        heap_next: 0,
        heap_limit: 0,
        displays: engine.types().displays(),
        fuel: 0,
        functions: &raw const NO_FUNCTIONS.0,
        function_mask: 0,
        zero: 0,
        host_stack_limit: usize::MAX,
        host_stack_room: 0,
        host_stacks: HostStacks::default(),
        interrupts: ptr::null(),
        entering: AtomicUsize::new(NOT_ENTERING),
        diverted: AtomicUsize::new(0),
        thread_init: engine.thread_init(),
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
unsafe fn is_ready(context: *const StoreContext) -> bool {
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
    // SAFETY: the entry trampoline is that of the function's type, by the invariant of `VMFuncRef`; the
    // rest is the caller's promise.
    let status = unsafe {
        let func = func.as_ref();
        arch::enter(
            func.vmctx,
            func.code,
            values,
            store.context.as_ptr(),
            func.entry,
        )
    };
    match status {
        0 => Ok(()),
        status => Err(raise(&mut store, status)),
    }
}

/// Does what is left to do before the call, which is most often the first of a store or of a thread.
///
/// # Safety
/// As for [`invoke`].
#[cold]
#[inline(never)]
unsafe fn invoke_slowly(
    mut store: RawStore<'_>,
    func: NonNull<VMFuncRef>,
    values: *mut ValRaw,
) -> Result<()> {
    // SAFETY: as in `invoke`.
    if unsafe { func.as_ref() }.entry.is_null() {
        // SAFETY: only host functions lack an entry trampoline, and the host itself calls; the rest is the caller's
        // promise.
        return unsafe { invoke_host(store, func, values, ptr::null_mut()) };
    }
    // Until the call has ended, by a panic too.
    let _elsewhere = prepare(&mut store)?;
    // SAFETY: `prepare` made sure of the Wasm stack; the rest is the caller's promise.
    let enter = |store: RawStore<'_>| unsafe { enter(store, func, values) };
    match store.interrupts.is_some() {
        true => interrupt::enter(store, enter),
        false => enter(store),
    }
}

/// A call from a frame that is less shallow than this, in bytes above the one that set the limit, needs
/// no other limit: no more than a guard page, so that no other thread's stack is that near.
const SHALLOWER: usize = 4096;

/// A call on another thread's stack than the call around it. Dropping it gives the store back to that thread.
struct Elsewhere {
    context: *mut StoreContext,
    thread: u64,
    limit: usize,
    room: usize,
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        let context = self.context;
        // SAFETY: the context lives as long as the store, which whoever has this has borrowed; no code runs in it now.
        unsafe {
            let stacks = &mut (*context).host_stacks;
            stacks.remove();
            let before = stacks.thread();
            (*context).host_stack_limit = self.limit;
            // It may be one that can be interrupted by now.
            (*context).host_stack_room = match (*context).interrupts.as_ref() {
                None => self.room,
                Some(_) => 0,
            };
            if let Some(interrupts) = (*context).interrupts.as_ref() {
                interrupt::hand_over(interrupts, before, self.thread);
            }
        }
    }
}

/// The platform's name of the calling thread; 0 where that has none.
fn current_thread(store: &StoreOpaque) -> u64 {
    let platform = store.engine.platform();
    match platform.capabilities().interrupts {
        true => platform.current_thread(),
        false => 0,
    }
}

/// The thread of the Wasm code of a store that has called the host. That may have lent the store to `current`, which
/// asks.
///
/// # Safety
/// The context is a live store's, whose Wasm code has called.
pub(crate) unsafe fn calling_thread(context: *const StoreContext, current: u64) -> u64 {
    // SAFETY: the caller's promise.
    unsafe {
        match is_on_this_stack(context) {
            true => current,
            false => (*context).host_stacks.thread(),
        }
    }
}

/// Whether the innermost call of a store is on the stack of who asks, where that has room for more. The names of
/// threads do not say all: a thread may come to the stack of one that is gone, and take the short way in.
///
/// # Safety
/// The context is a live store's, in which no code runs.
unsafe fn is_on_this_stack(context: *const StoreContext) -> bool {
    // SAFETY: the caller's promise.
    let (limit, frame) = unsafe { ((*context).host_stack_limit, (*context).entry_frame) };
    (limit..frame.addr()).contains(&arch::stack_pointer())
}

/// Makes sure that the thread is prepared, that there is a Wasm stack, and that the host's stack has
/// room.
fn prepare(store: &mut StoreOpaque) -> Result<Option<Elsewhere>> {
    if let Some(init) = store.engine.thread_init() {
        init()?;
    }
    let context = store.context.as_ptr();
    if store.stack.is_none() {
        let stack = store.engine.stacks().lease(context)?;
        // SAFETY: the context lives as long as the store, and no code runs in it now.
        unsafe {
            (*context).stack_pointer = stack.top();
            (*context).stack_limit = stack.limit();
        }
        store.stack = Some(stack);
    }
    let thread = current_thread(store);
    let sp = arch::stack_pointer();
    // SAFETY: as above; entry frames are linked as long as their calls last.
    let (innermost, here, outermost) = unsafe {
        let innermost = (*context).entry_frame;
        let on_this_stack = is_on_this_stack(context);
        let stacks = &mut (*context).host_stacks;
        if innermost.is_null() {
            stacks.begin(thread);
        }
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
    };
    let limit = outermost.saturating_sub(store.engine.max_host_stack());
    if sp < limit {
        return Err(host_stack_overflow(store));
    }
    let elsewhere = match here {
        true => None,
        // SAFETY: as above.
        false => Some(unsafe {
            let below = innermost;
            (*context).host_stacks.add(HostStack { thread, below })?;
            if let Some(interrupts) = &store.interrupts {
                interrupt::hand_over(interrupts, thread, thread);
            }
            Elsewhere {
                context,
                thread,
                limit: (*context).host_stack_limit,
                room: (*context).host_stack_room,
            }
        }),
    };
    // SAFETY: as above.
    unsafe {
        (*context).host_stack_limit = limit;
        // Each entry of a store that can be interrupted takes the slow way.
        (*context).host_stack_room = match store.interrupts {
            Some(_) => 0,
            None => (outermost - limit).saturating_add(SHALLOWER),
        };
    }
    Ok(elsewhere)
}

#[cold]
fn host_stack_overflow(store: &StoreOpaque) -> Error {
    trap_error(Trap::StackOverflow, WasmBacktrace::for_error(store))
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
            true => invoke_host(store, func, [].as_mut_ptr(), instance.as_ptr()),
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
    let context = store.context.as_ptr();
    // SAFETY: a func ref without an entry trampoline is a host function's, so its vmctx is a host
    // context; values and `caller` are the caller's promise. There is no reference to the func ref during the call, which
    // may fill its hole.
    let result = unsafe {
        let host = (*func.as_ptr()).vmctx.cast::<VMHostContext>();
        (*context).caller = caller;
        ((*host).call)(host, values)
    };
    match result.status {
        0 => Ok(()),
        _ => Err(take_pending(&mut store)),
    }
}

/// The error of a call that left Wasm code with a status other than 0.
#[cold]
fn raise(store: &mut StoreOpaque, status: usize) -> Error {
    let error = reason(store, status);
    if store.interrupts.is_some() {
        interrupt::left(store, &error);
    }
    error
}

fn reason(store: &mut StoreOpaque, status: usize) -> Error {
    // SAFETY: the context lives as long as the store; code that could write to it has been left.
    let raised = unsafe {
        let trap = &raw mut (*store.context.as_ptr()).trap;
        let raised = *trap;
        // A builtin that fails writes the rest only.
        (*trap).interrupted = None;
        raised
    };
    match (status, raised.trap) {
        (arch::STATUS_TRAP, Some(trap)) => {
            if trap == Trap::OutOfFuel {
                store.out_of_fuel();
            }
            return trap_error(trap, WasmBacktrace::of_trap(store, &raised));
        }
        (arch::STATUS_INTERRUPTED, _) => {
            return trap_error(Trap::Interrupt, WasmBacktrace::of_trap(store, &raised));
        }
        _ => {}
    }
    let error = take_pending(store);
    if error.downcast_ref::<WasmBacktrace>().is_some() {
        // A nested call of this store has attached it, with these frames included.
        return error;
    }
    match WasmBacktrace::of_trap(store, &raised) {
        Some(backtrace) => error.context(backtrace),
        None => error,
    }
}

/// A trap and its backtrace as an error: one allocation, unlike context that is added later.
pub(crate) fn trap_error(trap: Trap, backtrace: Option<WasmBacktrace>) -> Error {
    let Some(backtrace) = backtrace else {
        return trap.into();
    };
    let trap: core::result::Result<Infallible, Trap> = Err(trap);
    match trap.context(backtrace) {
        Ok(never) => match never {},
        Err(error) => error,
    }
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
