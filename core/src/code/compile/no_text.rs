//! Twin of `text.rs` for builds without the text format.

use crate::{Engine, Result};
use alloc::borrow::Cow;

/// The bytes as they are.
pub(crate) fn wasm_bytes<'a>(_: &Engine, bytes: &'a [u8]) -> Result<Cow<'a, [u8]>> {
    Ok(Cow::Borrowed(bytes))
}
