//! The address map: text offsets to offsets in the Wasm module.
//!
//! A table in blocks (see `blocks`), one for each function, with directory entries of three words: the
//! text offset and the wasm offset of the first entry, and where the block starts. Each further entry
//! is the distance to the one before in the text (LEB128) and in the module (zigzag LEB128). An entry
//! holds from its text offset up to the next one's.

use super::blocks::{Blocks, Bytes};

/// The entries of one block, by ascending text offset.
struct Entries<'a> {
    next: Option<(u32, u32)>,
    bytes: Bytes<'a>,
}

impl<'a> From<([u32; 3], Bytes<'a>)> for Entries<'a> {
    fn from(([text, wasm, _], bytes): ([u32; 3], Bytes<'a>)) -> Self {
        Self {
            next: Some((text, wasm)),
            bytes,
        }
    }
}

impl Entries<'_> {
    fn after(&mut self, (text, wasm): (u32, u32)) -> Option<(u32, u32)> {
        let text = text.checked_add(self.bytes.leb128()?)?;
        let zigzag = self.bytes.leb128()?;
        let wasm = wasm.wrapping_add((zigzag >> 1) ^ (zigzag & 1).wrapping_neg());
        Some((text, wasm))
    }
}

impl Iterator for Entries<'_> {
    type Item = (u32, u32);

    fn next(&mut self) -> Option<(u32, u32)> {
        let entry = self.next?;
        self.next = self.after(entry);
        Some(entry)
    }
}

/// The offset in the Wasm module, in bytes from its start, of the operator that the instruction at
/// `text_offset` belongs to. `None` where no operator is known.
///
/// For a return address pass the offset of the byte before it, so that the call itself is found. Ask
/// [`CodeTable::function_at`](super::CodeTable::function_at) first: trampolines come from no operator.
#[must_use]
pub fn lookup(section: &[u8], text_offset: u32) -> Option<u32> {
    let block = Blocks::<3>::new(section)?.find(text_offset)?;
    Entries::from(block)
        .take_while(|(text, _)| *text <= text_offset)
        .last()
        .map(|(_, wasm)| wasm)
}

/// All entries: text offset and wasm offset, by ascending text offset.
pub fn iter(section: &[u8]) -> impl Iterator<Item = (u32, u32)> + '_ {
    let blocks = Blocks::<3>::new(section).into_iter().flat_map(Blocks::iter);
    blocks.flat_map(Entries::from)
}
