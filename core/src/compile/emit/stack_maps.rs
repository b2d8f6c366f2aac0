//! The stack maps' encoder. Layout: see `image::stack_maps`.

use super::blocks::Blocks;
use alloc::vec::Vec;

/// The most sites in a block: few enough to be searched one by one.
const SITES: usize = 16;

/// Collects sites.
#[derive(Default)]
pub(super) struct StackMaps {
    blocks: Blocks,
    /// The site before, and how many its block has.
    last: Option<(u32, usize)>,
}

impl StackMaps {
    /// Adds a site, behind the one before: how far below the frame pointer each reference lies, in bytes.
    pub(super) fn push(&mut self, text_offset: u32, references: &[u32]) {
        let len = match self.last {
            Some((last, len)) if len < SITES => {
                self.blocks.leb128(text_offset - last);
                len + 1
            }
            _ => {
                self.blocks.begin(&[text_offset]);
                1
            }
        };
        self.blocks.leb128(references.len() as u32);
        for distance in references {
            self.blocks.leb128(distance / 4);
        }
        self.last = Some((text_offset, len));
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.blocks.finish()
    }
}
