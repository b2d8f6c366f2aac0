//! The builtins for waiting and notifying (threads proposal: "Wait and Notify operators").

use super::{HostResult, finish, instance, interrupts, memory};
use crate::Result;
use crate::activation::context::VMContext;
use crate::instance::{InstanceData, LinearMemory, SharedMemory, WaitResult, check_atomic};
use crate::store::Pending;
use crate::trap::Trap;
use core::time::Duration;

/// # Safety
/// As for [`finish`].
unsafe fn finish_atomic(vmctx: *mut VMContext, result: Result<u32>) -> HostResult {
    let result = result.map(u64::from).map_err(Pending::Error);
    // SAFETY: the caller's promise.
    unsafe { finish(vmctx, result) }
}

/// A memory that is not shared has nobody who could wait in it.
fn check_unshared(memory: &LinearMemory, address: u64, size: u64) -> Result<(), Trap> {
    check_atomic(address, size, memory.bytes().1).map(drop)
}

// SAFETY (all functions below): as for all builtins. A thread that waits keeps its store borrowed: nobody else
// uses it meanwhile.

pub(super) unsafe extern "C" fn memory_atomic_notify(
    vmctx: *mut VMContext,
    index: u32,
    address: u64,
    count: u32,
) -> HostResult {
    // SAFETY: see above.
    unsafe {
        let memory = memory(instance(vmctx), index);
        let result = match memory.as_shared() {
            Some(shared) => shared.atomic_notify(address, count),
            None => check_unshared(memory, address, 4).map(|()| 0),
        };
        finish_atomic(vmctx, result.map_err(Into::into))
    }
}

fn wait(
    instance: &InstanceData,
    index: u32,
    (address, size): (u64, u64),
    timeout: u64,
    wait: impl FnOnce(&SharedMemory, Option<Duration>) -> Result<WaitResult>,
) -> Result<u32> {
    let memory = memory(instance, index);
    let Some(shared) = memory.as_shared() else {
        check_unshared(memory, address, size)?;
        return Err(Trap::AtomicWaitNonSharedMemory.into());
    };
    // A negative timeout waits for ever (spec: `memory.atomic.wait`).
    let timeout = i64::try_from(timeout).ok();
    let timeout = timeout.map(|nanoseconds| Duration::from_nanos(nanoseconds as u64));
    wait(shared, timeout).map(|result| result as u32)
}

pub(super) unsafe extern "C" fn memory_atomic_wait32(
    vmctx: *mut VMContext,
    index: u32,
    address: u64,
    expected: u32,
    timeout: u64,
) -> HostResult {
    // SAFETY: see above.
    unsafe {
        let place = (address, 4);
        let interrupts = interrupts(vmctx);
        let result = wait(instance(vmctx), index, place, timeout, |memory, timeout| {
            memory.wait32(address, expected, timeout, interrupts)
        });
        finish_atomic(vmctx, result)
    }
}

pub(super) unsafe extern "C" fn memory_atomic_wait64(
    vmctx: *mut VMContext,
    index: u32,
    address: u64,
    expected: u64,
    timeout: u64,
) -> HostResult {
    // SAFETY: see above.
    unsafe {
        let place = (address, 8);
        let interrupts = interrupts(vmctx);
        let result = wait(instance(vmctx), index, place, timeout, |memory, timeout| {
            memory.wait64(address, expected, timeout, interrupts)
        });
        finish_atomic(vmctx, result)
    }
}
