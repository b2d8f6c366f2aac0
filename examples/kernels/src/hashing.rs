//! Hashing: SHA-256, CRC-32, a hash map.

use crate::{Random, Scratch};

/// The SHA-256 state after `size` blocks, each made of the state before it.
pub(crate) fn sha256(size: u32, _: &mut Scratch) -> u64 {
    let mut state: [u32; 8] = [
        0x6a09_e667,
        0xbb67_ae85,
        0x3c6e_f372,
        0xa54f_f53a,
        0x510e_527f,
        0x9b05_688c,
        0x1f83_d9ab,
        0x5be0_cd19,
    ];
    for block in 0..size {
        let mut schedule = [block; 64];
        schedule[..8].copy_from_slice(&state);
        compress(&mut state, &mut schedule);
    }
    u64::from(state[0]) << 32 | u64::from(state[7])
}

fn compress(state: &mut [u32; 8], w: &mut [u32; 64]) {
    for i in 16..64 {
        let (x, y) = (w[i - 15], w[i - 2]);
        let s0 = x.rotate_right(7) ^ x.rotate_right(18) ^ (x >> 3);
        let s1 = y.rotate_right(17) ^ y.rotate_right(19) ^ (y >> 10);
        w[i] = w[i - 16]
            .wrapping_add(s0)
            .wrapping_add(w[i - 7])
            .wrapping_add(s1);
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for (k, w) in ROUNDS.iter().zip(w.iter()) {
        let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let choice = (e & f) ^ (!e & g);
        let t1 = h
            .wrapping_add(s1)
            .wrapping_add(choice)
            .wrapping_add(*k)
            .wrapping_add(*w);
        let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let t2 = s0.wrapping_add((a & b) ^ (a & c) ^ (b & c));
        (h, g, f, e, d, c, b, a) = (g, f, e, d.wrapping_add(t1), c, b, a, t1.wrapping_add(t2));
    }
    for (old, new) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *old = old.wrapping_add(new);
    }
}

#[rustfmt::skip]
const ROUNDS: [u32; 64] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

/// CRC-32 of `size` bytes, by a table of 256 words.
pub(crate) fn crc32(size: u32, scratch: &mut Scratch) -> u64 {
    let (table, bytes) = (&mut scratch.words[..256], &mut scratch.bytes[..4096]);
    for (index, entry) in table.iter_mut().enumerate() {
        *entry = (0..8).fold(index as u32, |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 * (crc & 1))
        });
    }
    let mut random = Random::new(1);
    bytes.fill_with(|| random.bits() as u8);
    let mut crc = !0_u32;
    let mut left = size as usize;
    while left > 0 {
        let count = left.min(bytes.len());
        for byte in &bytes[..count] {
            crc = (crc >> 8) ^ table[usize::from(crc as u8 ^ byte)];
        }
        left -= count;
    }
    u64::from(!crc)
}

/// Insertions into and look-ups in a table of 8,192 keys with linear probing.
pub(crate) fn map(size: u32, scratch: &mut Scratch) -> u64 {
    const SLOTS: usize = 1 << 13;
    let (keys, counts) = (&mut scratch.longs[..SLOTS], &mut scratch.words[..SLOTS]);
    keys.fill(0);
    counts.fill(0);
    let mut random = Random::new(2);
    let mut sum = 0_u64;
    for _ in 0..size {
        let key = 1 + u64::from(random.below(5000)) * 0x1_0000_0001;
        let mut slot = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 51) as usize % SLOTS;
        while keys[slot] != key && keys[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        keys[slot] = key;
        counts[slot] += 1;
        sum = sum.wrapping_add(u64::from(counts[slot]) * slot as u64);
    }
    sum
}
