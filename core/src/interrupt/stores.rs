//! The stores of the program that can be interrupted, and the timers that serve them.

use super::{FIRST_RETRY, Interrupts, NO_DEADLINE, NOT_ENTERING};
use crate::Result;
use crate::instance::vmctx::StoreContext;
use crate::oom::{Room as _, Watch};
use alloc::vec::Vec;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;
use spin::{Mutex, Once};
use wasmetal_platform::Platform;

/// Each is live, and has its `interrupts`, as long as it is in here.
static STORES: Mutex<Vec<Registered>> = Mutex::new(Vec::new());

/// Whose timers the hook sets when it can't look at the stores. Platforms in one program share a machine.
static PLATFORM: Once<&'static dyn Platform> = Once::new();

/// How often the hook has set a timer.
static SET_BY_HOOK: AtomicU32 = AtomicU32::new(0);

#[derive(PartialEq)]
struct Registered(NonNull<StoreContext>);

// SAFETY: what is read there without being on the store's thread is atomic or constant.
unsafe impl Send for Registered {}

/// A store, as the hook and its own thread see it.
pub(super) struct Registration<'a> {
    pub context: *mut StoreContext,
    pub interrupts: &'a Interrupts,
}

/// Adds a store whose `interrupts` are about to be set.
///
/// # Errors
/// The heap is exhausted.
pub(super) fn register(
    context: NonNull<StoreContext>,
    platform: &'static dyn Platform,
) -> Result<()> {
    know(platform);
    let mut stores = STORES.lock();
    stores.room(1, Watch::now())?;
    stores.push(Registered(context));
    Ok(())
}

/// Removes a store that is about to be dropped.
pub(crate) fn unregister(context: NonNull<StoreContext>) {
    let mut stores = STORES.lock();
    if let Some(at) = stores.iter().position(|known| known.0 == context) {
        stores.swap_remove(at);
    }
    if stores.is_empty() {
        // Nothing is left behind.
        *stores = Vec::new();
    }
}

