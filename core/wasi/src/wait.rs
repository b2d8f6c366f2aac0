//! Waiting: what polls a call that may have to wait, by parking the thread or core or by suspending the guest.

use crate::error::Done;
use alloc::sync::Arc;
use alloc::task::Wake;
use core::sync::atomic::{AtomicU32, Ordering};
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use wasmetal::{AsContextMut as _, Caller, Platform};

/// A poll of a call that may have to wait.
pub(crate) struct Task<'a, 'b> {
    pub(crate) context: &'a mut Context<'b>,
    /// If it has to wait: it is to be polled again after this time at the latest.
    pub(crate) at_latest: Option<Duration>,
}

impl<'a, 'b> Task<'a, 'b> {
    pub(crate) fn new(context: &'a mut Context<'b>) -> Self {
        Self {
            context,
            at_latest: None,
        }
    }
}

/// For how long a guest that waits is not asked whether it is to end.
const SLICE: Duration = Duration::from_millis(5);

/// Wakes who is parked.
struct Parker {
    woken: AtomicU32,
    platform: &'static dyn Platform,
}

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(1, Ordering::Release);
        if self.platform.capabilities().park {
            self.platform.unpark(&self.woken);
        }
    }
}

/// Polls a call until it is answered, parked meanwhile.
///
/// # Errors
/// The call's; the store is to stop.
pub(crate) fn park<T: 'static>(
    caller: &mut Caller<'_, T>,
    mut poll: impl FnMut(&mut Caller<'_, T>, &mut Task<'_, '_>) -> Poll<Done>,
) -> Done {
    // Most are answered at once.
    let mut context = Context::from_waker(Waker::noop());
    if let Poll::Ready(done) = poll(caller, &mut Task::new(&mut context)) {
        return done;
    }
    let platform = caller.engine().platform();
    let capabilities = platform.capabilities();
    let parker = Arc::new(Parker {
        woken: AtomicU32::new(0),
        platform,
    });
    let waker = Waker::from(parker.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        let mut task = Task::new(&mut context);
        if let Poll::Ready(done) = poll(caller, &mut task) {
            return done;
        }
        let time = match (task.at_latest, capabilities.interrupts) {
            (time, false) => time,
            (None, true) => Some(SLICE),
            (Some(time), true) => Some(time.min(SLICE)),
        };
        if capabilities.park {
            platform.park(&parker.woken, 0, time);
        } else {
            core::hint::spin_loop();
        }
        parker.woken.store(0, Ordering::Relaxed);
        caller.as_context_mut().check_interrupt()?;
    }
}
