//! Twin of `text.rs` for builds without the text format.

use crate::compile::ModuleLimits;
use crate::error::Result;
use alloc::borrow::Cow;

/// A module as it was given.
#[derive(Clone, Copy)]
pub(crate) enum Source<'a> {
    Binary(&'a [u8]),
}

impl<'a> Source<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self::Binary(bytes)
    }

    pub(crate) fn bytes(self) -> &'a [u8] {
        let Self::Binary(bytes) = self;
        bytes
    }

    /// A number for the format.
    pub(crate) fn format(self) -> u8 {
        0
    }

    /// The bytes as they are.
    pub(crate) fn binary(self, _: &ModuleLimits) -> Result<Cow<'a, [u8]>> {
        Ok(Cow::Borrowed(self.bytes()))
    }
}
