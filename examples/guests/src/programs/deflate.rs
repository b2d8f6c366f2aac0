//! DEFLATE there and back (`miniz_oxide`).

use miniz_oxide::{deflate::compress_to_vec_zlib, inflate::decompress_to_vec_zlib};

use crate::input::Random;

/// Compresses text at two levels and proves that it comes back.
///
/// # Panics
/// The round trip changed the text.
#[must_use]
pub fn run(seed: u32) -> Vec<u8> {
    let text = Random::new(seed).prose(8_000);
    let mut output = Vec::new();
    for level in [1, 6] {
        let packed = compress_to_vec_zlib(text.as_bytes(), level);
        let unpacked = decompress_to_vec_zlib(&packed).expect("own output is valid");
        assert_eq!(unpacked, text.as_bytes());
        output.extend(packed);
    }
    output
}
