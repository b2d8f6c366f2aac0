//! Interrupts: how a store is stopped from outside, without any check in the code that it runs.
//!
//! Whoever interrupts a store leaves a mark in its [`Interrupts`] and has the platform ask the trap hook on the
//! thread that runs the store: [`hook`]. A deadline does the same by that thread's timer. Where the
//! hook finds the store decides what happens:
//!
//! - in Wasm code: it is left there and then, as after a trap;
//! - in a host function or a builtin: the exit frame is diverted (`call::arch::divert`), so that the return to Wasm
//!   code leads out of it;
//! - on the way in, in the few instructions between host and Wasm, or with a lock taken that the hook needs:
//!   the hook is asked again some microseconds later;
//! - nowhere: the next call finds the mark.
//!
//! Only stores that have a handle or a deadline take part. Each of their entries goes the slow way
//! ([`enter`]); all else costs them nothing.

// Without a compiler nobody compiles for a store.
#[cfg(feature = "compile")]
mod compiling;
mod hook;
pub(crate) mod pieces;
mod stores;

#[cfg(feature = "compile")]
pub(crate) use compiling::{prepare_timer, reset_timer};
pub(crate) use hook::hook;
pub(crate) use pieces::Pieces;
pub(crate) use stores::unregister;

use crate::Result;
use crate::call::arch;
use crate::call::entry::{calling_thread, trap_error};
use crate::error::{Error, ensure};
use crate::instance::vmctx::StoreContext;
use crate::oom::Watch;
use crate::store::{RawStore, StoreOpaque};
use crate::trap::{Trap, WasmBacktrace};
use alloc::sync::Arc;
use core::fmt;
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use core::time::Duration;
use pieces::Steps;
use wasmetal_platform::Platform;

/// [`StoreContext::entering`] while no entry is on its way: no frame's address.
pub(crate) const NOT_ENTERING: usize = usize::MAX;

/// [`Interrupts::deadline`] while there is none.
pub(crate) const NO_DEADLINE: u64 = u64::MAX;

/// How long the hook waits before it looks again for the first time, in nanoseconds; each time twice as long, so
/// that the interrupted code gets on between two looks, however slow the machine.
const FIRST_RETRY: u64 = 500;
/// How often it doubles that: up to 8 milliseconds.
const DOUBLINGS: u32 = 14;

/// Values of [`Interrupts::word`].
pub(crate) const WAITING: u32 = 0;
pub(crate) const NOTIFIED: u32 = 1;
const INTERRUPTED: u32 = 2;

/// What a store shares with those who interrupt it and with the trap hook.
pub(crate) struct Interrupts {
    platform: &'static dyn Platform,
    /// Somebody has interrupted the store, and no call has ended because of that.
    pending: AtomicBool,
    /// When the store is to stop, in nanoseconds of the platform's clock.
    deadline: AtomicU64,
    /// The thread that runs the store; 0: none, or one that does not know yet that it can be interrupted.
    thread: AtomicU64,
    /// A call has ended because of what still stands, but calls around it have not.
    delivered: AtomicBool,
    /// How often the hook has come at a bad moment since the outermost call began.
    retries: AtomicU32,
    /// What the store's thread is parked on when it waits in a shared memory.
    word: Arc<AtomicU32>,
}

impl Interrupts {
    fn now(&self) -> u64 {
        nanoseconds(self.platform.now())
    }

    /// When the store is to stop, in nanoseconds of the platform's clock.
    pub(crate) fn deadline(&self) -> u64 {
        self.deadline.load(Ordering::Relaxed)
    }

    /// Whether the store is to run no further. Any thread may ask; the hook too.
    pub(crate) fn must_stop(&self) -> bool {
        self.pending.load(Ordering::SeqCst) || {
            let deadline = self.deadline();
            deadline != NO_DEADLINE && deadline <= self.now()
        }
    }

    /// How long the store may run from now on; `None` if nothing limits it.
    #[cfg_attr(not(feature = "threads"), expect(dead_code, reason = "nobody waits"))]
    pub(crate) fn time_left(&self) -> Option<Duration> {
        match self.deadline() {
            NO_DEADLINE => None,
            deadline => Some(Duration::from_nanos(deadline.saturating_sub(self.now()))),
        }
    }

