//! The trap hook: who is asked about a synchronous fault in a thread, and about every interrupt.

use core::sync::atomic::{AtomicPtr, Ordering};

use wasmetal_platform::{Error, Fault, FaultKind, Operation, Result, Resume, TrapHook};

use super::arch::context::{Interrupted, Registers};
use super::continued::keep_all;

/// The hook, as a pointer; null for none.
static HOOK: AtomicPtr<()> = AtomicPtr::new(core::ptr::null_mut());

/// `PSTATE.BTYPE`: the target of a resumption need not be a landing pad.
const SPSR_BTYPE: u64 = 3 << 10;

/// Installs the hook, once.
pub(crate) fn set(hook: TrapHook) -> Result<()> {
    let hook = hook as *mut ();
    match HOOK.compare_exchange(
        core::ptr::null_mut(),
        hook,
        Ordering::Release,
        Ordering::Relaxed,
    ) {
        Ok(_) => Ok(()),
        Err(installed) if installed == hook => Ok(()),
        Err(_) => Err(Error::new(Operation::SetTrapHook, 0)),
    }
}

/// Asks the hook about a fault. True if it took it: `registers` say then how to go on.
pub(crate) fn resume(registers: &mut Registers) -> bool {
    let answer = kind(registers.esr, registers.far).and_then(|kind| ask(kind, registers));
    if let Some(answer) = &answer {
        go_on(registers, answer);
    }
    answer.is_some()
}

/// Asks the hook about what an interrupt returns to, and sees to it that it goes on as that says.
pub(crate) fn interrupt(interrupted: &mut Interrupted) {
    if let Some(answer) = ask(FaultKind::Interrupt, &interrupted.registers) {
        if let Some(mut keep) = answer.keep {
            // SAFETY: the hook vouches for the place.
            keep_all(unsafe { keep.as_mut() }, interrupted);
        }
        go_on(&mut interrupted.registers, &answer);
    }
}

fn ask(kind: FaultKind, registers: &Registers) -> Option<Resume> {
    let hook = HOOK.load(Ordering::Acquire);
    if hook.is_null() {
        return None;
    }
    // SAFETY: only `set` stores here, and it stores a `TrapHook`.
    let hook = unsafe { core::mem::transmute::<*mut (), TrapHook>(hook) };
    hook(&Fault {
        kind,
        pc: registers.pc as usize,
        sp: registers.sp as usize,
        fp: registers.x[29] as usize,
        link: registers.x[30] as usize,
        pinned: registers.x[21] as usize,
    })
}

fn go_on(registers: &mut Registers, to: &Resume) {
    registers.pc = to.pc as u64;
    registers.sp = to.sp as u64;
    registers.x[29] = to.fp as u64;
    registers.x[0] = to.args[0] as u64;
    registers.x[1] = to.args[1] as u64;
    registers.spsr &= !SPSR_BTYPE;
}

/// The fault that a syndrome stands for, if it is one that the hook is asked about.
///
/// Exception classes: Arm ARM (DDI 0487), `ESR_EL1`.
const fn kind(esr: u64, far: u64) -> Option<FaultKind> {
    match esr >> 26 & 0x3f {
        // Instruction and data aborts without a change of exception level.
        0x21 | 0x25 => {
            let far_valid = esr & 1 << 10 == 0;
            let address = if far_valid { Some(far as usize) } else { None };
            Some(FaultKind::Memory { address })
        }
        // Unknown reason (an undefined instruction), and a missing landing pad.
        0x00 | 0x0d => Some(FaultKind::IllegalInstruction),
        _ => None,
    }
}
