//! The address map: text offsets to offsets in the Wasm module.
//!
//! Layout: `n: u32`, then `n` blocks `(text offset, wasm offset, start)` of three `u32` each, by
//! ascending text offset, then the blocks' bytes; `start` counts from the first of these, and a block
//! ends where the next starts. A block begins with an entry of its own two offsets; each further entry
//! is the distance to it in the text (LEB128) and in the module (zigzag LEB128). An entry holds
//! from its text offset up to the next one's. There is one block per function.

/// The size of one block's entry in the directory, in bytes.
const ENTRY: usize = 12;

struct Map<'a> {
    directory: &'a [[u8; ENTRY]],
    bytes: &'a [u8],
}

struct Block<'a> {
    next: Option<(u32, u32)>,
    bytes: &'a [u8],
}

impl<'a> Map<'a> {
    fn new(section: &'a [u8]) -> Option<Self> {
        let (count, rest) = section.split_first_chunk::<4>()?;
        let size = (u32::from_le_bytes(*count) as usize).checked_mul(ENTRY)?;
        let (directory, bytes) = rest.split_at_checked(size)?;
        let (directory, _) = directory.as_chunks::<ENTRY>();
        Some(Self { directory, bytes })
    }

    fn word(&self, block: usize, field: usize) -> Option<u32> {
        let (words, _) = self.directory.get(block)?.as_chunks::<4>();
        Some(u32::from_le_bytes(*words.get(field)?))
    }

    fn block(&self, i: usize) -> Option<Block<'a>> {
        let start = self.word(i, 2)? as usize;
        let end = match self.word(i + 1, 2) {
            Some(end) => end as usize,
            None => self.bytes.len(),
        };
        Some(Block {
            next: Some((self.word(i, 0)?, self.word(i, 1)?)),
            bytes: self.bytes.get(start..end)?,
        })
    }
}

impl Block<'_> {
    fn leb128(&mut self) -> Option<u32> {
        let mut value = 0;
        for shift in [0, 7, 14, 21, 28] {
            let (byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            value |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn decode(&mut self, (text, wasm): (u32, u32)) -> Option<(u32, u32)> {
        let text = text.checked_add(self.leb128()?)?;
        let zigzag = self.leb128()?;
        let wasm = wasm.wrapping_add((zigzag >> 1) ^ (zigzag & 1).wrapping_neg());
        Some((text, wasm))
    }
}

impl Iterator for Block<'_> {
    type Item = (u32, u32);

    fn next(&mut self) -> Option<(u32, u32)> {
        let item = self.next?;
        self.next = self.decode(item);
        Some(item)
    }
}

/// The offset in the Wasm module, in bytes from its start, of the operator that the instruction at
/// `text_offset` belongs to. `None` where no operator is known.
///
/// For a return address pass the offset of the byte before it, so that the call itself is found.
#[must_use]
pub fn lookup(section: &[u8], text_offset: u32) -> Option<u32> {
    let map = Map::new(section)?;
    let after = map.directory.partition_point(|entry| {
        let (words, _) = entry.as_chunks::<4>();
        words
            .first()
            .is_some_and(|w| u32::from_le_bytes(*w) <= text_offset)
    });
    map.block(after.checked_sub(1)?)?
        .take_while(|(text, _)| *text <= text_offset)
        .last()
        .map(|(_, wasm)| wasm)
}

/// All entries: text offset and wasm offset, by ascending text offset.
pub fn iter(section: &[u8]) -> impl Iterator<Item = (u32, u32)> + '_ {
    Map::new(section).into_iter().flat_map(|map| {
        (0..map.directory.len()).flat_map(move |i| map.block(i).into_iter().flatten())
    })
}
