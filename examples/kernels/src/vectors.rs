//! Vectors: loops that compilers turn into vector instructions.
//!
//! As WebAssembly these functions alone are built with 128-bit vectors.

use crate::{Random, Scratch};

/// `size` scalar products of 4,096 single-precision numbers each.
pub(crate) fn dot(size: u32, scratch: &mut Scratch) -> u64 {
    const LEN: usize = 4096;
    let mut random = Random::new(16);
    let (a, rest) = scratch.words.split_at_mut(LEN);
    let b = &mut rest[..LEN + 16];
    let mut number = || (random.below(2000) as f32 / 1000.0 - 1.0).to_bits();
    a.fill_with(&mut number);
    b.fill_with(&mut number);
    (0..size as usize).fold(u64::from(size), |sum, round| {
        let product = product(a, &b[round % 16..][..LEN]);
        sum.rotate_left(5) ^ u64::from(product.to_bits())
    })
}

/// The scalar product of numbers that are given by their bits.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn product(a: &[u32], b: &[u32]) -> f32 {
    // As many sums as keep a machine busy: the order of additions is part of the result.
    let mut sums = [0.0; 16];
    for (a, b) in a.chunks_exact(16).zip(b.chunks_exact(16)) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += f32::from_bits(*a) * f32::from_bits(*b);
        }
    }
    sums.iter().sum()
}

/// A picture of 256 by 256 bytes, sharpened and softened in turn, `size` times.
pub(crate) fn convolve(size: u32, scratch: &mut Scratch) -> u64 {
    const SIDE: usize = 256;
    let (now, rest) = scratch.bytes.split_at_mut(SIDE * SIDE);
    let next = &mut rest[..SIDE * SIDE];
    let mut random = Random::new(17);
    now.fill_with(|| random.below(256) as u8);
    next.fill(0);
    for round in 0..size {
        let weights = match round % 2 {
            0 => [-1, -1, 24],
            _ => [1, 2, 4],
        };
        for row in 1..SIDE - 1 {
            let line = |row: usize| &now[row * SIDE..][..SIDE];
            let lines = [line(row - 1), line(row), line(row + 1)];
            neighbours(lines, weights, &mut next[row * SIDE + 1..][..SIDE - 2]);
        }
        now.copy_from_slice(next);
    }
    now.iter().fold(u64::from(size), |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(*byte))
    })
}

/// The sums of all places' neighbours in a line: weights of the corners, the sides, the middle.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn neighbours(lines: [&[u8]; 3], weights: [i16; 3], out: &mut [u8]) {
    let [corner, side, middle] = weights;
    let len = out.len();
    let [above, here, below] = lines.map(|line| {
        let at = |start: usize| &line[start..][..len];
        [at(0), at(1), at(2)]
    });
    for (i, out) in out.iter_mut().enumerate() {
        let at = |line: &[u8]| i16::from(line[i]);
        let corners = at(above[0]) + at(above[2]) + at(below[0]) + at(below[2]);
        let sides = at(above[1]) + at(here[0]) + at(here[2]) + at(below[1]);
        let sum = corner * corners + side * sides + middle * at(here[1]);
        *out = (sum >> 4).clamp(0, 255) as u8;
    }
}

/// Looks for what ends or interrupts a string of JSON, in 64 KiB, `size` times.
pub(crate) fn special(size: u32, scratch: &mut Scratch) -> u64 {
    let text = &mut scratch.bytes[..1 << 16];
    let mut random = Random::new(18);
    text.fill_with(|| match random.below(2_000) {
        0 => b'"',
        1 => b'\\',
        2 => b'\n',
        _ => b' ' + 2 * random.below(40) as u8 + 1,
    });
    (0..size as usize).fold(u64::from(size), |sum, round| {
        let mut rest = &text[round % 16..];
        let mut sum = sum;
        while let Some(at) = first_special(rest) {
            sum = sum.wrapping_mul(31).wrapping_add(at as u64);
            rest = &rest[at + 1..];
        }
        sum
    })
}

/// Where the first quote, backslash or control character is.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn first_special(text: &[u8]) -> Option<usize> {
    let (blocks, _) = text.as_chunks::<64>();
    let mut start = 0;
    for block in blocks {
        let mut count = 0_u8;
        for byte in block {
            count += u8::from((*byte == b'"') | (*byte == b'\\') | (*byte < b' '));
        }
        if count > 0 {
            break;
        }
        start += block.len();
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | ..b' ');
    let at = text[start..].iter().position(is_special)?;
    Some(start + at)
}
