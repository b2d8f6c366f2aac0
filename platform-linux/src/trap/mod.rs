//! Faults: the signal handler that asks the trap hook, and passes on what the hook does not take.
//!
//! A fault that the hook takes is left by a jump out of the handler, which makes a trap a quarter
//! cheaper than `sigreturn`. Nothing is left to undo then: the handler is installed with an empty mask
//! and `SA_NODEFER`, so the signal mask inside it is that of the interrupted code; the kernel tells by
//! the stack pointer whether a thread is on its alternate stack; and [`arch::jump`] sets the registers
//! that matter. If another handler was installed later and calls this one, the mask is another: then
//! the context is changed, and that handler returns to it.

mod altstack;
mod chain;
mod frame;
mod interrupt;

pub(crate) use altstack::thread_init;
pub(crate) use interrupt::{continue_interrupted, current_thread, interrupt, set_timer};

use std::sync::OnceLock;

use rustix::io::Errno;
use wasmetal_platform::{Error, FaultKind, Operation, Result, TrapHook};

use crate::arch;

/// The signals by which Linux reports the faults that a [`FaultKind`] names.
const FAULTS: [i32; 4] = [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE];

static HOOK: OnceLock<TrapHook> = OnceLock::new();

pub(crate) fn set_hook(hook: TrapHook) -> Result<()> {
    let error = |errno: Errno| Error::new(Operation::SetTrapHook, errno.raw_os_error());
    let installed = HOOK.get_or_init(|| hook);
    if *installed as usize != hook as usize {
        return Err(error(Errno::BUSY));
    }
    interrupt::at_fork().map_err(error)?;
    // Not blocked while it is handled: a fault may be left by a jump.
    chain::install(&FAULTS, arch::handle_entry, libc::SA_NODEFER).map_err(error)
}

/// What the signal says of a fault; `None` if it reports none, as one that `kill` sent.
fn fault_kind(signal: i32, info: &libc::siginfo_t, sp: usize) -> Option<FaultKind> {
    if info.si_code <= 0 || signal == libc::SIGBUS && info.si_code == libc::BUS_MCEERR_AO {
        return None;
    }
    Some(match signal {
        libc::SIGILL => FaultKind::IllegalInstruction,
        libc::SIGFPE => FaultKind::Arithmetic,
        _ => FaultKind::Memory {
            address: match info.si_code {
                // Where the kernel itself met the fault, or for an address that is not canonical (x86).
                libc::SI_KERNEL => frame::refused(sp),
                // SAFETY: `si_addr` is what the kernel fills in for a fault's signal.
                _ => Some(unsafe { info.si_addr() }.addr()),
            },
        },
    })
}

/// What [`arch::handle_entry`] calls: the handler of all signals. It owns nothing when it calls on,
/// so that it may be left by a jump. `sp` is the stack pointer at entry.
///
/// # Safety
/// The first three arguments are those that the kernel passes to an `SA_SIGINFO` handler.
pub(crate) unsafe extern "C" fn handle(
    signal: i32,
    info: *mut libc::siginfo_t,
    context: *mut libc::ucontext_t,
    sp: usize,
) {
    if signal == interrupt::SIGNAL {
        // SAFETY: the arguments are the kernel's.
        return unsafe { interrupt::handle(info, context) };
    }
    // SAFETY: the kernel passes pointers to a siginfo and a ucontext that live until the handler is
    // left, and that nobody else refers to.
    let (information, registers) = unsafe { (&*info, &mut *context) };
    let kind = fault_kind(signal, information, arch::stack_pointer(registers));
    if let (Some(kind), Some(hook)) = (kind, HOOK.get()) {
        let fault = arch::fault(kind, registers);
        if let Some(to) = hook(&fault) {
            if arch::called_by_kernel(sp, info, context) {
                // SAFETY: this is the context of this handler, which has nothing to drop; `to` comes
                // from the hook, whose installer vouches for it.
                unsafe { arch::jump(registers, &to) }
            }
            arch::set_registers(registers, &to);
            return;
        }
    }
    // SAFETY: the arguments are the kernel's.
    unsafe { chain::pass_on(signal, info, context.cast(), kind.is_some()) }
}
