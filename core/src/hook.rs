//! The trap hook: what becomes of a fault or an interrupt, and where execution goes on.
//!
//! It stands above all that it asks, in this order: the registry, whether the code is Wasm's; that code's stack and
//! trap sites; the interrupts of the stores that the thread runs; the confined compiler. What none of them knows is
//! not ours.

use crate::abi::traps::Trap;
use crate::activation::arch::{ENTRY_FRAME_SP, caller_of_stub, leave};
use crate::activation::context::StoreContext;
#[cfg(feature = "async")]
use crate::activation::frames::STATUS_PREEMPTED;
use crate::activation::frames::{CutOff, RaisedTrap, STATUS_INTERRUPTED, STATUS_TRAP};
use crate::activation::stack::context_at;
use crate::code::{CodeMemory, registry};
use crate::confine::{self, Interrupted};
use crate::interrupt::{At, look};
use core::ops::Range;
use wasmetal_platform::{Fault, FaultKind, Resume};

/// The [`TrapHook`](wasmetal_platform::TrapHook) of every platform.
pub(crate) fn hook(fault: &Fault) -> Option<Resume> {
    match fault.kind {
        FaultKind::Interrupt => interrupted(fault),
        _ => faulted(fault),
    }
}

/// Asks about the Wasm code at the fault's pc, if there is some: of its image, of the context of the store that it runs
/// in, and of the guard of that store's stack.
fn in_wasm<R>(
    fault: &Fault,
    ask: impl FnOnce(&CodeMemory, *mut StoreContext, Range<usize>) -> R,
) -> Option<R> {
    registry::with_code_at(fault.pc, |code| {
        let stacks = code.stacks();
        // SAFETY: the pc is in published code of the engine with these stacks, so the stack pointer is in
        // one of their regions (*stack region*).
        let (context, guard) =
            unsafe { context_at(fault.sp, stacks.region_size(), stacks.stack_size()) };
        ask(code, context, guard)
    })
}

/// A fault in Wasm code is a trap if its pc is a recorded trap site, or its address lies in the guard of the Wasm
/// stack. One elsewhere is ours if it is the overflow of a Wasm stack that the stubs between host and Wasm are on, or of a
/// confined stack.
#[inline(never)] // A fault does not save what only interrupts need, nor the other way round.
fn faulted(fault: &Fault) -> Option<Resume> {
    in_wasm(fault, |code, context, guard| {
        let address = match fault.kind {
            FaultKind::Memory { address } => address,
            _ => None,
        };
        let overflow = address.is_some_and(|address| guard.contains(&address));
        let (trap, fuel) = if overflow {
            (Trap::StackOverflow, 0)
        } else {
            let site = code.trap_at(fault.pc)?;
            (site.trap, site.fuel)
        };
        // SAFETY: a Wasm stack's context lives as long as the lease, and code runs on the stack, which goes no further.
        unsafe {
            take_fuel(code, fault, context, fuel);
            let raised = RaisedTrap {
                trap: Some(trap),
                address,
                ..raised(fault)
            };
            Some(leave_with(context, STATUS_TRAP, raised))
        }
    })
    .unwrap_or_else(|| overflow_of_a_stub(fault).or_else(|| confine::overflow(fault)))
}

/// Tells the store the fuel that interrupted code has in the fuel register, less what is pending there.
///
/// # Safety
/// The context is a live store's, whose code is interrupted at the fault.
unsafe fn take_fuel(code: &CodeMemory, fault: &Fault, context: *mut StoreContext, pending: u64) {
    if let Some(left) = code.fuel_in_register(fault.pc, fault.pinned) {
        // SAFETY: the caller's promise: nobody else writes to the context meanwhile.
        unsafe { (*context).fuel = left.saturating_sub_unsigned(pending) };
    }
}

