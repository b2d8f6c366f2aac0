//! No signatures: there are no trusted keys.

use crate::error::Result;
use crate::error::bounded::bail;

const MISSING: &str = "this build has no signatures: it lacks the cargo feature `signatures`";

/// A public key whose owner's images are trusted. There is none in this build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustedKey {}

impl TrustedKey {
    /// A key from its 32 bytes.
    ///
    /// # Errors
    /// Always: the build lacks the cargo feature `signatures`.
    pub fn new(_: &[u8; 32]) -> Result<Self> {
        bail!("{MISSING}")
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        match *self {}
    }

    pub(super) fn verifies(&self, _: &[u8], _: &[u8; 64]) -> bool {
        match *self {}
    }
}

/// The Ed25519 public key that belongs to a secret one (RFC 8032).
///
/// # Errors
/// Always: the build lacks the cargo feature `signatures`.
#[cfg(feature = "compile")]
pub fn public_key(_: &[u8; 32]) -> Result<[u8; 32]> {
    bail!("{MISSING}")
}

#[cfg(feature = "compile")]
pub(super) fn sign(_: &[u8; 32], _: &[u8]) -> Result<([u8; 32], [u8; 64])> {
    bail!("{MISSING}")
}
