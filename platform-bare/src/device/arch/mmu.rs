//! Translation control: the registers' values, TLB maintenance, and the switch from the boot table.
//!
//! TTBR0 maps the firmware and RAM at their physical addresses. TTBR1 is the window for reservations.

use core::arch::asm;
use core::ops::Range;

use super::registers::{read, write};
use crate::frame::FRAME_SIZE;
use crate::table::Tlb;

/// Attribute 0: Device-nGnRE. Attribute 1: normal, write-back, allocating. (`MAIR_EL1`)
pub(crate) const MAIR: u64 = 0x04 | 0xff << 8;

/// 48-bit TTBR0 and TTBR1 regions, 4 KiB granules, write-back inner-shareable walks. Walks by
/// TTBR1 are off (EPD1) until [`enable_window`]; boot fills in IPS. (`TCR_EL1`)
pub(crate) const TCR: u64 =
    16 | 1 << 8 | 1 << 10 | 3 << 12 | 16 << 16 | EPD1 | 1 << 24 | 1 << 26 | 3 << 28 | 2 << 30;
const EPD1: u64 = 1 << 23;

/// Bits of `SCTLR_EL1` that are one in Armv8.0.
pub(crate) const SCTLR_RES1: u64 = 0x30d0_0800;
/// MMU, data cache, stack alignment checks, instruction cache.
pub(crate) const SCTLR_ON: u64 = 1 << 0 | 1 << 2 | 1 << 3 | 1 << 12;
const SCTLR_WXN: u64 = 1 << 19;
/// What every core runs with in the end.
pub(crate) const SCTLR: u64 = SCTLR_RES1 | SCTLR_ON | SCTLR_WXN;

/// The TLB of all cores in the inner-shareable domain.
#[derive(Debug)]
pub(crate) struct InnerShareable;

/// Beyond this many pages, all entries are dropped at once.
const PAGES_ONE_BY_ONE: usize = 64;

impl Tlb for InnerShareable {
    fn added(&self) {
        // SAFETY: barriers only.
        unsafe { asm!("dsb ishst", "isb", options(nostack, preserves_flags)) };
    }

    fn removed(&self, range: Range<usize>) {
        // SAFETY: TLB maintenance and barriers; a TLB entry dropped is fetched again from tables
        // that are valid at all times.
        unsafe {
            asm!("dsb ishst", options(nostack, preserves_flags));
            if range.len() / FRAME_SIZE <= PAGES_ONE_BY_ONE {
                for page in range.step_by(FRAME_SIZE) {
                    let operand = page as u64 >> 12 & 0xfff_ffff_ffff;
                    asm!("tlbi vaae1is, {}", in(reg) operand, options(nostack, preserves_flags));
                }
            } else {
                asm!("tlbi vmalle1is", options(nostack, preserves_flags));
            }
            asm!("dsb ish", "isb", options(nostack, preserves_flags));
        }
    }
}

/// Goes over from the boot table to `root`, and forbids execution of whatever is writable.
///
/// # Safety
/// `root` maps everything in use at the address it has now, with no page both writable and needed
/// for execution.
pub(crate) unsafe fn enable_identity(root: usize) {
    // SAFETY: by the caller's promise, translation of what is in use does not change.
    unsafe {
        asm!("dsb ish", options(nostack, preserves_flags));
        write!("ttbr0_el1", root);
        asm!(
            "isb",
            "tlbi vmalle1",
            "dsb ish",
            "isb",
            options(nostack, preserves_flags)
        );
        write!("sctlr_el1", SCTLR);
        asm!(
            "isb",
            "tlbi vmalle1",
            "dsb ish",
            "isb",
            options(nostack, preserves_flags)
        );
    }
}

/// Turns on the upper half of the address space, translated by `root`.
///
/// # Safety
/// `root` is a table that stays valid, and what changes it keeps the TLB informed.
pub(crate) unsafe fn enable_window(root: usize) {
    let tcr = read!("tcr_el1") & !EPD1;
    // SAFETY: the upper half was not translated until now, so nothing depends on it.
    unsafe {
        asm!("dsb ish", options(nostack, preserves_flags));
        write!("ttbr1_el1", root);
        write!("tcr_el1", tcr);
        asm!(
            "isb",
            "tlbi vmalle1",
            "dsb ish",
            "isb",
            options(nostack, preserves_flags)
        );
    }
}

/// This core's translation, for another core to start with: `TTBR0_EL1`, `TTBR1_EL1`, `TCR_EL1`.
pub(crate) fn translation() -> [u64; 3] {
    [read!("ttbr0_el1"), read!("ttbr1_el1"), read!("tcr_el1")]
}

/// Whether a load from `address` is allowed.
#[cfg(feature = "reports")]
pub(crate) fn readable(address: usize) -> bool {
    read_address(address).is_some()
}

/// The physical address that a load from `address` reaches, if it is allowed.
pub(crate) fn read_address(address: usize) -> Option<usize> {
    let result: u64;
    // SAFETY: a translation test has no effect but on PAR_EL1.
    unsafe {
        asm!("at s1e1r, {}", "isb", "mrs {}, par_el1", in(reg) address, lateout(reg) result,
            options(nostack, preserves_flags));
    }
    translated(address, result)
}

/// The physical address that a store to `address` reaches, if it is allowed.
pub(crate) fn write_address(address: usize) -> Option<usize> {
    let result: u64;
    // SAFETY: a translation test has no effect but on PAR_EL1.
    unsafe {
        asm!("at s1e1w, {}", "isb", "mrs {}, par_el1", in(reg) address, lateout(reg) result,
            options(nostack, preserves_flags));
    }
    translated(address, result)
}

/// What PAR_EL1 says: bit 0 is set if the translation failed, bits 47:12 are the address.
fn translated(address: usize, par: u64) -> Option<usize> {
    (par & 1 == 0).then_some((par & 0x0000_ffff_ffff_f000) as usize | address & 0xfff)
}
