//! [`I31`]: integers that are references.
#![forbid(unsafe_code)]

use crate::abi::gc::I31_BIT;
use core::fmt;

/// A 31-bit integer (`i31ref`): it takes no room in the garbage-collected heap.
///
/// ```
/// use wasmetal::I31;
///
/// let number = I31::wrapping_i32(-5);
/// assert_eq!(number.get_i32(), -5);
/// assert_eq!(number.get_u32(), 0x7fff_fffb);
/// assert_eq!(I31::new_u32(1 << 31), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct I31(u32);

impl I31 {
    /// A number below 2^31; `None` for others.
    #[must_use]
    pub fn new_u32(value: u32) -> Option<Self> {
        (value < 1 << 31).then_some(Self(value))
    }

    /// A number from -2^30 to 2^30 - 1; `None` for others.
    #[must_use]
    pub fn new_i32(value: i32) -> Option<Self> {
        let this = Self::wrapping_i32(value);
        (this.get_i32() == value).then_some(this)
    }

    /// The lower 31 bits.
    #[must_use]
    pub fn wrapping_u32(value: u32) -> Self {
        Self(value & (u32::MAX >> 1))
    }

    /// The lower 31 bits.
    #[must_use]
    pub fn wrapping_i32(value: i32) -> Self {
        Self::wrapping_u32(value.cast_unsigned())
    }

    /// The number without sign (spec: `i31.get_u`).
    #[must_use]
    pub fn get_u32(&self) -> u32 {
        self.0
    }

    /// The number with sign (spec: `i31.get_s`).
    #[must_use]
    pub fn get_i32(&self) -> i32 {
        (self.0 << 1).cast_signed() >> 1
    }

    /// The number as a reference.
    pub(crate) fn to_reference(self) -> u32 {
        self.0 << 1 | I31_BIT
    }

    /// The number that a reference is.
    pub(crate) fn from_reference(reference: u32) -> Option<Self> {
        (reference & I31_BIT != 0).then_some(Self(reference >> 1))
    }
}

impl fmt::Debug for I31 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("I31")
            .field("as_u32", &self.get_u32())
            .field("as_i32", &self.get_i32())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let check = |value: i32, fits: bool| {
            let number = I31::wrapping_i32(value);
            assert_eq!(I31::new_i32(value), fits.then_some(number), "{value}");
            assert_eq!(number.get_i32() == value, fits, "{value}");
            assert_eq!(I31::from_reference(number.to_reference()), Some(number));
        };
        check(0, true);
        check(-1, true);
        check((1 << 30) - 1, true);
        check(1 << 30, false);
        check(-1 << 30, true);
        check((-1 << 30) - 1, false);
        check(i32::MIN, false);
        assert_eq!(I31::new_u32(u32::MAX >> 1).unwrap().get_i32(), -1);
        assert_eq!(I31::from_reference(2), None);
    }
}
