//! Signatures on Curve25519 (`ed25519-compact`).

use ed25519_compact::{KeyPair, Seed};

use crate::input::Random;

/// Signs a few messages, verifies them, and proves that a changed message is refused.
///
/// # Panics
/// A good signature was refused, or a bad one accepted.
#[must_use]
pub fn run(seed: u32) -> Vec<u8> {
    let mut random = Random::new(seed);
    let mut output = Vec::new();
    for round in 0..4 {
        let key: [u8; 32] = random
            .bytes(32)
            .try_into()
            .expect("32 bytes were asked for");
        let pair = KeyPair::from_seed(Seed::new(key));
        let mut message = random.prose(40 + round * 10).into_bytes();
        let signature = pair.sk.sign(&message, None);
        pair.pk
            .verify(&message, &signature)
            .expect("a good signature");
        message[0] ^= 1;
        pair.pk
            .verify(&message, &signature)
            .expect_err("a changed message");
        output.extend(pair.pk.as_ref());
        output.extend(signature.as_ref());
    }
    output
}
