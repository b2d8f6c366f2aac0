//! The address map's encoder. Layout: see `image::addresses`.

use alloc::vec::Vec;

/// Collects blocks of entries, by ascending text offset.
#[derive(Default)]
pub(super) struct Addresses {
    directory: Vec<u8>,
    bytes: Vec<u8>,
}

impl Addresses {
    /// Adds a function that lies at `base`: its entries' offsets count from there.
    pub(super) fn push(&mut self, base: u32, entries: &[(u32, u32)]) {
        let Some((&(mut text, mut wasm), rest)) = entries.split_first() else {
            return;
        };
        // The bytes: at most ten for each entry, of which the text has no more than bytes itself.
        let start = self.bytes.len() as u32;
        for word in [base + text, wasm, start] {
            self.directory.extend(word.to_le_bytes());
        }
        for entry in rest {
            let distance = entry.1.wrapping_sub(wasm) as i32;
            self.leb128(entry.0 - text);
            self.leb128(((distance << 1) ^ (distance >> 31)) as u32);
            (text, wasm) = *entry;
        }
    }

    fn leb128(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    pub(super) fn finish(self) -> Vec<u8> {
        let count = (self.directory.len() / 12) as u32;
        let mut section = Vec::with_capacity(4 + self.directory.len() + self.bytes.len());
        section.extend(count.to_le_bytes());
        section.extend(self.directory);
        section.extend(self.bytes);
        section
    }
}
