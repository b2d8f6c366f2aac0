//! Calls that may wait: the future of one, and how it goes on.
//!
//! A poll is an entry, with all that goes with one: the thread, the host's stack and the interrupts are those of who polls.
//! Between two polls nothing of the call is on a host's stack (`activation::suspension`).

mod host;
mod limited;
#[cfg(feature = "threads")]
mod memory;
mod preempted;
mod told;
mod yields;

pub(crate) use host::run;
pub(super) use host::wait;
pub(crate) use limited::limited;
#[cfg(feature = "threads")]
pub(crate) use memory::{can_wait_in_memory, wait_in_memory};
pub(super) use told::poll_told;
pub(crate) use yields::{yield_once, yield_until};

use super::entry::{
    call_host_only, enter_only, is_ready, prepare, prepare_stack, raise, take_pending,
    with_backtrace,
};
use super::hooks::later::Event;
use super::hooks::tell_in_vain;
use super::host::panics::catch;
use super::interrupts;
use crate::activation::context::{StoreContext, VMContext, VMFuncRef};
use crate::activation::frames::{RaisedTrap, STATUS_PREEMPTED, STATUS_RETURNED, STATUS_SUSPENDED};
use crate::activation::suspension::{Poller, Polling, Waits, Within};
use crate::activation::{HostResult, ValRaw, arch};
use crate::store::{CallHook, Pending, RawStore};
use crate::trap::Trap;
use crate::{Error, Result};
use alloc::boxed::Box;
use core::future::Future;
use core::mem;
use core::pin::Pin;
use core::ptr::{self, NonNull};
use core::task::{Context, Poll};
use preempted::Slice;

/// A call of a function, as a future: its results are in the slots when it is ready.
///
/// Dropping it ends the call: first what it waits for is dropped, then what that has rooted is forgotten. The frames of
/// the Wasm code are abandoned with that, as those of code that has trapped are.
pub(crate) struct Call<'a> {
    store: RawStore<'a>,
    /// As it was when the call was made: what is of use for a call does not change.
    func: VMFuncRef,
    values: *mut ValRaw,
    /// The instance that a host function is told to be called by; or null.
    caller: *mut VMContext,
    state: State,
    /// Where its Wasm code was left, if it waits.
    left: RaisedTrap,
    /// What it waits for, if that is a host function, and the way back from it.
    poller: Poller,
    /// What the store's call hook was told of this call itself, and has not answered.
    told: Option<Box<Event>>,
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It was not polled yet.
    New,
    /// It waits for a host function, or a builtin, which its poller has.
    Host,
    /// It waits for its next turn: its time slice was over. Its registers are the store's.
    Turn,
    Over,
}

// SAFETY: as a borrow of the store, with which it goes; the slots are its owner's, and what it waits for is `Send`.
unsafe impl Send for Call<'_> {}

impl<'a> Call<'a> {
    /// A call of `func` with the parameters in `values`. If that is a host function, it is called by the instance of
    /// `caller`, or by the host.
    ///
    /// # Safety
    /// As for [`entry::invoke`](super::entry::invoke) and [`entry::invoke_start`](super::entry::invoke_start), as long as
    /// the future lives: the slots stay where they are, and nobody else uses them.
    pub(crate) unsafe fn new(
        store: RawStore<'a>,
        func: NonNull<VMFuncRef>,
        values: *mut ValRaw,
        caller: *mut VMContext,
    ) -> Self {
        Self {
            store,
            // SAFETY: the caller's promise.
            func: unsafe { func.as_ref() }.clone(),
            values,
            caller,
            state: State::New,
            left: RaisedTrap::default(),
            poller: Poller::new(),
            told: None,
        }
    }

    fn context(&self) -> *mut StoreContext {
        self.store.context.as_ptr()
    }

    /// Whether it is a host function that the host calls.
    fn is_host(&self) -> bool {
        self.func.entry.is_null()
    }

    /// Calls the function, or goes on with what it waits for: the status.
    fn enter(&mut self, state: State) -> Result<usize> {
        if self.is_host() {
            return Ok(self.call_host(state));
        }
        prepare_stack(&mut self.store)?;
        // Dropped when the entry has ended, also by a panic.
        let _elsewhere = prepare(&self.store)?;
        let _slice = Slice::begin(&self.store);
        let (func, values, poller) = self.parts();
        // SAFETY: the promise of `new`, and *suspended*: this has borrowed the store since its code was left. There is a Wasm
        // stack, and the thread is prepared.
        let enter =
            |store: RawStore<'_>| unsafe { enter_wasm(&store, func, values, poller, state) };
        match self.store.interrupts.is_some() {
            true => interrupts::enter(self.store.reborrow(), |store| Ok(enter(store))),
            false => Ok(enter(self.store.reborrow())),
        }
    }

