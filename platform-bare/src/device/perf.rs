//! Measuring: the cycle counter of the PMU.

/// Cycles of this core since it was started, counted at every exception level.
///
/// With QEMU's `-icount shift=0,sleep=off` one instruction is one cycle, so the difference of two
/// readings is an exact instruction count that is the same in each run. Without icount it is a time.
#[inline]
#[must_use]
pub fn instructions() -> u64 {
    super::arch::perf::cycles()
}
