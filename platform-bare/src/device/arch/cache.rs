//! Making code that was just written visible to instruction fetch.

use core::arch::asm;

use super::registers::read;

/// Cleans the data cache and invalidates the instruction cache for a range, on all cores of the
/// inner-shareable domain (Arm ARM DDI 0487, B2.7.4.2, "Synchronization and coherency issues
/// between data and instruction accesses"). What other cores have fetched before is left to
/// [`synchronize`](crate::device::cores::sync::synchronize).
///
/// # Safety
/// The range can be read.
pub(crate) unsafe fn publish(base: usize, size: usize) {
    let ctr = read!("ctr_el0");
    let (instruction_line, data_line) = (4 << (ctr & 0xf), 4 << (ctr >> 16 & 0xf));
    // CTR_EL0.IDC, DIC: the caches are coherent, so that one step or the other is not needed.
    let (data_coherent, instructions_coherent) = (ctr & 1 << 28 != 0, ctr & 1 << 29 != 0);
    // SAFETY: cache maintenance by address on memory that is mapped and readable (the caller's
    // promise) keeps its contents; the first line may start before `base`, in the same page.
    unsafe {
        if !data_coherent {
            for line in lines(base, size, data_line) {
                asm!("dc cvau, {}", in(reg) line, options(nostack, preserves_flags));
            }
        }
        asm!("dsb ish", options(nostack, preserves_flags));
        if !instructions_coherent {
            for line in lines(base, size, instruction_line) {
                asm!("ic ivau, {}", in(reg) line, options(nostack, preserves_flags));
            }
        }
        asm!("dsb ish", "isb", options(nostack, preserves_flags));
    }
}

/// Makes what was written to a range visible to a core that has its caches off: cleans it to the
/// point of coherency.
///
/// # Safety
/// The range can be read.
pub(crate) unsafe fn clean(base: usize, size: usize) {
    let data_line = 4 << (read!("ctr_el0") >> 16 & 0xf);
    // SAFETY: as in `publish`.
    unsafe {
        for line in lines(base, size, data_line) {
            asm!("dc cvac, {}", in(reg) line, options(nostack, preserves_flags));
        }
        asm!("dsb sy", options(nostack, preserves_flags));
    }
}

/// The addresses of the cache lines of `line` bytes that a range touches.
fn lines(base: usize, size: usize, line: usize) -> impl Iterator<Item = usize> {
    (base & !(line - 1)..base + size).step_by(line)
}
