//! The stores that threads are running, and the timers that serve them.
//!
//! A thread's name says in which of a few lists its stores are. An idle store is in none, so that an entry looks at what
//! its own thread runs, and at what those threads run whose names come to the same list: not at how many stores there
//! are.

use crate::Result;
use crate::activation::Deadline;
use crate::activation::context::StoreContext;
use crate::activation::signals::{Doing, FIRST_RETRY, Interrupts};
use core::cell::Cell;
use core::ptr;
use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;
use spin::{Mutex, Once};
use wasmetal_platform::{Platform, Thread};

/// Whose timers the hook sets when it can't look at the stores. Platforms in one program share a machine.
static PLATFORM: Once<&'static dyn Platform> = Once::new();

/// How many lists there are: threads that run stores at the same time hardly ever meet in one, since platforms count
/// them.
const LISTS: usize = 64;

static LISTS_OF_THREADS: [List; LISTS] = [const { List::new() }; LISTS];

/// The stores of some threads. In a cache line of its own, since each entry writes there.
#[repr(align(64))]
struct List {
    first: Mutex<First>,
    /// How often the hook has set a timer of these threads.
    set_by_hook: AtomicU32,
    /// How often the hook could not look at the stores, since it last could.
    in_vain: AtomicU32,
}

/// The first in a list; null: it is empty.
struct First(Cell<*const Interrupts>);

// SAFETY: what is read there without being on the store's thread is atomic or constant, or belongs to the thread that
// holds the list's lock.
unsafe impl Send for First {}

impl List {
    const fn new() -> Self {
        Self {
            first: Mutex::new(First(Cell::new(ptr::null()))),
            set_by_hook: AtomicU32::new(0),
            in_vain: AtomicU32::new(0),
        }
    }

    fn of(thread: Thread) -> &'static Self {
        &LISTS_OF_THREADS[thread.get() as usize % LISTS]
    }
}

/// A store, as the hook and its own thread see it.
pub(super) struct Registration<'a> {
    pub context: *mut StoreContext,
    pub interrupts: &'a Interrupts,
}

impl First {
    /// Puts a store into this list, which is that of the thread.
    fn add(&self, interrupts: &Interrupts, thread: Thread) {
        interrupts.place.next.set(self.0.replace(interrupts));
        interrupts.place.set_thread(Some(thread));
    }

    /// Visits the stores that this thread runs. Takes those out of the list of which the visitor says so.
    #[inline(always)] // Each entry visits, mostly one store or none.
    fn visit(&self, thread: Thread, mut is_over: impl FnMut(Registration<'_>) -> bool) {
        let mut link = &self.0;
        // SAFETY: *listed*; a store's interrupts live as long as it.
        while let Some(interrupts) = unsafe { link.get().as_ref() } {
            let place = &interrupts.place;
            let store = Registration {
                context: place.context.as_ptr(),
                interrupts,
            };
            if place.thread() == Some(thread) && is_over(store) {
                link.set(place.next.get());
                // From here on another thread may see that the store is idle, and free it: nothing of it is read below.
                place.set_thread(None);
            } else {
                link = &place.next;
            }
        }
    }

    /// Takes a store out of this list, which is that of the thread, if it is there.
    fn remove(&self, interrupts: &Interrupts, thread: Thread) {
        self.visit(thread, |store| ptr::eq(store.interrupts, interrupts));
    }
}

/// Has a store be run by the calling thread until the [`end`], and sets that thread's timer for it too.
///
/// # Errors
/// There is no timer for the thread. The store is its own all the same.
pub(crate) fn begin(interrupts: &Interrupts) -> Result<()> {
    // The store may still be in the list of the thread that ran it last: `end` leaves it there.
    withdraw(interrupts);
    let thread = interrupts.platform.current_thread();
    interrupts.place.held.store(true, Ordering::Relaxed);
    set_timer_after(interrupts.platform, thread, Deadline::NEVER, |list| {
        list.add(interrupts, thread);
    })
}

/// Has a store be idle, and sets the timer of the calling thread for the others that it runs.
pub(crate) fn end(interrupts: &Interrupts) {
    // The store stays in this thread's list until the timer is set, below or by a later call: that walks the list
    // anyway, and takes out what nobody holds.
    interrupts.place.held.store(false, Ordering::Relaxed);
    let platform = interrupts.platform;
    let thread = platform.current_thread();
    if interrupts.place.thread() != Some(thread) {
        // The call began on another core, in whose list the store is: nobody there will look for it.
        withdraw(interrupts);
    }
    // Only a thread's first timer can fail, and `begin` has set one on this thread.
    let _ = set_timer_after(platform, thread, Deadline::NEVER, |_| ());
}

/// Has a store be run by no thread. The hook that has interrupted the one before, and looks at the store, is done with
/// it then.
pub(crate) fn withdraw(interrupts: &Interrupts) {
    if let Some(before) = interrupts.place.thread() {
        withdraw_from(interrupts, before);
    }
}

#[inline(never)] // An entry mostly finds its store in no list.
fn withdraw_from(interrupts: &Interrupts, thread: Thread) {
    List::of(thread).first.lock().remove(interrupts, thread);
}

/// Has a store be run by another thread. The hook that has interrupted the one before, and looks at the store, is done
/// with it then.
pub(crate) fn hand_over(interrupts: &Interrupts, thread: Option<Thread>) {
    withdraw(interrupts);
    if let Some(thread) = thread {
        List::of(thread).first.lock().add(interrupts, thread);
    }
}

/// Names the calling thread as long as this lives, for a store that runs no code.
#[cfg(feature = "compile")]
pub(crate) struct Named<'a>(&'a Interrupts);

