//! Ed25519 (RFC 8032).

use crate::error::{Context as _, Result};
use core::fmt;
use ed25519_dalek::{Signature, VerifyingKey};
#[cfg(feature = "compile")]
use ed25519_dalek::{Signer, SigningKey};

/// A public key whose owner's images are trusted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TrustedKey(VerifyingKey);

impl TrustedKey {
    /// A key from its 32 bytes.
    ///
    /// # Errors
    /// They are no public key, or a weak one.
    pub fn new(bytes: &[u8; 32]) -> Result<Self> {
        let key = VerifyingKey::from_bytes(bytes)
            .ok()
            .filter(|key| !key.is_weak());
        key.map(Self).context("no Ed25519 public key")
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Whether its owner has signed the message.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = Signature::from_bytes(signature);
        self.0.verify_strict(message, &signature).is_ok()
    }
}

impl fmt::Debug for TrustedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TrustedKey({})", super::Hex(self.bytes()))
    }
}

/// The Ed25519 public key that belongs to a secret one (RFC 8032).
///
/// # Errors
/// The build lacks the cargo feature `signatures`.
#[cfg(feature = "compile")]
pub fn public_key(secret: &[u8; 32]) -> Result<[u8; 32]> {
    Ok(SigningKey::from_bytes(secret).verifying_key().to_bytes())
}

/// The public key that belongs to a secret one, and the signature of a message.
#[cfg(feature = "compile")]
pub(super) fn sign(key: &[u8; 32], message: &[u8]) -> Result<([u8; 32], [u8; 64])> {
    let key = SigningKey::from_bytes(key);
    Ok((key.verifying_key().to_bytes(), key.sign(message).to_bytes()))
}
