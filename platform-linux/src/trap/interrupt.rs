//! Interrupts: a signal to a thread, sent by another one or by a timer of its own.
//!
//! The signal is `SIGURG`: nobody means anything by it but that a socket has urgent data, and a program that does not
//! care ignores it, by default. The handler runs with it blocked, on the alternate stack, and system calls are
//! restarted. It goes back by `sigreturn`, which unblocks it. Each asks the hook, no matter who has sent it: two that
//! are pending at a time are one, and nobody knows whose.
//!
//! A thread is prepared once, with the signal blocked, and never by the handler: so the handler finds a thread with
//! all that it needs, or one that is about to have it and looks for itself then.
//!
//! **After `fork`** the child has one thread, with the parent's memory and none of its timers. [`after_fork`] makes it a
//! timer of its own. It keeps its name, which stores that it was running have on record; other threads of the child get
//! names of another generation, so that no two are the same.

use core::ffi::c_void;
use core::num::NonZeroU32;
use core::{cell::Cell, mem, ptr};
use std::cell::OnceCell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI32, AtomicPtr, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use rustix::io::Errno;
use wasmetal_platform::{Error, FaultKind, Operation, Result, SavedRegisters, Thread};

use super::{HOOK, chain};
use crate::arch;

/// The signal.
pub(super) const SIGNAL: i32 = libc::SIGURG;

/// What our signals carry: its address.
static MARK: u8 = 0;

/// No timer has this number.
const NO_TIMER: i32 = -1;

thread_local! {
    /// This thread's name: the kernel's number for it, with the generation in the upper half. The handler reads it, so
    /// that it must not need any preparation.
    static THREAD: Cell<Option<Thread>> = const { Cell::new(None) };
    /// The kernel's number for this thread's timer; likewise.
    static ID: Cell<i32> = const { Cell::new(NO_TIMER) };
    /// The timer may be running; likewise.
    static RUNNING: Cell<bool> = const { Cell::new(false) };
    /// The handler is running; likewise.
    static HANDLING: Cell<bool> = const { Cell::new(false) };
    /// What the handler is to go on with, or null; likewise. One word: the handler may come while it is written, and finds
    /// all of what it points to, or none.
    static CONTINUED: AtomicPtr<Continued> = const { AtomicPtr::new(ptr::null_mut()) };
    /// Deletes the timer when the thread ends.
    static TIMER: OnceCell<Timer> = const { OnceCell::new() };
}

/// How many times this process's memory was forked before it was this process's.
static GENERATION: AtomicU32 = AtomicU32::new(0);
/// The thread that the process was forked from.
static FORKED: Forked = Forked {
    name: AtomicU64::new(0),
    kernel_thread: AtomicI32::new(0),
};

struct Forked {
    /// Its name; 0 where the process has not been forked from one that had a name.
    name: AtomicU64,
    /// The kernel's number for it now.
    kernel_thread: AtomicI32,
}

/// Names the calling thread.
pub(crate) fn current_thread() -> Thread {
    THREAD.get().unwrap_or_else(|| {
        let generation = u64::from(GENERATION.load(Ordering::Relaxed));
        let kernel_thread = NonZeroU32::new(kernel_thread() as u32);
        let kernel_thread = kernel_thread.expect("the kernel counts threads from 1");
        let name = Thread::from(kernel_thread) | generation << 32;
        THREAD.set(Some(name));
        name
    })
}

/// The kernel's number for the calling thread.
fn kernel_thread() -> i32 {
    rustix::thread::gettid().as_raw_pid()
}

/// Sends the signal to a thread of this process. One that is gone is no error.
pub(crate) fn interrupt(thread: Thread) {
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

    let kernel_thread = match thread.get() == FORKED.name.load(Ordering::Relaxed) {
        true => FORKED.kernel_thread.load(Ordering::Relaxed),
        false => thread.get() as i32,
    };
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
            kernel_thread,
            SIGNAL,
            &raw const info,
        )
    };
}

