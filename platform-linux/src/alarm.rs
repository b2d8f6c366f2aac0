//! The alarm: a thread of the platform's own, which sleeps until the time has come.
//!
//! It begins with the first alarm. Signals are blocked there: what rings is ordinary code, and other threads are there to
//! serve them. A child of `fork` begins another one, with its first alarm.

use core::{mem, ptr};
use std::panic::catch_unwind;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use rustix::process::getpid;
use wasmetal_platform::{Error, Operation, Result};

use crate::{now, park};

/// When to ring, by the clock, in nanoseconds; [`NEVER`]: not before somebody says when.
static AT: AtomicU64 = AtomicU64::new(NEVER);
/// How often that was changed, while the thread may have been asleep.
static CHANGES: AtomicU32 = AtomicU32::new(0);
static RING: OnceLock<fn()> = OnceLock::new();
/// The process that has the thread; 0: none.
static PROCESS: AtomicU32 = AtomicU32::new(0);

const NEVER: u64 = u64::MAX;

/// See [`Platform::set_alarm`](wasmetal_platform::Platform::set_alarm).
pub(crate) fn set(at: Duration, ring: fn()) -> Result<()> {
    RING.get_or_init(|| ring);
    begin()?;
    let at = u64::try_from(at.as_nanos()).unwrap_or(NEVER);
    if AT.fetch_min(at, Ordering::SeqCst) > at {
        CHANGES.fetch_add(1, Ordering::SeqCst);
        park::unpark(&CHANGES);
    }
    Ok(())
}

/// Makes sure that there is a thread.
fn begin() -> Result<()> {
    static BEGINNING: Mutex<()> = Mutex::new(());
    let process = getpid().as_raw_nonzero().get() as u32;
    if PROCESS.load(Ordering::Acquire) == process {
        return Ok(());
    }
    let _one = BEGINNING.lock().unwrap_or_else(PoisonError::into_inner);
    if PROCESS.load(Ordering::Acquire) == process {
        return Ok(());
    }
    let thread = std::thread::Builder::new().name("wasmetal-alarm".into());
    match with_signals_blocked(|| thread.spawn(run)) {
        Ok(_) => {
            PROCESS.store(process, Ordering::Release);
            Ok(())
        }
        Err(error) => {
            let code = error.raw_os_error().unwrap_or(0);
            Err(Error::new(Operation::SetAlarm, code))
        }
    }
}

/// Runs this with all signals blocked: a thread that is made meanwhile has them blocked for good.
fn with_signals_blocked<R>(then: impl FnOnce() -> R) -> R {
    // SAFETY: a set of signals is made by `sigfillset` before it is read, and the old one by `pthread_sigmask`; both calls
    // fail only where an argument is wrong.
    let before = unsafe {
        let mut all = mem::zeroed();
        libc::sigfillset(&raw mut all);
        let mut before = mem::zeroed();
        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const all, &raw mut before);
        before
    };
    let result = then();
    // SAFETY: the set was made above.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, ptr::null_mut()) };
    result
}

fn run() {
    loop {
        let changes = CHANGES.load(Ordering::SeqCst);
        let at = AT.load(Ordering::SeqCst);
        let left = Duration::from_nanos(at).saturating_sub(now());
        if at == NEVER {
            park::park(&CHANGES, changes, None);
        } else if !left.is_zero() {
            park::park(&CHANGES, changes, Some(left));
        } else {
            AT.store(NEVER, Ordering::SeqCst);
            let Some(ring) = RING.get() else { continue };
            // What has panicked is over; what is left is called by the next round.
            while catch_unwind(ring).is_err() {}
        }
    }
}
