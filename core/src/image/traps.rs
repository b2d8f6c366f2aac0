//! The trap table: which instructions may trap, and why.
//!
//! Layout: `n: u32`, then `n` text offsets (`u32`, ascending), then `n` trap codes (`u8`). Numbers are
//! little endian and lie at any address. Everything here works in place, so that a fault handler
//! may use it: no allocation, no panic.

use crate::abi::traps::Trap;

/// The size of the table's header and of one offset, in bytes.
const WORD: usize = 4;

struct Table<'a> {
    offsets: &'a [[u8; WORD]],
    codes: &'a [u8],
}

impl<'a> Table<'a> {
    fn new(section: &'a [u8]) -> Option<Self> {
        let (count, rest) = section.split_first_chunk::<WORD>()?;
        let count = u32::from_le_bytes(*count) as usize;
        let (offsets, codes) = rest.split_at_checked(count.checked_mul(WORD)?)?;
        let (offsets, _) = offsets.as_chunks::<WORD>();
        (codes.len() == count).then_some(Self { offsets, codes })
    }
}

/// Why the instruction at `text_offset` traps; `None` if it is no trap site.
///
/// The search is binary and touches the table alone: safe in a fault handler.
#[must_use]
pub fn lookup(section: &[u8], text_offset: u32) -> Option<Trap> {
    let table = Table::new(section)?;
    let i = table
        .offsets
        .binary_search_by_key(&text_offset, |o| u32::from_le_bytes(*o))
        .ok()?;
    Trap::from_u8(*table.codes.get(i)?)
}

/// All trap sites, by ascending text offset.
pub fn iter(section: &[u8]) -> impl Iterator<Item = (u32, Trap)> + '_ {
    Table::new(section).into_iter().flat_map(|table| {
        let offsets = table.offsets.iter().map(|o| u32::from_le_bytes(*o));
        offsets
            .zip(table.codes)
            .filter_map(|(offset, code)| Some((offset, Trap::from_u8(*code)?)))
    })
}
