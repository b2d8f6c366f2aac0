//! The trap table's encoder. Layout: see `image::traps`.

use super::blocks::Blocks;
use crate::image::traps::{HAS_FUEL, TrapSite};
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
    pub(super) fn push(&mut self, site: TrapSite) {
        let len = match self.last {
            // One instruction, named twice.
            Some((last, _)) if last == site.offset => return,
            Some((last, len)) if len < SITES => {
                self.blocks.leb128(site.offset - last);
                len + 1
            }
            _ => {
                self.blocks.begin(&[site.offset]);
                1
            }
        };
        match site.fuel {
            0 => self.blocks.byte(site.trap as u8),
            fuel => {
                self.blocks.byte(site.trap as u8 | HAS_FUEL);
                self.blocks.leb128_64(fuel);
            }
        }
        self.last = Some((site.offset, len));
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.blocks.finish()
    }
}
