//! The encoder of function names. Layout: see `image::names`.

use crate::compile::frontend::FunctionNames;
use crate::error::{Context as _, Result};
use alloc::vec::Vec;
use cranelift_entity::EntityRef;

/// Encodes the section.
pub(in crate::compile) fn encode(names: &FunctionNames<'_>) -> Result<Vec<u8>> {
    let count = names.iter().len();
    let len: usize = names.iter().map(|(_, name)| name.len()).sum();
    u32::try_from(len).context("too many function names")?;
    let mut section = Vec::with_capacity(4 + 12 * count + len);
    section.extend((count as u32).to_le_bytes());
    let mut start = 0;
    for (function, name) in names.iter() {
        let len = name.len() as u32;
        for word in [function.index() as u32, start, len] {
            section.extend(word.to_le_bytes());
        }
        start += len;
    }
    for (_, name) in names.iter() {
        section.extend(name.as_bytes());
    }
    Ok(section)
}
