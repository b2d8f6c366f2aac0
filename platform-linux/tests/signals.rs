//! Signals that are not for the trap hook reach the handler that was there before; and what the hook takes leaves
//! the thread as it was. Every case runs in a process of its own, whose end is judged.

#[path = "common/child.rs"]
mod child;

use core::arch::naked_asm;
use core::ffi::c_void;
use core::{mem, ptr};
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use libc::{
    SA_NODEFER, SA_ONSTACK, SA_RESETHAND, SA_SIGINFO, SIG_DFL, SIG_IGN, SIGABRT, SIGBUS, SIGFPE,
    SIGILL, SIGSEGV, SIGURG, SIGUSR1,
};
use wasmetal_platform::conformance::probe::{self, Probe};
use wasmetal_platform::{Fault, FaultKind, Platform, Resume, Thread};
use wasmetal_platform_linux::platform;

use child::End::{self, Exit, Signal};

const CASES: &[(&str, fn(), End)] = &[
    (
        "a handler with siginfo changes the context",
        siginfo_handler,
        Exit(0),
    ),
    ("a plain handler mends the cause", plain_handler, Exit(0)),
    (
        "a handler that stood back once",
        reset_handler,
        Signal(SIGSEGV),
    ),
    ("the mask of a handler", handler_mask, Exit(0)),
    (
        "the mask of a handler with SA_NODEFER",
        nodefer_mask,
        Exit(0),
    ),
    ("a sent signal is not for the hook", sent_signal, Exit(0)),
    (
        "a sent signal with the default action",
        sent_to_default,
        Signal(SIGBUS),
    ),
    ("a sent signal that is ignored", sent_to_ignore, Exit(0)),
    (
        "a bad load with the default action",
        default_segv,
        Signal(SIGSEGV),
    ),
    ("a bad load that is ignored", ignored_segv, Signal(SIGSEGV)),
    (
        "an illegal instruction with the default action",
        default_ill,
        Signal(SIGILL),
    ),
    (
        "a stack overflow of the program",
        own_overflow,
        Signal(SIGABRT),
    ),
    (
        "the hook leaves mask and stack as they were",
        hook_leaves_no_trace,
        Exit(0),
    ),
    ("a later handler passes a fault on", later_handler, Exit(0)),
    (
        "others' SIGURG goes to the earlier handler, ours does not",
        urgent,
        Exit(0),
    ),
    (
        "SIGURG with the default action is ignored",
        urgent_default,
        Exit(0),
    ),
    (
        "a fault in a thread that is not prepared",
        unprepared_thread,
        Exit(0),
    ),
    (
        "a handler without SA_ONSTACK and without room is an overflow",
        no_room_for_a_frame,
        Exit(0),
    ),
    (
        "a thread that is interrupted while it gets its timer has it",
        interrupted_early,
        Exit(0),
    ),
    ("a child of fork has timers", forked, Exit(0)),
];

fn main() {
    child::check_ends("signals", CASES.iter().copied());
}

/// Ends a case that went wrong, from anywhere, a handler too.
fn check(holds: bool, code: i32) {
    if !holds {
        // SAFETY: ends the process.
        unsafe { libc::_exit(code) }
    }
}

/// Sets what happens for a signal. `handler` takes whatever arguments `flags` say.
fn action(signal: i32, handler: usize, flags: i32, mask: &[i32]) {
    // SAFETY: all zero is a valid `sigaction`; the handlers of these tests fit their flags.
    unsafe {
        let mut action: libc::sigaction = mem::zeroed();
        action.sa_sigaction = handler;
        action.sa_flags = flags;
        for &blocked in mask {
            libc::sigaddset(&mut action.sa_mask, blocked);
        }
        check(libc::sigaction(signal, &action, ptr::null_mut()) == 0, 90);
    }
}

/// Installs the trap hook, after whatever the case installed.
fn install() {
    // SAFETY: the probes' hook keeps the contract.
    check(unsafe { platform().set_trap_hook(probe::hook) }.is_ok(), 91);
    check(
        platform().thread_init().is_some_and(|init| init().is_ok()),
        92,
    );
}

/// A page that faults.
fn reserved() -> *mut u8 {
    let page = platform().capabilities().page_size;
    platform().reserve(page, page).unwrap_or(ptr::null_mut())
}

/// Loads from an address in one instruction, [`LOAD`] bytes long.
#[cfg(target_arch = "x86_64")]
#[unsafe(naked)]
unsafe extern "C" fn load(_address: *const u8) -> usize {
    naked_asm!("mov rax, [rdi]", "ret")
}

