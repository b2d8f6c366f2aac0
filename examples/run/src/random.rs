//! Numbers that a seed makes, the same on each machine.

use core::time::Duration;

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators").
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// Less than `end`, which is not 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A time of any order of magnitude from a microsecond up.
    pub(crate) fn up_to(&mut self, longest: Duration) -> Duration {
        let longest = (longest.as_nanos() as u64).max(2048);
        let magnitude = 10 + self.below(u64::from(longest.ilog2()) - 9);
        let time = (1 << magnitude) + self.below(1 << magnitude);
        Duration::from_nanos(time.min(longest))
    }
}
