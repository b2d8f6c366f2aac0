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
        // Less than 4 GiB: code is at most 512 MiB (`text`), and an entry has at most six bytes for
        // each byte of code.
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
    pub(super) fn leb128(&mut self, mut value: u32) {
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
