//! The text format, where bytes are taken.

mod error;
mod labels;

pub use error::InvalidText;

use crate::compile::{ModuleLimits, check_size};
use crate::error::{Error, Result};
use alloc::borrow::Cow;

/// A module as it was given.
#[derive(Clone, Copy)]
pub(crate) enum Source<'a> {
    Binary(&'a [u8]),
    Text(&'a str),
}

impl<'a> Source<'a> {
    /// Bytes of either format. What can't be text is left to the binary format's decoder, which says what is wrong
    /// with it.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        match str::from_utf8(bytes) {
            Ok(text) if !text.is_empty() && !text.contains('\0') => Self::Text(text),
            _ => Self::Binary(bytes),
        }
    }

    pub(crate) fn bytes(self) -> &'a [u8] {
        match self {
            Self::Binary(bytes) => bytes,
            Self::Text(text) => text.as_bytes(),
        }
    }

    /// A number for the format.
    pub(crate) fn format(self) -> u8 {
        match self {
            Self::Binary(_) => 0,
            Self::Text(_) => 1,
        }
    }

    /// The module in the binary format. To be called where the compiler is: the parser of text takes memory and
    /// time in proportion to it.
    ///
    /// # Errors
    /// It is no module, or exceeds a limit.
    pub(crate) fn binary(self, limits: &ModuleLimits) -> Result<Cow<'a, [u8]>> {
        let text = match self {
            Self::Binary(bytes) => return Ok(Cow::Borrowed(bytes)),
            Self::Text(text) => text,
        };
        check_size(limits, text.len())?;
        labels::check(text)?;
        wat::parse_str(text).map(Cow::Owned).map_err(|error| {
            Error::from(InvalidText::of(&error))
                .context("neither a WebAssembly module in the binary format nor in the text format")
        })
    }
}
