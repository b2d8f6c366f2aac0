//! The trap hook: decides whether a fault is a Wasm trap, and where execution goes on.

use super::{RaisedTrap, Trap};
use crate::call::arch::{ENTRY_FRAME_SP, STATUS_TRAP, leave};
use crate::call::stack::context_at;
use crate::code::registry;
use crate::confine;
use crate::interrupt;
use wasmetal_platform::{Fault, FaultKind, Resume};

/// The [`TrapHook`](wasmetal_platform::TrapHook) of every platform.
///
/// A fault is a Wasm trap if its pc lies in published code and either is a recorded trap site or
/// the address lies in the guard of the Wasm stack. A fault elsewhere is ours if it is the overflow of a
/// confined stack. Anything else is not ours.
pub(crate) fn hook(fault: &Fault) -> Option<Resume> {
    if fault.kind == FaultKind::Interrupt {
        return interrupt::hook(fault);
    }
    registry::with_code_at(fault.pc, |code| {
        let stacks = code.stacks();
        // SAFETY: the pc is in published code of the engine with these stacks, so the stack pointer is in
        // one of their regions (*stack region*).
        let (context, guard) =
            unsafe { context_at(fault.sp, stacks.region_size(), stacks.stack_size()) };
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
        // SAFETY: a Wasm stack's context lives as long as the lease, and code runs on the stack.
        let entry_frame = unsafe {
            let entry_frame = (*context).entry_frame.addr();
            (*context).fuel = (*context).fuel.saturating_sub_unsigned(fuel);
            (*context).trap = RaisedTrap {
                pc: fault.pc,
                fp: fault.fp,
                entry_frame,
                trap: Some(trap),
                address,
                interrupted: None,
            };
            entry_frame
        };
        Some(Resume {
            pc: leave as *const () as usize,
            sp: entry_frame + ENTRY_FRAME_SP,
            fp: entry_frame,
            args: [STATUS_TRAP, 0],
        })
    })
    .unwrap_or_else(|| confine::overflow(fault))
}