    /// What the store's thread is parked on when it waits in a shared memory.
    #[cfg_attr(not(feature = "threads"), expect(dead_code, reason = "nobody waits"))]
    pub(crate) fn word(&self) -> &Arc<AtomicU32> {
        &self.word
    }

    fn interrupt(&self) {
        self.pending.store(true, Ordering::SeqCst);
        let parked =
            self.word
                .compare_exchange(WAITING, INTERRUPTED, Ordering::SeqCst, Ordering::Relaxed);
        if parked.is_ok() && self.platform.capabilities().park {
            self.platform.unpark(&self.word);
        }
        // Whoever enters names its thread first and looks for the mark then. So it sees the mark,
        // or it is seen here.
        match self.thread.load(Ordering::SeqCst) {
            0 => {}
            thread => self.platform.interrupt(thread),
        }
    }

    /// How long until the hook is to look again.
    fn retry(&self) -> Duration {
        retry(&self.retries)
    }
}

/// How long until the hook is to look again, after so many looks in vain.
fn retry(retries: &AtomicU32) -> Duration {
    let retries = retries.fetch_add(1, Ordering::Relaxed);
    Duration::from_nanos(FIRST_RETRY << retries.min(DOUBLINGS))
}

impl fmt::Debug for Interrupts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interrupts")
            .field("pending", &self.pending)
            .field("deadline", &self.deadline)
            .field("thread", &self.thread)
            .finish_non_exhaustive()
    }
}

/// Never [`NO_DEADLINE`], but for a time that never comes.
pub(crate) fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(NO_DEADLINE)
}

/// Interrupts a store from any thread, core or interrupt handler:
/// [`Store::interrupt_handle`](crate::Store::interrupt_handle) makes it.
///
/// It outlives the store. To interrupt a store that was dropped does nothing.
#[derive(Clone, Debug)]
pub struct InterruptHandle(Arc<Interrupts>);

impl InterruptHandle {
    /// Ends what the store runs, soon, with [`Trap::Interrupt`].
    ///
    /// - Wasm code is ended at the instruction where it stands. What it has written to memories, globals and
    ///   tables stays; the store can be used on.
    /// - A host function that Wasm code has called is not disturbed; the Wasm code ends when that returns. Long
    ///   builtins (`memory.fill`, `table.copy`) end between two pieces of their work, a thread that waits in
    ///   `memory.atomic.wait` at once. A collection of garbage is finished first:
    ///   [`Store::set_deadline`](crate::Store::set_deadline) says how long that takes.
    /// - Instantiation ends between two pieces of its work: imports, memories, initial values, tables and segments. So does
    ///   [`Linker::instance`](crate::Linker::instance). What it had made is freed first.
    /// - If the store is idle, its next call into Wasm ends before it begins.
    ///
    /// Calls may be nested: Wasm code calls a host function, which calls Wasm code. An interrupt ends all of
    /// them. Until the outermost has ended, no other begins, whatever host functions make of the error.
    /// Then the interrupt is used up. Several interrupts until then count as one; one that comes too late,
    /// when the call has just ended by itself, is for the next.
    /// [`Store::take_interrupt`](crate::Store::take_interrupt) takes it away.
    ///
    /// This takes no lock, does not wait and does not allocate.
    pub fn interrupt(&self) {
        self.0.interrupt();
    }
}

