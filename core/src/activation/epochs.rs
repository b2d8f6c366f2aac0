//! Epochs: a counter for each engine, and for each store a clock that says when its deadline has come.
//!
//! Generated code looks at one word of its store's clock. Counting on writes that word, in the clocks of
//! the stores whose deadline has come: so the thread that counts does the work, and no guest.
//!
//! Invariant (*clocks stay*): a clock is at one address, and in the list of all, from its making to the
//! end of its engine. A store leases one, and another store may have it later. So the list is walked
//! without a lock, in an interrupt handler too.
//!
//! A deadline and the counter may change at the same time. A thread that changes one then reads the other, and
//! all of that is in one order: so one of both sees that the deadline has come. That a clock says so too
//! early, after its deadline was moved, is found out before anything is done about it.

use super::arch::exit_to_query;
use super::context::StoreContext;
use crate::Result;
use crate::abi::vmctx::query;
use crate::error::OutOfMemory;
use crate::oom::{self, Watch};
use alloc::boxed::Box;
use core::cell::{Cell, UnsafeCell};
use core::mem::offset_of;
use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicPtr, AtomicU64, Ordering};
use spin::Mutex;

/// A deadline that does not come: no counter reaches this number of epochs.
const NEVER: u64 = u64::MAX;

/// Why generated code asks what is to become of it: what it looks at, if it does, and what it calls.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Query {
    /// 0, or 1 when it is due.
    due: AtomicU64,
    /// What generated code calls then.
    callback: *const u8,
    /// The context of the store that has the query.
    pub(crate) store: Cell<*mut StoreContext>,
    /// Written and read by the store's own thread, in assembly.
    scratch: UnsafeCell<u64>,
}

impl Query {
    /// One that is never due, of no store.
    pub(crate) fn new() -> Self {
        Self {
            due: AtomicU64::new(0),
            callback: exit_to_query as *const u8,
            store: Cell::new(ptr::null_mut()),
            scratch: UnsafeCell::new(0),
        }
    }
}

/// A store's clock. It has a cache line of its own: other cores write to it.
#[derive(Debug)]
#[repr(C, align(64))]
pub(crate) struct Clock {
    /// Due when the deadline has come.
    query: Query,
    /// The first epoch that is too late; [`NEVER`] for none.
    deadline: AtomicU64,
    /// The next in the list of all.
    next: AtomicPtr<Self>,
    /// The next in the list of those that no store has. Guarded by [`Epochs::idle`].
    next_idle: AtomicPtr<Self>,
}

// SAFETY: what is not atomic is constant, or only used by the thread that has the store.
unsafe impl Sync for Clock {}

const _: () = {
    assert!(offset_of!(Clock, query) == 0);
    assert!(offset_of!(Query, due) == query::DUE as usize);
    assert!(offset_of!(Query, callback) == query::CALLBACK as usize);
    assert!(offset_of!(Query, store) == query::STORE as usize);
    assert!(offset_of!(Query, scratch) == query::SCRATCH as usize);
    assert!(size_of::<Query>() == query::SIZE as usize);
};

/// An engine's epochs.
#[derive(Debug)]
pub(crate) struct Epochs {
    now: AtomicU64,
    /// All clocks: the newest.
    all: AtomicPtr<Clock>,
    /// Those that no store has: one of them.
    idle: Mutex<*mut Clock>,
}

// SAFETY: the pointers are to clocks, which are `Sync` and owned.
unsafe impl Send for Epochs {}
// SAFETY: the clocks are `Sync` and owned; what is not atomic is behind a lock.
unsafe impl Sync for Epochs {}

impl Epochs {
    pub(crate) const fn new() -> Self {
        Self {
            now: AtomicU64::new(0),
            all: AtomicPtr::new(ptr::null_mut()),
            idle: Mutex::new(ptr::null_mut()),
        }
    }