/// Loads from an address in one instruction, [`LOAD`] bytes long.
#[cfg(target_arch = "aarch64")]
#[unsafe(naked)]
unsafe extern "C" fn load(_address: *const u8) -> usize {
    naked_asm!("ldr x0, [x0]", "ret")
}

const LOAD: u64 = if cfg!(target_arch = "x86_64") { 3 } else { 4 };

/// The context's pc and the register that [`load`] returns.
#[cfg(target_arch = "x86_64")]
fn pc_and_result(context: &mut libc::ucontext_t) -> (&mut u64, &mut u64) {
    let [pc, result] = context
        .uc_mcontext
        .gregs
        .get_disjoint_mut([libc::REG_RIP as usize, libc::REG_RAX as usize])
        .unwrap();
    // SAFETY: registers have no sign.
    unsafe {
        (
            &mut *ptr::from_mut(pc).cast(),
            &mut *ptr::from_mut(result).cast(),
        )
    }
}

/// The context's pc and the register that [`load`] returns.
#[cfg(target_arch = "aarch64")]
fn pc_and_result(context: &mut libc::ucontext_t) -> (&mut u64, &mut u64) {
    let machine = &mut context.uc_mcontext;
    (&mut machine.pc, &mut machine.regs[0])
}

/// What handlers were told, and the page that they were told of.
static SEEN: AtomicUsize = AtomicUsize::new(0);
static PAGE: AtomicUsize = AtomicUsize::new(0);

fn siginfo_handler() {
    extern "C" fn handler(signal: i32, info: *mut libc::siginfo_t, context: *mut c_void) {
        // SAFETY: the arguments are the kernel's.
        let (info, context) = unsafe { (&*info, &mut *context.cast::<libc::ucontext_t>()) };
        check(
            signal == SIGSEGV && info.si_signo == SIGSEGV && info.si_code > 0,
            2,
        );
        // SAFETY: it is a fault's.
        check(unsafe { info.si_addr() }.addr() == PAGE.load(Relaxed), 3);
        let (pc, result) = pc_and_result(context);
        check(*pc == load as *const () as u64, 4);
        *pc += LOAD;
        *result = 77;
    }
    action(
        SIGSEGV,
        handler as *const () as usize,
        SA_SIGINFO | SA_ONSTACK,
        &[],
    );
    install();
    let page = reserved();
    PAGE.store(page.addr(), Relaxed);
    for _ in 0..3 {
        // SAFETY: the handler answers for the load.
        check(unsafe { load(page) } == 77, 5);
    }
    // In between, the hook takes its own.
    // SAFETY: the page is reserved: the load faults.
    check(unsafe { Probe::load().attempt(page.addr()) }.is_err(), 6);
}

fn plain_handler() {
    extern "C" fn handler(signal: i32) {
        check(signal == SIGSEGV, 2);
        let page = ptr::with_exposed_provenance_mut(PAGE.load(Relaxed));
        // SAFETY: the page is reserved, and nobody else uses it.
        check(unsafe { platform().commit(page, 4096) }.is_ok(), 3);
    }
    action(SIGSEGV, handler as *const () as usize, 0, &[]);
    install();
    let page = reserved();
    PAGE.store(page.expose_provenance(), Relaxed);
    // SAFETY: the handler makes the page readable.
    check(unsafe { load(page) } == 0, 4);
}

fn reset_handler() {
    extern "C" fn handler(_signal: i32) {
        check(SEEN.fetch_add(1, Relaxed) == 0, 2);
    }
    action(SIGSEGV, handler as *const () as usize, SA_RESETHAND, &[]);
    install();
    // SAFETY: the fault repeats after the handler, and ends the process.
    unsafe { load(reserved()) };
}

/// Whether a signal is blocked on this thread.
fn is_blocked(signal: i32) -> bool {
    // SAFETY: all zero is a valid set; asks only.
    unsafe {
        let mut mask = mem::zeroed();
        check(
            libc::pthread_sigmask(libc::SIG_BLOCK, ptr::null(), &mut mask) == 0,
            93,
        );
        libc::sigismember(&mask, signal) == 1
    }
}

fn unblock(signal: i32) {
    // SAFETY: all zero is a valid set; the mask of this thread changes only.
    unsafe {
        let mut mask: libc::sigset_t = mem::zeroed();
        libc::sigaddset(&mut mask, signal);
        check(
            libc::pthread_sigmask(libc::SIG_UNBLOCK, &mask, ptr::null_mut()) == 0,
            94,
        );
    }
}

