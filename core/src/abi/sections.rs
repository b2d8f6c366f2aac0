//! Every section of an image: its name, what it holds, who writes it and who reads it.
//!
//! An image is an ELF file. Numbers are little endian. `compile/emit` writes it, `image` reads it.

/// Machine code: functions in index order, then entry trampolines, then host trampolines.
/// Position-independent and complete: nothing in it is relocated.
pub const TEXT: &str = ".text";
/// The alignment of the text in the image, in bytes. It is the last section, so that an image at an
/// address aligned like this can be mapped and run in place.
pub const TEXT_ALIGN: usize = 4096;
/// What made the code (`image::Fingerprint`, postcard). Read first.
pub const FINGERPRINT: &str = ".wasmetal.fingerprint";
/// The module (`module::ModuleInfo`, postcard).
pub const INFO: &str = ".wasmetal.info";
/// Where code lies (`image::CodeTable`, postcard).
pub const CODE: &str = ".wasmetal.code";
/// Trap sites: see `image::traps`.
pub const TRAPS: &str = ".wasmetal.traps";
/// Text offsets to wasm offsets: see `image::addresses`.
pub const ADDRESSES: &str = ".wasmetal.addresses";
/// Where references lie in frames: see `image::stack_maps`.
pub const STACK_MAPS: &str = ".wasmetal.stackmaps";
/// The bytes of all data segments, one after another.
pub const DATA: &str = ".wasmetal.data";
/// Function names from the name section: see `image::names`.
pub const NAMES: &str = ".wasmetal.names";