/// Where the stubs have too little of the Wasm stack left: they put nothing there, but who interrupts them may.
#[cold]
fn overflow_of_a_stub(fault: &Fault) -> Option<Resume> {
    let FaultKind::Memory {
        address: address @ Some(at),
    } = fault.kind
    else {
        return None;
    };
    let context = registry::find(|code| code.stacks().overflown(fault.sp, at))?;
    // SAFETY: the stack pointer is on the Wasm stack of this context, above its guard, and a word from its end.
    let caller = unsafe { caller_of_stub(fault.sp, fault.link) }.wrapping_sub(1);
    let raised = RaisedTrap {
        // Code has called the stub, or the stub calls code.
        pc: registry::with_code_at(caller, |_| caller).unwrap_or(fault.pc),
        trap: Some(Trap::StackOverflow),
        address,
        ..raised(fault)
    };
    // SAFETY: stubs run on the Wasm stack of a live store, which has been entered, and this one goes no further.
    Some(unsafe { leave_with(context, STATUS_TRAP, raised) })
}

/// An interrupt ends Wasm code of a store that must stop, or the confined compiler. What else the thread runs is
/// looked at.
#[inline(never)]
fn interrupted(fault: &Fault) -> Option<Resume> {
    let found = in_wasm(fault, |code, context, _| {
        // SAFETY: a Wasm stack's context lives as long as the lease, and code runs on the stack. If it goes on, this is no
        // harm: nobody has told the store another number.
        unsafe { take_fuel(code, fault, context, 0) };
        (context, code.is_in_function(fault.pc))
    });
    if let Some((context, in_function)) = found {
        // SAFETY: code runs on the Wasm stack of a live store, whose interrupts live as long.
        let interrupts = unsafe { (*context).interrupts.as_ref() };
        if !interrupts.is_some_and(|interrupts| interrupts.must_stop()) {
            // SAFETY: this thread is interrupted there.
            unsafe {
                if in_function && let Some(resume) = end_of_slice(fault, context) {
                    look(At::LeavingWasm(context));
                    return Some(resume);
                }
                look(At::Wasm(context));
            }
            return None;
        }
        let raised = RaisedTrap {
            trap: Some(Trap::Interrupt),
            cut_off: Some(CutOff {
                sp: fault.sp,
                link: fault.link,
            }),
            ..raised(fault)
        };
        // SAFETY: this thread is interrupted there; the code goes no further.
        return Some(unsafe {
            look(At::LeavingWasm(context));
            leave_with(context, STATUS_INTERRUPTED, raised)
        });
    }
    let (at, resume) = match confine::interrupted(fault) {
        Some(Interrupted {
            host_sp,
            deadline,
            resume,
        }) => (At::Confined { host_sp, deadline }, resume),
        None => (At::Host { sp: fault.sp }, None),
    };
    // SAFETY: this thread is interrupted there.
    unsafe { look(at) };
    resume
}

/// How often code whose time slice is over goes on where it was gone on with. The first look comes before any instruction;
/// another may, where its timer is faster than the way back. They are further apart each time. Code that stands there for
/// longer is a loop, or waits for a slow instruction.
#[cfg(feature = "async")]
const MOST_LOOKS_IN_VAIN: u32 = 4;

/// Leaves the code of an asynchronous call whose time slice is over, with all its registers.
///
/// Code that is in no function is in a trampoline, whose frame record may not be there.
///
/// # Safety
/// The context is a live store's, of which a function is interrupted on this thread.
#[cfg(feature = "async")]
unsafe fn end_of_slice(fault: &Fault, context: *mut StoreContext) -> Option<Resume> {
    // SAFETY: the caller's promise; the registers are there if the activation is polled.
    unsafe {
        let interrupts = (*context).interrupts.as_ref()?;
        if !(*context).continues
            || !interrupts.slice_is_over()
            || !StoreContext::is_polled(context)
            || (*context).looks_in_vain < MOST_LOOKS_IN_VAIN
                && (*(*context).registers).pc == fault.pc as u64
        {
            (*context).looks_in_vain += 1;
            return None;
        }
        let raised = RaisedTrap {
            cut_off: Some(CutOff {
                sp: fault.sp,
                link: fault.link,
            }),
            ..raised(fault)
        };
        Some(Resume {
            keep: core::ptr::NonNull::new((*context).registers),
            ..leave_with(context, STATUS_PREEMPTED, raised)
        })
    }
}

