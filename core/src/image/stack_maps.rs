//! The stack maps: where in a frame the references are that the collector follows.
//!
//! A table in blocks (see `blocks`), with directory entries of two words: the text offset of the
//! block's first site, and where the block starts. A site is the return address of a call. A block has a
//! few sites: each the distance to the one before (LEB128, none for the first), how many references
//! there are (LEB128), and for each how far below the frame pointer it lies, in units of 4 bytes
//! (LEB128). Calls across which no reference lives have no site.

use super::blocks::{Blocks, Bytes};

/// The references of one site: how far below the frame pointer each lies, in bytes.
pub struct References<'a> {
    left: u32,
    bytes: Bytes<'a>,
}

impl Iterator for References<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.left = self.left.checked_sub(1)?;
        self.bytes.leb128()?.checked_mul(4)
    }
}

/// The sites of one block, by ascending text offset.
struct Sites<'a> {
    next: Option<u32>,
    bytes: Bytes<'a>,
}

impl<'a> Sites<'a> {
    /// The next site. The references are to be read before the one after it.
    fn next(&mut self) -> Option<(u32, References<'a>)> {
        let offset = self.next?;
        let left = self.bytes.leb128()?;
        let references = References {
            left,
            bytes: self.bytes.clone(),
        };
        for _ in 0..left {
            self.bytes.leb128()?;
        }
        self.next = self.bytes.leb128().and_then(|d| offset.checked_add(d));
        Some((offset, references))
    }
}

impl<'a> From<([u32; 2], Bytes<'a>)> for Sites<'a> {
    fn from(([first, _], bytes): ([u32; 2], Bytes<'a>)) -> Self {
        Self {
            next: Some(first),
            bytes,
        }
    }
}

/// The references in a frame whose call returns to `text_offset`; `None` if none live across it.
#[must_use]
pub fn lookup(section: &[u8], text_offset: u32) -> Option<References<'_>> {
    let mut sites = Sites::from(Blocks::<2>::new(section)?.find(text_offset)?);
    loop {
        let (offset, references) = sites.next()?;
        if offset >= text_offset {
            return (offset == text_offset).then_some(references);
        }
    }
}

/// All sites, by ascending text offset.
pub fn iter(section: &[u8]) -> impl Iterator<Item = (u32, References<'_>)> + '_ {
    let blocks = Blocks::<2>::new(section).into_iter().flat_map(Blocks::iter);
    blocks.flat_map(|block| {
        let mut sites = Sites::from(block);
        core::iter::from_fn(move || sites.next())
    })
}
