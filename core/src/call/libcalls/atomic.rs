//! The builtins for waiting and notifying (threads proposal: "Wait and Notify operators").

use super::{HostResult, finish, instance, interrupts, memory};
use crate::Result;
use crate::activation::context::VMContext;
use crate::instance::{InstanceData, LinearMemory, SharedMemory, check_atomic};
use crate::store::Pending;
use crate::trap::Trap;
use core::time::Duration;
#[cfg(feature = "async")]
use {
    super::store,
    crate::call::asynchronous::{can_wait_in_memory, wait_in_memory},
};

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

/// Begins to wait in a shared memory, by `wait`, for a time.
fn wait<R>(
    instance: &InstanceData,
    index: u32,
    (address, size): (u64, u64),
    timeout: u64,
    wait: impl FnOnce(&SharedMemory, Option<Duration>) -> Result<R>,
) -> Result<R> {
    let memory = memory(instance, index);
    let Some(shared) = memory.as_shared() else {
        check_unshared(memory, address, size)?;
        return Err(Trap::AtomicWaitNonSharedMemory.into());
    };
    // A negative timeout waits for ever (spec: `memory.atomic.wait`).
    let timeout = i64::try_from(timeout).ok();
    let timeout = timeout.map(|nanoseconds| Duration::from_nanos(nanoseconds as u64));
    wait(shared, timeout)
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
        let instance = instance(vmctx);
        #[cfg(feature = "async")]
        if can_wait_in_memory(&store(vmctx), is_timed(timeout)) {
            return wait_in_memory(store(vmctx), || {
                wait(instance, index, place, timeout, |memory, timeout| {
                    memory.begin_wait32(address, expected, timeout)
                })
            });
        }
        let interrupts = interrupts(vmctx);
        let result = wait(instance, index, place, timeout, |memory, timeout| {
            memory.wait32(address, expected, timeout, interrupts)
        });
        finish_atomic(vmctx, result.map(|ended| ended as u32))
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
        let instance = instance(vmctx);
        #[cfg(feature = "async")]
        if can_wait_in_memory(&store(vmctx), is_timed(timeout)) {
            return wait_in_memory(store(vmctx), || {
                wait(instance, index, place, timeout, |memory, timeout| {
                    memory.begin_wait64(address, expected, timeout)
                })
            });
        }
        let interrupts = interrupts(vmctx);
        let result = wait(instance, index, place, timeout, |memory, timeout| {
            memory.wait64(address, expected, timeout, interrupts)
        });
        finish_atomic(vmctx, result.map(|ended| ended as u32))
    }
}

/// Whether time ends the wait.
#[cfg(feature = "async")]
fn is_timed(timeout: u64) -> bool {
    i64::try_from(timeout).is_ok_and(|timeout| timeout > 0)
}
