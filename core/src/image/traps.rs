//! The trap table: which instructions may trap, and why.
//!
//! A table in blocks (see `blocks`), with directory entries of two words: the text offset of the
//! block's first site, and where the block starts. A block has a few sites: each the distance to the
//! one before (LEB128, none for the first), then the trap's code (`u8`).
//!
//! A fault handler may use everything here.

use super::blocks::{Blocks, Bytes};
use crate::abi::traps::Trap;

/// The sites of one block, by ascending text offset.
struct Sites<'a> {
    /// The text offset of the next one, if there is another.
    next: Option<u32>,
    bytes: Bytes<'a>,
}

impl<'a> From<([u32; 2], Bytes<'a>)> for Sites<'a> {
    fn from(([first, _], bytes): ([u32; 2], Bytes<'a>)) -> Self {
        Self {
            next: Some(first),
            bytes,
        }
    }
}

impl Iterator for Sites<'_> {
    type Item = (u32, Trap);

    fn next(&mut self) -> Option<(u32, Trap)> {
        let offset = self.next?;
        let trap = Trap::from_u8(self.bytes.byte()?)?;
        self.next = self.bytes.leb128().and_then(|d| offset.checked_add(d));
        Some((offset, trap))
    }
}

/// Why the instruction at `text_offset` traps; `None` if it is no trap site.
#[must_use]
pub fn lookup(section: &[u8], text_offset: u32) -> Option<Trap> {
    let block = Blocks::<2>::new(section)?.find(text_offset)?;
    Sites::from(block)
        .find(|(offset, _)| *offset >= text_offset)
        .filter(|(offset, _)| *offset == text_offset)
        .map(|(_, trap)| trap)
}

/// All trap sites, by ascending text offset.
pub fn iter(section: &[u8]) -> impl Iterator<Item = (u32, Trap)> + '_ {
    let blocks = Blocks::<2>::new(section).into_iter().flat_map(Blocks::iter);
    blocks.flat_map(Sites::from)
}
