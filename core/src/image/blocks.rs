//! Tables in blocks: a directory to search, and blocks of variable-length entries behind it.
//!
//! Layout: `n: u32`, then `n` directory entries of `WORDS` words (`u32`, little endian) each, then the
//! blocks' bytes. The first word is the key, ascending; the last is where the block starts, counted
//! from the first block; a block ends where the next one starts. Everything here works in place, at
//! any address: no allocation, no panic.

/// A table whose directory entries have `WORDS` words.
pub(super) struct Blocks<'a, const WORDS: usize> {
    directory: &'a [[[u8; 4]; WORDS]],
    bytes: &'a [u8],
}

impl<'a, const WORDS: usize> Blocks<'a, WORDS> {
    pub(super) fn new(section: &'a [u8]) -> Option<Self> {
        let (count, rest) = section.split_first_chunk::<4>()?;
        let size = (u32::from_le_bytes(*count) as usize).checked_mul(4 * WORDS)?;
        let (directory, bytes) = rest.split_at_checked(size)?;
        let (words, _) = directory.as_chunks::<4>();
        let (directory, _) = words.as_chunks::<WORDS>();
        Some(Self { directory, bytes })
    }

    /// All blocks: their directory words and bytes.
    pub(super) fn iter(self) -> impl Iterator<Item = ([u32; WORDS], Bytes<'a>)> {
        (0..self.directory.len()).filter_map(move |i| self.get(i))
    }

    /// The last block whose key is not above `key`.
    pub(super) fn find(&self, key: u32) -> Option<([u32; WORDS], Bytes<'a>)> {
        let after = self
            .directory
            .partition_point(|words| u32::from_le_bytes(words[0]) <= key);
        self.get(after.checked_sub(1)?)
    }

    fn get(&self, i: usize) -> Option<([u32; WORDS], Bytes<'a>)> {
        let words = self.directory.get(i)?.map(u32::from_le_bytes);
        let start = words[WORDS - 1] as usize;
        let end = match self.directory.get(i + 1) {
            Some(next) => u32::from_le_bytes(next[WORDS - 1]) as usize,
            None => self.bytes.len(),
        };
        Some((words, Bytes(self.bytes.get(start..end)?)))
    }
}

/// The rest of a block.
#[derive(Clone)]
pub(super) struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    /// An unsigned LEB128 number.
    pub(super) fn leb128(&mut self) -> Option<u32> {
        let mut value = 0;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            value |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// The same, of 64 bits.
    pub(super) fn leb128_64(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}
