//! Reading and writing system registers.

/// Reads a system register.
macro_rules! read {
    ($name:literal) => {{
        let value: u64;
        // SAFETY: the registers named in this crate can be read at EL1 without a side effect on
        // memory.
        unsafe { core::arch::asm!(concat!("mrs {}, ", $name), out(reg) value, options(nomem, nostack, preserves_flags)) };
        value
    }};
}

/// Writes a system register. The macro's user argues the safety of the effect.
macro_rules! write {
    ($name:literal, $value:expr) => {
        core::arch::asm!(concat!("msr ", $name, ", {}"), in(reg) $value as u64, options(nostack, preserves_flags))
    };
}

pub(crate) use {read, write};

/// The affinity of the core that runs this: `MPIDR_EL1`, affinity fields only.
pub(crate) fn affinity() -> u64 {
    read!("mpidr_el1") & 0xff_00ff_ffff
}
