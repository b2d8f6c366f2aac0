//! Calls: host to Wasm, Wasm to host, and the values that travel.

pub(crate) mod arch;
pub(crate) mod entry;
pub(crate) mod func;
pub(crate) mod host;
pub(crate) mod host_stacks;
pub(crate) mod libcalls;
pub(crate) mod stack;
pub(crate) mod typed;
mod values;
// Only the model of assembly can run what is neither compiled nor loaded.
#[cfg(all(test, miri))]
mod tests;

pub use values::ValRaw;

use crate::instance::vmctx::VMHostContext;

/// A host function as Wasm code calls it: its vmctx, and the parameters in slots that take the results.
///
/// Runs on the host's stack. It does not unwind.
pub(crate) type HostFunction = unsafe extern "C" fn(*mut VMHostContext, *mut ValRaw) -> HostResult;

/// What a host function or a builtin returns: two registers in every C calling convention.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct HostResult {
    /// A builtin's result.
    pub value: u64,
    /// 0, or [`STATUS_FAILED`](arch::STATUS_FAILED): leave Wasm code, for the reason in
    /// `StoreOpaque::pending`; or [`STATUS_THROWN`](arch::STATUS_THROWN).
    pub status: usize,
}

impl HostResult {
    /// Success.
    pub(crate) const fn ok(value: u64) -> Self {
        Self { value, status: 0 }
    }

    /// Failure, for the reason left in `StoreOpaque::pending`.
    pub(crate) const FAILED: Self = Self {
        value: 0,
        status: arch::STATUS_FAILED,
    };

    /// An exception was thrown: the store's pending one.
    #[cfg(feature = "exceptions")]
    pub(crate) const THROWN: Self = Self {
        value: 0,
        status: arch::STATUS_THROWN,
    };
}
