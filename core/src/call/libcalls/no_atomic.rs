//! Twin of `atomic` for builds without the feature `threads`: no code is valid that waits or notifies.
#![forbid(unsafe_code)]

use crate::activation::HostResult;
use crate::activation::context::VMContext;

pub(super) extern "C" fn memory_atomic_notify(
    _vmctx: *mut VMContext,
    _memory: u32,
    _address: u64,
    _count: u32,
) -> HostResult {
    HostResult::ok(0)
}

pub(super) extern "C" fn memory_atomic_wait32(
    _vmctx: *mut VMContext,
    _memory: u32,
    _address: u64,
    _expected: u32,
    _timeout: u64,
) -> HostResult {
    HostResult::ok(0)
}

pub(super) extern "C" fn memory_atomic_wait64(
    _vmctx: *mut VMContext,
    _memory: u32,
    _address: u64,
    _expected: u64,
    _timeout: u64,
) -> HostResult {
    HostResult::ok(0)
}
