//! What an image is made of: who writes each part, and who reads it.
//!
//! An image is an ELF file with these sections, in this order and nothing behind the last. Numbers are
//! little endian. `compile/emit` writes it, `image` reads it.

/// The metadata: the lengths of all [`Part`]s as `u32`s, then the parts, one after another.
pub const META: &str = ".wasmetal";
/// The module's Wasm bytes, if the image carries them, so that it can be compiled again.
pub const WASM: &str = ".wasm";
/// Machine code: functions in index order, then entry trampolines, then host trampolines.
/// Position-independent and complete: nothing in it is relocated.
pub const TEXT: &str = ".text";
/// What proves the rest: see `image::seal`.
pub const SEAL: &str = ".seal";

/// The alignment of the text in an image, in bytes, unless more is asked for.
pub const TEXT_ALIGN: usize = 16;

/// A part of the metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Part {
    /// What made the code (`image::Fingerprint`, see `wire`). Read first.
    Fingerprint,
    /// The module (`module::ModuleInfo`, likewise).
    Info,
    /// Where code lies (`image::CodeTable`, likewise).
    Code,
    /// Trap sites: see `image::traps`.
    Traps,
    /// Text offsets to wasm offsets: see `image::addresses`.
    Addresses,
    /// Where references lie on the stack: see `image::stack_maps`.
    StackMaps,
    /// Calls in a `try_table`: see `image::handlers`.
    Handlers,
    /// Function names from the name section: see `image::names`.
    Names,
    /// The bytes of all data segments, one after another.
    Data,
}

impl Part {
    /// All of them, in the order in which they lie in the section.
    pub const ALL: &[Self] = &[
        Self::Fingerprint,
        Self::Info,
        Self::Code,
        Self::Traps,
        Self::Addresses,
        Self::StackMaps,
        Self::Handlers,
        Self::Names,
        Self::Data,
    ];

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fingerprint => "fingerprint",
            Self::Info => "module",
            Self::Code => "code table",
            Self::Traps => "trap table",
            Self::Addresses => "address map",
            Self::StackMaps => "stack maps",
            Self::Handlers => "handler table",
            Self::Names => "names",
            Self::Data => "data",
        }
    }
}

/// The bytes of the lengths at the start of [`META`].
pub const LENGTHS: usize = 4 * Part::ALL.len();
