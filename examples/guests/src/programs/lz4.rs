//! LZ4 there and back (`lz4_flex`).

use lz4_flex::block::{compress_prepend_size, decompress_size_prepended};

use crate::input::Random;

/// Compresses text with some noise in it, and gives back what that decompresses to: the compressed
/// bytes themselves depend on the width of a pointer.
///
/// # Panics
/// The text did not become smaller.
#[must_use]
pub fn run(seed: u32) -> Vec<u8> {
    let mut random = Random::new(seed);
    let mut input = random.prose(10_000).into_bytes();
    input.extend(random.bytes(10_000));
    input.extend(random.prose(5_000).bytes());
    let packed = compress_prepend_size(&input);
    assert!(packed.len() < input.len() * 3 / 4);
    drop(input);
    decompress_size_prepended(&packed).expect("own output is valid")
}