#[cfg(feature = "compile")]
impl<'a> Named<'a> {
    pub(crate) fn new(interrupts: &'a Interrupts) -> Self {
        interrupts.place.held.store(true, Ordering::Relaxed);
        hand_over(interrupts, Some(interrupts.platform.current_thread()));
        Self(interrupts)
    }
}

#[cfg(feature = "compile")]
impl Drop for Named<'_> {
    fn drop(&mut self) {
        self.0.place.held.store(false, Ordering::Relaxed);
        withdraw(self.0);
    }
}

/// Visits the stores that this thread runs. `Err` if that can't be done now: how often it could not before.
#[inline(always)] // It has one caller, the hook.
pub(super) fn try_visit(
    thread: Thread,
    mut then: impl FnMut(Registration<'_>),
) -> core::result::Result<(), &'static AtomicU32> {
    let list = List::of(thread);
    let Some(first) = list.first.try_lock() else {
        return Err(&list.in_vain);
    };
    first.visit(thread, |store| {
        then(store);
        // No store is taken out here: the code that was interrupted may be about to read the place it would lose.
        false
    });
    list.in_vain.store(0, Ordering::Relaxed);
    Ok(())
}

/// The platform of the stores; `None` while there have been none.
pub(super) fn platform() -> Option<&'static dyn Platform> {
    PLATFORM.get().copied()
}

/// Sets the timer of the calling thread to the earliest deadline of the stores that it runs, or to `until` if that comes
/// first.
///
/// # Errors
/// There is no timer for it.
pub(crate) fn set_timer(platform: &dyn Platform, until: Deadline) -> Result<()> {
    set_timer_after(platform, platform.current_thread(), until, |_| ())
}

/// As [`set_timer`], on `thread`, after a change of its list.
///
/// The hook may come at any time, and fail because of the lock that is taken here: then it has set the timer in order to
/// come back. That is not lost. If it has come before, the reason still stands: a store that is to stop and can is
/// due at once. If it has come since, it is asked again soon.
fn set_timer_after(
    platform: &dyn Platform,
    thread: Thread,
    until: Deadline,
    change: impl FnOnce(&First),
) -> Result<()> {
    let list = List::of(thread);
    let before = list.set_by_hook.load(Ordering::SeqCst);
    let mut earliest = until;
    {
        let first = list.first.lock();
        change(&first);
        first.visit(thread, |store| match store.is_idle() {
            true => !store.interrupts.place.held.load(Ordering::Relaxed),
            false => {
                earliest = earliest.min(store.deadline_of_running());
                false
            }
        });
    }
    platform.set_timer(earliest.time_left(platform))?;
    if list.set_by_hook.load(Ordering::SeqCst) != before {
        platform.set_timer(Some(FIRST_RETRY))?;
    }
    Ok(())
}

