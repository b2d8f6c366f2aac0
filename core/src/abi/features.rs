//! WebAssembly's proposals, as a set.

use alloc::string::String;
use core::fmt;
use core::ops::BitOr;
use serde::{Deserialize, Serialize};

/// A set of WebAssembly proposals.
///
/// The numbers are part of the image format.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Features(u64);

macro_rules! features {
    ($($(#[$doc:meta])* $name:ident = $bit:literal, $text:literal;)*) => {
        impl Features {
            $($(#[$doc])* pub const $name: Self = Self(1 << $bit);)*

            /// Each proposal with its name.
            pub const ALL: &[(Self, &str)] = &[$((Self::$name, $text),)*];
        }
    };
}

features! {
    /// Import and export of mutable globals.
    MUTABLE_GLOBAL = 0, "mutable-global";
    /// Conversions of floats to integers that do not trap.
    SATURATING_FLOAT_TO_INT = 1, "saturating-float-to-int";
    /// Sign-extension operators.
    SIGN_EXTENSION = 2, "sign-extension";
    /// Several results of functions and blocks.
    MULTI_VALUE = 3, "multi-value";
    /// Bulk memory and table operators, passive segments.
    BULK_MEMORY = 4, "bulk-memory";
    /// `externref`, `funcref` as values, several tables.
    REFERENCE_TYPES = 5, "reference-types";
    /// 128-bit vectors.
    SIMD = 6, "simd";
    /// Vector operators with results that depend on the machine.
    RELAXED_SIMD = 7, "relaxed-simd";
    /// Shared memories and atomic operators.
    THREADS = 8, "threads";
    /// Tail calls.
    TAIL_CALL = 9, "tail-call";
    /// Several memories.
    MULTI_MEMORY = 10, "multi-memory";
    /// Exceptions.
    EXCEPTIONS = 11, "exceptions";
    /// Memories and tables with 64-bit indices.
    MEMORY64 = 12, "memory64";
    /// Integer arithmetic in constant expressions.
    EXTENDED_CONST = 13, "extended-const";
    /// Typed references to functions.
    FUNCTION_REFERENCES = 14, "function-references";
    /// Garbage-collected structs and arrays.
    GC = 15, "gc";
    /// Memories with pages of one byte.
    CUSTOM_PAGE_SIZES = 16, "custom-page-sizes";
    /// 128-bit integer arithmetic.
    WIDE_ARITHMETIC = 17, "wide-arithmetic";
    /// Coroutines.
    STACK_SWITCHING = 18, "stack-switching";
}

impl Features {
    /// No proposal: WebAssembly 1.0 as of its first release.
    pub const NONE: Self = Self(0);

    /// What this version compiles.
    pub const SUPPORTED: Self = Self(
        Self::MUTABLE_GLOBAL.0
            | Self::SATURATING_FLOAT_TO_INT.0
            | Self::SIGN_EXTENSION.0
            | Self::MULTI_VALUE.0
            | Self::BULK_MEMORY.0
            | Self::REFERENCE_TYPES.0,
    );

    /// Whether all of `other` are in this set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// What is in this set and not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Puts proposals into the set, or takes them out.
    pub fn set(&mut self, features: Self, on: bool) {
        *self = if on {
            *self | features
        } else {
            self.without(features)
        };
    }

    /// The proposals' names, separated by commas.
    #[must_use]
    pub fn names(self) -> String {
        let mut names = String::new();
        for (_, name) in Self::ALL.iter().filter(|(f, _)| self.contains(*f)) {
            if !names.is_empty() {
                names.push_str(", ");
            }
            names.push_str(name);
        }
        names
    }
}

impl Default for Features {
    /// What is on unless the configuration says otherwise.
    fn default() -> Self {
        Self::SUPPORTED
    }
}

impl BitOr for Features {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Debug for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Features({})", self.names())
    }
}
