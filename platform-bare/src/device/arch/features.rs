//! What the processor can do, from its ID registers, under the names of Rust's `target_feature`.

use super::registers::read;

/// Whether the processor has the feature called `name`, usable as the firmware has set it up.
///
/// Fields: Arm Architecture Reference Manual (DDI 0487), `ID_AA64ISAR0_EL1` and its neighbours.
/// Features that need state which this firmware does not manage (SVE, SME, MTE) count as absent.
pub(crate) fn has(name: &str) -> bool {
    let isar0 = || read!("id_aa64isar0_el1");
    let isar1 = || read!("id_aa64isar1_el1");
    // ID_AA64ISAR2_EL1, by its encoding: reserved, and zero, before Armv8.7.
    let isar2 = || read!("S3_0_C0_C6_2");
    let pfr0 = || read!("id_aa64pfr0_el1");
    let pfr1 = || read!("id_aa64pfr1_el1");
    let mmfr2 = || read!("id_aa64mmfr2_el1");
    match name {
        "aes" => field(isar0(), 4) >= 2,
        "sha2" => field(isar0(), 12) >= 1,
        "sha3" => field(isar0(), 12) >= 2 && field(isar0(), 32) >= 1,
        "sm4" => field(isar0(), 36) >= 1 && field(isar0(), 40) >= 1,
        "crc" => field(isar0(), 16) >= 1,
        "lse" => field(isar0(), 20) >= 2,
        "rdm" => field(isar0(), 28) >= 1,
        "dotprod" => field(isar0(), 44) >= 1,
        "fhm" => field(isar0(), 48) >= 1,
        "flagm" => field(isar0(), 52) >= 1,
        "flagm2" => field(isar0(), 52) >= 2,
        "rand" => field(isar0(), 60) >= 1,
        "dpb" => field(isar1(), 0) >= 1,
        "dpb2" => field(isar1(), 0) >= 2,
        // The architected algorithms QARMA5 and QARMA3, and the implementation's own. No key is
        // enabled, so that the instructions of paca leave addresses as they are.
        "paca" => field(isar1(), 4) >= 1 || field(isar1(), 8) >= 1 || field(isar2(), 12) >= 1,
        "pacg" => field(isar1(), 24) >= 1 || field(isar1(), 28) >= 1 || field(isar2(), 8) >= 1,
        "jsconv" => field(isar1(), 12) >= 1,
        "fcma" => field(isar1(), 16) >= 1,
        "rcpc" => field(isar1(), 20) >= 1,
        "rcpc2" => field(isar1(), 20) >= 2,
        "frintts" => field(isar1(), 32) >= 1,
        "sb" => field(isar1(), 36) >= 1,
        "bf16" => field(isar1(), 44) >= 1,
        "i8mm" => field(isar1(), 52) >= 1,
        // The two fields are signed: 15 is absent, 0 is present without half precision.
        "neon" => field(pfr0(), 20) != 15,
        "fp16" => field(pfr0(), 16) == 1 && field(pfr0(), 20) == 1,
        "dit" => field(pfr0(), 48) >= 1,
        "bti" => landing_pads(),
        "ssbs" => field(pfr1(), 4) >= 2,
        "lse2" => field(mmfr2(), 32) >= 1,
        _ => false,
    }
}

/// Whether pages can be guarded (FEAT_BTI).
pub(crate) fn landing_pads() -> bool {
    field(read!("id_aa64pfr1_el1"), 0) >= 1
}

/// What code and cache maintenance depend on.
pub(crate) type Identity = [u64; 9];

/// The identity of the core that runs this: the registers that [`has`] reads, the translation that it
/// can do, and its caches.
pub(crate) fn identity() -> Identity {
    [
        read!("id_aa64isar0_el1"),
        read!("id_aa64isar1_el1"),
        read!("S3_0_C0_C6_2"),
        read!("id_aa64pfr0_el1"),
        read!("id_aa64pfr1_el1"),
        read!("id_aa64mmfr0_el1"),
        read!("id_aa64mmfr2_el1"),
        read!("ctr_el0"),
        read!("dczid_el0"),
    ]
}

/// The four-bit field of an ID register whose lowest bit is `shift`.
const fn field(register: u64, shift: u32) -> u64 {
    register >> shift & 0xf
}

/// Whether the GIC is reached by system registers (GICv3 and later).
pub(crate) fn gic_registers() -> bool {
    field(read!("id_aa64pfr0_el1"), 24) >= 1
}