/// Makes the calling thread one whose timer can be set, and sets it for the stores that it runs.
///
/// # Errors
/// There is no timer for it.
#[cfg(feature = "compile")]
pub(crate) fn prepare_timer(platform: &'static dyn Platform) -> Result<()> {
    know(platform);
    set_timer(platform, Deadline::NEVER)
}

/// Sets the timer for the stores that this thread runs, or for `until` if that comes first; where it has been
/// [prepared](prepare_timer).
#[cfg(feature = "compile")]
pub(crate) fn reset_timer(platform: &dyn Platform, until: Deadline) {
    // Only a thread's first timer can fail, and `prepare_timer` has set one on this thread.
    let _ = set_timer(platform, until);
}

/// Has the thread run a store again that has lent it to the calling one, and waits.
#[inline(never)] // Hardly ever is a store lent.
pub(crate) fn give_back(interrupts: &Interrupts, thread: Option<Thread>) {
    hand_over(interrupts, thread);
    if let Some(thread) = thread {
        let _ = set_timer(interrupts.platform, Deadline::NEVER);
        // The other thread's timer may have come while the store was not in its list, and found nothing to stop.
        interrupts.platform.interrupt(thread);
    }
}

/// Sets the timer of the thread that the hook has interrupted, `thread`.
pub(super) fn set_by_hook(platform: &dyn Platform, thread: Thread, after: Duration) {
    List::of(thread).set_by_hook.fetch_add(1, Ordering::SeqCst);
    // Only a thread's first timer can fail. A thread that has had none was interrupted by somebody else, and no store
    // waits for its timer.
    let _ = platform.set_timer(Some(after));
}

/// Says whose timers the hook sets.
pub(crate) fn know(platform: &'static dyn Platform) {
    PLATFORM.call_once(|| platform);
}

impl Registration<'_> {
    /// Whether no Wasm code of the store's is on the stack, or about to be.
    fn is_idle(&self) -> bool {
        // SAFETY: the store runs on this thread, which is here.
        unsafe { StoreContext::doing(self.context) == Doing::Idle }
    }

    /// When the hook must look at this store.
    pub(super) fn deadline(&self) -> Deadline {
        match self.is_idle() {
            true => Deadline::NEVER,
            // A slice that is over is not waited for.
            false if self.slice_is_over() => self.interrupts.deadline(),
            false => self.deadline_of_running(),
        }
    }

    fn deadline_of_running(&self) -> Deadline {
        // SAFETY: the store runs on this thread, which is here.
        let diverted = unsafe { (*self.context).is_diverted() };
        match diverted {
            true => Deadline::NEVER,
            false if self.interrupts.is_pending() => Deadline::AT_ONCE,
            false => self.interrupts.next_look(),
        }
    }

    /// Whether the time slice of the store's call has ended.
    pub(super) fn slice_is_over(&self) -> bool {
        #[cfg(feature = "async")]
        return self.interrupts.slice_is_over();
        #[cfg(not(feature = "async"))]
        false
    }

    /// Has what the store's code has called return to the end of its time slice, if that code can be gone on with.
    ///
    /// # Safety
    /// As for [`StoreContext::divert`].
    pub(super) unsafe fn divert_for_slice(&self) {
        #[cfg(feature = "async")]
        // SAFETY: the caller's promise.
        unsafe {
            if StoreContext::is_polled(self.context) {
                StoreContext::divert_for_slice(self.context);
            }
        }
    }
}

#[cfg(all(test, feature = "compile"))]
mod tests {
    use super::*;
    use crate::{AsContext, AsContextMut, Caller, Config, Engine, Func, Instance, Module, Store};
    use alloc::vec::Vec;
    use core::ptr::NonNull;
    use core::sync::atomic::AtomicBool;
    use wasmetal_platform::{Capabilities, Protection, TrapHook};

