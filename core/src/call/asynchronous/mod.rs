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
pub(super) use host::{go_on, wait};
pub(crate) use limited::limited;
#[cfg(feature = "threads")]
pub(crate) use memory::{can_wait_in_memory, wait_in_memory};
pub(super) use told::poll_told;
pub(crate) use yields::{yield_once, yield_until};

use super::entry::{
    call_host_only, enter_only, prepare, prepare_stack, raise, take_pending, with_backtrace,
};
use super::hooks::later::Event;
use super::interrupts;
use crate::activation::context::{StoreContext, VMContext, VMFuncRef};
use crate::activation::frames::{RaisedTrap, STATUS_PREEMPTED, STATUS_RETURNED, STATUS_SUSPENDED};
use crate::activation::suspension::{Polling, Suspension, Waits};
use crate::activation::{HostResult, ValRaw, arch};
use crate::error::bounded::format_err;
use crate::store::RawStore;
use crate::trap::Trap;
use crate::{Error, Result};
use alloc::boxed::Box;
use core::future::Future;
use core::mem::{self, MaybeUninit};
use core::pin::Pin;
use core::ptr::{self, NonNull};
use core::task::{Context, Poll};
use preempted::Polled;

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
    /// The way back into the code, while a host function that it has called waits: written by assembly, in an entry of this
    /// call.
    suspension: MaybeUninit<Suspension>,
    /// What the store's call hook was told of this call itself, and has not answered.
    told: Option<Box<Event>>,
}

/// How far a call has come.
#[allow(
    clippy::large_enum_variant,
    reason = "a box for each wait would cost more than the room in the future"
)]
enum State {
    /// It was not polled yet.
    New,
    Waiting(Waiting),
    Over,
}

/// A call that waits.
struct Waiting {
    what: What,
    /// Where the Wasm code was left.
    left: RaisedTrap,
}

/// What a call waits for.
enum What {
    /// A host function, which the call's suspension leads back from.
    Host(Waits),
    /// Its next turn: its time slice was over. Its registers are the store's.
    Turn,
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
            suspension: MaybeUninit::uninit(),
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

    /// Calls the function: the status.
    fn begin(&mut self) -> Result<usize> {
        let is_host = self.is_host();
        let (func, values) = (NonNull::from(&self.func), self.values);
        if is_host {
            // SAFETY: the promise of `new`; only host functions have no entry trampoline.
            return Ok(unsafe { call_host_only(&self.store, func, values, self.caller) });
        }
        prepare_stack(&mut self.store)?;
        let (store, suspension) = (&mut self.store, &mut self.suspension);
        // SAFETY: the promise of `new`; there is a Wasm stack.
        enter_on(store, suspension, |store, _| unsafe {
            enter_only(store, func, values)
        })
    }

    /// Goes on with what the call waits for: the status.
    fn resume(&mut self, waiting: Waiting) -> Result<usize> {
        let context = self.context();
        let What::Host(waits) = waiting.what else {
            // SAFETY: the store's own context (*owned*), in which no code runs now; the registers are there, since they were
            // kept.
            let at_call = unsafe {
                let at_call = || arch::at_call(&*(*context).registers);
                (!(*context).continues).then(at_call)
            };
            if let Some((suspension, registers)) = at_call {
                let suspension = &raw const suspension;
                // SAFETY: *suspended*: the Wasm stack is as the code left it, when a call had returned to it.
                return enter_on(&mut self.store, &mut self.suspension, |_, _| unsafe {
                    arch::resume(
                        context,
                        suspension,
                        preempted::go_back,
                        &raw const registers,
                    )
                });
            }
            // SAFETY: *suspended*: the Wasm stack is as the code left it, and the context has all its registers.
            return enter_on(&mut self.store, &mut self.suspension, |_, _| unsafe {
                arch::enter_by(context, preempted::go_on)
            });
        };
        let preserved = waits
            .preserved
            .as_deref()
            .map_or(ptr::null(), ptr::from_ref);
        // SAFETY: the store's own context (*owned*), in which no code runs now.
        unsafe { (*context).waits = Some(waits) };
        if self.is_host() {
            // SAFETY: no activation was between the host function and the host.
            return Ok(unsafe { host::go_on(context) }.status);
        }
        // SAFETY: *suspended*: this has borrowed the store since the suspension was made.
        // Before anything is polled, what is preserved has been copied.
        enter_on(
            &mut self.store,
            &mut self.suspension,
            |_, suspension| unsafe { arch::resume(context, suspension, host::go_on, preserved) },
        )
    }

