//! The processor's random numbers: `RNDR` (FEAT_RNG).

use core::arch::asm;

/// A random number; `None`: there was none within reasonable time, and may be one later.
///
/// Without the feature `rand` the instruction is undefined.
pub(crate) fn number() -> Option<u64> {
    let (value, good): (u64, u64);
    // SAFETY: the register is read without a side effect on memory; the flags, which it sets, are not said to be kept.
    unsafe {
        asm!(
            "mrs {value}, S3_3_C2_C4_0",
            "cset {good}, ne",
            value = out(reg) value,
            good = out(reg) good,
            options(nomem, nostack),
        );
    }
    (good != 0).then_some(value)
}