/// Loads from a bad address with a handler that has `flags`, and SIGUSR1 in its mask; checks whether
/// the handler has its own signal blocked.
fn mask_case(flags: i32, own_signal: usize) {
    extern "C" fn handler(_signal: i32) {
        SEEN.store(
            1 + usize::from(is_blocked(SIGSEGV)) + 2 * usize::from(is_blocked(SIGUSR1)),
            Relaxed,
        );
        let page = ptr::with_exposed_provenance_mut(PAGE.load(Relaxed));
        // SAFETY: the page is reserved, and nobody else uses it.
        check(unsafe { platform().commit(page, 4096) }.is_ok(), 3);
    }
    action(SIGSEGV, handler as *const () as usize, flags, &[SIGUSR1]);
    install();
    let page = reserved();
    PAGE.store(page.expose_provenance(), Relaxed);
    // SAFETY: the handler makes the page readable.
    unsafe { load(page) };
    check(SEEN.load(Relaxed) == 1 + own_signal + 2, 4);
    check(!is_blocked(SIGSEGV) && !is_blocked(SIGUSR1), 5);
}

fn handler_mask() {
    mask_case(0, 1);
}

fn nodefer_mask() {
    mask_case(SA_NODEFER, 0);
}

fn sent_signal() {
    extern "C" fn handler(signal: i32, info: *mut libc::siginfo_t, _context: *mut c_void) {
        // SAFETY: the argument is the kernel's.
        check(unsafe { (*info).si_code } <= 0, 2);
        SEEN.fetch_add(signal as usize, Relaxed);
    }
    fn greedy(_: &Fault) -> Option<Resume> {
        check(false, 3);
        None
    }
    let all = [SIGSEGV, SIGBUS, SIGILL, SIGFPE];
    for signal in all {
        action(signal, handler as *const () as usize, SA_SIGINFO, &[]);
    }
    // SAFETY: a hook that ends the process keeps the contract.
    check(unsafe { platform().set_trap_hook(greedy) }.is_ok(), 4);
    for signal in all {
        // SAFETY: there is a handler.
        unsafe { libc::raise(signal) };
    }
    check(SEEN.load(Relaxed) as i32 == all.iter().sum(), 5);
}

fn urgent() {
    extern "C" fn handler(_signal: i32) {
        SEEN.fetch_add(1, Relaxed);
    }
    action(SIGURG, handler as *const () as usize, 0, &[]);
    install();
    check(platform().set_timer(None).is_ok(), 2);
    // SAFETY: there is a handler.
    unsafe { libc::raise(SIGURG) };
    check(SEEN.load(Relaxed) == 1, 3);
    platform().interrupt(platform().current_thread());
    check(SEEN.load(Relaxed) == 1, 4);
    check(!is_blocked(SIGURG), 5);
}

fn urgent_default() {
    install();
    check(platform().set_timer(None).is_ok(), 2);
    // SAFETY: the signal is ignored, by default.
    unsafe { libc::raise(SIGURG) };
    platform().interrupt(platform().current_thread());
    // One that no thread has.
    platform().interrupt(Thread::new(i32::MAX as u64).expect("not 0"));
}

fn sent_to_default() {
    action(SIGBUS, SIG_DFL, 0, &[]);
    install();
    // SAFETY: ends the process.
    unsafe { libc::raise(SIGBUS) };
}

fn sent_to_ignore() {
    action(SIGSEGV, SIG_IGN, 0, &[]);
    install();
    // SAFETY: the signal is ignored.
    unsafe { libc::raise(SIGSEGV) };
    // SAFETY: the page is reserved: the load faults.
    check(
        unsafe { Probe::load().attempt(reserved().addr()) }.is_err(),
        2,
    );
}

fn default_segv() {
    action(SIGSEGV, SIG_DFL, 0, &[]);
    install();
    // SAFETY: ends the process.
    unsafe { load(reserved()) };
}

fn ignored_segv() {
    action(SIGSEGV, SIG_IGN, 0, &[]);
    install();
    // SAFETY: ends the process.
    unsafe { load(reserved()) };
}

fn default_ill() {
    install();
    // SAFETY: the hook does not know this frame, so the process ends.
    unsafe { mem::transmute::<usize, extern "C" fn()>(Probe::illegal().pc())() };
}

/// Rust's own handler, which was there first, tells of the overflow and aborts.
fn own_overflow() {
    #[expect(unconditional_recursion, reason = "that is the point")]
    fn deep(depth: usize) -> usize {
        let room = std::hint::black_box([depth; 64]);
        1 + std::hint::black_box(deep(depth + 1)) + room[depth % 64]
    }
    // SAFETY: silences the message, which would look like a failure.
    unsafe { libc::close(2) };
    install();
    let overflowing = thread::spawn(|| {
        install();
        deep(0)
    });
    let _ = overflowing.join();
}