    /// What the status of an entry means.
    fn ended(&mut self, status: usize, task: &Context<'_>) -> Poll<Result<()>> {
        let context = self.context();
        let what = match status {
            STATUS_RETURNED => return Poll::Ready(Ok(())),
            STATUS_PREEMPTED => Some(What::Turn),
            // SAFETY: the store's own context (*owned*), in which no code runs now.
            STATUS_SUSPENDED => unsafe { (*context).waits.take() }.map(What::Host),
            _ => None,
        };
        let Some(what) = what else {
            return Poll::Ready(Err(match self.is_host() {
                true => take_pending(&mut self.store),
                false => raise(&mut self.store, status),
            }));
        };
        // SAFETY: the store's own context (*owned*), in which no code runs now.
        let left = unsafe {
            if !self.is_host() {
                // The exit frame that may have been diverted is gone.
                (*context).forget_diversion();
            }
            // As after a trap: a host function that waits writes the first three fields only.
            let left = (*context).trap;
            (*context).trap.cut_off = None;
            left
        };
        let waiting = Waiting { what, left };
        match self.stopped_when_woken(task, Some(&waiting)) {
            None => {
                let has_turn = matches!(waiting.what, What::Turn);
                self.state = State::Waiting(waiting);
                if has_turn {
                    // Last: it may panic.
                    task.waker().wake_by_ref();
                }
                Poll::Pending
            }
            Some(error) => {
                self.forget_waker();
                abandon(self.store.reborrow(), waiting);
                Poll::Ready(Err(error))
            }
        }
    }

    /// From here on nobody need be woken for the call, which has waited.
    fn forget_waker(&self) {
        if let Some(interrupts) = &self.store.interrupts {
            interrupts.forget_waker();
        }
    }

    /// Has the task woken when the store is to stop: the error of the call, if it is by now.
    fn stopped_when_woken(
        &mut self,
        task: &Context<'_>,
        waiting: Option<&Waiting>,
    ) -> Option<Error> {
        match self.store.interrupts.as_ref()?.set_waker(task.waker()) {
            Ok(()) => self.stopped(waiting),
            Err(error) => {
                self.store.call_failed(&error);
                Some(error)
            }
        }
    }

