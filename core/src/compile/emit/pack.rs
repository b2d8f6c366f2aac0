//! Parts to an image: the container with its seal, and the same for an image that is there already.

use super::elf::{self, Section};
use crate::abi::sections::{self, Part};
use crate::error::bounded::ensure;
use crate::error::{Context as _, Result};
use crate::image::View;
use crate::image::seal::{self, Signer};
use crate::oom;
use alloc::vec::Vec;
use target_lexicon::Architecture;

/// How an image is packed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Packing<'a> {
    /// The module's Wasm bytes, if the image is to carry them.
    pub wasm: Option<&'a [u8]>,
    /// The alignment of the text in the image, in bytes: a power of two. The size of a page lets an
    /// image that begins at a page run in place. 0 stands for no more than the code needs.
    pub text_align: usize,
    /// Who signs the image.
    pub signer: Option<Signer<'a>>,
    /// The security version of a signed image: a number that goes up whenever what was signed before must not be loaded any
    /// more (see [`Config::minimum_security_version`](crate::Config::minimum_security_version)).
    pub security_version: u64,
}

/// Packs an image anew. What [`Packing`] does not ask for is left out: Wasm bytes, a signature.
///
/// # Errors
/// The image is damaged, the alignment is no power of two, the signer's key is none, there is a security version and nobody who
/// signs it, this build can't sign, or memory is exhausted.
pub fn pack(image: &[u8], packing: &Packing<'_>) -> crate::Result<Vec<u8>> {
    oom::watched(|| {
        let view = View::parse(image)?;
        seal::check_digest(&view)?;
        let meta: Vec<_> = Part::ALL
            .iter()
            .map(|part| Vec::from([view.part(*part)]))
            .collect();
        let mut image = write(view.architecture(), &meta, view.text(), packing)?;
        if let Some(signer) = packing.signer {
            seal::sign(&mut image, signer, packing.security_version)?;
        }
        Ok(image)
    })
}

/// Writes an image, with its digest, and a place for the signature if there is to be one; `meta` has the pieces of each
/// part.
pub(super) fn write(
    architecture: Architecture,
    meta: &[Vec<&[u8]>],
    text: &[u8],
    packing: &Packing<'_>,
) -> Result<Vec<u8>> {
    let mut lengths = Vec::with_capacity(sections::LENGTHS);
    for pieces in meta {
        let len: usize = pieces.iter().map(|piece| piece.len()).sum();
        let len = u32::try_from(len).context("module too large: 4 GiB of metadata")?;
        lengths.extend(len.to_le_bytes());
    }
    let pieces = meta.iter().flatten().copied();
    let meta: Vec<&[u8]> = [&lengths[..]].into_iter().chain(pieces).collect();

    let align = packing.text_align.max(sections::TEXT_ALIGN);
    ensure!(
        align.is_power_of_two(),
        "a text alignment of {align} bytes: it must be a power of two"
    );
    let place = [0; seal::SIGNED];
    ensure!(
        packing.signer.is_some() || packing.security_version == 0,
        "the security version {} of an image that nobody signs: it would protect nothing",
        packing.security_version
    );
    let place = match packing.signer {
        Some(_) => &place[..],
        None => &place[..seal::UNSIGNED],
    };
    let section = |name, pieces, align| Section {
        name,
        pieces,
        align,
    };
    let wasm = packing.wasm.map(|wasm| [wasm]);
    let (text, place) = ([text], [place]);
    let mut all = Vec::from([section(sections::META, &meta[..], 1)]);
    all.extend(
        wasm.iter()
            .map(|wasm| section(sections::WASM, &wasm[..], 1)),
    );
    all.push(section(sections::TEXT, &text[..], align));
    all.push(section(sections::SEAL, &place[..], 1));
    let mut image = elf::write(architecture, &all)?;
    seal::write_digest(&mut image, place[0].len());
    Ok(image)
}
