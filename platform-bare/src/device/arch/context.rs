//! What an exception saves of the code that it stops.

use core::mem::{align_of, offset_of};

/// The general registers at an exception, and the exception's syndrome.
#[derive(Debug)]
#[repr(C, align(16))]
pub struct Registers {
    /// x0 to x30.
    pub x: [u64; 31],
    /// The stack pointer.
    pub sp: u64,
    /// Where the exception was taken (`ELR_EL1`).
    pub pc: u64,
    /// The saved program status (`SPSR_EL1`).
    pub spsr: u64,
    /// The cause (`ESR_EL1`); of no meaning for interrupts.
    pub esr: u64,
    /// The address accessed (`FAR_EL1`), where the cause has one.
    pub far: u64,
}

/// The whole context that an interrupt stops, restored when the handler returns.
#[derive(Debug)]
#[repr(C, align(16))]
pub struct Interrupted {
    /// General registers.
    pub registers: Registers,
    /// Floating-point status.
    pub fpsr: u64,
    /// Floating-point control.
    pub fpcr: u64,
    /// q0 to q31.
    pub q: [u128; 32],
}

impl Interrupted {
    /// All registers zero.
    pub(crate) const fn zeroed() -> Self {
        Self {
            registers: Registers {
                x: [0; 31],
                sp: 0,
                pc: 0,
                spsr: 0,
                esr: 0,
                far: 0,
            },
            fpsr: 0,
            fpcr: 0,
            q: [0; 32],
        }
    }
}

const _: () = {
    assert!(offset_of!(Registers, sp) == 248 && offset_of!(Registers, pc) == 256);
    assert!(align_of::<Registers>() == 16 && align_of::<Interrupted>() == 16);
};
