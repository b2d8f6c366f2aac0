//! What the guests work on: bytes, numbers and text made from a seed.

/// A small generator of pseudo-random numbers (SplitMix64).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The sequence that belongs to `seed`.
    #[must_use]
    pub fn new(seed: u32) -> Self {
        Self(u64::from(seed))
    }

    /// The next number, of all 64-bit numbers.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The next number below `bound`, which is not zero.
    pub fn below(&mut self, bound: u32) -> u32 {
        (self.bits() % u64::from(bound)) as u32
    }

    /// The next number in `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// One of `choices`, which is not empty.
    pub fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len() as u32) as usize]
    }

    /// `len` bytes.
    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.bits() as u8).collect()
    }

    /// Sentences of English words, `words` in all.
    pub fn prose(&mut self, words: usize) -> String {
        let mut text = String::new();
        let mut left = 0;
        for index in 0..words {
            let word = self.pick(WORDS);
            if left == 0 {
                left = 4 + self.below(12);
                if index > 0 {
                    text.push_str(". ");
                }
                text.push_str(&word[..1].to_uppercase());
                text.push_str(&word[1..]);
            } else {
                text.push_str(if self.below(9) == 0 { ", " } else { " " });
                text.push_str(word);
            }
            left -= 1;
        }
        text.push('.');
        text
    }
}

/// Lower-case ASCII words.
pub const WORDS: &[&str] = &[
    "memory",
    "module",
    "table",
    "stack",
    "frame",
    "guard",
    "page",
    "fault",
    "the",
    "a",
    "of",
    "and",
    "reads",
    "writes",
    "calls",
    "returns",
    "holds",
    "small",
    "quick",
    "empty",
    "linear",
    "shared",
    "value",
    "number",
    "signal",
    "vector",
    "device",
    "kernel",
    "thread",
    "timer",
    "before",
    "after",
    "under",
    "between",
    "without",
    "every",
    "another",
    "register",
    "instruction",
    "compiler",
];
