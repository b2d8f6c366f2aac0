//! Memory: bulk operations, dependent loads, neighbours.

use crate::{Random, Scratch};

/// Copies and fills of 1 to 1,024 bytes, overlapping ones too.
pub(crate) fn copy(size: u32, scratch: &mut Scratch) -> u64 {
    let bytes = &mut scratch.bytes;
    let mut random = Random::new(10);
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = (index * 7) as u8;
    }
    for _ in 0..size {
        let len = 1 + random.below(1024) as usize;
        let from = random.below(100_000) as usize;
        let to = random.below(100_000) as usize;
        bytes.copy_within(from..from + len, to);
        bytes[from..from + len / 2].fill(to as u8);
    }
    bytes.iter().fold(0, |sum: u64, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(*byte))
    })
}

/// `size` steps along a random cycle through 128 KiB.
pub(crate) fn chase(size: u32, scratch: &mut Scratch) -> u64 {
    let next = &mut scratch.words[..1 << 15];
    for (index, link) in next.iter_mut().enumerate() {
        *link = index as u32;
    }
    let mut random = Random::new(11);
    // Sattolo's shuffle: one cycle.
    for index in (1..next.len()).rev() {
        next.swap(index, random.below(index as u32) as usize);
    }
    let mut place = 0;
    for _ in 0..size {
        place = next[place as usize];
    }
    u64::from(place) << 32 | u64::from(size)
}

/// Conway's game of life on 256 by 256 cells, `size` generations.
pub(crate) fn life(size: u32, scratch: &mut Scratch) -> u64 {
    const SIDE: usize = 256;
    let (now, rest) = scratch.bytes.split_at_mut(SIDE * SIDE);
    let next = &mut rest[..SIDE * SIDE];
    let mut random = Random::new(12);
    now.fill_with(|| u8::from(random.below(3) == 0));
    next.fill(0);
    for _ in 0..size {
        for row in 1..SIDE - 1 {
            for column in 1..SIDE - 1 {
                let at = row * SIDE + column;
                let neighbours = now[at - SIDE - 1]
                    + now[at - SIDE]
                    + now[at - SIDE + 1]
                    + now[at - 1]
                    + now[at + 1]
                    + now[at + SIDE - 1]
                    + now[at + SIDE]
                    + now[at + SIDE + 1];
                next[at] = u8::from(neighbours == 3 || neighbours == 2 && now[at] == 1);
            }
        }
        now.copy_from_slice(next);
    }
    now.iter().fold(u64::from(size), |sum, cell| {
        sum.wrapping_mul(3).wrapping_add(u64::from(*cell))
    })
}
