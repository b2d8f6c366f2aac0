//! What proves an image: the last bytes of the file.
//!
//! | bytes | what |
//! |---|---|
//! | 32 | SHA-256 of all bytes before |
//! | 32 | the Ed25519 public key of who signed (RFC 8032), in a signed image |
//! | 8 | the security version, a little-endian number, in a signed image |
//! | 64 | the signature of `wasmetal image 2`, the digest and the security version, in a signed image |
//!
//! The signature can be made elsewhere, by who never gives the secret key away: it has place in the seal from the
//! start ([`to_sign`], [`put_signature`]).

// Twins: without the feature `signatures` nothing is signed, and no signature is checked.
#[cfg_attr(not(feature = "signatures"), path = "seal/no_signature.rs")]
mod signature;

pub use signature::TrustedKey;
#[cfg(feature = "compile")]
pub use signature::public_key;

use super::{LoadError, View};
use crate::error::bounded::ensure;
use crate::error::{Context as _, Error, Result};
use alloc::format;
use sha2::{Digest, Sha256};

/// The length of a digest.
const DIGEST: usize = 32;
/// The length of a public key.
pub(super) const KEY: usize = 32;
/// The length of a security version.
const VERSION: usize = size_of::<u64>();
/// The length of a signature.
const SIGNATURE: usize = 64;

/// The length of an unsigned image's seal.
pub const UNSIGNED: usize = DIGEST;
/// The length of a signed image's seal.
pub const SIGNED: usize = DIGEST + KEY + VERSION + SIGNATURE;

/// What is signed begins with this, so that the signature is good for nothing else.
const CONTEXT: &[u8; 16] = b"wasmetal image 2";

/// The length of what is signed.
pub const MESSAGE: usize = CONTEXT.len() + DIGEST + VERSION;

/// Checks that an image is what its digest says.
///
/// # Errors
/// It is not: it is damaged.
pub fn check_digest(view: &View<'_>) -> Result<()> {
    let seal = Seal::of(view)?;
    let found = digest(&view.bytes()[..view.sections().seal.start]);
    match found == *seal.digest {
        true => Ok(()),
        false => Err(Error::msg("it does not match its digest").context(LoadError::DAMAGED)),
    }
}

/// Checks that an image is what its digest says, that the owner of one of these keys has signed it, and that
/// its security version is at least `minimum`.
///
/// # Errors
/// It is damaged, not signed, not signed by any of these, or older.
pub fn check_signature(view: &View<'_>, keys: &[TrustedKey], minimum: u64) -> Result<()> {
    check_digest(view)?;
    let seal = Seal::of(view)?;
    let signed = seal.signed.ok_or(LoadError::Unsigned)?;
    let key = signed.key;
    let trusted = keys.iter().find(|trusted| trusted.bytes() == key);
    let trusted = trusted.ok_or(LoadError::UnknownKey { key: *key })?;
    if !trusted.verifies(&seal.message(signed), signed.signature) {
        return Err(LoadError::BadSignature.into());
    }
    let version = signed.version();
    match version >= minimum {
        true => Ok(()),
        false => Err(LoadError::TooOld { version, minimum }.into()),
    }
}

/// Whether the owner of a key has signed an image. Its digest is not checked.
///
/// # Errors
/// The seal has no length that seals have, or the key is none, or this build lacks signatures.
pub fn is_signed_by(view: &View<'_>, key: &[u8; KEY]) -> Result<bool> {
    let key = TrustedKey::new(key)?;
    let seal = Seal::of(view)?;
    Ok(seal.signed.is_some_and(|signed| {
        signed.key == key.bytes() && key.verifies(&seal.message(signed), signed.signature)
    }))
}

/// The public key of who claims to have signed an image.
///
/// # Errors
/// The seal has no length that seals have.
pub fn signer<'a>(view: &View<'a>) -> Result<Option<&'a [u8; KEY]>> {
    Ok(Seal::of(view)?.signed.map(|signed| signed.key))
}

/// The security version that a signed image claims to have; it is what was signed if the signature is good. Firmware
/// that has loaded the image may store it, for the next
/// [`Config::minimum_security_version`](crate::Config::minimum_security_version).
///
/// # Errors
/// The seal has no length that seals have.
pub fn security_version(view: &View<'_>) -> Result<Option<u64>> {
    Ok(Seal::of(view)?.signed.map(|signed| signed.version()))
}

/// The bytes that the owner of the key in a signed image signs: a message for Ed25519 as RFC 8032 has it, not hashed
/// before.
///
/// # Errors
/// The image is damaged, or has no place for a signature.
pub fn to_sign(view: &View<'_>) -> Result<[u8; MESSAGE]> {
    check_digest(view)?;
    let seal = Seal::of(view)?;
    let signed = seal.signed.context(NO_PLACE)?;
    Ok(seal.message(signed))
}

