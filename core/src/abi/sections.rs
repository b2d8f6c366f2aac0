//! What an image is made of: who writes each part, and who reads it.
//!
//! An image is an ELF file with these sections, in this order and nothing behind the last. Numbers are
//! little endian. `compile/emit` writes it, `image` reads it.

use super::layout::{Table, layout};
use crate::digest::Digest;

/// The metadata: the lengths of all [`Part`]s as `u32`s, then the parts, one after another.
pub const META: &str = ".wasmetal";
/// The module's Wasm bytes, if the image carries them, so that it can be compiled again.
pub const WASM: &str = ".wasm";
/// Machine code: functions in index order, then entry trampolines, then host trampolines.
/// Position-independent and complete: nothing in it is relocated.
pub const TEXT: &str = ".text";
/// What proves the rest: see `image::seal`.
pub const SEAL: &str = ".seal";

layout! {
    /// The alignment of the text in an image, in bytes, unless more is asked for.
    pub const TEXT_ALIGN: usize = 16;

    /// The bytes of the lengths at the start of [`META`].
    pub const LENGTHS: usize = 4 * Part::ALL.len();

    /// Raised by hand when a part that is not encoded by `wire` gets another encoding: those of `compile/emit`.
    /// A test there says so.
    pub const ENCODING: u32 = 3;
}

pub(super) const LAYOUT: &[Table] = &[
    CONSTANTS,
    PARTS,
    &[
        ("META", Digest::EMPTY.text(META).get()),
        ("WASM", Digest::EMPTY.text(WASM).get()),
        ("TEXT", Digest::EMPTY.text(TEXT).get()),
        ("SEAL", Digest::EMPTY.text(SEAL).get()),
    ],
];

macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident, $text:literal;)*) => {
        /// A part of the metadata.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(usize)]
        pub enum Part {
            $($(#[$doc])* $name,)*
        }

        const PARTS: Table = &[$((stringify!($name), Part::$name as u64)),*];

        impl Part {
            /// All of them, in the order in which they lie in the section.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// What it is called.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

parts! {
    /// What made the code (`image::Fingerprint`, see `wire`). Read first.
    Fingerprint, "fingerprint";
    /// The module (`module::ModuleInfo`, likewise).
    Info, "module";
    /// Where code lies (`image::CodeTable`, likewise).
    Code, "code table";
    /// Trap sites: see `image::traps`.
    Traps, "trap table";
    /// Text offsets to wasm offsets: see `image::addresses`.
    Addresses, "address map";
    /// Where references lie on the stack: see `image::stack_maps`.
    StackMaps, "stack maps";
    /// Calls in a `try_table`: see `image::handlers`.
    Handlers, "handler table";
    /// Function names from the name section: see `image::names`.
    Names, "names";
    /// The bytes of all data segments, one after another.
    Data, "data";
}
