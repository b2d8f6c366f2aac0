//! What travels between the host and Wasm code: slots of values, and what host functions return.

use super::context::VMHostContext;
#[cfg(feature = "async")]
use super::frames::STATUS_SUSPENDED;
#[cfg(feature = "exceptions")]
use super::frames::STATUS_THROWN;
use super::frames::{STATUS_FAILED, STATUS_RETURNED};
use crate::abi::VALUE_SIZE;
use core::ffi::c_void;
use core::fmt;

/// A value of any type in a 16-byte slot, without its type. The type is known from elsewhere.
///
/// Unlike Wasmtime's, fields are in native byte order: the slot never leaves the machine.
///
/// ```
/// use wasmetal::ValRaw;
///
/// assert_eq!(ValRaw::f32(1.5f32.to_bits()).get_f32(), 1.5f32.to_bits());
/// assert_eq!(ValRaw::i64(-1).get_u64(), u64::MAX);
/// assert_eq!(ValRaw::externref(0).get_externref(), 0);
/// ```
#[derive(Clone, Copy)]
#[repr(C, align(16))]
pub union ValRaw {
    i32: i32,
    u32: u32,
    i64: i64,
    u64: u64,
    f32: u32,
    f64: u64,
    v128: u128,
    externref: u32,
    anyref: u32,
    exnref: u32,
    pointer: *mut c_void,
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
        /// An `i32`, taken as without a sign.
        u32: u32, u32, get_u32;
        /// An `i64`.
        i64: i64, i64, get_i64;
        /// An `i64`, taken as without a sign.
        u64: u64, u64, get_u64;
        /// An `f32`, as bits.
        f32: f32, u32, get_f32;
        /// An `f64`, as bits.
        f64: f64, u64, get_f64;
        /// A `v128`, little endian.
        v128: v128, u128, get_v128;
        /// A reference to a host value, as [`ExternRef::to_raw`](crate::ExternRef::to_raw) makes a number of it; 0: null.
        externref: u32, u32, get_externref;
        /// An internal reference, as [`AnyRef::to_raw`](crate::AnyRef::to_raw) makes a number of it; 0: null.
        anyref: u32, u32, get_anyref;
        /// A reference to an exception, as [`ExnRef::to_raw`](crate::ExnRef::to_raw) makes a number of it; 0: null.
        exnref: u32, u32, get_exnref;
        /// A reference to a function, as [`Func::to_raw`](crate::Func::to_raw) makes a pointer of it; or null.
        funcref: pointer, *mut c_void, get_funcref;
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
