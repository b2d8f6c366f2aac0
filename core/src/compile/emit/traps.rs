//! The trap table's encoder. Layout: see `image::traps`.

use crate::abi::traps::Trap;
use alloc::vec::Vec;

/// Collects trap sites, by ascending text offset.
#[derive(Default)]
pub(super) struct Traps {
    offsets: Vec<u8>,
    codes: Vec<u8>,
}

impl Traps {
    pub(super) fn push(&mut self, text_offset: u32, trap: Trap) {
        self.offsets.extend(text_offset.to_le_bytes());
        self.codes.push(trap as u8);
    }

    pub(super) fn finish(self) -> Vec<u8> {
        // The text is less than 2 GiB long, and trap sites differ.
        let count = self.codes.len() as u32;
        let mut section = Vec::with_capacity(4 + self.offsets.len() + self.codes.len());
        section.extend(count.to_le_bytes());
        section.extend(self.offsets);
        section.extend(self.codes);
        section
    }
}
