//! Installing the handler before those that are there, and passing on to them.

use core::ffi::c_void;
use core::{mem, ptr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use rustix::io::Errno;

use super::{FAULTS, interrupt};

/// A handler with `SA_SIGINFO`.
type Handler = unsafe extern "C" fn(i32, *mut libc::siginfo_t, *mut c_void);

/// What was in effect for a signal before the handler was installed.
struct Earlier {
    action: libc::sigaction,
    /// It asked to be called once (`SA_RESETHAND`), and was.
    spent: AtomicBool,
}

/// All signals that have the handler, or may have.
const SIGNALS: [i32; FAULTS.len() + 1] = {
    let [a, b, c, d] = FAULTS;
    [a, b, c, d, interrupt::SIGNAL]
};

static EARLIER: [OnceLock<Earlier>; SIGNALS.len()] = [const { OnceLock::new() }; SIGNALS.len()];

/// Where a signal's earlier action is kept.
fn earlier(signal: i32) -> Option<&'static OnceLock<Earlier>> {
    let index = SIGNALS.iter().position(|&known| known == signal)?;
    Some(&EARLIER[index])
}

/// Installs `handler` for some of the [`SIGNALS`], once in a process, with these flags besides.
pub(super) fn install(
    signals: &[i32],
    handler: Handler,
    flags: libc::c_int,
) -> rustix::io::Result<()> {
    static INSTALLED: Mutex<[bool; SIGNALS.len()]> = Mutex::new([false; SIGNALS.len()]);
    let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
    for (signal, (earlier, installed)) in SIGNALS
        .into_iter()
        .zip(EARLIER.iter().zip(&mut *installed))
        .filter(|(signal, (_, installed))| signals.contains(signal) && !**installed)
    {
        // The earlier action is on record before the handler can run.
        let action = sigaction(signal, None)?;
        let restart = action.sa_flags & libc::SA_RESTART;
        let earlier = earlier.get_or_init(|| Earlier {
            action,
            spent: AtomicBool::new(false),
        });
        let mut ours = earlier.action;
        ours.sa_sigaction = handler as *const () as usize;
        ours.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | restart | flags;
        // SAFETY: `sa_mask` is a signal set.
        unsafe { libc::sigemptyset(&mut ours.sa_mask) };
        sigaction(signal, Some(&ours))?;
        *installed = true;
    }
    Ok(())
}

/// Hands a signal on to the handler that was there before, as the kernel would have.
///
/// # Safety
/// Called by the handler, with its own arguments. `is_fault` says that the signal is the current
/// instruction's fault, which repeats when the handler returns.
pub(super) unsafe fn pass_on(
    signal: i32,
    info: *mut libc::siginfo_t,
    context: *mut c_void,
    is_fault: bool,
) {
    let Some(earlier) = earlier(signal).and_then(OnceLock::get) else {
        return default(signal, is_fault);
    };
    let Earlier { action, spent } = earlier;
    let once = action.sa_flags & libc::SA_RESETHAND != 0;
    match action.sa_sigaction {
        // Linux ends a process that ignores a fault.
        libc::SIG_IGN if !is_fault => {}
        // By default it is ignored.
        libc::SIG_DFL if signal == interrupt::SIGNAL => {}
        libc::SIG_DFL | libc::SIG_IGN => default(signal, is_fault),
        _ if once && spent.swap(true, Ordering::Relaxed) => default(signal, is_fault),
        function => {
            let mut mask = action.sa_mask;
            // SAFETY: `function` was installed with `sigaction`, with these flags, so it is a handler
            // of this kind; the arguments are the kernel's own. Leaving the handler restores the
            // mask from the context.
            unsafe {
                if action.sa_flags & libc::SA_NODEFER == 0 {
                    libc::sigaddset(&mut mask, signal);
                }
                libc::pthread_sigmask(libc::SIG_BLOCK, &mask, ptr::null_mut());
                if action.sa_flags & libc::SA_SIGINFO != 0 {
                    mem::transmute::<usize, Handler>(function)(signal, info, context);
                } else {
                    mem::transmute::<usize, unsafe extern "C" fn(i32)>(function)(signal);
                }
            }
        }
    }
}

/// Lets the signal's default action happen: it ends the process, with this signal as the reason.
fn default(signal: i32, is_fault: bool) {
    // SAFETY: all zero is a valid `sigaction`: no flags, an empty mask, SIG_DFL.
    let action: libc::sigaction = unsafe { mem::zeroed() };
    let _ = sigaction(signal, Some(&action));
    if !is_fault {
        // A fault repeats by itself, with its registers as they were; this one was sent.
        // SAFETY: sends a signal to this thread.
        unsafe { libc::raise(signal) };
    }
}

/// `sigaction(2)`: sets the action if one is given, and returns the one before.
fn sigaction(signal: i32, new: Option<&libc::sigaction>) -> rustix::io::Result<libc::sigaction> {
    let new = new.map_or(ptr::null(), ptr::from_ref);
    let mut old = mem::MaybeUninit::uninit();
    // SAFETY: `new` is null or valid; `old` is written if the call succeeds. A handler given is the
    // one above, or the default.
    unsafe {
        match libc::sigaction(signal, new, old.as_mut_ptr()) {
            0 => Ok(old.assume_init()),
            _ => Err(last_errno()),
        }
    }
}

/// The calling thread's `errno`.
pub(super) fn last_errno() -> Errno {
    Errno::from_io_error(&std::io::Error::last_os_error()).unwrap_or(Errno::INVAL)
}

/// Runs something that may set `errno`, which the interrupted code may be about to read, and puts that back.
pub(super) fn keep_errno<R>(run: impl FnOnce() -> R) -> R {
    let errno = last_errno();
    let result = run();
    // SAFETY: this thread's own.
    unsafe { *libc::__errno_location() = errno.raw_os_error() };
    result
}
