//! The table by which generated code finds the types above a type.
//!
//! An engine has one. It is an array of *displays*, one for each engine-wide id of a type: the ids of the
//! types above it, from the top, then its own, then zeros; no type has the id 0. So a type with
//! [`DEPTHS`] types above it at most is a subtype of another one, with `n` types above that, exactly if word
//! `n` of its display is the other's id.
//!
//! Types that are final and have no supertype need none: they may lie beyond the end.

use super::layout::{Table, layout};

layout! {
    /// The size of a display in words of 32 bits.
    pub const WORDS: usize = 8;

    /// The base-2 logarithm of its size in bytes.
    pub const SIZE_LOG2: u32 = 5;

    /// How many ids are in a display: those of types with fewer types above them.
    pub const DEPTHS: usize = WORDS - 1;

    /// The word of the first display, which is no type's, that says how many there are.
    pub const COUNT: usize = DEPTHS;
}

pub(super) const LAYOUT: &[Table] = &[CONSTANTS];

const _: () = assert!(1 << SIZE_LOG2 == WORDS * size_of::<u32>());