    /// A machine with nothing but a clock that stands still, and a timer.
    struct Clockwork {
        timer: Mutex<Option<Duration>>,
        /// Right before the timer is set, the hook comes, and sets it.
        hook_comes: AtomicBool,
    }

    const NOW: u64 = 1000;
    const THREAD: Thread = Thread::MAX;

    // SAFETY: it has nothing that could be used.
    unsafe impl Platform for Clockwork {
        fn capabilities(&self) -> Capabilities {
            unreachable!()
        }
        fn cpu_feature(&self, _: &str) -> bool {
            unreachable!()
        }
        fn reserve(&self, _: usize, _: usize) -> wasmetal_platform::Result<*mut u8> {
            unreachable!()
        }
        unsafe fn release(&self, _: *mut u8, _: usize) {
            unreachable!()
        }
        unsafe fn commit(&self, _: *mut u8, _: usize) -> wasmetal_platform::Result<()> {
            unreachable!()
        }
        unsafe fn decommit(&self, _: *mut u8, _: usize) {
            unreachable!()
        }
        unsafe fn protect(
            &self,
            _: *mut u8,
            _: usize,
            _: Protection,
        ) -> wasmetal_platform::Result<()> {
            unreachable!()
        }
        unsafe fn publish(&self, _: *const u8, _: usize) {
            unreachable!()
        }
        unsafe fn set_trap_hook(&self, _: TrapHook) -> wasmetal_platform::Result<()> {
            unreachable!()
        }
        fn now(&self) -> Duration {
            Duration::from_nanos(NOW)
        }
        fn current_thread(&self) -> Thread {
            THREAD
        }
        fn set_timer(&self, after: Option<Duration>) -> wasmetal_platform::Result<()> {
            if self.hook_comes.swap(false, Ordering::SeqCst) {
                set_by_hook(self, THREAD, FIRST_RETRY);
            }
            *self.timer.lock() = after;
            Ok(())
        }
    }

    static CLOCKWORK: Clockwork = Clockwork {
        timer: Mutex::new(None),
        hook_comes: AtomicBool::new(false),
    };

    /// A store as the thread finds it.
    #[derive(Clone, Copy, Debug, Default)]
    struct State {
        pending: bool,
        /// There is Wasm code that has called the host.
        called: bool,
        /// Wasm code is being entered.
        entering: bool,
        diverted: bool,
        /// In nanoseconds from [`NOW`] on.
        deadline: Option<u64>,
    }

    fn new_interrupts(context: NonNull<StoreContext>) -> Interrupts {
        Interrupts::new(&CLOCKWORK, context)
    }

