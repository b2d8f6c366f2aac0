//! The text format, where bytes are taken.

use crate::Result;
use alloc::borrow::Cow;
use anyhow::Context as _;

/// A module in the binary format, of one in the binary or the text format.
pub(crate) fn wasm_bytes(bytes: &[u8]) -> Result<Cow<'_, [u8]>> {
    if bytes.starts_with(b"\0asm") {
        return Ok(Cow::Borrowed(bytes));
    }
    wat::parse_bytes(bytes)
        .context("neither a WebAssembly module in the binary format nor in the text format")
}
