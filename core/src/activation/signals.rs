//! The words by which a running store is told to stop, and what they say. See `interrupt`, which goes by them.

#[cfg(feature = "async")]
use super::alarm::Alarm;
use super::context::StoreContext;
use super::deadline::{AtomicDeadline, Deadline};
use alloc::sync::Arc;
use core::cell::Cell;
use core::fmt;
use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use core::time::Duration;
use wasmetal_platform::{Platform, Thread};

/// How long the hook waits before it looks again for the first time; each time twice as long, so that the interrupted
/// code gets on between two looks, however slow the machine.
pub(crate) const FIRST_RETRY: Duration = Duration::from_nanos(500);
/// How often it doubles that: up to 8 milliseconds.
const DOUBLINGS: u32 = 14;

/// [`Interrupts::parking`]: the store's thread waits in a shared memory, or is about to.
pub(crate) const WAITING: u32 = 0;
/// It does not: it never has, or was notified.
pub(crate) const AWAKE: u32 = 1;
/// It is to look at the interrupts.
const INTERRUPTED: u32 = 2;

/// [`StoreContext::diverted`]: the return leads out of Wasm code.
pub(crate) const DIVERTED: usize = 1;
/// The return leads out of Wasm code, which is then gone on with.
#[cfg(feature = "async")]
const DIVERTED_FOR_SLICE: usize = 2;

/// What a store does, as its own thread and the trap hook on it see it: what [`StoreContext::doing`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    /// No Wasm code is on the stack, or about to be.
    Idle,
    /// An entry has begun, and its frame is not linked yet: what is on the stack is not to be told.
    Entering,
    /// Wasm code is on the stack. It runs, or has called something that will return to it.
    Running,
    /// Wasm code is on the stack, and has called something that will return out of it: its exit frame is diverted.
    Diverted,
}

/// Which entry is on its way, but not yet linked: that from this innermost entry frame.
///
/// Once the new frame is linked, the innermost one is another, so that nobody need say at that moment that the entry is
/// done.
#[derive(Debug)]
#[repr(transparent)]
pub(crate) struct Entering(AtomicUsize);

impl Entering {
    /// No frame's address.
    const NONE: usize = usize::MAX;

    /// No entry is on its way.
    pub(crate) const fn none() -> Self {
        Self(AtomicUsize::new(Self::NONE))
    }

    /// An entry begins. On the store's thread.
    pub(crate) fn begin(&self, innermost: *mut u8) {
        self.0.store(innermost.addr(), Ordering::SeqCst);
    }

    /// There is none any more. On the store's thread.
    pub(crate) fn end(&self) {
        self.0.store(Self::NONE, Ordering::SeqCst);
    }

    fn is_from(&self, innermost: *mut u8) -> bool {
        self.0.load(Ordering::SeqCst) == innermost.addr()
    }
}

impl StoreContext {
    /// What the store does.
    ///
    /// # Safety
    /// The context is a live store's that the calling thread runs, or has interrupted where it ran it.
    pub(crate) unsafe fn doing(this: *const Self) -> Doing {
        // SAFETY: the caller's promise: nobody else writes. Assembly does, of which the compiler does not know.
        unsafe {
            let innermost = ptr::read_volatile(&raw const (*this).entry_frame);
            if (*this).entering.is_from(innermost) {
                Doing::Entering
            } else if innermost.is_null() {
                Doing::Idle
            } else if (*this).is_diverted() {
                Doing::Diverted
            } else {
                Doing::Running
            }
        }
    }

    /// Whether there is an entry around the innermost one.
    ///
    /// # Safety
    /// As for [`doing`](Self::doing), and an entry frame is linked.
    pub(crate) unsafe fn is_nested(this: *const Self) -> bool {
        // SAFETY: the caller's promise.
        unsafe {
            let innermost = (*this).entry_frame.cast::<super::frames::EntryFrame>();
            !(*innermost).previous_entry.is_null()
        }
    }

    /// Whether the exit frame below `entry_frame` is diverted, so that whatever the host does, it does not return to
    /// Wasm code.
    pub(crate) fn is_diverted(&self) -> bool {
        self.diverted.load(Ordering::SeqCst) == DIVERTED
    }

    /// Has the host, when it returns to Wasm code, leave that, which can be gone on with.
    ///
    /// # Safety
    /// As for [`divert`](Self::divert), and the innermost activation [is polled](Self::is_polled).
    #[cfg(feature = "async")]
    pub(crate) unsafe fn divert_for_slice(this: *mut Self) {
        // SAFETY: the caller's promise.
        unsafe {
            super::frames::divert_for_slice((*this).entry_frame);
            (*this).diverted.store(DIVERTED_FOR_SLICE, Ordering::SeqCst);
        }
    }

