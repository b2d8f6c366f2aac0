//! Machine code and what is known of the module to an image: encoders, twins of `image`.

mod addresses;
mod blocks;
mod elf;
#[cfg_attr(not(feature = "exceptions"), path = "no_handlers.rs")]
mod handlers;
mod names;
mod pack;
mod stack_maps;
#[cfg(test)]
mod tests;
mod text;
mod traps;

pub(super) use names::encode as names;
pub use pack::{Packing, pack};
pub(super) use text::text;

use crate::abi::sections::Part;
use crate::error::Result;
use crate::image::CodeTable;
use crate::module::ModuleInfo;
use crate::wire::encode;
use alloc::vec;
use alloc::vec::Vec;
use target_lexicon::Architecture;

/// A module's code, laid out.
pub(super) struct Text {
    /// Machine code, with calls between functions resolved.
    pub(super) bytes: Vec<u8>,
    /// Where what lies.
    pub(super) code: CodeTable,
    /// The encoded trap table.
    pub(super) traps: Vec<u8>,
    /// The encoded address map.
    pub(super) addresses: Vec<u8>,
    /// The encoded stack maps.
    pub(super) stack_maps: Vec<u8>,
    /// The encoded handler table.
    pub(super) handlers: Vec<u8>,
}

/// What an image is made of, besides the compiler's fingerprint.
pub(crate) struct Parts<'a> {
    pub(crate) info: &'a ModuleInfo,
    pub(crate) code: &'a CodeTable,
    pub(crate) text: &'a [u8],
    /// The encoded trap table.
    pub(crate) traps: &'a [u8],
    /// The encoded address map.
    pub(crate) addresses: &'a [u8],
    /// The encoded stack maps.
    pub(crate) stack_maps: &'a [u8],
    /// The encoded handler table.
    pub(crate) handlers: &'a [u8],
    /// The encoded function names.
    pub(crate) names: &'a [u8],
    /// The bytes of data segments, in pieces.
    pub(crate) data: &'a [&'a [u8]],
}

/// Writes an image, unsigned and without Wasm bytes.
pub(crate) fn image(
    architecture: Architecture,
    fingerprint: &[u8],
    parts: &Parts<'_>,
) -> Result<Vec<u8>> {
    let (info, code) = (encode(parts.info), encode(parts.code));
    let meta = Part::ALL.iter().map(|part| match part {
        Part::Fingerprint => vec![fingerprint],
        Part::Info => vec![&info[..]],
        Part::Code => vec![&code[..]],
        Part::Traps => vec![parts.traps],
        Part::Addresses => vec![parts.addresses],
        Part::StackMaps => vec![parts.stack_maps],
        Part::Handlers => vec![parts.handlers],
        Part::Names => vec![parts.names],
        Part::Data => parts.data.to_vec(),
    });
    let meta: Vec<Vec<&[u8]>> = meta.collect();
    pack::write(architecture, &meta, parts.text, &Packing::default())
}