/// Sets this thread's timer, or stops it.
pub(crate) fn set_timer(after: Option<Duration>) -> Result<()> {
    if ID.get() == NO_TIMER {
        if HANDLING.get() {
            return Err(UNPREPARED);
        }
        prepare()?;
    }
    let after = after.and_then(|after| {
        // `timer_settime` takes zero for "stop the timer".
        let after = after.max(Duration::from_micros(1));
        Some(libc::timespec {
            tv_sec: after.as_secs().try_into().ok()?,
            tv_nsec: after.subsec_nanos().into(),
        })
    });
    if after.is_none() && !RUNNING.get() {
        return Ok(());
    }
    // The flag is set before the timer: the handler, which reads it, may come at once.
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

/// A thread has no timer, and this is no time to make one: in the handler, or past the end of the thread's life.
const UNPREPARED: Error = Error::new(Operation::SetTimer, 0);

/// Makes this thread one that can be interrupted.
#[cold]
fn prepare() -> Result<()> {
    // The thread may have been started with all signals blocked.
    let _unblock = Blocked::new();
    super::altstack::thread_init()?;
    chain::install(&[SIGNAL], arch::handle_entry, libc::SA_RESTART).map_err(error)?;
    TIMER
        .try_with(|timer| {
            timer.get_or_init(|| Timer);
        })
        .map_err(|_| UNPREPARED)?;
    ID.set(create_timer().map_err(error)?);
    Ok(())
}

/// Sees to it that [`after_fork`] is called in every process that is forked from this one.
pub(super) fn at_fork() -> rustix::io::Result<()> {
    static ERRNO: OnceLock<i32> = OnceLock::new();
    // SAFETY: the function calls only what may be called in the child.
    let ask = || unsafe { libc::pthread_atfork(None, None, Some(after_fork)) };
    match *ERRNO.get_or_init(ask) {
        0 => Ok(()),
        errno => Err(Errno::from_raw_os_error(errno)),
    }
}

/// What the child of a `fork` does first: gives its thread a timer in place of the one that was the parent's.
unsafe extern "C" fn after_fork() {
    GENERATION.fetch_add(1, Ordering::Relaxed);
    let name = THREAD.get().map_or(0, Thread::get);
    FORKED
        .kernel_thread
        .store(kernel_thread(), Ordering::Relaxed);
    FORKED.name.store(name, Ordering::Relaxed);
    if ID.get() == NO_TIMER {
        return;
    }
    // Without one, the next that would set it makes it, or has the error.
    ID.set(create_timer().unwrap_or(NO_TIMER));
    if ID.get() != NO_TIMER && RUNNING.get() {
        // How much time was left is not known in the child. So the timer fires at once, and the hook, which knows the
        // deadlines, sets it anew.
        let _ = set_timer(Some(Duration::ZERO));
    }
}

/// As long as this lives, the signal is blocked on this thread. Afterwards it is not.
struct Blocked;

impl Blocked {
    fn new() -> Self {
        mask(libc::SIG_BLOCK);
        Self
    }
}

impl Drop for Blocked {
    fn drop(&mut self) {
        mask(libc::SIG_UNBLOCK);
    }
}

/// Blocks the signal on this thread, or unblocks it.
fn mask(how: i32) {
    // SAFETY: a set of this one signal.
    unsafe {
        let mut set = mem::zeroed();
        libc::sigemptyset(&mut set);
        libc::sigaddset(&mut set, SIGNAL);
        libc::pthread_sigmask(how, &set, ptr::null_mut());
    }
}

/// Makes a timer that sends the signal to this thread.
fn create_timer() -> rustix::io::Result<i32> {
    let mut id = NO_TIMER;
    // SAFETY: all zero is a valid `sigevent`; the kernel reads it and writes the number. By system calls, since what
    // the C library offers may be no function that a handler can call.
    let result = unsafe {
        let mut event: libc::sigevent = mem::zeroed();
        event.sigev_notify = libc::SIGEV_THREAD_ID;
        event.sigev_signo = SIGNAL;
        event.sigev_value.sival_ptr = (&raw const MARK).cast_mut().cast();
        event.sigev_notify_thread_id = kernel_thread();
        libc::syscall(
            libc::SYS_timer_create,
            libc::CLOCK_MONOTONIC,
            &raw const event,
            &raw mut id,
        )
    };
    match result {
        0 => Ok(id),
        _ => Err(chain::last_errno()),
    }
}

/// Deletes the timer of the thread that it belongs to.
struct Timer;

impl Drop for Timer {
    fn drop(&mut self) {
        let id = ID.replace(NO_TIMER);
        // SAFETY: the timer, if there is one, is this thread's own, and nobody uses it any more.
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
    let Some(hook) = HOOK.get() else {
        return;
    };
    HANDLING.set(true);
    let continued = CONTINUED.with(|continued| continued.swap(ptr::null_mut(), Ordering::Relaxed));
    // SAFETY: the thread is in `continue_interrupted`, so that this is there, whose caller has promised that the rest may
    // be; the context is this handler's.
    unsafe {
        if let Some(continued) = continued.as_ref() {
            (continued.begin)(continued.data);
            arch::restore(registers, &*continued.registers);
        }
    }
    let fault = arch::fault(FaultKind::Interrupt, registers);
    if let Some(to) = chain::keep_errno(|| hook(&fault)) {
        if let Some(mut keep) = to.keep {
            // SAFETY: the context is this handler's; the hook vouches for the place.
            unsafe { arch::keep(registers, keep.as_mut()) };
        }
        arch::set_registers(registers, &to);
    }
    HANDLING.set(false);
}

/// What the handler has a thread go on with. It lies on the stack of the code that goes on with it.
struct Continued {
    registers: *const SavedRegisters,
    begin: unsafe fn(*mut ()),
    data: *mut (),
}

/// Has this thread go on with what was interrupted: by a signal to itself, whose handler returns there.
///
/// # Safety
/// As for [`continue_interrupted`](wasmetal_platform::Platform::continue_interrupted).
pub(crate) unsafe fn continue_interrupted(
    registers: &SavedRegisters,
    begin: unsafe fn(*mut ()),
    data: *mut (),
) -> ! {
    let mut continued = Continued {
        registers,
        begin,
        data,
    };
    // The handler, which may come at once, finds it whole.
    CONTINUED.with(|slot| slot.store(&raw mut continued, Ordering::Release));
    loop {
        // The thread's own signal is delivered on the way back from the system call, or, where the program has blocked it
        // since the thread was prepared, from the one that unblocks it: nobody else would do that meanwhile.
        interrupt(current_thread());
        mask(libc::SIG_UNBLOCK);
    }
}
