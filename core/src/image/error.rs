//! Why an image can't be loaded, to act on.

use super::seal::{Hex, KEY};
use crate::WasmFeatures;
use crate::oom;
use alloc::string::String;
use core::fmt::{self, Display};

/// Why an image can't be loaded: found in an [`Error`](crate::Error) by its type.
///
/// An image with several problems has the error of the first: the file is looked at first, then the signature, then what
/// the image was made for.
///
/// ```
/// use wasmetal::{Config, Engine, LoadError, Module};
///
/// let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// let image = engine.precompile_module(b"(module)")?;
/// // SAFETY: it is what the compiler made, or else not loaded.
/// let load = |image: &[u8]| unsafe { Module::deserialize_unsigned(&engine, image) };
/// assert!(load(&image).is_ok());
/// let error = load(&image[..image.len() - 1]).unwrap_err();
/// match error.downcast_ref() {
///     Some(LoadError::Truncated { .. }) => {} // Ask for the rest.
///     _ => unreachable!(),
/// }
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoadError {
    /// The bytes are no image, or were changed since an image was made. The error's cause says what is wrong, if more is
    /// known than `part`.
    #[non_exhaustive]
    Damaged {
        /// The damaged part of the image; empty if that is not known.
        part: &'static str,
    },
    /// The image ends too early.
    #[non_exhaustive]
    Truncated {
        /// How many bytes there are: the length that was given.
        len: usize,
        /// How many bytes the image has at least, as far as its headers say.
        needed: u64,
    },
    /// This engine loads images on a signature only, and trusts no key.
    NoTrustedKey,
    /// The image is not signed, and this engine loads signed images only.
    Unsigned,
    /// The image is signed with a key that this engine does not trust.
    #[non_exhaustive]
    UnknownKey {
        /// The Ed25519 public key (RFC 8032).
        key: [u8; KEY],
    },
    /// The image names a trusted key, and its signature is not one by the owner of that key.
    BadSignature,
    /// The image is older than this engine loads:
    /// [`Config::minimum_security_version`](crate::Config::minimum_security_version).
    #[non_exhaustive]
    TooOld {
        /// The security version of the image, which is signed.
        version: u64,
        /// The least security version that this engine loads.
        minimum: u64,
    },
    /// Another version of wasmetal has made the image.
    #[non_exhaustive]
    Version {
        /// The version of wasmetal that made the image.
        image: String,
        /// The version of this wasmetal.
        engine: &'static str,
    },
    /// A wasmetal of this version whose code relies on other tables has made the image.
    #[non_exhaustive]
    Layout {
        /// A digest of the tables that the image's code relies on.
        image: u64,
        /// The digest of the tables of this wasmetal.
        engine: u64,
    },
    /// The image was made for another machine.
    #[non_exhaustive]
    Target {
        /// The target triple that the image was made for.
        image: String,
        /// The architecture of this machine.
        engine: String,
    },
    /// The image's code needs a feature of the CPU that is absent here.
    #[non_exhaustive]
    CpuFeature {
        /// The feature, as Rust's `target_feature` calls it.
        feature: &'static str,
        /// Cranelift's flag for it.
        flag: &'static str,
    },
    /// The image was made with a setting that differs from this engine's.
    #[non_exhaustive]
    Setting {
        /// What is set, in words.
        name: &'static str,
        /// The value that the image was made with.
        image: String,
        /// The value of this engine.
        engine: String,
    },
    /// The image was made with proposals that are off here.
    #[non_exhaustive]
    Proposals {
        /// The proposals of the image that are off here.
        missing: WasmFeatures,
    },
}

impl LoadError {
    /// The image is damaged, somewhere.
    pub(crate) const DAMAGED: Self = Self::Damaged { part: "" };

    pub(crate) const fn damaged(part: &'static str) -> Self {
        Self::Damaged { part }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn setting(name: &'static str, image: &dyn Display, engine: &dyn Display) -> Self {
        let text = |value: &dyn Display| oom::text(format_args!("{value}"));
        Self::Setting {
            name,
            image: text(image),
            engine: text(engine),
        }
    }
}

impl Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut differs = |what: &str, image: &dyn Display, engine: &dyn Display| {
            write!(
                f,
                "image does not fit this engine: {what} is {image} in the image, {engine} here"
            )
        };
        match self {
            Self::Version { image, engine } => differs("version", image, engine),
            Self::Layout { image, engine } => differs(
                "the layout of what its code relies on",
                &format_args!("{image:016x}"),
                &format_args!("{engine:016x}"),
            ),
            Self::Target { image, engine } => differs("target", image, engine),
            Self::Setting {
                name,
                image,
                engine,
            } => differs(name, image, engine),
            Self::Damaged { part: "" } => f.write_str("damaged image"),
            Self::Damaged { part } => write!(f, "damaged image: bad {part}"),
            Self::Truncated { len, needed } => write!(
                f,
                "damaged image: it is truncated to {len} bytes, and has {needed} at least"
            ),
            Self::NoTrustedKey => f.write_str(
                "this engine trusts no key: images are loaded safely with `Config::trusted_key`, or by an unsafe \
                 function, `Module::deserialize_unsigned`",
            ),
            Self::Unsigned => {
                f.write_str("the image is not signed, and this engine loads signed images only")
            }
            Self::UnknownKey { key } => write!(
                f,
                "the image is signed with the key {}, which this engine does not trust",
                Hex(key)
            ),
            Self::BadSignature => f.write_str("the image's signature is not good"),
            Self::TooOld { version, minimum } => write!(
                f,
                "the image has the security version {version}, and this engine loads none below {minimum}"
            ),
            Self::CpuFeature { feature, flag } => write!(
                f,
                "image does not fit this machine: its code needs the CPU feature \"{feature}\" ({flag} is true), \
                 which is absent here"
            ),
            Self::Proposals { missing } => write!(
                f,
                "image does not fit this engine: it was compiled with the proposals {}, which are off here",
                missing.names()
            ),
        }
    }
}

crate::error::debug_is_display!(LoadError);

impl core::error::Error for LoadError {}