impl StoreOpaque {
    /// Makes the store one that can be interrupted.
    ///
    /// # Errors
    /// The platform has no interrupts, or no memory is left.
    fn interruptible(&mut self) -> Result<Arc<Interrupts>> {
        if let Some(interrupts) = &self.interrupts {
            return Ok(interrupts.clone());
        }
        let platform = self.engine.platform();
        ensure!(
            platform.capabilities().interrupts,
            "this platform can't interrupt what runs: it has no timer or no signals"
        );
        let watch = Watch::start()?;
        let interrupts = Arc::new(Interrupts {
            platform,
            pending: AtomicBool::new(false),
            deadline: AtomicU64::new(NO_DEADLINE),
            thread: AtomicU64::new(0),
            delivered: AtomicBool::new(false),
            retries: AtomicU32::new(0),
            word: Arc::new(AtomicU32::new(NOTIFIED)),
        });
        watch.check()?;
        stores::register(self.context, platform)?;
        // SAFETY: the store's own context (*owned*). The hook, which may look at it from now on, finds no thread yet.
        unsafe {
            let context = self.context.as_ptr();
            (*context).interrupts = Arc::as_ptr(&interrupts);
            (*context).host_stack_room = 0;
        }
        self.interrupts = Some(interrupts.clone());
        self.join_calls(&interrupts)?;
        Ok(interrupts)
    }

    /// Names the thread, if the store is being used by a host function that Wasm code has called.
    fn join_calls(&self, interrupts: &Interrupts) -> Result<()> {
        // SAFETY: the store's own context (*owned*).
        if !unsafe { self.context.as_ref() }.entry_frame.is_null() {
            let current = interrupts.platform.current_thread();
            // SAFETY: as above; there is an entry frame, so Wasm code has called.
            let thread = unsafe { calling_thread(self.context.as_ptr(), current) };
            interrupts.thread.store(thread, Ordering::SeqCst);
            match thread == current {
                true => stores::set_timer(interrupts.platform, NO_DEADLINE)?,
                // It is waiting, and sets its timer itself.
                false => interrupts.platform.interrupt(thread),
            }
        }
        Ok(())
    }

    pub(crate) fn interrupt_handle(&mut self) -> Result<InterruptHandle> {
        Ok(InterruptHandle(self.interruptible()?))
    }

    pub(crate) fn set_deadline(&mut self, after: Option<Duration>) -> Result<()> {
        if after.is_none() && self.interrupts.is_none() {
            return Ok(());
        }
        let interrupts = self.interruptible()?;
        let deadline = match after {
            Some(after) => interrupts.now().saturating_add(nanoseconds(after)),
            None => NO_DEADLINE,
        };
        interrupts.deadline.store(deadline, Ordering::SeqCst);
        self.reconsider(&interrupts);
        self.join_calls(&interrupts)
    }

    pub(crate) fn take_interrupt(&mut self) -> bool {
        let Some(interrupts) = self.interrupts.clone() else {
            return false;
        };
        let was_pending = interrupts.pending.swap(false, Ordering::SeqCst);
        self.reconsider(&interrupts);
        was_pending
    }

    /// Lets the Wasm code that has called the host go on, or not, after the reason to stop it has changed.
    fn reconsider(&self, interrupts: &Interrupts) {
        let context = self.context.as_ptr();
        // SAFETY: the store's own context (*owned*); if there is an entry frame, the host was called from Wasm code of
        // this store on this thread. If the hook comes in between, the second look puts it right.
        unsafe {
            let entry_frame = (*context).entry_frame;
            if entry_frame.is_null() {
                return;
            }
            if !interrupts.must_stop() && (*context).diverted.load(Ordering::SeqCst) != 0 {
                interrupts.delivered.store(false, Ordering::SeqCst);
                arch::undivert(entry_frame, (*context).stack_pointer);
                (*context).diverted.store(0, Ordering::SeqCst);
            }
            if interrupts.must_stop() {
                divert(context);
            }
        }
    }
}

/// Diverts the innermost exit frame of a store.
///
/// # Safety
/// As for [`arch::divert`]; the context is live and has an entry frame.
unsafe fn divert(context: *mut StoreContext) {
    // SAFETY: the caller's promise.
    unsafe {
        arch::divert((*context).entry_frame);
        (*context).diverted.store(1, Ordering::SeqCst);
    }
}

