//! The text format, where bytes are taken.

use crate::{Engine, Result};
use alloc::borrow::Cow;
use anyhow::Context as _;

/// A module in the binary format, of one in the binary or the text format.
///
/// What can't be text is left to the binary format's decoder, which says what is wrong with it.
pub(crate) fn wasm_bytes<'a>(engine: &Engine, bytes: &'a [u8]) -> Result<Cow<'a, [u8]>> {
    match str::from_utf8(bytes) {
        Ok(text) if !text.is_empty() && !text.contains('\0') => {
            let parse = || {
                wat::parse_str(text).context(
                    "neither a WebAssembly module in the binary format nor in the text format",
                )
            };
            // SAFETY: parsing only reads the text.
            unsafe { engine.confined(parse) }.map(Cow::Owned)
        }
        _ => Ok(Cow::Borrowed(bytes)),
    }
}
