//! SHA-256 and SHA-512 (`sha2`).

use sha2::{Digest, Sha256, Sha512};

use crate::input::Random;

/// Hashes a buffer whole, and a chain of digests.
#[must_use]
pub fn run(seed: u32) -> Vec<u8> {
    let data = Random::new(seed).bytes(128 * 1024);
    let mut output = Sha256::digest(&data).to_vec();
    output.extend(Sha512::digest(&data));
    let mut link = Sha256::digest(&output);
    for _ in 0..500 {
        link = Sha256::digest(link);
    }
    output.extend(link);
    output
}
