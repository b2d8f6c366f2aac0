//! Randomness: the processor's generator, where it has one.

use super::arch::{features, random};

/// How often the generator is asked again when it has nothing.
const TRIES: usize = 1000;

/// Whether the processor has a generator (FEAT_RNG, `RNDR`).
#[must_use]
pub fn is_there() -> bool {
    features::has("rand")
}

/// Fills a buffer with random bytes; `None`: the processor has no generator, or that has nothing for too long.
pub fn fill(buffer: &mut [u8]) -> Option<()> {
    if !is_there() {
        return None;
    }
    for piece in buffer.chunks_mut(8) {
        let number = (0..TRIES).find_map(|_| random::number())?;
        piece.copy_from_slice(&number.to_le_bytes()[..piece.len()]);
    }
    Some(())
}
