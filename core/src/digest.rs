//! Digests of what code, images and the runtime agree on, made when this is compiled.

/// Names and numbers.
pub type Table = &'static [(&'static str, u64)];

/// A digest in the making (FNV-1a): no secret, and good enough to tell versions apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(u64);

impl Digest {
    /// Of nothing.
    pub const EMPTY: Self = Self(0xcbf2_9ce4_8422_2325);

    /// With a table more.
    #[must_use]
    pub const fn table(mut self, table: &[(&str, u64)]) -> Self {
        let mut row = 0;
        while row < table.len() {
            let (name, number) = table[row];
            self = self.text(name).number(number);
            row += 1;
        }
        self.number(table.len() as u64)
    }

    /// With a text more.
    #[must_use]
    pub const fn text(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            self = self.byte(bytes[i]);
            i += 1;
        }
        self.number(bytes.len() as u64)
    }

    /// With a number more.
    #[must_use]
    pub const fn number(mut self, number: u64) -> Self {
        let bytes = number.to_le_bytes();
        let mut i = 0;
        while i < bytes.len() {
            self = self.byte(bytes[i]);
            i += 1;
        }
        self
    }

    const fn byte(self, byte: u8) -> Self {
        Self((self.0 ^ byte as u64).wrapping_mul(0x0100_0000_01b3))
    }

    /// The digest.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}
