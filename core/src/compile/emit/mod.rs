//! Machine code and what is known of the module to an image: encoders, twins of `image`.

mod addresses;
mod blocks;
mod elf;
mod names;
mod text;
mod traps;

pub(super) use text::text;

use super::frontend::FunctionNames;
use crate::abi::sections;
use crate::image::CodeTable;
use crate::module::ModuleInfo;
use alloc::vec::Vec;
use anyhow::{Result, anyhow};
use serde::Serialize;
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
}

/// Writes the image.
pub(super) fn image(
    architecture: Architecture,
    fingerprint: &[u8],
    info: &ModuleInfo,
    text: &Text,
    data: &[&[u8]],
    function_names: &FunctionNames<'_>,
) -> Result<Vec<u8>> {
    let encoded_info = encode(info)?;
    let encoded_code = encode(&text.code)?;
    let names = names::encode(function_names)?;
    elf::write(
        architecture,
        &[
            (sections::FINGERPRINT, &[fingerprint]),
            (sections::INFO, &[&encoded_info]),
            (sections::CODE, &[&encoded_code]),
            (sections::TRAPS, &[&text.traps]),
            (sections::ADDRESSES, &[&text.addresses]),
            (sections::NAMES, &[&names]),
            (sections::DATA, data),
            (sections::TEXT, &[&text.bytes]),
        ],
    )
}

fn encode(value: &impl Serialize) -> Result<Vec<u8>> {
    postcard::to_allocvec(value).map_err(|e| anyhow!("cannot encode the image: {e}"))
}
