//! A model in Rust, for Miri, which executes no assembly: Wasm code is a Rust function.
//!
//! It links the same frames at the same moments, and calls the same functions. What differs: Wasm code has no
//! frames on a stack of its own, and does not vanish when it is left: it is told the status, and returns it.

use crate::abi::traps::Trap;
use crate::activation::Query;
use crate::activation::context::{StoreContext, VMHostContext};
use crate::activation::frames::{EXIT_FRAME_SIZE, EntryFrame, RaisedTrap, STATUS_TRAP};
use crate::activation::{HostResult, ValRaw};
use core::ptr;

/// Wasm code, called with its vmctx and its values: 0, or the status with which it has been left.
pub(crate) type Code = unsafe extern "C" fn(*mut u8, *mut ValRaw) -> usize;

pub(crate) const ENTRY_FRAME_SP: usize = 0;

/// Above all limits.
pub(crate) fn stack_pointer() -> usize {
    usize::MAX / 2
}

/// What lies on the host's stack.
#[repr(C)]
struct Frames {
    exit: [*mut u8; EXIT_FRAME_SIZE / size_of::<usize>()],
    entry: EntryFrame,
}

/// Calls Wasm code; see the [module's text](super).
///
/// # Safety
/// As for the assembly, with a `code` that is a [`Code`].
pub(crate) unsafe extern "C" fn enter(
    vmctx: *mut u8,
    code: *const u8,
    values: *mut ValRaw,
    context: *mut StoreContext,
    _entry: *const u8,
) -> usize {
    // SAFETY: the caller's promise.
    unsafe {
        let mut frames = Frames {
            exit: [ptr::null_mut(); _],
            entry: EntryFrame {
                record: [0; 2],
                previous_entry: (*context).entry_frame,
                previous_stack_pointer: (*context).stack_pointer,
                context,
            },
        };
        let whole = (&raw mut frames).cast::<u8>();
        (*context).entry_frame = whole.add(core::mem::offset_of!(Frames, entry));
        let code = core::mem::transmute::<*const u8, Code>(code);
        let status = code(vmctx, values);
        (*context).entry_frame = frames.entry.previous_entry;
        (*context).stack_pointer = frames.entry.previous_stack_pointer;
        status
    }
}

/// What the model keeps of a call out that waits: the [`Code`] to go on with, its vmctx and its values.
#[cfg(feature = "async")]
pub(crate) const CALLEE_SAVED: usize = 3;

/// The model has no registers.
#[cfg(feature = "async")]
pub(crate) const PRESERVED: usize = 16;

/// Goes on with a call out that waits; see the [module's text](super).
///
/// # Safety
/// As for the assembly. The code that was left has put what it goes on with into the suspension.
#[cfg(feature = "async")]
pub(crate) unsafe extern "C" fn resume(
    context: *mut StoreContext,
    suspension: *const crate::activation::suspension::Suspension,
    go_on: crate::activation::suspension::GoOn,
    _preserved: *const crate::activation::suspension::Preserved,
    waits: *mut Option<crate::activation::suspension::Waits>,
) -> usize {
    // SAFETY: the caller's promise.
    unsafe {
        let mut frames = Frames {
            exit: [ptr::null_mut(); _],
            entry: EntryFrame {
                record: [0; 2],
                previous_entry: (*context).entry_frame,
                previous_stack_pointer: (*context).stack_pointer,
                context,
            },
        };
        let whole = (&raw mut frames).cast::<u8>();
        (*context).stack_pointer = (*suspension).stack_pointer;
        (*context).entry_frame = whole.add(core::mem::offset_of!(Frames, entry));
        let [code, vmctx, values] = (*suspension).registers;
        let status = match exit(context, || go_on(context, waits)) {
            Ok(_) => {
                let code = ptr::with_exposed_provenance::<u8>(code);
                let code = core::mem::transmute::<*const u8, Code>(code);
                code(
                    ptr::with_exposed_provenance_mut(vmctx),
                    ptr::with_exposed_provenance_mut(values),
                )
            }
            Err(status) => {
                if status == crate::activation::frames::STATUS_SUSPENDED {
                    let suspension = (*(*context).poller).suspension.as_mut_ptr();
                    (*suspension).registers = [code, vmctx, values];
                    (*suspension).stack_pointer = (*context).stack_pointer;
                }
                status
            }
        };
        (*context).entry_frame = frames.entry.previous_entry;
        (*context).stack_pointer = frames.entry.previous_stack_pointer;
        status
    }
}

