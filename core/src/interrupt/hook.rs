//! What the trap hook does when it is asked about an interrupt.
//!
//! It may have interrupted anything: so it takes no lock that it can't have at once, and believes in a place only
//! if nothing else can be there. Where it is in doubt it comes back later.

use super::{NO_DEADLINE, divert, nanoseconds, stores};
use crate::call::arch::{ENTRY_FRAME_SP, EXIT_FRAME_SIZE, STATUS_INTERRUPTED, leave};
use crate::call::stack::context_at;
use crate::code::registry;
use crate::confine::{self, Interrupted};
use crate::instance::vmctx::StoreContext;
use crate::trap::{RaisedTrap, Trap};
use core::ptr;
use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;
use wasmetal_platform::{Fault, Resume};

/// How often the stores could not be looked at, since they last could.
static IN_VAIN: AtomicU32 = AtomicU32::new(0);

/// The answer to [`FaultKind::Interrupt`](wasmetal_platform::FaultKind::Interrupt).
pub(crate) fn hook(fault: &Fault) -> Option<Resume> {
    let context = registry::with_code_at(fault.pc, |code| {
        let stacks = code.stacks();
        // SAFETY: the pc is in published code of the engine with these stacks, so the stack pointer is in
        // one of their regions (*stack region*).
        unsafe { context_at(fault.sp, stacks.region_size(), stacks.stack_size()) }.0
    });
    let Some(context) = context else {
        let Some(Interrupted {
            host_sp,
            deadline,
            resume,
        }) = confine::interrupted(fault)
        else {
            look(fault.sp, None, ptr::null(), NO_DEADLINE);
            return None;
        };
        look(host_sp, None, ptr::null(), deadline);
        return resume;
    };
    // SAFETY: code runs on the Wasm stack of a live store, which has been entered.
    let (interrupts, entry_frame) =
        unsafe { ((*context).interrupts.as_ref(), (*context).entry_frame) };
    let stop = interrupts.is_some_and(|interrupts| interrupts.must_stop());
    look(
        entry_frame.addr(),
        Some(context),
        if stop { context } else { ptr::null() },
        NO_DEADLINE,
    );
    stop.then(|| {
        // SAFETY: as above.
        unsafe {
            (*context).trap = RaisedTrap {
                pc: fault.pc,
                fp: fault.fp,
                entry_frame: entry_frame.addr(),
                trap: Some(Trap::Interrupt),
                address: None,
                interrupted: Some([fault.sp, fault.link]),
            };
        }
        Resume {
            pc: leave as *const () as usize,
            sp: entry_frame.addr() + ENTRY_FRAME_SP,
            fp: entry_frame.addr(),
            args: [STATUS_INTERRUPTED, 0],
        }
    })
}

/// Looks at the stores that this thread runs, `stopped` aside: diverts those that must stop, and sets the timer for
/// the others. `host_sp` is the stack pointer where the host was interrupted, or where it entered the innermost
/// Wasm code, which is that of the store `wasm`, or a confined computation. The timer is set to `deadline` if it comes
/// first.
fn look(
    host_sp: usize,
    wasm: Option<*mut StoreContext>,
    stopped: *const StoreContext,
    deadline: u64,
) {
    let Some(platform) = stores::platform() else {
        return;
    };
    let thread = platform.current_thread();
    let mut earliest = deadline;
    let mut again: Option<Duration> = None;
    let mut retry = |after: Duration| {
        again = Some(again.map_or(after, |again: Duration| again.min(after)));
    };
    let visited = stores::try_visit(thread, |store| {
        let context = store.context;
        if ptr::eq(context, stopped) {
            return;
        }
        if !store.interrupts.must_stop() {
            earliest = earliest.min(store.deadline());
            return;
        }
        // SAFETY: the store is run by this thread, which is interrupted.
        let (entry_frame, entering, diverted, limit) = unsafe {
            (
                ptr::read_volatile(&raw const (*context).entry_frame),
                (*context).entering.load(Ordering::SeqCst),
                (*context).diverted.load(Ordering::SeqCst) != 0,
                (*context).host_stack_limit,
            )
        };
        let on_its_way = entry_frame.addr() == entering;
        if (entry_frame.is_null() || diverted) && !on_its_way {
            // It has no way back, or it is idle.
            return;
        }
        let exit_frame = entry_frame.addr().wrapping_sub(EXIT_FRAME_SIZE);
        let in_host = (limit..exit_frame).contains(&host_sp);
        match in_host && !on_its_way {
            // SAFETY: the store's innermost entry frame is linked, and this thread, which is interrupted, is in what was
            // called from there.
            true => unsafe { divert(context) },
            false => retry(store.interrupts.retry()),
        }
    });
    match visited {
        true => IN_VAIN.store(0, Ordering::Relaxed),
        // Whoever holds the lock may be what was interrupted.
        false => retry(super::retry(&IN_VAIN)),
    }
    // A store that runs on another core than it was entered on.
    if let Some(context) = wasm
        && !ptr::eq(context, stopped)
        // SAFETY: code runs on the Wasm stack of a live store.
        && let Some(interrupts) = unsafe { (*context).interrupts.as_ref() }
    {
        earliest = earliest.min(interrupts.deadline());
    }
    if earliest != NO_DEADLINE {
        let now = nanoseconds(platform.now());
        retry(Duration::from_nanos(earliest.saturating_sub(now)));
    }
    if let Some(after) = again {
        stores::set_by_hook(platform, after);
    }
}
