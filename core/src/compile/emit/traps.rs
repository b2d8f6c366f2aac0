//! The trap table's encoder. Layout: see `image::traps`.

use super::blocks::Blocks;
use crate::abi::traps::Trap;
use alloc::vec::Vec;

/// The most sites in a block: few enough to be searched one by one.
const SITES: usize = 16;

/// Collects trap sites.
#[derive(Default)]
pub(super) struct Traps {
    blocks: Blocks,
    /// The site before, and how many its block has.
    last: Option<(u32, usize)>,
}

impl Traps {
    /// Adds a site: each behind the one before.
    pub(super) fn push(&mut self, text_offset: u32, trap: Trap) {
        let len = match self.last {
            // One instruction, named twice.
            Some((last, _)) if last == text_offset => return,
            Some((last, len)) if len < SITES => {
                self.blocks.leb128(text_offset - last);
                len + 1
            }
            _ => {
                self.blocks.begin(&[text_offset]);
                1
            }
        };
        self.blocks.byte(trap as u8);
        self.last = Some((text_offset, len));
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.blocks.finish()
    }
}
