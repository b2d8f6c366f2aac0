//! The processor: boot, exception vectors, translation, caches, timers, counters, features (AArch64, EL1).
//!
//! But for `boot` and `vectors`, by which the hardware comes in, nothing here knows what lies above.

pub(crate) mod boot;
pub(crate) mod cache;
pub(crate) mod context;
pub(crate) mod event;
pub(crate) mod features;
mod memory_functions;
pub(crate) mod mmu;
pub(crate) mod perf;
pub(crate) mod random;
pub(crate) mod registers;
pub(crate) mod timer;
pub(crate) mod vectors;

/// Interrupts are masked on this core while this lives.
pub(crate) struct Masked {
    /// `DAIF` before.
    before: u64,
}

impl Masked {
    #[inline]
    pub(crate) fn new() -> Self {
        let before = registers::read!("daif");
        // SAFETY: what is masked for a while comes later. (And the compiler moves no access of memory across.)
        unsafe { core::arch::asm!("msr daifset, #2", options(nostack, preserves_flags)) };
        Self { before }
    }
}

impl Drop for Masked {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: as it was.
        unsafe { registers::write!("daif", self.before) };
    }
}

/// Lets nothing but synchronous exceptions and system errors in from now on.
pub(crate) fn mask_interrupts() {
    // SAFETY: the code that runs is not stopped any more; nothing else changes.
    unsafe { core::arch::asm!("msr daifset, #3", options(nostack, preserves_flags)) };
}
