//! WebAssembly's proposals, as a set.

use crate::error::Result;
use crate::error::bounded::ensure;
use crate::wire::wire;
use alloc::string::String;
use core::fmt;
use core::ops::BitOr;

/// A set of WebAssembly proposals.
///
/// The numbers are part of the image format.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Features(u64);

macro_rules! features {
    ($($(#[$doc:meta])* $name:ident = $bit:literal, $text:literal;)*) => {
        /// Each proposal's bit.
        pub(super) const LAYOUT: &[super::layout::Table] = &[&[$((stringify!($name), $bit)),*]];

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
    /// Exceptions as they were before [`EXCEPTIONS`](Self::EXCEPTIONS): `try`, `catch`, `catch_all`, `delegate`, `rethrow`.
    LEGACY_EXCEPTIONS = 19, "legacy-exceptions";
}

impl Features {
    /// No proposal: WebAssembly 1.0 as of its first release.
    pub const NONE: Self = Self(0);

    /// WebAssembly 1.0.
    pub const WASM1: Self = Self::MUTABLE_GLOBAL;

    /// WebAssembly 2.0.
    pub const WASM2: Self = Self::WASM1
        .union(Self::SATURATING_FLOAT_TO_INT)
        .union(Self::SIGN_EXTENSION)
        .union(Self::MULTI_VALUE)
        .union(Self::BULK_MEMORY)
        .union(Self::REFERENCE_TYPES)
        .union(Self::SIMD);

    /// WebAssembly 3.0, and threads.
    pub const WASM3: Self = Self::WASM2
        .union(Self::RELAXED_SIMD)
        .union(Self::THREADS)
        .union(Self::TAIL_CALL)
        .union(Self::MULTI_MEMORY)
        .union(Self::EXCEPTIONS)
        .union(Self::MEMORY64)
        .union(Self::EXTENDED_CONST)
        .union(Self::FUNCTION_REFERENCES)
        .union(Self::GC);

    /// What this version implements, in a build with all cargo features.
    const IMPLEMENTED: Self = Self::MUTABLE_GLOBAL
        .union(Self::SATURATING_FLOAT_TO_INT)
        .union(Self::SIGN_EXTENSION)
        .union(Self::MULTI_VALUE)
        .union(Self::BULK_MEMORY)
        .union(Self::REFERENCE_TYPES)
        .union(Self::SIMD)
        .union(Self::RELAXED_SIMD)
        .union(Self::THREADS)
        .union(Self::TAIL_CALL)
        .union(Self::MULTI_MEMORY)
        .union(Self::MEMORY64)
        .union(Self::EXTENDED_CONST)
        .union(Self::CUSTOM_PAGE_SIZES)
        .union(Self::WIDE_ARITHMETIC)
        .union(Self::FUNCTION_REFERENCES)
        .union(Self::EXCEPTIONS)
        .union(Self::LEGACY_EXCEPTIONS)
        .union(Self::GC);

    /// What this build implements.
    pub const SUPPORTED: Self = Self::IMPLEMENTED.without(Self::left_out());

    /// The proposals that a cargo feature brings.
    const BY_CARGO_FEATURE: [(Self, &str, bool); 4] = [
        (
            Self::SIMD.union(Self::RELAXED_SIMD),
            "simd",
            cfg!(feature = "simd"),
        ),
        (Self::THREADS, "threads", cfg!(feature = "threads")),
        (Self::GC, "gc", cfg!(feature = "gc")),
        (
            Self::EXCEPTIONS.union(Self::LEGACY_EXCEPTIONS),
            "exceptions",
            cfg!(feature = "exceptions"),
        ),
    ];

    /// What each proposal builds on.
    const REQUIRED: [(Self, Self); 4] = [
        (Self::RELAXED_SIMD, Self::SIMD),
        (Self::FUNCTION_REFERENCES, Self::REFERENCE_TYPES),
        (Self::GC, Self::FUNCTION_REFERENCES),
        (Self::LEGACY_EXCEPTIONS, Self::EXCEPTIONS),
    ];

    /// The proposals whose cargo feature is off.
    const fn left_out() -> Self {
        let mut out = Self::NONE;
        let mut index = 0;
        while index < Self::BY_CARGO_FEATURE.len() {
            let (proposals, _, built) = Self::BY_CARGO_FEATURE[index];
            if !built {
                out = out.union(proposals);
            }
            index += 1;
        }
        out
    }

    /// Checks that this build implements all of the set, and that what they build on is in it.
    ///
    /// # Errors
    /// Names the first proposal that does not fit, and why.
    pub fn check(self) -> Result<()> {
        for (proposals, feature, built) in Self::BY_CARGO_FEATURE {
            let missing = self.intersection(proposals);
            ensure!(
                built || missing.is_empty(),
                "the proposal {} needs the cargo feature `{feature}`, which this build of wasmetal \
                 has not",
                missing.names()
            );
        }
        let missing = self.without(Self::SUPPORTED);
        ensure!(
            missing.is_empty(),
            "this version does not implement the proposal {}",
            missing.names()
        );
        for (proposal, required) in Self::REQUIRED {
            ensure!(
                !self.contains(proposal) || self.contains(required),
                "the proposal {} builds on {}, which is off",
                proposal.names(),
                required.names()
            );
        }
        Ok(())
    }

    /// The set without what builds on a proposal that is not in it, but for those in `keep`.
    #[must_use]
    pub(crate) fn closed(mut self, keep: Self) -> Self {
        for (proposal, required) in Self::REQUIRED {
            if !self.contains(required) && !keep.contains(proposal) {
                self = self.without(proposal);
            }
        }
        self
    }

    /// What is in this set or in `other`.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in this set and in `other`.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

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
    /// What is on unless the configuration says otherwise: all that this build implements, but for what the
    /// specification has replaced.
    fn default() -> Self {
        Self::SUPPORTED.without(Self::LEGACY_EXCEPTIONS)
    }
}

wire!(struct Features(_));

impl BitOr for Features {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.union(other)
    }
}

impl fmt::Debug for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Features({})", self.names())
    }
}
