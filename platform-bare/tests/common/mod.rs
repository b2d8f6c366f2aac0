//! Catching a fault in a kernel: a trap hook that goes on behind the call that faulted.

use core::arch::global_asm;
use core::cell::Cell;

use wasmetal_platform::{Fault, FaultKind, Platform, Resume, TrapHook};
use wasmetal_platform_bare::{cores, platform};

struct State {
    /// The stack pointer to go on with; 0 when no fault is to be caught.
    sp: Cell<usize>,
    fault: Cell<Option<Fault>>,
    /// Who is asked about other faults.
    next: Cell<Option<TrapHook>>,
}

// SAFETY: each core uses its own, and has one thread; the hook runs while it is suspended.
unsafe impl Sync for State {}

static STATES: [State; cores::MAX] = [const {
    State {
        sp: Cell::new(0),
        fault: Cell::new(None),
        next: Cell::new(None),
    }
}; cores::MAX];

fn state() -> &'static State {
    &STATES[cores::current()]
}

unsafe extern "C" {
    /// Calls `work(argument)` and returns 0, or 1 if a fault was caught. `sp` gets the stack
    /// pointer to resume with.
    fn kernel_catch(work: extern "C" fn(usize), argument: usize, sp: *mut usize) -> usize;
    /// Where a caught fault goes on.
    safe fn kernel_caught();
}

global_asm!(
    ".global kernel_catch",
    "kernel_catch:",
    "stp x29, x30, [sp, #-160]!",
    "mov x29, sp",
    "stp x19, x20, [sp, #16]",
    "stp x21, x22, [sp, #32]",
    "stp x23, x24, [sp, #48]",
    "stp x25, x26, [sp, #64]",
    "stp x27, x28, [sp, #80]",
    "stp d8, d9, [sp, #96]",
    "stp d10, d11, [sp, #112]",
    "stp d12, d13, [sp, #128]",
    "stp d14, d15, [sp, #144]",
    "mov x8, sp",
    "str x8, [x2]",
    "mov x8, x0",
    "mov x0, x1",
    "blr x8",
    "mov x0, #0",
    ".global kernel_caught",
    "kernel_caught:",
    "ldp x19, x20, [sp, #16]",
    "ldp x21, x22, [sp, #32]",
    "ldp x23, x24, [sp, #48]",
    "ldp x25, x26, [sp, #64]",
    "ldp x27, x28, [sp, #80]",
    "ldp d8, d9, [sp, #96]",
    "ldp d10, d11, [sp, #112]",
    "ldp d12, d13, [sp, #128]",
    "ldp d14, d15, [sp, #144]",
    "ldp x29, x30, [sp], #160",
    "ret",
);

fn hook(fault: &Fault) -> Option<Resume> {
    // An interrupt is nobody's fault.
    let sp = match fault.kind {
        FaultKind::Interrupt => 0,
        _ => state().sp.replace(0),
    };
    if sp == 0 {
        return state().next.get()?(fault);
    }
    state().fault.set(Some(*fault));
    Some(Resume {
        pc: kernel_caught as *const () as usize,
        sp,
        fp: sp,
        args: [1, 0],
        keep: None,
    })
}

/// Has this hook asked about the faults on this core that no [`catch`] waits for.
#[allow(dead_code)] // Only kernels that run Wasm have one.
pub(crate) fn chain(next: TrapHook) {
    state().next.set(Some(next));
}

/// Runs `work`; `Err` if it faulted. Nothing is dropped then, so `work` owns nothing.
pub(crate) fn catch<R: Copy>(work: impl Fn() -> R + Copy) -> Result<R, Fault> {
    struct Call<F, R> {
        work: F,
        result: Option<R>,
    }
    extern "C" fn call<F: Fn() -> R, R>(call: usize) {
        // SAFETY: `catch` below passes the address of its `Call<F, R>`.
        let call = unsafe { &mut *(call as *mut Call<F, R>) };
        call.result = Some((call.work)());
    }
    fn trampoline<F: Fn() -> R, R>(_: &Call<F, R>) -> extern "C" fn(usize) {
        call::<F, R>
    }
    // SAFETY: `hook` asks no lock, allocates nothing, and resumes in `kernel_catch`'s live frame.
    unsafe { platform().set_trap_hook(hook) }.expect("no other hook");
    let mut record = Call { work, result: None };
    let trampoline = trampoline(&record);
    // SAFETY: the record outlives the call; a fault leaves no frame that needs dropping.
    let caught = unsafe { kernel_catch(trampoline, &raw mut record as usize, state().sp.as_ptr()) };
    state().sp.set(0);
    match caught {
        0 => Ok(record.result.expect("the work is done")),
        _ => Err(state().fault.take().expect("the hook stored it")),
    }
}
