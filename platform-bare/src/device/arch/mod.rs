//! The processor: boot, exception vectors, translation, caches, counters, features (AArch64, EL1).

pub(crate) mod boot;
pub(crate) mod cache;
pub(crate) mod event;
pub(crate) mod features;
mod memory_functions;
pub(crate) mod mmu;
pub(crate) mod perf;
pub(crate) mod registers;
pub(crate) mod vectors;

/// Lets nothing but synchronous exceptions and system errors in from now on.
pub(crate) fn mask_interrupts() {
    // SAFETY: the code that runs is not stopped any more; nothing else changes.
    unsafe { core::arch::asm!("msr daifset, #3", options(nostack, preserves_flags)) };
}