    /// Counts on. No lock is taken, and nothing allocated.
    pub(crate) fn increment(&self) {
        let now = self.now.fetch_add(1, Ordering::SeqCst).wrapping_add(1);
        let mut next = self.all.load(Ordering::Acquire);
        // SAFETY: clocks stay.
        while let Some(clock) = unsafe { next.as_ref() } {
            if clock.deadline.load(Ordering::SeqCst) <= now {
                clock.query.due.store(1, Ordering::SeqCst);
            }
            next = clock.next.load(Ordering::Relaxed);
        }
    }

    /// A clock for the store of this context, whose deadline has come already.
    ///
    /// # Errors
    /// Memory is exhausted.
    pub(crate) fn lease(&self, store: *mut StoreContext, watch: Watch) -> Result<NonNull<Clock>> {
        let mut idle = self.idle.lock();
        let clock = match NonNull::new(*idle) {
            Some(clock) => {
                // SAFETY: clocks stay.
                *idle = unsafe { clock.as_ref() }.next_idle.load(Ordering::Relaxed);
                clock
            }
            None => {
                drop(idle);
                self.add(watch)?
            }
        };
        // SAFETY: clocks stay; no store has this one yet.
        unsafe { clock.as_ref() }.query.store.set(store);
        self.set_deadline(clock, 0);
        Ok(clock)
    }

    fn add(&self, watch: Watch) -> Result<NonNull<Clock>> {
        let mut next = self.all.load(Ordering::Relaxed);
        let clock = oom::place(Clock {
            query: Query::new(),
            deadline: AtomicU64::new(NEVER),
            next: AtomicPtr::new(next),
            next_idle: AtomicPtr::new(ptr::null_mut()),
        });
        let clock = clock.map_err(|_| OutOfMemory::new(size_of::<Clock>()))?;
        let clock = NonNull::from(Box::leak(watch.passed(clock)?));
        while let Err(newer) = self.all.compare_exchange_weak(
            next,
            clock.as_ptr(),
            Ordering::Release,
            Ordering::Relaxed,
        ) {
            next = newer;
            // SAFETY: nobody else knows the clock yet.
            unsafe { clock.as_ref() }
                .next
                .store(next, Ordering::Relaxed);
        }
        Ok(clock)
    }

    /// Takes back the clock of a store that is dropped.
    pub(crate) fn give_back(&self, clock: NonNull<Clock>) {
        let mut idle = self.idle.lock();
        // SAFETY: clocks stay.
        let it = unsafe { clock.as_ref() };
        it.deadline.store(NEVER, Ordering::SeqCst);
        it.next_idle.store(*idle, Ordering::Relaxed);
        *idle = clock.as_ptr();
    }

    /// Sets a deadline: `ticks` epochs from now, or never if the counter ends before.
    pub(crate) fn set_deadline(&self, clock: NonNull<Clock>, ticks: u64) {
        // SAFETY: clocks stay.
        let it = unsafe { clock.as_ref() };
        let deadline = self.now.load(Ordering::SeqCst).saturating_add(ticks);
        it.deadline.store(deadline, Ordering::SeqCst);
        self.is_due(clock);
    }

    /// Whether the deadline has come; if not, the clock does not say so any more.
    pub(crate) fn is_due(&self, clock: NonNull<Clock>) -> bool {
        // SAFETY: clocks stay.
        let it = unsafe { clock.as_ref() };
        it.query.due.store(0, Ordering::SeqCst);
        let is_due = self.now.load(Ordering::SeqCst) >= it.deadline.load(Ordering::SeqCst);
        if is_due {
            it.query.due.store(1, Ordering::SeqCst);
        }
        is_due
    }
}

impl Drop for Epochs {
    fn drop(&mut self) {
        let mut next = *self.all.get_mut();
        while !next.is_null() {
            // SAFETY: from `add`, with the layout of its type; the stores that had it are gone with their
            // engines.
            next = *unsafe { Box::from_raw(next) }.next.get_mut();
        }
    }
}
