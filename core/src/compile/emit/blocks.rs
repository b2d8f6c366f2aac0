//! The encoder of tables in blocks. Layout: see `image::blocks`.

use alloc::vec::Vec;

/// Collects blocks.
#[derive(Default)]
pub(super) struct Blocks {
    count: u32,
    directory: Vec<u8>,
    bytes: Vec<u8>,
}

impl Blocks {
    /// Begins a block with these directory words; where it starts is added to them.
    pub(super) fn begin(&mut self, words: &[u32]) {
        // A part of 4 GiB or more is refused when the image is written.
        let start = self.bytes.len() as u32;
        for word in words.iter().chain(&[start]) {
            self.directory.extend(word.to_le_bytes());
        }
        self.count += 1;
    }

    pub(super) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// An unsigned LEB128 number.
    pub(super) fn leb128(&mut self, value: u32) {
        self.leb128_64(value.into());
    }

    /// The same, of 64 bits.
    pub(super) fn leb128_64(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    pub(super) fn finish(self) -> Vec<u8> {
        let mut section = Vec::with_capacity(4 + self.directory.len() + self.bytes.len());
        section.extend(self.count.to_le_bytes());
        section.extend(self.directory);
        section.extend(self.bytes);
        section
    }
}