fn on_alternate_stack() -> bool {
    // SAFETY: all zero is a valid value; asks only.
    unsafe {
        let mut stack: libc::stack_t = mem::zeroed();
        check(libc::sigaltstack(ptr::null(), &mut stack) == 0, 94);
        stack.ss_flags & libc::SS_ONSTACK != 0
    }
}

fn hook_leaves_no_trace() {
    install();
    let page = reserved();
    for _ in 0..3 {
        // SAFETY: the page is reserved: the load faults.
        check(unsafe { Probe::load().attempt(page.addr()) }.is_err(), 2);
        check(!is_blocked(SIGSEGV) && !on_alternate_stack(), 3);
    }
}

/// A handler that comes after ours, blocks its signal, and calls the handler that it found.
fn later_handler() {
    static OURS: AtomicUsize = AtomicUsize::new(0);
    extern "C" fn handler(signal: i32, info: *mut libc::siginfo_t, context: *mut c_void) {
        SEEN.fetch_add(1, Relaxed);
        check(is_blocked(SIGSEGV), 2);
        type Handler = extern "C" fn(i32, *mut libc::siginfo_t, *mut c_void);
        // SAFETY: what was found is a handler with SA_SIGINFO.
        unsafe { mem::transmute::<usize, Handler>(OURS.load(Relaxed))(signal, info, context) }
    }
    install();
    // SAFETY: all zero is a valid value; asks only.
    unsafe {
        let mut ours: libc::sigaction = mem::zeroed();
        check(libc::sigaction(SIGSEGV, ptr::null(), &mut ours) == 0, 3);
        OURS.store(ours.sa_sigaction, Relaxed);
    }
    action(
        SIGSEGV,
        handler as *const () as usize,
        SA_SIGINFO | SA_ONSTACK,
        &[],
    );
    let page = reserved();
    for round in 1..4 {
        // SAFETY: the page is reserved: the load faults.
        let caught = unsafe { Probe::load().attempt(page.addr()) };
        check(
            caught.is_err_and(|caught| caught.found.fp == caught.fault.fp),
            4,
        );
        check(SEEN.load(Relaxed) == round, 5);
        check(!is_blocked(SIGSEGV) && !on_alternate_stack(), 6);
    }
}

/// Without an alternate stack of its own, the thread handles the fault on the stack that it is on.
fn unprepared_thread() {
    install();
    let page = reserved().addr();
    let thread = thread::spawn(move || {
        // SAFETY: the page is reserved: the load faults.
        check(unsafe { Probe::load().attempt(page) }.is_err(), 2);
    });
    check(thread.join().is_ok(), 3);
}

/// Makes `stack` the stack pointer, sets the byte at `flag`, and spins for ever.
#[cfg(target_arch = "x86_64")]
#[unsafe(naked)]
unsafe extern "C" fn spin_on(_stack: usize, _flag: *const AtomicBool) -> usize {
    naked_asm!("mov rsp, rdi", "mov byte ptr [rsi], 1", "2: jmp 2b")
}

/// Makes `stack` the stack pointer, sets the byte at `flag`, and spins for ever.
#[cfg(target_arch = "aarch64")]
#[unsafe(naked)]
unsafe extern "C" fn spin_on(_stack: usize, _flag: *const AtomicBool) -> usize {
    naked_asm!("mov sp, x0", "mov w2, #1", "strb w2, [x1]", "2: b 2b")
}

fn no_room_for_a_frame() {
    extern "C" fn handler(_signal: i32) {
        SEEN.fetch_add(1, Relaxed);
    }
    action(SIGUSR1, handler as *const () as usize, 0, &[]);
    install();
    let page = platform().capabilities().page_size;
    let stack = platform().reserve(64 * page, page).unwrap();
    let bottom = stack.wrapping_add(32 * page);
    // SAFETY: the upper half of the reservation is reserved.
    check(unsafe { platform().commit(bottom, 32 * page) }.is_ok(), 2);
    // A number, since some C libraries name threads by pointers, which threads do not share.
    // SAFETY: names this thread.
    let this = unsafe { libc::pthread_self() } as usize;
    for room in [0, 16, 64, 512] {
        let spins = AtomicBool::new(false);
        let caught = thread::scope(|scope| {
            scope.spawn(|| {
                while !spins.load(Relaxed) {
                    thread::yield_now();
                }
                // SAFETY: the thread waits for this one to end.
                unsafe { libc::pthread_kill(this as libc::pthread_t, SIGUSR1) };
            });
            let stack_pointer = bottom.addr() + room;
            // SAFETY: it has no frame, and touches the flag only.
            unsafe {
                let code = spin_on as *const () as usize;
                probe::attempt(
                    code,
                    [stack_pointer, ptr::from_ref(&spins).expose_provenance()],
                )
            }
        });
        let address = Some(bottom.addr() - 1);
        let kind = FaultKind::Memory { address };
        check(caught.is_err_and(|caught| caught.fault.kind == kind), 3);
        check(SEEN.load(Relaxed) == 0, 4);
        // QEMU's emulation of aarch64 programs leaves the signal that it dropped blocked; Linux does not.
        if is_blocked(SIGUSR1) {
            check(cfg!(target_arch = "aarch64"), 4);
            unblock(SIGUSR1);
        }
    }
    // The handler is still there, and so is ours.
    // SAFETY: has a handler.
    unsafe { libc::raise(SIGUSR1) };
    check(SEEN.load(Relaxed) == 1, 5);
    // SAFETY: the page is reserved: the load faults.
    check(
        unsafe { Probe::load().attempt(reserved().addr()) }.is_err(),
        6,
    );
}