    /// Whether the innermost activation is that of an asynchronous call, so that it can be left and gone on with.
    ///
    /// # Safety
    /// As for [`doing`](Self::doing), which says that Wasm code is on the stack.
    #[cfg(feature = "async")]
    pub(crate) unsafe fn is_polled(this: *const Self) -> bool {
        // SAFETY: the caller's promise: the entry frame is linked.
        unsafe { !(*this).registers.is_null() && super::suspension::is_polled(this) }
    }

    /// Has the host return out of Wasm code.
    ///
    /// # Safety
    /// As for [`frames::divert`](super::frames::divert). The context is live and has an entry frame, whose exit frame is
    /// as it was made, or diverted.
    pub(crate) unsafe fn divert(this: *mut Self) {
        // SAFETY: the caller's promise.
        unsafe {
            super::frames::divert((*this).entry_frame);
            (*this).diverted.store(DIVERTED, Ordering::SeqCst);
        }
    }

    /// Has the host return to Wasm code, as if it had never been diverted.
    ///
    /// # Safety
    /// As for [`divert`](Self::divert).
    pub(crate) unsafe fn undivert(this: *mut Self) {
        // SAFETY: the caller's promise.
        unsafe {
            super::frames::undivert((*this).entry_frame, (*this).stack_pointer);
            (*this).diverted.store(0, Ordering::SeqCst);
        }
    }

    /// Notes that the innermost exit frame is another, which is not diverted.
    pub(crate) fn forget_diversion(&self) {
        self.diverted.store(0, Ordering::SeqCst);
    }
}

/// What a store shares with those who interrupt it and with the trap hook.
pub(crate) struct Interrupts {
    pub(crate) platform: &'static dyn Platform,
    /// Somebody has interrupted the store, and no call has ended because of that.
    pending: AtomicBool,
    /// When the store is to stop.
    deadline: AtomicDeadline,
    /// When the time slice of the asynchronous call that is polled ends.
    #[cfg(feature = "async")]
    slice: AtomicDeadline,
    /// Who is to poll the asynchronous call that waits, at the deadline at the latest.
    #[cfg(feature = "async")]
    alarm: Alarm,
    /// The thread that runs the store.
    pub(crate) place: Place,
    /// A call has ended because of what still stands, but calls around it have not.
    delivered: AtomicBool,
    /// How often the hook has come at a bad moment since the outermost call began.
    retries: AtomicU32,
    /// What the store's thread is parked on when it waits in a shared memory: [`WAITING`], [`AWAKE`] or
    /// [`INTERRUPTED`].
    parking: Arc<AtomicU32>,
}

impl Interrupts {
    /// Those of the store of this context, which nobody interrupts yet.
    pub(crate) fn new(platform: &'static dyn Platform, context: NonNull<StoreContext>) -> Self {
        Self {
            platform,
            pending: AtomicBool::new(false),
            deadline: AtomicDeadline::new(Deadline::NEVER),
            #[cfg(feature = "async")]
            slice: AtomicDeadline::new(Deadline::NEVER),
            #[cfg(feature = "async")]
            alarm: Alarm::default(),
            place: Place::new(context),
            delivered: AtomicBool::new(false),
            retries: AtomicU32::new(0),
            parking: Arc::new(AtomicU32::new(AWAKE)),
        }
    }

    /// When the store is to stop. Any thread may ask; the hook too.
    pub(crate) fn deadline(&self) -> Deadline {
        self.deadline.get()
    }

    /// Has the store stop then.
    pub(crate) fn set_deadline(&self, deadline: Deadline) {
        self.deadline.set(deadline);
    }

    /// Whether somebody has interrupted the store. Any thread may ask; the hook too.
    pub(crate) fn is_pending(&self) -> bool {
        self.pending.load(Ordering::SeqCst)
    }

    /// Whether the store is to run no further. Any thread may ask; the hook too.
    #[inline(always)] // A call in asks it, and the hook.
    pub(crate) fn must_stop(&self) -> bool {
        self.is_pending() || self.deadline().has_come(self.platform)
    }

    /// Has the time slice of the store end then.
    #[cfg(feature = "async")]
    pub(crate) fn set_slice(&self, end: Deadline) {
        self.slice.set(end);
    }

    /// Whether the time slice of the store has ended. Any thread may ask; the hook too.
    #[cfg(feature = "async")]
    pub(crate) fn slice_is_over(&self) -> bool {
        self.slice.get().has_come(self.platform)
    }

    /// When the hook is to look at the store, where nobody interrupts it before.
    pub(crate) fn next_look(&self) -> Deadline {
        #[cfg(feature = "async")]
        return self.deadline().min(self.slice.get());
        #[cfg(not(feature = "async"))]
        self.deadline()
    }

    /// How long the store may run from now on; `None` if nothing limits it.
    #[cfg_attr(not(feature = "threads"), expect(dead_code, reason = "nobody waits"))]
    pub(crate) fn time_left(&self) -> Option<Duration> {
        self.deadline().time_left(self.platform)
    }

