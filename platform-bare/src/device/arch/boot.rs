//! From reset to Rust: drop to EL1, caches and translation on, stacks, vectors; for the first core, and
//! for those that it switches on.
//!
//! Runs with the MMU off until it turns it on itself. Memory is Device memory until then, where unaligned
//! and exclusive accesses fault; all that is stored before that is the boot table.
//!
//! The first core makes that table, which is in use until the final tables are made, at the low end of its
//! emergency stack. The others begin with the final tables, so that no core but the first ever changes its
//! translation.

use core::arch::global_asm;

use super::mmu;
use crate::device::cores::{self, CORES};

unsafe extern "C" {
    safe fn _start_secondary();
}

/// Where a core that is switched on begins: a physical address, as the firmware is mapped to itself.
pub(crate) fn entry() -> usize {
    _start_secondary as *const () as usize
}

// Register fields: Arm Architecture Reference Manual (DDI 0487), "AArch64 System Register Descriptions";
// ICC_SRE_EL2: GICv3 specification (IHI 0069).
global_asm!(
    // Goes on at EL1 with SP_EL0, everything masked and the MMU off. Changes x1 only.
    ".macro enter_el1",
    "msr daifset, #0xf",
    "mrs x1, CurrentEL",
    "cmp x1, #(2 << 2)",
    "b.ne 102f",
    // EL2: EL1 is AArch64, with pointer authentication, floating point, the counters, the PMU and
    // the GIC's system registers not trapped.
    "mov x1, #(1 << 31)",
    "movk x1, #0x300, lsl #32",
    "msr hcr_el2, x1",
    "mov x1, #3",
    "msr cnthctl_el2, x1",
    "msr cntvoff_el2, xzr",
    "mov x1, #0x33ff",
    "msr cptr_el2, x1",
    "msr hstr_el2, xzr",
    "msr vttbr_el2, xzr",
    "mrs x1, pmcr_el0",
    "ubfx x1, x1, #11, #5",
    "msr mdcr_el2, x1",
    "mrs x1, midr_el1",
    "msr vpidr_el2, x1",
    "mrs x1, mpidr_el1",
    "msr vmpidr_el2, x1",
    "mrs x1, id_aa64pfr0_el1",
    "ubfx x1, x1, #24, #4",
    "cbz x1, 101f",
    "mov x1, #0xf",
    "msr S3_4_C12_C9_5, x1",
    "isb",
    "101:",
    "ldr x1, ={sctlr_off}",
    "msr sctlr_el1, x1",
    // EL1 on SP_EL0, all interrupts masked.
    "mov x1, #0x3c4",
    "msr spsr_el2, x1",
    "adr x1, 102f",
    "msr elr_el2, x1",
    "eret",
    "102:",
    ".endm",
    // The core's record is at x0: stacks, vectors, floating point, memory attributes. Changes x1 only.
    ".macro set_up_core",
    "msr tpidr_el1, x0",
    "msr spsel, #1",
    "ldr x1, [x0, #{exception_stack}]",
    "mov sp, x1",
    "msr spsel, #0",
    "ldr x1, [x0, #{thread_stack}]",
    "mov sp, x1",
    "adrp x1, {vectors}",
    "add x1, x1, :lo12:{vectors}",
    "msr vbar_el1, x1",
    "mov x1, #(3 << 20)",
    "msr cpacr_el1, x1",
    "ldr x1, ={mair}",
    "msr mair_el1, x1",
    ".endm",
    // What TLB and instruction cache hold at reset is unknown, as are rounding mode and debug control.
    ".macro clean_slate",
    "isb",
    "msr fpcr, xzr",
    "msr fpsr, xzr",
    "msr mdscr_el1, xzr",
    "tlbi vmalle1",
    "dsb nsh",
    "ic iallu",
    "dsb nsh",
    "isb",
    ".endm",
    //
    ".pushsection .text.boot, \"ax\"",
    ".global _start",
    "_start:",
    "enter_el1",
    "adrp x0, {cores}",
    "add x0, x0, :lo12:{cores}",
    "set_up_core",
    // The physical address size is the machine's own (TCR_EL1.IPS).
    "ldr x1, ={tcr}",
    "mrs x2, id_aa64mmfr0_el1",
    "and x2, x2, #0xf",
    "mov x3, #5",
    "cmp x2, x3",
    "csel x2, x2, x3, lo",
    "bfi x1, x2, #32, #3",
    "msr tcr_el1, x1",
    // The boot table: the first GiB as device memory, never executed, and the second, where RAM starts,
    // as normal memory. What a boot loader may have left in the data cache for its two pages goes first.
    "adrp x1, __emergency_stack_start",
    "msr ttbr0_el1, x1",
    "msr ttbr1_el1, xzr",
    "add x4, x1, #0x2000",
    "mrs x2, ctr_el0",
    "ubfx x2, x2, #16, #4",
    "mov x3, #4",
    "lsl x3, x3, x2",
    "mov x2, x1",
    "5:",
    "dc ivac, x2",
    "add x2, x2, x3",
    "cmp x2, x4",
    "b.lo 5b",
    "dsb sy",
    "6:",
    "stp xzr, xzr, [x4, #-16]!",
    "cmp x4, x1",
    "b.ne 6b",
    "add x3, x1, #0x1000",
    "add x2, x3, #3",
    "str x2, [x1]",
    "ldr x2, ={device}",
    "str x2, [x3]",
    "ldr x2, ={normal}",
    "str x2, [x3, #8]",
    "clean_slate",
    "ldr x1, ={sctlr_boot}",
    "msr sctlr_el1, x1",
    "isb",
    "adrp x1, __bss_start",
    "add x1, x1, :lo12:__bss_start",
    "adrp x2, __bss_end",
    "add x2, x2, :lo12:__bss_end",
    "3:",
    "cmp x1, x2",
    "b.hs 4f",
    "stp xzr, xzr, [x1], #16",
    "b 3b",
    "4:",
    // System errors have a vector; interrupts wait until the GIC is set up.
    "msr daifclr, #4",
    "mov x29, xzr",
    "mov x30, xzr",
    "bl {start}",
    "brk #0",
    // A core that PSCI has switched on (Arm DEN 0022, CPU_ON): at EL2 or EL1, everything masked, MMU and
    // caches off and empty, x0 as it was asked for. The record was cleaned to memory.
    ".global _start_secondary",
    "_start_secondary:",
    "enter_el1",
    "set_up_core",
    "ldr x1, [x0, #{translation} + 16]",
    "msr tcr_el1, x1",
    "ldp x1, x2, [x0, #{translation}]",
    "msr ttbr0_el1, x1",
    "msr ttbr1_el1, x2",
    "clean_slate",
    "ldr x1, ={sctlr}",
    "msr sctlr_el1, x1",
    "isb",
    "msr daifclr, #4",
    "mov x29, xzr",
    "mov x30, xzr",
    "bl {enter}",
    "brk #0",
    ".ltorg",
    ".popsection",
    device = const 1u64 << 10 | 3 << 53 | 1,
    normal = const 0x4000_0000u64 | 1 << 2 | 3 << 8 | 1 << 10 | 1,
    sctlr_off = const mmu::SCTLR_RES1,
    sctlr_boot = const mmu::SCTLR_RES1 | mmu::SCTLR_ON,
    sctlr = const mmu::SCTLR,
    mair = const mmu::MAIR,
    tcr = const mmu::TCR,
    vectors = sym super::vectors::exception_vectors,
    start = sym crate::device::start::start,
    enter = sym cores::enter,
    cores = sym CORES,
    thread_stack = const cores::THREAD_STACK,
    exception_stack = const cores::EXCEPTION_STACK,
    translation = const cores::TRANSLATION,
);