    /// What an entry needs besides the store.
    fn parts(&mut self) -> (NonNull<VMFuncRef>, *mut ValRaw, *mut Poller) {
        let func = NonNull::from(&self.func);
        (func, self.values, &raw mut self.poller)
    }

    /// Calls the host function, or goes on with it: the status.
    fn call_host(&mut self, state: State) -> usize {
        let context = self.context();
        let (func, values, poller) = self.parts();
        // SAFETY: the promise of `new`; only host functions have no entry trampoline, and no activation is between one that
        // waits and the host.
        unsafe {
            Poller::calls_host(poller, context);
            let _within = Within::begin(context, poller);
            match state {
                State::Host => {
                    let go_on = (*poller).waits.as_ref().unwrap_unchecked().go_on;
                    go_on(context, &raw mut (*poller).waits).status
                }
                _ => call_host_only(&self.store, func, values, self.caller),
            }
        }
    }

    /// What the status of an entry means.
    fn ended(&mut self, status: usize, task: &Context<'_>) -> Poll<Result<()>> {
        let state = match status {
            STATUS_RETURNED => return Poll::Ready(Ok(())),
            STATUS_PREEMPTED => State::Turn,
            STATUS_SUSPENDED => State::Host,
            _ => {
                return Poll::Ready(Err(match self.is_host() {
                    true => take_pending(&mut self.store),
                    false => raise(&mut self.store, status),
                }));
            }
        };
        let context = self.context();
        // SAFETY: the store's own context (*owned*), in which no code runs now.
        unsafe {
            if !self.is_host() {
                // The exit frame that may have been diverted is gone.
                (*context).forget_diversion();
            }
            // As after a trap: a host function that waits writes the first three fields only.
            self.left = (*context).trap;
            (*context).trap.cut_off = None;
        }
        match self.stopped_when_woken(task, true) {
            None => {
                self.state = state;
                if state == State::Turn {
                    // Last: it may panic.
                    task.waker().wake_by_ref();
                }
                Poll::Pending
            }
            Some(error) => {
                self.forget_waker();
                Poll::Ready(Err(self.abandon().err().map_or(error, Pending::into_error)))
            }
        }
    }

    /// Ends what the call waits for, and forgets what that has rooted. Who is to be told is.
    ///
    /// # Errors
    /// The panic of what it waits for.
    fn abandon(&mut self) -> Result<(), Pending> {
        match self.poller.waits.take() {
            Some(waits) => drop_waits(self.store.reborrow(), waits),
            // After the end of a slice, nothing but the frames is there.
            None => Ok(()),
        }
    }

    /// From here on nobody need be woken for the call, which has waited.
    fn forget_waker(&self) {
        if let Some(interrupts) = &self.store.interrupts {
            interrupts.forget_waker();
        }
    }

    /// Has the task woken when the store is to stop: the error of the call, if it is by now. `waiting`: whether its code has
    /// begun, and waits.
    fn stopped_when_woken(&mut self, task: &Context<'_>, waiting: bool) -> Option<Error> {
        match self.store.interrupts.as_ref()?.set_waker(task.waker()) {
            Ok(()) => self.stopped(waiting),
            Err(error) => {
                self.store.call_failed(&error);
                Some(error)
            }
        }
    }

    /// The error of the call, if the store is to stop; `waiting`: whether its code has begun, and waits.
    fn stopped(&self, waiting: bool) -> Option<Error> {
        let store = &self.store;
        let interrupts = store.interrupts.as_ref()?;
        if !interrupts.must_stop() {
            return None;
        }
        let error = with_backtrace(Trap::Interrupt.into(), store, |trace| match waiting {
            true if !self.is_host() => trace.add_left(store, &self.left),
            _ => trace.add_calls(store),
        });
        store.call_interrupted(interrupts);
        Some(error)
    }
}

impl Future for Call<'_> {
    type Output = Result<()>;

    /// # Panics
    /// If it was ready before; and with the panic of a host function (feature `std`).
    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Result<()>> {
        let this = &mut *self;
        // SAFETY: the context lives as long as the store.
        let is_ready = unsafe { is_ready(this.context()) };
        let may_go_on = matches!(this.state, State::New | State::Host) && !this.is_host();
        match is_ready && may_go_on {
            true => this.poll_at_once(task),
            false => this.poll_slowly(task),
        }
    }
}