thread_local! {
    /// How often the hook was asked about an interrupt of this thread.
    static INTERRUPTS: Cell<usize> = const { Cell::new(0) };
}

/// Sets the timer again, as a hook does that came at a bad moment, the first times that it is asked.
fn timing_hook(fault: &Fault) -> Option<Resume> {
    if fault.kind == FaultKind::Interrupt {
        INTERRUPTS.set(INTERRUPTS.get() + 1);
        if INTERRUPTS.get() < 20 {
            // There may be none yet.
            let _ = platform().set_timer(Some(Duration::from_micros(1)));
        }
    }
    None
}

fn install_timing_hook() {
    // SAFETY: the hook takes nothing.
    check(unsafe { platform().set_trap_hook(timing_hook) }.is_ok(), 91);
}

/// Does something, and waits until the hook is asked because of it, or for ever.
fn interrupted_by(act: impl FnOnce()) {
    let before = INTERRUPTS.get();
    act();
    while INTERRUPTS.get() == before {
        std::hint::spin_loop();
    }
}

/// Sets the timer, and waits for it.
fn check_timer() {
    interrupted_by(|| check(platform().set_timer(Some(Duration::ZERO)).is_ok(), 3));
}

fn interrupted_early() {
    install_timing_hook();
    let (victim, done) = (AtomicU64::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Relaxed) {
                match Thread::new(victim.load(Relaxed)) {
                    None => std::hint::spin_loop(),
                    Some(victim) => platform().interrupt(victim),
                }
            }
        });
        for _ in 0..1_000 {
            let thread = scope.spawn(|| {
                victim.store(platform().current_thread().get(), Relaxed);
                check(platform().set_timer(None).is_ok(), 2);
                victim.store(0, Relaxed);
                check(!is_blocked(SIGURG), 4);
                check_timer();
                check_timer();
            });
            check(thread.join().is_ok(), 5);
        }
        done.store(true, Relaxed);
    });
}

fn forked() {
    /// Checks that this thread's timer and name are good, and that of threads that come after it.
    fn check_thread(names: &mut Vec<Thread>) {
        check_timer();
        let name = platform().current_thread();
        interrupted_by(|| platform().interrupt(name));
        if !names.contains(&name) {
            names.push(name);
        }
    }
    install_timing_hook();
    let mut names = Vec::new();
    check_thread(&mut names);
    let name = platform().current_thread();
    for _ in 0..3 {
        // One that has not come yet, of which the child has to be told.
        check(
            platform()
                .set_timer(Some(Duration::from_secs(3600)))
                .is_ok(),
            6,
        );
        INTERRUPTS.set(0);
        // SAFETY: the process has one thread, so the child may do anything.
        let child = unsafe { libc::fork() };
        check(child >= 0, 7);
        if child != 0 {
            let mut status = 0;
            // SAFETY: waits for the child.
            unsafe { libc::waitpid(child, &mut status, 0) };
            check(INTERRUPTS.get() == 0, 8);
            // SAFETY: ends the process as the child ended.
            unsafe { libc::_exit(if status == 0 { 0 } else { 9 }) };
        }
        // SAFETY: the signal ends the child where it hangs.
        unsafe { libc::alarm(60) };
        while INTERRUPTS.get() == 0 {
            std::hint::spin_loop();
        }
        check(platform().current_thread() == name, 10);
        check_thread(&mut names);
        check(names.len() == 1, 11);
        let mut other = names.clone();
        check(
            thread::spawn(move || {
                check_thread(&mut other);
                check(other.len() == 2, 12);
            })
            .join()
            .is_ok(),
            13,
        );
    }
}
