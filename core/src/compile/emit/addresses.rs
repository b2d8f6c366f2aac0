//! The address map's encoder. Layout: see `image::addresses`.

use super::blocks::Blocks;
use alloc::vec::Vec;

/// Collects the entries of functions.
#[derive(Default)]
pub(super) struct Addresses {
    blocks: Blocks,
}

impl Addresses {
    /// Adds a function that lies at `base`, behind those before: its entries' offsets count from there.
    pub(super) fn push(&mut self, base: u32, entries: &[(u32, u32)]) {
        let Some((&(mut text, mut wasm), rest)) = entries.split_first() else {
            return;
        };
        self.blocks.begin(&[base + text, wasm]);
        for entry in rest {
            let distance = entry.1.wrapping_sub(wasm) as i32;
            self.blocks.leb128(entry.0 - text);
            self.blocks
                .leb128(((distance << 1) ^ (distance >> 31)) as u32);
            (text, wasm) = *entry;
        }
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.blocks.finish()
    }
}