/// Enters Wasm code by `enter` in a store that can be interrupted.
///
/// # Errors
/// [`Trap::Interrupt`] without entering, if the store is to stop; whatever `enter` fails with; the platform has no timer
/// for this thread.
pub(crate) fn enter(
    mut store: RawStore<'_>,
    enter: impl FnOnce(RawStore<'_>) -> Result<()>,
) -> Result<()> {
    let context = store.context.as_ptr();
    // SAFETY: the store's own context (*owned*), whose interrupts live as long as the store.
    let (interrupts, outer, entering) = unsafe {
        (
            &*(*context).interrupts,
            (*context).entry_frame,
            &(*context).entering,
        )
    };
    // From here until the new entry frame is linked, and `entry_frame` another, the hook comes back later.
    entering.store(outer.addr(), Ordering::SeqCst);
    if outer.is_null() {
        interrupts.retries.store(0, Ordering::Relaxed);
        let thread = interrupts.platform.current_thread();
        interrupts.thread.store(thread, Ordering::SeqCst);
    }
    let _running = Running {
        interrupts,
        entering,
        outermost: outer.is_null(),
    };
    match stores::set_timer(interrupts.platform, NO_DEADLINE) {
        Ok(()) if interrupts.must_stop() => Err(refuse(&store, interrupts)),
        Ok(()) => enter(store.reborrow()),
        Err(error) => Err(error),
    }
}

/// A call of a store that can be interrupted. Dropping it ends that, also where a panic goes on.
struct Running<'a> {
    interrupts: &'a Interrupts,
    entering: &'a AtomicUsize,
    outermost: bool,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.entering.store(NOT_ENTERING, Ordering::SeqCst);
        if self.outermost {
            self.interrupts.thread.store(0, Ordering::SeqCst);
            // The timer of the thread may have to serve another store. It has been set before, so that it can be now.
            let _ = stores::set_timer(self.interrupts.platform, NO_DEADLINE);
        }
    }
}

/// Has a store be run by `thread` from now on, which is the calling one, `current`, or the one that has lent it the
/// store and waits.
pub(crate) fn hand_over(interrupts: &Interrupts, thread: u64, current: u64) {
    stores::hand_over(interrupts, thread);
    if thread != current {
        let _ = stores::set_timer(interrupts.platform, NO_DEADLINE);
        // Its timer may have come meanwhile, for nothing.
        interrupts.platform.interrupt(thread);
    }
}

/// Does what may be long and is no call into Wasm code, in steps.
///
/// # Errors
/// Those of `work`: among them [`Trap::Interrupt`], if the store is to stop.
pub(crate) fn in_steps<R>(
    store: &mut StoreOpaque,
    work: impl FnOnce(&mut StoreOpaque, &mut Steps) -> Result<R>,
) -> Result<R> {
    // SAFETY: the store's own context (*owned*), used here only.
    let mut steps = unsafe { Pieces::untimed(store.context) }.steps();
    work(store, &mut steps).inspect_err(|error| left(store, error))
}

#[cold]
fn refuse(store: &StoreOpaque, interrupts: &Interrupts) -> Error {
    let error = trap_error(Trap::Interrupt, WasmBacktrace::for_error(store));
    ended(store, interrupts, true);
    error
}

/// Sees to what a call that has ended with an error, and is not on the stack any more, means for the calls around it.
pub(crate) fn left(store: &StoreOpaque, error: &Error) {
    if let Some(interrupts) = &store.interrupts {
        let interrupted = error.downcast_ref::<Trap>() == Some(&Trap::Interrupt);
        ended(store, interrupts, interrupted);
    }
}

fn ended(store: &StoreOpaque, interrupts: &Interrupts, interrupted: bool) {
    let context = store.context.as_ptr();
    let delivered = interrupted || interrupts.delivered.load(Ordering::SeqCst);
    // SAFETY: the store's own context (*owned*). An entry frame that is there is that of Wasm code which has
    // called the host on this thread.
    unsafe {
        // The exit frame that may have been diverted is gone, or is diverted again.
        (*context).diverted.store(0, Ordering::SeqCst);
        if (*context).entry_frame.is_null() {
            interrupts.delivered.store(false, Ordering::SeqCst);
            if delivered {
                interrupts.pending.store(false, Ordering::SeqCst);
            }
        } else if interrupts.must_stop() {
            interrupts.delivered.store(delivered, Ordering::SeqCst);
            divert(context);
        }
    }
}