/// Puts a signature of [`to_sign`]'s bytes into the image.
///
/// # Errors
/// The image is damaged, or has no place for a signature; the signature is not one of these bytes by the owner of the key in
/// the image; this build lacks the cargo feature `signatures`. The image is as it was then.
pub fn put_signature(image: &mut [u8], signature: &[u8; SIGNATURE]) -> Result<()> {
    let view = View::parse(image)?;
    let (message, end) = (to_sign(&view)?, view.sections().seal.end);
    let key = TrustedKey::new(signer(&view)?.context(NO_PLACE)?)?;
    ensure!(
        key.verifies(&message, signature),
        "this is no signature of the image by the owner of the key {}",
        Hex(key.bytes())
    );
    image[end - SIGNATURE..end].copy_from_slice(signature);
    Ok(())
}

const NO_PLACE: &str = "the image has no place for a signature: it was packed without a key";

/// Writes the digest to an image that has room for a seal of this length at its end.
#[cfg(feature = "compile")]
pub(crate) fn write_digest(image: &mut [u8], seal: usize) {
    let (image, seal) = image.split_at_mut(image.len() - seal);
    seal[..DIGEST].copy_from_slice(&digest(image));
}

/// Signs an image that has its digest, and room for the rest of a signed image's seal.
#[cfg(feature = "compile")]
pub(crate) fn sign(image: &mut [u8], signer: Signer<'_>, security_version: u64) -> Result<()> {
    let at = image.len() - SIGNED;
    let seal = image[at..].split_first_chunk_mut::<DIGEST>();
    let (digest, rest) = seal.context(NO_PLACE)?;
    let version = security_version.to_le_bytes();
    let (key, signature) = match signer {
        Signer::Secret(key) => signature::sign(key, &message(digest, &version))?,
        // A key that nobody can have signed with is found now, not on the device.
        Signer::Elsewhere(key) => (*TrustedKey::new(key)?.bytes(), [0; SIGNATURE]),
    };
    let signed: [u8; SIGNED - DIGEST] = joined([&key, &version, &signature]);
    rest.copy_from_slice(&signed);
    Ok(())
}

/// Who signs an image.
#[cfg(feature = "compile")]
#[derive(Clone, Copy)]
pub enum Signer<'a> {
    /// The owner of this Ed25519 secret key (RFC 8032, 32 bytes), at once.
    Secret(&'a [u8; KEY]),
    /// The owner of this Ed25519 public key, later and elsewhere: a signature of [`to_sign`]'s bytes is put in by
    /// [`put_signature`]. Until then the image's signature is not good.
    Elsewhere(&'a [u8; KEY]),
}

#[cfg(feature = "compile")]
impl core::fmt::Debug for Signer<'_> {
    /// Shows no secret.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Secret(_) => f.write_str("Secret(..)"),
            Self::Elsewhere(key) => write!(f, "Elsewhere({})", Hex(*key)),
        }
    }
}

struct Seal<'a> {
    digest: &'a [u8; DIGEST],
    signed: Option<Signed<'a>>,
}

/// What a signed image's seal has more than others.
#[derive(Clone, Copy)]
struct Signed<'a> {
    key: &'a [u8; KEY],
    version: &'a [u8; VERSION],
    signature: &'a [u8; SIGNATURE],
}

impl Signed<'_> {
    fn version(&self) -> u64 {
        u64::from_le_bytes(*self.version)
    }
}

impl<'a> Seal<'a> {
    fn of(view: &View<'a>) -> Result<Self> {
        let seal = view.seal();
        let parts = seal.split_first_chunk().and_then(|(digest, rest)| {
            if rest.is_empty() {
                return Some((digest, None));
            }
            let (key, rest) = rest.split_first_chunk()?;
            let (version, rest) = rest.split_first_chunk()?;
            let signature = rest.as_array()?;
            let signed = Signed {
                key,
                version,
                signature,
            };
            Some((digest, Some(signed)))
        });
        let (digest, signed) = parts
            .with_context(|| format!("a seal of {} bytes", seal.len()))
            .context(LoadError::DAMAGED)?;
        Ok(Self { digest, signed })
    }

    fn message(&self, signed: Signed<'_>) -> [u8; MESSAGE] {
        message(self.digest, signed.version)
    }
}

fn digest(bytes: &[u8]) -> [u8; DIGEST] {
    Sha256::digest(bytes).into()
}

fn message(digest: &[u8; DIGEST], version: &[u8; VERSION]) -> [u8; MESSAGE] {
    joined([CONTEXT, digest, version])
}

/// The parts, one behind the other: as many bytes as they have.
fn joined<const N: usize>(parts: [&[u8]; 3]) -> [u8; N] {
    let mut all = [0; N];
    let bytes = parts.into_iter().flatten();
    all.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    all
}

/// Bytes as they are written in texts.
pub(super) struct Hex<'a>(pub(super) &'a [u8]);

impl core::fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
