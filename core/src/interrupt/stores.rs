//! The stores of the program that can be interrupted, and the timers that serve them.

use super::{Interrupts, NO_DEADLINE, NOT_ENTERING};
use crate::Result;
use crate::instance::vmctx::StoreContext;
use crate::oom::{Room as _, Watch};
use alloc::vec::Vec;
use core::ptr::NonNull;
use core::sync::atomic::Ordering;
use core::time::Duration;
use spin::{Mutex, Once};
use wasmetal_platform::Platform;

/// Each is live, and has its `interrupts`, as long as it is in here.
static STORES: Mutex<Vec<Registered>> = Mutex::new(Vec::new());

/// Whose timers the hook sets when it can't look at the stores. Platforms in one program share a machine.
static PLATFORM: Once<&'static dyn Platform> = Once::new();

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

/// Sets the timer of the calling thread to the earliest deadline of the stores that it runs, and returns that.
///
/// # Errors
/// There is no timer for it.
pub(super) fn set_timer(platform: &dyn Platform) -> Result<u64> {
    let mut earliest = NO_DEADLINE;
    let thread = platform.current_thread();
    visit(&STORES.lock(), thread, |store| {
        earliest = earliest.min(store.deadline());
    });
    let after = (earliest != NO_DEADLINE).then(|| {
        let now = super::nanoseconds(platform.now());
        Duration::from_nanos(earliest.saturating_sub(now))
    });
    platform.set_timer(after)?;
    Ok(earliest)
}

/// Says whose timers the hook sets.
pub(super) fn know(platform: &'static dyn Platform) {
    PLATFORM.call_once(|| platform);
}

impl Registration<'_> {
    /// When the hook must look at this store, if it is not to be stopped yet.
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
            false => self.interrupts.deadline(),
        }
    }
}
