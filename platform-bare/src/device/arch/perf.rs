//! The PMU's cycle counter. Under QEMU's `-icount shift=0` it counts instructions, exactly.

use super::registers::{read, write};

/// Starts the cycle counter at EL1.
pub(crate) fn start() {
    // SAFETY: the PMU has no effect on memory or control flow; no interrupt is enabled.
    unsafe {
        // Count at every exception level.
        write!("pmccfiltr_el0", 0u64);
        write!("pmcntenset_el0", 1u64 << 31);
        // Enable, reset event and cycle counters, 64-bit overflow.
        write!("pmcr_el0", 1u64 | 1 << 1 | 1 << 2 | 1 << 6);
        core::arch::asm!("isb", options(nostack, preserves_flags));
    }
}

/// Cycles since boot; instructions under QEMU's `-icount shift=0`.
#[inline]
pub(crate) fn cycles() -> u64 {
    // SAFETY: a barrier: the counter is read after what precedes it.
    unsafe { core::arch::asm!("isb", options(nostack, preserves_flags)) };
    read!("pmccntr_el0")
}
