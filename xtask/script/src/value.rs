//! Arguments and expected results.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

/// An argument. Floating-point values are their bits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// `i32.const`
    I32(i32),
    /// `i64.const`
    I64(i64),
    /// `f32.const`
    F32(u32),
    /// `f64.const`
    F64(u64),
    /// `v128.const`
    V128(u128),
    /// `ref.null`
    Null(Heap),
    /// `ref.extern`: a host value
    Extern(u32),
    /// `ref.host`: a host value inside the `any` hierarchy
    Host(u32),
}

/// The type of a null reference, as far as nulls differ: its hierarchy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Heap {
    /// `func`
    Func,
    /// `extern`
    Extern,
    /// `any`
    Any,
    /// `exn`
    Exn,
    /// Any other, by its text.
    Other(String),
}

/// A result, or a set of results that are all right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Expected {
    /// `i32.const`
    I32(i32),
    /// `i64.const`
    I64(i64),
    /// `f32.const`
    F32(Float<u32>),
    /// `f64.const`
    F64(Float<u64>),
    /// `v128.const`
    V128(Vector),
    /// `ref.null`, of any type if none is given
    Null(Option<Heap>),
    /// `ref.extern`: not null, and this host value if one is given
    Extern(Option<u32>),
    /// `ref.host`
    Host(u32),
    /// `ref.func`: a function, not null
    Func,
    /// `ref.any`, `ref.eq`, `ref.array`, `ref.struct`, `ref.i31`: not null, by its name
    Object(String),
    /// One of these.
    Either(Vec<Self>),
}

/// A floating-point result, by its bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Float<T> {
    /// `nan:canonical`: only the top bit of the payload is set; any sign
    CanonicalNan,
    /// `nan:arithmetic`: the top bit of the payload is set; any sign
    ArithmeticNan,
    /// These bits.
    Bits(T),
}

impl Float<u32> {
    /// Whether a value with these bits is what is expected.
    #[must_use]
    pub fn matches(self, bits: u32) -> bool {
        match self {
            Self::CanonicalNan => bits & 0x7fff_ffff == 0x7fc0_0000,
            Self::ArithmeticNan => bits & 0x7fc0_0000 == 0x7fc0_0000,
            Self::Bits(expected) => bits == expected,
        }
    }
}

impl Float<u64> {
    /// Whether a value with these bits is what is expected.
    #[must_use]
    pub fn matches(self, bits: u64) -> bool {
        match self {
            Self::CanonicalNan => bits & !(1 << 63) == 0x7ff8 << 48,
            Self::ArithmeticNan => bits & (0x7ff8 << 48) == 0x7ff8 << 48,
            Self::Bits(expected) => bits == expected,
        }
    }
}

/// A vector result: lanes from the least significant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Vector {
    /// Integer lanes.
    Bits(u128),
    /// `f32x4`
    F32x4([Float<u32>; 4]),
    /// `f64x2`
    F64x2([Float<u64>; 2]),
}

impl Vector {
    /// Whether a value with these bits is what is expected.
    #[must_use]
    pub fn matches(&self, bits: u128) -> bool {
        match self {
            Self::Bits(expected) => bits == *expected,
            Self::F32x4(lanes) => {
                let lane = |index: usize| (bits >> (32 * index)) as u32;
                lanes
                    .iter()
                    .enumerate()
                    .all(|(index, float)| float.matches(lane(index)))
            }
            Self::F64x2(lanes) => {
                let lane = |index: usize| (bits >> (64 * index)) as u64;
                lanes
                    .iter()
                    .enumerate()
                    .all(|(index, float)| float.matches(lane(index)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_patterns() {
        let check = |bits: f32, raw: Option<u32>, canonical: bool, arithmetic: bool| {
            let bits = raw.unwrap_or(bits.to_bits());
            assert_eq!(
                Float::<u32>::CanonicalNan.matches(bits),
                canonical,
                "{bits:#x}"
            );
            assert_eq!(
                Float::<u32>::ArithmeticNan.matches(bits),
                arithmetic,
                "{bits:#x}"
            );
        };
        check(0.0, Some(0x7fc0_0000), true, true);
        check(0.0, Some(0xffc0_0000), true, true);
        check(0.0, Some(0x7fc0_0001), false, true);
        check(0.0, Some(0x7f80_0001), false, false);
        check(f32::INFINITY, None, false, false);
        check(1.0, None, false, false);

        assert!(Float::<u64>::CanonicalNan.matches(0xfff8_0000_0000_0000));
        assert!(!Float::<u64>::CanonicalNan.matches(0x7ff8_0000_0000_0001));
        assert!(Float::<u64>::ArithmeticNan.matches(0x7ff8_0000_0000_0001));
        assert!(!Float::<u64>::ArithmeticNan.matches(0x7ff0_0000_0000_0001));
    }

    #[test]
    fn vector_lanes_start_at_the_least_significant() {
        let lanes = [
            Float::Bits(1),
            Float::Bits(2),
            Float::Bits(3),
            Float::CanonicalNan,
        ];
        let bits = 0x7fc0_0000_0000_0003_0000_0002_0000_0001;
        assert!(Vector::F32x4(lanes).matches(bits));
        assert!(!Vector::F32x4(lanes).matches(bits ^ 1));
    }
}