fn visit(stores: &[Registered], thread: u64, mut visit: impl FnMut(Registration<'_>)) {
    for &Registered(context) in stores {
        let context = context.as_ptr();
        // SAFETY: the store lives as long as it is registered, and its interrupts as long as it.
        let Some(interrupts) = (unsafe { (*context).interrupts.as_ref() }) else {
            continue;
        };
        if interrupts.thread.load(Ordering::SeqCst) == thread {
            visit(Registration {
                context,
                interrupts,
            });
        }
    }
}

/// Visits the stores that this thread runs. False if that can't be done now.
pub(super) fn try_visit(thread: u64, then: impl FnMut(Registration<'_>)) -> bool {
    let Some(stores) = STORES.try_lock() else {
        return false;
    };
    visit(&stores, thread, then);
    true
}

/// The platform of the stores; `None` while there have been none.
pub(super) fn platform() -> Option<&'static dyn Platform> {
    PLATFORM.get().copied()
}

/// Has a store be run by another thread. The hook that has interrupted the one before, and looks at the store, is done
/// with it then.
pub(super) fn hand_over(interrupts: &Interrupts, thread: u64) {
    let _locked = STORES.lock();
    interrupts.thread.store(thread, Ordering::SeqCst);
}

/// Sets the timer of the calling thread to the earliest deadline of the stores that it runs, or to `until` if that comes
/// first, in nanoseconds of the platform's clock.
///
/// The hook may come at any time, and fail because of the lock that is taken here: then it has set the timer in order to
/// come back. That is not lost. If it has come before, the reason still stands: a store that is to stop and can is
/// due at once. If it has come since, it is asked again soon.
///
/// # Errors
/// There is no timer for it.
pub(super) fn set_timer(platform: &dyn Platform, until: u64) -> Result<()> {
    let before = SET_BY_HOOK.load(Ordering::SeqCst);
    let mut earliest = until;
    let thread = platform.current_thread();
    visit(&STORES.lock(), thread, |store| {
        earliest = earliest.min(store.deadline());
    });
    let after = (earliest != NO_DEADLINE).then(|| {
        let now = super::nanoseconds(platform.now());
        Duration::from_nanos(earliest.saturating_sub(now))
    });
    platform.set_timer(after)?;
    if SET_BY_HOOK.load(Ordering::SeqCst) != before {
        platform.set_timer(Some(Duration::from_nanos(FIRST_RETRY)))?;
    }
    Ok(())
}

/// Sets the timer of the thread that the hook has interrupted.
pub(super) fn set_by_hook(platform: &dyn Platform, after: Duration) {
    SET_BY_HOOK.fetch_add(1, Ordering::SeqCst);
    // It has succeeded before on this thread, or somebody else's interrupt came: then nobody waits for it.
    let _ = platform.set_timer(Some(after));
}

/// Says whose timers the hook sets.
pub(super) fn know(platform: &'static dyn Platform) {
    PLATFORM.call_once(|| platform);
}

impl Registration<'_> {
    /// When the hook must look at this store; 0: as soon as it can.
    pub(super) fn deadline(&self) -> u64 {
        // SAFETY: the store runs on this thread, which is here.
        let (idle, diverted) = unsafe {
            let context = self.context;
            (
                (*context).entry_frame.is_null()
                    && (*context).entering.load(Ordering::SeqCst) == NOT_ENTERING,
                (*context).diverted.load(Ordering::SeqCst) != 0,
            )
        };
        match idle || diverted {
            true => NO_DEADLINE,
            false if self.interrupts.pending.load(Ordering::SeqCst) => 0,
            false => self.interrupts.deadline(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::entry::new_context;
    use crate::interrupt::NOTIFIED;
    use crate::{Config, Engine};
    use alloc::sync::Arc;
    use core::sync::atomic::{AtomicBool, AtomicU64};
    use wasmetal_platform::{Capabilities, Protection, TrapHook};

    /// A machine with nothing but a clock that stands still, and a timer.
    struct Clockwork {
        timer: Mutex<Option<Duration>>,
        /// While the time is told, the hook comes, and sets the timer.
        hook_comes: AtomicBool,
    }

    const NOW: u64 = 1000;

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
        fn current_thread(&self) -> u64 {
            if self.hook_comes.swap(false, Ordering::SeqCst) {
                set_by_hook(self, Duration::from_nanos(FIRST_RETRY));
            }
            u64::MAX
        }
        fn set_timer(&self, after: Option<Duration>) -> wasmetal_platform::Result<()> {
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
        deadline: Option<u64>,
    }

    #[test]
    fn what_the_hook_waits_for_is_not_lost() {
        let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform())).unwrap();
        let soon = Some(FIRST_RETRY);
        let check = |state: State, until: Option<u64>, hook_comes, expected: Option<u64>| {
            let interrupts = Arc::new(Interrupts {
                platform: &CLOCKWORK,
                pending: AtomicBool::new(state.pending),
                deadline: AtomicU64::new(state.deadline.unwrap_or(NO_DEADLINE)),
                thread: AtomicU64::new(u64::MAX),
                delivered: AtomicBool::new(false),
                retries: AtomicU32::new(0),
                word: Arc::new(AtomicU32::new(NOTIFIED)),
            });
            let mut context = new_context(&engine);
            context.interrupts = Arc::as_ptr(&interrupts);
            if state.called {
                context.entry_frame = core::ptr::without_provenance_mut(0x1000);
            }
            if state.entering {
                *context.entering.get_mut() = context.entry_frame.addr();
            }
            *context.diverted.get_mut() = state.diverted.into();
            let context = NonNull::from(&mut context);
            STORES.lock().push(Registered(context));
            CLOCKWORK.hook_comes.store(hook_comes, Ordering::SeqCst);
            set_timer(&CLOCKWORK, until.unwrap_or(NO_DEADLINE)).unwrap();
            unregister(context);
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
            let deadline = Some(NOW + 70);
            check(State { deadline, ..state }, None, false, Some(70));
            check(State { deadline, ..state }, Some(NOW + 50), false, Some(50));
            check(State { deadline, ..state }, Some(NOW + 90), false, Some(70));
        }
        // The hook comes meanwhile.
        for state in [idle, called, entering] {
            check(state, None, true, soon);
            check(state, Some(1 << 40), true, soon);
        }
        // It came before.
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
}