impl Call<'_> {
    /// As [`poll_slowly`](Self::poll_slowly), where nobody is told of the call, and nobody can interrupt the store; the
    /// thread is prepared. It has not been ready.
    fn poll_at_once(&mut self, task: &Context<'_>) -> Poll<Result<()>> {
        let context = self.context();
        let state = mem::replace(&mut self.state, State::Over);
        let status = {
            // SAFETY: this has borrowed the store; the waker is there until this returns.
            let _polling = unsafe { Polling::begin(context, task.waker()) };
            let (func, values, poller) = self.parts();
            // SAFETY: as in `enter`; the context is ready.
            unsafe { enter_wasm(&self.store, func, values, poller, state) }
        };
        // SAFETY: the store's own context (*owned*), in which no code runs now.
        let left = unsafe { (*context).interrupts.is_null().then_some((*context).trap) };
        match (status, left) {
            (STATUS_RETURNED, _) => Poll::Ready(Ok(())),
            (STATUS_SUSPENDED, Some(left)) => {
                self.left = RaisedTrap {
                    pc: left.pc,
                    fp: left.fp,
                    entry_frame: left.entry_frame,
                    ..RaisedTrap::default()
                };
                self.state = State::Host;
                Poll::Pending
            }
            (status, _) => self.ended(status, task),
        }
    }

    /// Goes on with the call, as far as it can.
    ///
    /// # Panics
    /// If it was ready before; and with the panic of a host function (feature `std`).
    #[inline(never)]
    fn poll_slowly(&mut self, task: &mut Context<'_>) -> Poll<Result<()>> {
        match self.store.hooks.poll() {
            None => self.poll_untold(task),
            // SAFETY: it is a call.
            Some((poll, tell)) => unsafe { poll(NonNull::from(self).cast(), task, tell) },
        }
    }

    /// As [`poll_slowly`](Self::poll_slowly), without a word to the store's call hook.
    ///
    /// # Panics
    /// As for [`poll_slowly`](Self::poll_slowly).
    fn poll_untold(&mut self, task: &mut Context<'_>) -> Poll<Result<()>> {
        // SAFETY: this has borrowed the store; the waker is there until this returns.
        let _polling = unsafe { Polling::begin(self.context(), task.waker()) };
        let state = mem::replace(&mut self.state, State::Over);
        let has_waited = match state {
            State::New => false,
            State::Host | State::Turn => true,
            State::Over => panic!("a call was polled after it was ready"),
        };
        let stopped = match has_waited {
            true => self.stopped(true),
            false => None,
        };
        let entered = match stopped {
            None => self.enter(state),
            Some(error) => Err(error),
        };
        let polled = match entered {
            Ok(status) => self.ended(status, task),
            Err(error) => {
                // It was not gone on with.
                Poll::Ready(Err(self.abandon().err().map_or(error, Pending::into_error)))
            }
        };
        if has_waited && polled.is_ready() {
            self.forget_waker();
        }
        polled
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        if self.told.take().is_some() {
            self.forget_waker();
        }
        if matches!(self.state, State::Host | State::Turn) {
            self.forget_waker();
            let abandoned = self.abandon();
            if let Some(tell) = self.store.hooks.tell() {
                // SAFETY: it is this store's.
                unsafe { tell_in_vain(&mut self.store, tell, CallHook::ReturningFromWasm) };
            }
            if let Err(reason) = abandoned {
                // A panic, which goes on.
                drop(reason.into_error());
            }
        }
    }
}

/// Calls a Wasm function, or goes on with its code: the status.
///
/// # Safety
/// As for [`enter_only`], of a call that is in this state; what it waits for, if it does, is the poller's, and its Wasm stack
/// as it was left (*suspended*). Nobody else uses the poller.
#[inline(always)]
unsafe fn enter_wasm(
    store: &RawStore<'_>,
    func: NonNull<VMFuncRef>,
    values: *mut ValRaw,
    poller: *mut Poller,
    state: State,
) -> usize {
    let context = store.context.as_ptr();
    // SAFETY: the caller's promise. Before anything is polled, what is preserved has been copied.
    unsafe {
        Poller::calls_wasm(poller, context);
        let _within = Within::begin(context, poller);
        match state {
            State::New => enter_only(store, func, values),
            State::Host => {
                let waits = &raw mut (*poller).waits;
                let Waits {
                    go_on, preserved, ..
                } = (*waits).as_ref().unwrap_unchecked();
                let preserved = preserved.as_deref().map_or(ptr::null(), ptr::from_ref);
                let suspension = (*poller).suspension.as_ptr();
                arch::resume(context, suspension, *go_on, preserved, waits)
            }
            State::Turn | State::Over => preempted::go_on_from(context),
        }
    }
}

/// Drops what a call waits for, and forgets what that has rooted. Who is to be told is.
///
/// # Errors
/// The panic of what it waits for.
fn drop_waits(mut store: RawStore<'_>, waits: Waits) -> Result<(), Pending> {
    let Waits {
        scope, what, told, ..
    } = waits;
    let dropped = catch(|| {
        drop(what);
        Ok(())
    });
    store.roots.leave(scope);
    if let Some(told) = told {
        // SAFETY: as it was called; nobody reads the values of one that has failed.
        unsafe { (told.returned)(told.host, told.values, HostResult::FAILED) };
        if store.pending.take().is_some() {
            // What the hook fails with ends nothing that would not end without it.
            store.set_exception_aside();
        }
    }
    dropped
}