    #[test]
    fn what_the_hook_waits_for_is_not_lost() {
        let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform())).unwrap();
        let soon = Some(FIRST_RETRY.as_nanos() as u64);
        let after = |nanoseconds: Option<u64>| match nanoseconds {
            Some(after) => Deadline::after(&CLOCKWORK, Duration::from_nanos(after)),
            None => Deadline::NEVER,
        };
        // Times are in nanoseconds from `NOW` on.
        let check = |state: State, until: Option<u64>, hook_comes, expected: Option<u64>| {
            let mut context = StoreContext::new(engine.surroundings());
            if state.called {
                context.entry_frame = core::ptr::without_provenance_mut(0x1000);
            }
            if state.entering {
                context.entering.begin(context.entry_frame);
            }
            *context.diverted.get_mut() = state.diverted.into();
            let interrupts = new_interrupts(NonNull::from(&mut context));
            if state.pending {
                interrupts.set_pending();
            }
            interrupts.set_deadline(after(state.deadline));
            hand_over(&interrupts, Some(THREAD));
            CLOCKWORK.hook_comes.store(hook_comes, Ordering::SeqCst);
            set_timer(&CLOCKWORK, after(until)).unwrap();
            withdraw(&interrupts);
            let found = CLOCKWORK.timer.lock().take();
            let found = found.map(|after| after.as_nanos() as u64);
            assert_eq!(found, expected, "{state:?}, until {until:?}, {hook_comes}");
        };
        let idle = State::default();
        let called = State {
            called: true,
            ..idle
        };
        let entering = State {
            entering: true,
            ..idle
        };
        check(idle, None, false, None);
        check(called, None, false, None);
        for state in [called, entering] {
            let deadline = Some(70);
            check(State { deadline, ..state }, None, false, Some(70));
            check(State { deadline, ..state }, Some(50), false, Some(50));
            check(State { deadline, ..state }, Some(90), false, Some(70));
        }
        // The hook comes between the walk through the list and the call of the platform.
        for state in [idle, called, entering] {
            check(state, None, true, soon);
            check(state, Some(1 << 40), true, soon);
        }
        // The interrupt came before the timer was to be set.
        let pending = true;
        check(State { pending, ..idle }, None, false, None);
        check(State { pending, ..called }, None, false, Some(0));
        check(
            State {
                pending,
                ..entering
            },
            None,
            false,
            Some(0),
        );
        let diverted = State {
            diverted: true,
            pending,
            ..called
        };
        check(diverted, None, false, None);
    }

    /// How many stores an entry on this thread looks at that the thread itself runs.
    fn looked_at(thread: Thread) -> usize {
        let mut count = 0;
        List::of(thread).first.lock().visit(thread, |_| {
            count += 1;
            false
        });
        count
    }

    #[test]
    fn entries_do_not_look_at_idle_stores() {
        let platform = wasmetal_platform_linux::platform();
        let engine = Engine::new(&Config::new(platform)).unwrap();
        let text = r#"(module (import "" "" (func $host)) (func (export "f") (call $host)))"#;
        let module = Module::new(&engine, wat::parse_str(text).unwrap()).unwrap();
        let thread = platform.current_thread();
        let hour = Some(Duration::from_secs(3600));
        // Some can be interrupted from the first, others only from within a call on.
        let mut stores: Vec<_> = [true, false]
            .into_iter()
            .cycle()
            .take(100)
            .map(|first| {
                let mut store = Store::new(&engine, ());
                if first {
                    store.set_deadline(hour).unwrap();
                }
                store
            })
            .collect();
        for round in 0..2 {
            for store in &mut stores {
                let host = Func::wrap(&mut *store, move |mut caller: Caller<'_, ()>| {
                    caller.as_context_mut().set_deadline(hour).unwrap();
                    assert!(
                        (1..=2).contains(&looked_at(thread)),
                        "itself, and one before it"
                    );
                });
                let instance = Instance::new(&mut *store, &module, &[host.into()]).unwrap();
                let f = instance.get_typed_func::<(), ()>(&mut *store, "f").unwrap();
                f.call(&mut *store, ()).unwrap();
                assert!(looked_at(thread) <= usize::from(round == 0));
            }
        }
        for store in &stores {
            let interrupts = store.as_context().opaque().interrupts.as_ref();
            assert_eq!(interrupts.unwrap().place.thread(), None);
        }
    }

    #[test]
    fn who_is_in_a_list() {
        let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform())).unwrap();
        // Another thread than that of the test above, in the same list.
        const THREAD: Thread = Thread::new(super::tests::THREAD.get() - LISTS as u64).unwrap();
        const OTHER: Thread = Thread::new(THREAD.get() + 1).unwrap();
        let mut contexts = [(); 3].map(|()| StoreContext::new(engine.surroundings()));
        let all = contexts
            .each_mut()
            .map(|context| new_interrupts(context.into()));
        let check = |expected: [Option<Thread>; 3]| {
            assert_eq!(all.each_ref().map(|one| one.place.thread()), expected);
            let listed = expected.iter().flatten();
            let listed = listed.filter(|thread| **thread == THREAD).count();
            assert_eq!(looked_at(THREAD), listed);
        };
        let (this, other) = (Some(THREAD), Some(OTHER));
        check([None; 3]);
        for one in &all {
            hand_over(one, this);
        }
        check([this; 3]);
        hand_over(&all[1], other);
        check([this, other, this]);
        withdraw(&all[1]);
        check([this, None, this]);
        hand_over(&all[2], this);
        check([this, None, this]);
        withdraw(&all[0]);
        withdraw(&all[2]);
        withdraw(&all[2]);
        check([None; 3]);
    }
}