    /// The error of the call, if the store is to stop; `waiting`: what its code waits for, if that has begun.
    fn stopped(&self, waiting: Option<&Waiting>) -> Option<Error> {
        let store = &self.store;
        let interrupts = store.interrupts.as_ref()?;
        if !interrupts.must_stop() {
            return None;
        }
        let error = with_backtrace(Trap::Interrupt.into(), store, |trace| match waiting {
            Some(waiting) if !self.is_host() => trace.add_left(store, &waiting.left),
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
        match self.store.hooks.poll() {
            None => self.poll_untold(task),
            // SAFETY: it is a call.
            Some((poll, tell)) => unsafe { poll(NonNull::from(&mut *self).cast(), task, tell) },
        }
    }
}

impl Call<'_> {
    /// Goes on with the call, as far as it can.
    ///
    /// # Panics
    /// If it was ready before; and with the panic of a host function (feature `std`).
    fn poll_untold(&mut self, task: &mut Context<'_>) -> Poll<Result<()>> {
        let this = self;
        // SAFETY: this has borrowed the store; the waker is there until this returns.
        let _polling = unsafe { Polling::begin(this.context(), task.waker()) };
        let before = mem::replace(&mut this.state, State::Over);
        let has_waited = matches!(before, State::Waiting(_));
        let result = match before {
            State::New => this.begin(),
            State::Waiting(waiting) => match this.stopped(Some(&waiting)) {
                None => this.resume(waiting),
                Some(error) => {
                    abandon(this.store.reborrow(), waiting);
                    Err(error)
                }
            },
            State::Over => panic!("a call was polled after it was ready"),
        };
        let polled = match result {
            Ok(status) => this.ended(status, task),
            Err(error) => {
                // It was not gone on with.
                // SAFETY: the store's own context (*owned*), in which no code runs now.
                if let Some(waits) = unsafe { (*this.context()).waits.take() } {
                    drop_waits(this.store.reborrow(), waits);
                }
                Poll::Ready(Err(error))
            }
        };
        if has_waited && polled.is_ready() {
            this.forget_waker();
        }
        polled
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        if self.told.take().is_some() {
            self.forget_waker();
        }
        if let State::Waiting(waiting) = mem::replace(&mut self.state, State::Over) {
            self.forget_waker();
            abandon(self.store.reborrow(), waiting);
            if let Some(tell) = self.store.hooks.tell() {
                self.tell_of_drop(tell);
            }
        }
    }
}

/// Enters code of an asynchronous call by `enter`, on this thread: the status. `enter` gets the place of the call's
/// suspension.
fn enter_on(
    store: &mut RawStore<'_>,
    suspension: &mut MaybeUninit<Suspension>,
    enter: impl FnOnce(&RawStore<'_>, *mut Suspension) -> usize,
) -> Result<usize> {
    // Dropped when the entry has ended, also by a panic.
    let _elsewhere = prepare(store)?;
    let suspension = suspension.as_mut_ptr();
    let _polled = Polled::begin(store, suspension);
    match store.interrupts.is_some() {
        true => interrupts::enter(store.reborrow(), |store| Ok(enter(&store, suspension))),
        false => Ok(enter(store, suspension)),
    }
}

/// Ends a call that waits.
fn abandon(store: RawStore<'_>, waiting: Waiting) {
    match waiting.what {
        What::Host(waits) => drop_waits(store, waits),
        // Nothing but the frames is there.
        What::Turn => {}
    }
}

/// Drops what a call waits for, and forgets what that has rooted. Who is to be told is.
fn drop_waits(mut store: RawStore<'_>, waits: Waits) {
    let Waits {
        scope, what, told, ..
    } = waits;
    drop(what);
    store.roots.leave(scope);
    if let Some(told) = told {
        // SAFETY: as it was called; nobody reads the values of one that has failed.
        unsafe { (told.returned)(told.host, told.values, HostResult::FAILED) };
        if store.pending.take().is_some() {
            // What the hook fails with ends nothing that would not end without it.
            store.set_exception_aside();
        }
    }
}

/// The error of a call that can't wait, of a host function that would have to; `by_wasm`: which Wasm code has called.
#[cold]
pub(super) fn would_wait(mut store: RawStore<'_>, by_wasm: bool) -> Error {
    let context = store.context.as_ptr();
    // SAFETY: the store's own context (*owned*), in which no code runs now.
    let (waits, left) = unsafe { ((*context).waits.take(), (*context).trap) };
    let who = waits.as_ref().map_or("the store", |waits| waits.what.who());
    let error = format_err!(
        "{who} has to wait, which only an asynchronous call can: use `call_async` or `instantiate_async`"
    );
    let error = with_backtrace(error, &store, |trace| match by_wasm {
        true => trace.add_left(&store, &left),
        false => trace.add_calls(&store),
    });
    store.call_failed(&error);
    if let Some(waits) = waits {
        drop_waits(store.reborrow(), waits);
    }
    error
}
