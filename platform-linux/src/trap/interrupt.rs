//! Interrupts: a signal to a thread, sent by another one or by a timer of its own.
//!
//! The signal is `SIGURG`: nobody means anything by it but that a socket has urgent data, and whoever does not care
//! ignores it, by default. The handler runs with it blocked, on the alternate stack, and system calls are restarted. It
//! goes back by `sigreturn`, which unblocks it. Each asks the hook, whoever has sent it: two that are pending at a time
//! are one, and nobody knows whose.

use core::ffi::c_void;
use core::{cell::Cell, mem, ptr};
use std::cell::OnceCell;
use std::time::Duration;

use rustix::io::Errno;
use wasmetal_platform::{Error, FaultKind, Operation, Result};

use super::{HOOK, chain};
use crate::arch;

/// The signal.
pub(super) const SIGNAL: i32 = libc::SIGURG;

/// What our signals carry: its address.
static MARK: u8 = 0;

/// No thread has this number.
const NO_THREAD: i32 = 0;
/// No timer has this number.
const NO_TIMER: i32 = -1;

thread_local! {
    /// The kernel's number for this thread. The handler reads it, so that it must not need any preparation.
    static THREAD: Cell<i32> = const { Cell::new(NO_THREAD) };
    /// The kernel's number for this thread's timer; likewise.
    static ID: Cell<i32> = const { Cell::new(NO_TIMER) };
    /// The timer may be running; likewise.
    static RUNNING: Cell<bool> = const { Cell::new(false) };
    /// The timer; deleted when the thread ends.
    static TIMER: OnceCell<Timer> = const { OnceCell::new() };
}

/// Names the calling thread.
pub(crate) fn current_thread() -> u64 {
    if THREAD.get() == NO_THREAD {
        THREAD.set(rustix::thread::gettid().as_raw_pid());
    }
    THREAD.get() as u64
}

/// Sends the signal to a thread of this process. One that is gone is no error.
pub(crate) fn interrupt(thread: u64) {
    /// What `rt_tgsigqueueinfo(2)` takes: a `siginfo_t` with the fields of a queued signal.
    #[repr(C)]
    struct Queued {
        signal: i32,
        errno: i32,
        code: i32,
        padding: i32,
        process: u32,
        user: u32,
        value: *const u8,
        rest: [u64; 12],
    }
    const _: () = assert!(mem::size_of::<Queued>() == mem::size_of::<libc::siginfo_t>());

    let process = std::process::id();
    let info = Queued {
        signal: SIGNAL,
        errno: 0,
        code: libc::SI_QUEUE,
        padding: 0,
        process,
        user: rustix::process::getuid().as_raw(),
        value: &raw const MARK,
        rest: [0; 12],
    };
    // SAFETY: the kernel reads the information. The signal's handler disturbs nobody; without it, it is ignored.
    unsafe {
        libc::syscall(
            libc::SYS_rt_tgsigqueueinfo,
            process,
            thread as i32,
            SIGNAL,
            &raw const info,
        )
    };
}

/// Sets this thread's timer, or stops it.
pub(crate) fn set_timer(after: Option<Duration>) -> Result<()> {
    if ID.get() == NO_TIMER {
        prepare()?;
    }
    let after = after.and_then(|after| {
        // Zero would stop it.
        let after = after.max(Duration::from_micros(1));
        Some(libc::timespec {
            tv_sec: after.as_secs().try_into().ok()?,
            tv_nsec: after.subsec_nanos().into(),
        })
    });
    if after.is_none() && !RUNNING.get() {
        return Ok(());
    }
    // Before it is: the handler may come at once.
    RUNNING.set(after.is_some());
    let never = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    let setting = libc::itimerspec {
        it_interval: never,
        it_value: after.unwrap_or(never),
    };
    // SAFETY: the timer is this thread's own; the kernel reads the setting.
    let result = unsafe {
        libc::syscall(
            libc::SYS_timer_settime,
            ID.get(),
            0,
            &raw const setting,
            ptr::null::<c_void>(),
        )
    };
    match result {
        0 => Ok(()),
        _ => Err(error(chain::last_errno())),
    }
}

fn error(errno: Errno) -> Error {
    Error::new(Operation::SetTimer, errno.raw_os_error())
}

/// Makes this thread one that can be interrupted.
#[cold]
fn prepare() -> Result<()> {
    super::altstack::thread_init()?;
    chain::install(&[SIGNAL], arch::handle_entry, libc::SA_RESTART).map_err(error)?;
    // Past the end of a thread's life there is nowhere to keep the timer.
    let late = Error::new(Operation::SetTimer, 0);
    TIMER
        .try_with(|slot| slot.set(Timer::new()?).map_err(|_| late))
        .map_err(|_| late)??;
    // SAFETY: a set of this one signal; the thread may have been started with all blocked.
    unsafe {
        let mut set = mem::zeroed();
        libc::sigemptyset(&mut set);
        libc::sigaddset(&mut set, SIGNAL);
        libc::pthread_sigmask(libc::SIG_UNBLOCK, &set, ptr::null_mut());
    }
    Ok(())
}

/// A timer of the thread that made it.
struct Timer;

impl Timer {
    fn new() -> Result<Self> {
        let mut id = NO_TIMER;
        // SAFETY: all zero is a valid `sigevent`; the kernel reads it and writes the number. By system calls, since what
        // the C library offers may be no function that a handler can call.
        let result = unsafe {
            let mut event: libc::sigevent = mem::zeroed();
            event.sigev_notify = libc::SIGEV_THREAD_ID;
            event.sigev_signo = SIGNAL;
            event.sigev_value.sival_ptr = (&raw const MARK).cast_mut().cast();
            event.sigev_notify_thread_id = current_thread() as i32;
            libc::syscall(
                libc::SYS_timer_create,
                libc::CLOCK_MONOTONIC,
                &raw const event,
                &raw mut id,
            )
        };
        if result != 0 {
            return Err(error(chain::last_errno()));
        }
        ID.set(id);
        Ok(Self)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        let id = ID.replace(NO_TIMER);
        // SAFETY: the timer is this thread's own, and nobody uses it any more.
        unsafe { libc::syscall(libc::SYS_timer_delete, id) };
    }
}

/// The handler, by way of [`super::handle`].
///
/// # Safety
/// The arguments are those that the kernel passes to an `SA_SIGINFO` handler.
pub(super) unsafe fn handle(info: *mut libc::siginfo_t, context: *mut libc::ucontext_t) {
    // SAFETY: the kernel passes a siginfo; `si_value` is where both kinds of ours have it.
    let ours = unsafe {
        let code = (*info).si_code;
        let ours = [libc::SI_QUEUE, libc::SI_TIMER].contains(&code)
            && ptr::eq((*info).si_value().sival_ptr.cast(), &MARK);
        if ours && code == libc::SI_TIMER {
            RUNNING.set(false);
        }
        ours
    };
    if !ours {
        // SAFETY: the arguments are the kernel's.
        unsafe { chain::pass_on(SIGNAL, info, context.cast(), false) }
    }
    // SAFETY: the kernel passes a ucontext that lives until the handler is left, and that nobody else refers to.
    let registers = unsafe { &mut *context };
    let errno = chain::last_errno();
    let hook = HOOK.get();
    if let Some(to) = hook.and_then(|hook| hook(&arch::fault(FaultKind::Interrupt, registers))) {
        arch::set_registers(registers, &to);
    }
    // The interrupted code may be about to read it, and the hook has made system calls.
    // SAFETY: this thread's own.
    unsafe { *libc::__errno_location() = errno.raw_os_error() };
}
