//! What proves an image: the last bytes of the file.
//!
//! | bytes | what |
//! |---|---|
//! | 32 | SHA-256 of all bytes before |
//! | 32 | the Ed25519 public key of who signed (RFC 8032), in a signed image |
//! | 64 | the signature of `wasmetal image 1` and the digest, in a signed image |

// Twins: without the feature `signatures` nothing is signed, and no signature is checked.
#[cfg_attr(not(feature = "signatures"), path = "seal/no_signature.rs")]
mod signature;

pub use signature::TrustedKey;
#[cfg(feature = "compile")]
pub use signature::public_key;

use super::View;
use anyhow::{Result, ensure};
use sha2::{Digest, Sha256};

/// The length of a digest.
const DIGEST: usize = 32;
/// The length of a public key.
const KEY: usize = 32;
/// The length of a signature.
const SIGNATURE: usize = 64;

/// The length of an unsigned image's seal.
pub const UNSIGNED: usize = DIGEST;
/// The length of a signed image's seal.
pub const SIGNED: usize = DIGEST + KEY + SIGNATURE;

/// What is signed begins with this, so that the signature is good for nothing else.
const CONTEXT: &[u8; 16] = b"wasmetal image 1";

/// Checks that an image is what its digest says.
///
/// # Errors
/// It is not: it is damaged.
pub fn check_digest(view: &View<'_>) -> Result<()> {
    let seal = Seal::of(view)?;
    let found = digest(&view.bytes()[..view.sections().seal.start]);
    ensure!(
        found == *seal.digest,
        "damaged image: it does not match its digest"
    );
    Ok(())
}

/// Checks that an image is what its digest says, and that the owner of one of these keys has signed it.
///
/// # Errors
/// It is damaged, not signed, or not signed by any of these.
pub fn check_signature(view: &View<'_>, keys: &[TrustedKey]) -> Result<()> {
    check_digest(view)?;
    let seal = Seal::of(view)?;
    let Some((key, signature)) = seal.signature else {
        anyhow::bail!("the image is not signed, and this engine loads signed images only");
    };
    let Some(trusted) = keys.iter().find(|trusted| trusted.bytes() == key) else {
        anyhow::bail!(
            "the image is signed with the key {}, which this engine does not trust",
            Hex(key)
        );
    };
    ensure!(
        trusted.verifies(&message(seal.digest), signature),
        "the image's signature is not good"
    );
    Ok(())
}

/// Whether the owner of a key has signed an image. Its digest is not checked.
///
/// # Errors
/// The seal has no length that seals have, or the key is none, or this build lacks signatures.
pub fn is_signed_by(view: &View<'_>, key: &[u8; KEY]) -> Result<bool> {
    let key = TrustedKey::new(key)?;
    let seal = Seal::of(view)?;
    Ok(seal.signature.is_some_and(|(signer, signature)| {
        signer == key.bytes() && key.verifies(&message(seal.digest), signature)
    }))
}

/// The public key of who claims to have signed an image.
///
/// # Errors
/// The seal has no length that seals have.
pub fn signer<'a>(view: &View<'a>) -> Result<Option<&'a [u8; KEY]>> {
    Ok(Seal::of(view)?.signature.map(|(key, _)| key))
}

/// Writes the seal to an image that has room for it at its end.
#[cfg(feature = "compile")]
pub(crate) fn write(image: &mut [u8], key: Option<&[u8; KEY]>) -> Result<()> {
    let len = if key.is_some() { SIGNED } else { UNSIGNED };
    let (image, seal) = image.split_at_mut(image.len() - len);
    let digest = digest(image);
    seal[..DIGEST].copy_from_slice(&digest);
    if let Some(key) = key {
        let (public, signature) = signature::sign(key, &message(&digest))?;
        seal[DIGEST..][..KEY].copy_from_slice(&public);
        seal[DIGEST + KEY..].copy_from_slice(&signature);
    }
    Ok(())
}

struct Seal<'a> {
    digest: &'a [u8; DIGEST],
    /// Key and signature.
    signature: Option<(&'a [u8; KEY], &'a [u8; SIGNATURE])>,
}

impl<'a> Seal<'a> {
    fn of(view: &View<'a>) -> Result<Self> {
        let seal = view.seal();
        let parts = seal.split_first_chunk().and_then(|(digest, rest)| {
            if rest.is_empty() {
                return Some((digest, None));
            }
            let (key, rest) = rest.split_first_chunk()?;
            Some((digest, Some((key, rest.as_array()?))))
        });
        let Some((digest, signature)) = parts else {
            anyhow::bail!("damaged image: a seal of {} bytes", seal.len());
        };
        Ok(Self { digest, signature })
    }
}

fn digest(bytes: &[u8]) -> [u8; DIGEST] {
    Sha256::digest(bytes).into()
}

fn message(digest: &[u8; DIGEST]) -> [u8; CONTEXT.len() + DIGEST] {
    let mut message = [0; CONTEXT.len() + DIGEST];
    message[..CONTEXT.len()].copy_from_slice(CONTEXT);
    message[CONTEXT.len()..].copy_from_slice(digest);
    message
}

/// Bytes as they are written in texts.
struct Hex<'a>(&'a [u8]);

impl core::fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
