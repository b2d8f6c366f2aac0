//! Making code that was just written visible to instruction fetch.

use core::arch::asm;

use super::registers::read;

/// Cleans the data cache and invalidates the instruction cache for a range, on all cores of the
/// inner-shareable domain (Arm ARM DDI 0487, B2.7.4.2, "Synchronization and coherency issues
/// between data and instruction accesses").
///
/// # Safety
/// The range can be read.
pub(crate) unsafe fn publish(base: usize, size: usize) {
    let ctr = read!("ctr_el0");
    let data_line = 4usize << (ctr >> 16 & 0xf);
    let instruction_line = 4usize << (ctr & 0xf);
    let end = base + size;
    // SAFETY: cache maintenance by address on memory that is mapped and readable (the caller's
    // promise) keeps its contents; the first line may start before `base`, in the same page.
    unsafe {
        for line in (base & !(data_line - 1)..end).step_by(data_line) {
            asm!("dc cvau, {}", in(reg) line, options(nostack, preserves_flags));
        }
        asm!("dsb ish", options(nostack, preserves_flags));
        for line in (base & !(instruction_line - 1)..end).step_by(instruction_line) {
            asm!("ic ivau, {}", in(reg) line, options(nostack, preserves_flags));
        }
        asm!("dsb ish", "isb", options(nostack, preserves_flags));
    }
}