    /// What the store's thread is parked on when it waits in a shared memory.
    #[cfg_attr(not(feature = "threads"), expect(dead_code, reason = "nobody waits"))]
    pub(crate) fn parking(&self) -> &Arc<AtomicU32> {
        &self.parking
    }

    /// Interrupts the store. Any thread, core or interrupt handler may.
    pub(crate) fn interrupt(&self) {
        self.set_pending();
        let parked = self.parking.compare_exchange(
            WAITING,
            INTERRUPTED,
            Ordering::SeqCst,
            Ordering::Relaxed,
        );
        if parked.is_ok() && self.platform.capabilities().park {
            self.platform.unpark(&self.parking);
        }
        // An entry names its thread first and looks for the mark then. So it sees the mark,
        // or it is seen here.
        if let Some(thread) = self.place.thread() {
            self.platform.interrupt(thread);
        }
        // Likewise: who waits leaves its waker first and looks for the mark then.
        #[cfg(feature = "async")]
        self.alarm.wake();
    }

    /// Says who is to be woken when somebody interrupts the store, or its deadline has come, while its call waits. Who says
    /// so looks afterwards whether that is so.
    ///
    /// # Errors
    /// The platform can't wake at the deadline.
    #[cfg(feature = "async")]
    pub(crate) fn set_waker(self: &Arc<Self>, waker: &core::task::Waker) -> crate::Result<()> {
        // SAFETY: it is where this is, which its drop forgets.
        unsafe { self.alarm.set(self.platform, self.deadline(), waker) }
    }

    /// Says that nobody need be woken.
    #[cfg(feature = "async")]
    pub(crate) fn forget_waker(&self) {
        self.alarm.forget();
    }

    /// Leaves the mark only.
    pub(crate) fn set_pending(&self) {
        self.pending.store(true, Ordering::SeqCst);
    }

    /// Takes an interrupt away: whether there was one.
    pub(crate) fn take(&self) -> bool {
        self.pending.swap(false, Ordering::SeqCst)
    }

    /// Whether a call has ended because of what still stands, but calls around it have not.
    pub(crate) fn is_delivered(&self) -> bool {
        self.delivered.load(Ordering::SeqCst)
    }

    /// Says so, or that none has.
    pub(crate) fn set_delivered(&self, delivered: bool) {
        self.delivered.store(delivered, Ordering::SeqCst);
    }

    /// The outermost call begins.
    pub(crate) fn begin(&self) {
        self.retries.store(0, Ordering::Relaxed);
    }

    /// How long until the hook is to look again.
    pub(crate) fn retry(&self) -> Duration {
        retry(&self.retries)
    }
}

/// How long until the hook is to look again, after `retries` looks in vain; counts one more.
pub(crate) fn retry(retries: &AtomicU32) -> Duration {
    let retries = retries.fetch_add(1, Ordering::Relaxed);
    const FIRST: u64 = FIRST_RETRY.as_nanos() as u64;
    Duration::from_nanos(FIRST << retries.min(DOUBLINGS))
}

impl fmt::Debug for Interrupts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interrupts")
            .field("pending", &self.pending)
            .field("deadline", &self.deadline)
            .field("thread", &self.place.thread())
            .finish_non_exhaustive()
    }
}

/// Where a store is run.
///
/// Invariant (*listed*): a place with a thread is in the list of that thread, and one without is in none. The thread
/// that has borrowed the store puts it in; to take it out, so that it names no thread any more, is for the holder of
/// the list's lock. A store lives as long as its place is in a list.
pub(crate) struct Place {
    pub(crate) context: NonNull<StoreContext>,
    /// The name of the thread that runs the store; 0: none, or one that does not know yet that it can be interrupted.
    thread: AtomicU64,
    /// Who has put it in the list takes it out. Otherwise that is done when the store is found idle: the call in which it
    /// has become one that can be interrupted does not know of that at its end.
    pub(crate) held: AtomicBool,
    /// The next in the list. It belongs to the holder of the list's lock.
    pub(crate) next: Cell<*const Interrupts>,
}

// SAFETY: the context belongs to the store's thread, but for what is atomic or constant; `next` to the lock's holder.
unsafe impl Send for Place {}
// SAFETY: the context belongs to the store's thread, but for what is atomic or constant; `next` to the lock's holder.
unsafe impl Sync for Place {}

impl Place {
    /// That of an idle store.
    pub(crate) fn new(context: NonNull<StoreContext>) -> Self {
        Self {
            context,
            thread: AtomicU64::new(0),
            held: AtomicBool::new(false),
            next: Cell::new(ptr::null()),
        }
    }

    /// The thread that runs the store, if one does. Any thread may ask.
    pub(crate) fn thread(&self) -> Option<Thread> {
        Thread::new(self.thread.load(Ordering::SeqCst))
    }

    /// Names the thread that runs the store from now on, or none. By the holder of the lock of the list (*listed*).
    pub(crate) fn set_thread(&self, thread: Option<Thread>) {
        self.thread
            .store(thread.map_or(0, Thread::get), Ordering::SeqCst);
    }
}
