//! Limits on the time that somebody has a core for: the core's timer interrupts the store then.

use spin::Mutex;
use wasmetal::InterruptHandle;
use wasmetal_platform_bare::cores::{self, MAX};
use wasmetal_platform_bare::{Interrupted, timer};

/// Whom each core's timer interrupts. It is set only while this is not changed.
static LIMITED: [Mutex<Option<InterruptHandle>>; MAX] = [const { Mutex::new(None) }; MAX];

/// Does `work`, and interrupts what the handle is of when this core has been at it for so many ticks.
pub(crate) fn limited<R>(ticks: u64, handle: InterruptHandle, work: impl FnOnce() -> R) -> R {
    let limited = &LIMITED[cores::current()];
    *limited.lock() = Some(handle);
    timer::once(ticks, over);
    let result = work();
    timer::stop();
    // Dropped without the lock.
    let handle = limited.lock().take();
    drop(handle);
    result
}

fn over(_: &mut Interrupted) {
    let limited = LIMITED[cores::current()].try_lock();
    if let Some(handle) = limited.as_deref().and_then(Option::as_ref) {
        handle.interrupt();
    }
}
