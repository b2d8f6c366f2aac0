//! What travels between the host and Wasm code: slots of values, and what host functions return.

use super::context::VMHostContext;
#[cfg(feature = "async")]
use super::frames::STATUS_SUSPENDED;
#[cfg(feature = "exceptions")]
use super::frames::STATUS_THROWN;
use super::frames::{STATUS_FAILED, STATUS_RETURNED};
use crate::abi::VALUE_SIZE;
use core::fmt;

/// A value of any type in a 16-byte slot, without its type. The type is known from elsewhere.
///
/// Unlike Wasmtime's, fields are in native byte order: the slot never leaves the machine.
#[derive(Clone, Copy)]
#[repr(C, align(16))]
pub union ValRaw {
    i32: i32,
    i64: i64,
    f32: u32,
    f64: u64,
    v128: u128,
    pointer: *mut u8,
}

const _: () = assert!(size_of::<ValRaw>() == VALUE_SIZE as usize);

macro_rules! accessors {
    ($($(#[$doc:meta])* $name:ident: $field:ident, $ty:ty, $get:ident;)*) => {$(
        $(#[$doc])*
        #[inline]
        #[must_use]
        pub fn $name(value: $ty) -> Self {
            let mut slot = Self::ZERO;
            slot.$field = value;
            slot
        }

        $(#[$doc])*
        #[inline]
        #[must_use]
        pub fn $get(&self) -> $ty {
            // SAFETY: every bit pattern is a value of this field. A slot starts as `ZERO`, or was filled
            // with a value of its type at least, and is read as no other type.
            unsafe { self.$field }
        }
    )*};
}

// SAFETY: plain bits, whose meaning is the same on each thread: what they refer to is reached with its store at hand.
unsafe impl Send for ValRaw {}
// SAFETY: as for `Send`.
unsafe impl Sync for ValRaw {}

impl ValRaw {
    /// All bits zero: zero of every number type, null of every reference type.
    pub const ZERO: Self = Self { v128: 0 };

    accessors! {
        /// An `i32`.
        i32: i32, i32, get_i32;
        /// An `i64`.
        i64: i64, i64, get_i64;
        /// An `f32`, as bits.
        f32: f32, u32, get_f32;
        /// An `f64`, as bits.
        f64: f64, u64, get_f64;
        /// A `v128`, little endian.
        v128: v128, u128, get_v128;
    }

    /// A function reference: a pointer to a `VMFuncRef`, or null.
    #[inline]
    pub(crate) fn func_ref(pointer: *mut u8) -> Self {
        let mut slot = Self::ZERO;
        slot.pointer = pointer;
        slot
    }

    /// A function reference.
    #[inline]
    pub(crate) fn get_func_ref(&self) -> *mut u8 {
        // SAFETY: as in `accessors`; a pointer read from other bits is not dereferenced without
        // knowing the value's type.
        unsafe { self.pointer }
    }
}

impl fmt::Debug for ValRaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#034x}", self.get_v128())
    }
}

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
    /// [`STATUS_RETURNED`]; or [`STATUS_FAILED`]: leave Wasm code, for the reason in `StoreOpaque::pending`; or
    /// `STATUS_THROWN`.
    pub status: usize,
}

impl HostResult {
    /// Success.
    pub(crate) const fn ok(value: u64) -> Self {
        Self {
            value,
            status: STATUS_RETURNED,
        }
    }

    /// Failure, for the reason left in `StoreOpaque::pending`.
    pub(crate) const FAILED: Self = Self {
        value: 0,
        status: STATUS_FAILED,
    };

    /// It waits: the store's context says for what.
    #[cfg(feature = "async")]
    pub(crate) const SUSPENDED: Self = Self {
        value: 0,
        status: STATUS_SUSPENDED,
    };

    /// An exception was thrown: the store's pending one.
    #[cfg(feature = "exceptions")]
    pub(crate) const THROWN: Self = Self {
        value: 0,
        status: STATUS_THROWN,
    };
}