/// There are no slices.
///
/// # Safety
/// None.
#[cfg(not(feature = "async"))]
unsafe fn end_of_slice(_: &Fault, _: *mut StoreContext) -> Option<Resume> {
    None
}

/// What is raised where the fault is.
fn raised(fault: &Fault) -> RaisedTrap {
    RaisedTrap {
        pc: fault.pc,
        fp: fault.fp,
        ..RaisedTrap::default()
    }
}

/// Leaves the Wasm code of a store for its innermost entry.
///
/// # Safety
/// The context is a live store's, whose code is interrupted and goes no further.
unsafe fn leave_with(context: *mut StoreContext, status: usize, raised: RaisedTrap) -> Resume {
    // SAFETY: the caller's promise.
    let entry_frame = unsafe {
        let entry_frame = (*context).entry_frame.addr();
        (*context).trap = RaisedTrap {
            entry_frame,
            ..raised
        };
        entry_frame
    };
    Resume {
        pc: leave as *const () as usize,
        sp: entry_frame + ENTRY_FRAME_SP,
        fp: entry_frame,
        args: [status, 0],
        keep: None,
    }
}

#[cfg(all(test, feature = "compile"))]
mod tests {
    use super::*;
    use crate::activation::arch::{enter, host_call};
    use crate::{AsContextMut, Caller, Config, Engine, Func, Instance, Module, Store};
    use core::ops::Range;

    /// What the hook makes of an access near the Wasm stack of a store that has called the host.
    fn check_all(context: *mut StoreContext, stack: &Range<usize>) {
        // SAFETY: the store's own context.
        let (entry_frame, sp) = unsafe { ((*context).entry_frame, (*context).stack_pointer) };
        let stubs = [host_call as *const () as usize, enter as *const () as usize];
        let here = (&raw const stubs).addr();
        let guard = stack.start - 1;
        let (low, top) = (stack.start, stack.end);
        for pc in stubs {
            let check = |sp: usize, address: Option<usize>, ours: bool| {
                let resume = hook(&Fault {
                    kind: FaultKind::Memory { address },
                    pc,
                    sp,
                    fp: 0,
                    link: 0,
                    pinned: 0,
                });
                let expected = ours.then(|| (leave as *const () as usize, entry_frame.addr()));
                assert_eq!(
                    resume.map(|to| (to.pc, to.fp)),
                    expected,
                    "{sp:#x}, {address:x?}"
                );
            };
            for sp in [low, sp.addr(), top] {
                check(sp, Some(guard), true);
                check(sp, Some(guard - 100), true);
                // In the stack itself, in no region, and nobody knows where.
                check(sp, Some(low), false);
                check(sp, Some(0), false);
                check(sp, None, false);
            }
            // Of code whose stack is another, or which has left it.
            check(here, Some(guard), false);
            check(here, Some(here - 100), false);
            check(guard, Some(guard), false);
        }
    }

    #[test]
    fn stubs_overflow_wasm_stacks() {
        let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform())).unwrap();
        let text = r#"(module (import "" "" (func $host)) (func (export "f") (call $host)))"#;
        let module = Module::new(&engine, wat::parse_str(text).unwrap()).unwrap();
        let mut store = Store::new(&engine, ());
        let host = Func::wrap(&mut store, |mut caller: Caller<'_, ()>| {
            let store = caller.as_context_mut();
            let store = store.opaque();
            check_all(
                store.context.as_ptr(),
                &store.stack.as_ref().unwrap().addresses(),
            );
        });
        let instance = Instance::new(&mut store, &module, &[host.into()]).unwrap();
        let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
        f.call(&mut store, ()).unwrap();
    }
}
