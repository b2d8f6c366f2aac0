//! The trap table: which instructions may trap, and why.
//!
//! A table in blocks (see `blocks`), with directory entries of two words: the text offset of the
//! block's first site, and where the block starts. A block has a few sites: each the distance to the
//! one before (LEB128, none for the first), then the trap's code (`u8`), with [`HAS_FUEL`] added if fuel is
//! pending there, which follows (LEB128).
//!
//! A fault handler may use everything here.

use super::blocks::{Blocks, Bytes};
use crate::abi::traps::Trap;

/// Added to a trap's code before the fuel that is pending.
pub const HAS_FUEL: u8 = 0x80;

/// An instruction that may trap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrapSite {
    /// Where, in the text.
    pub offset: u32,
    /// Why.
    pub trap: Trap,
    /// The fuel that the code has used by then, in units, and that its store does not know of.
    pub fuel: u64,
}

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
    type Item = TrapSite;

    fn next(&mut self) -> Option<TrapSite> {
        let offset = self.next?;
        let code = self.bytes.byte()?;
        let trap = Trap::from_u8(code & !HAS_FUEL)?;
        let fuel = match code & HAS_FUEL {
            0 => 0,
            _ => self.bytes.leb128_64()?,
        };
        self.next = self.bytes.leb128().and_then(|d| offset.checked_add(d));
        Some(TrapSite { offset, trap, fuel })
    }
}

/// The trap site at `text_offset`, if it is one.
#[must_use]
pub fn lookup(section: &[u8], text_offset: u32) -> Option<TrapSite> {
    let block = Blocks::<2>::new(section)?.find(text_offset)?;
    Sites::from(block)
        .find(|site| site.offset >= text_offset)
        .filter(|site| site.offset == text_offset)
}

/// All trap sites, by ascending text offset.
pub fn iter(section: &[u8]) -> impl Iterator<Item = TrapSite> + '_ {
    let blocks = Blocks::<2>::new(section).into_iter().flat_map(Blocks::iter);
    blocks.flat_map(Sites::from)
}