/// The model is not left at the end of time slices.
///
/// # Safety
/// None.
#[cfg(feature = "async")]
pub(crate) unsafe extern "C" fn enter_by(
    _: *mut StoreContext,
    _: unsafe extern "C" fn(*mut u8, *mut StoreContext) -> !,
) -> usize {
    unreachable!()
}

/// As [`enter_by`].
#[cfg(feature = "async")]
pub(crate) fn at_call(
    _: &wasmetal_platform::SavedRegisters,
) -> (
    crate::activation::suspension::Suspension,
    crate::activation::suspension::Preserved,
) {
    unreachable!()
}

/// As [`enter_by`].
#[cfg(feature = "async")]
pub(crate) fn diversion_for_slice(_: *mut u8) -> [usize; 2] {
    [0; 2]
}

/// As [`enter_by`].
#[cfg(feature = "async")]
pub(crate) unsafe extern "C" fn returned() {}

/// Where a trap goes on. Nothing here faults.
pub(crate) unsafe extern "C" fn leave() {}

/// Calls a function of the host's: what it returns, or the status with which the code is left.
///
/// # Safety
/// Wasm code calls, in the store of this context.
pub(crate) unsafe fn exit(
    context: *mut StoreContext,
    call: impl FnOnce() -> HostResult,
) -> Result<u64, usize> {
    // SAFETY: the exit frame lies below the entry frame. Its outer frame record is the entry frame.
    unsafe {
        let entry = (*context).entry_frame;
        let frame = entry.sub(EXIT_FRAME_SIZE).cast::<[*mut u8; 2]>();
        frame.write([entry, ptr::null_mut()]);
        let HostResult { value, status } = call();
        if status == 0 {
            return Ok(value);
        }
        #[cfg(feature = "exceptions")]
        if status == crate::activation::frames::STATUS_THROWN {
            let mut landing = crate::activation::frames::Landing::default();
            // The model has no code with catch clauses, so no frame may turn out to be a handler.
            assert!(!((*context).upcalls.find_handler)(
                context,
                &raw mut landing
            ));
        }
        raise(context, None);
        Err(status)
    }
}

/// Leaves for a trap, as the trap hook does: the status.
///
/// # Safety
/// As for [`exit`].
pub(crate) unsafe fn trap(context: *mut StoreContext, trap: Trap) -> usize {
    // SAFETY: the caller's promise.
    unsafe { raise(context, Some(trap)) };
    STATUS_TRAP
}

unsafe fn raise(context: *mut StoreContext, trap: Option<Trap>) {
    // SAFETY: the caller's promise.
    unsafe {
        let entry = (*context).entry_frame;
        (*context).trap = RaisedTrap {
            fp: entry.expose_provenance(),
            entry_frame: entry.addr(),
            trap,
            ..RaisedTrap::default()
        };
    }
}

/// Calls a host function for Wasm code: 0, or the status with which the code is left.
///
/// # Safety
/// As for the assembly.
pub(crate) unsafe extern "C" fn host_call(
    host: *mut VMHostContext,
    values: *mut ValRaw,
    context: *mut StoreContext,
) -> usize {
    // SAFETY: the caller's promise.
    unsafe { exit(context, || ((*host).call)(host, values)) }.map_or_else(|status| status, |_| 0)
}

/// A query is due.
///
/// # Safety
/// As for the assembly.
pub(crate) unsafe extern "C" fn exit_to_query(query: *const Query) -> HostResult {
    // SAFETY: the caller's promise.
    unsafe { ((*(*query).store.get()).upcalls.asked)(query) }
}

pub(crate) fn diversion(_: *mut u8) -> [usize; 2] {
    [0; 2]
}

pub(crate) fn undiverted(_: *mut u8, _: usize) -> [usize; 2] {
    [0; 2]
}

pub(crate) unsafe fn caller_of_stub(_: usize, _: usize) -> usize {
    0
}

pub(crate) fn return_address(
    _: &[u8],
    _: usize,
    _: impl Fn(usize) -> Option<usize>,
    _: usize,
) -> Option<usize> {
    None
}

/// A builtin without its stub: who calls it does so in [`exit`].
macro_rules! builtin_stub {
    ($stub:ident, super::$body:ident) => {
        pub(super) use super::$body;
    };
}
pub(crate) use builtin_stub;
