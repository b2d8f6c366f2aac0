//! Twin of `text.rs` for builds without the text format.

use crate::Result;
use alloc::borrow::Cow;

/// The bytes as they are.
pub(crate) fn wasm_bytes(bytes: &[u8]) -> Result<Cow<'_, [u8]>> {
    Ok(Cow::Borrowed(bytes))
}
