//! What an exception saves of the code that it stops.

use core::arch::naked_asm;
use core::mem::{align_of, offset_of};

use wasmetal_platform::SavedRegisters;

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

/// Has the core go on with a thread's code whose registers were kept at an interrupt, all of them, with this program status.
///
/// # Safety
/// A thread of this core, with interrupts masked, calls, whose frames are not used again. The registers are those of a
/// thread's code, which may run on this core, on the stack that they name.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn restore_all(registers: &SavedRegisters, status: u64) -> ! {
    naked_asm!(
        // The stack pointer of threads can be set on that of handlers only, of whom none runs.
        "msr spsel, #1",
        "add x11, x0, #{general}",
        "ldp x9, x10, [x11, #{sp}]",
        "msr sp_el0, x9",
        "msr elr_el1, x10",
        "msr spsr_el1, x1",
        "ldp x9, x10, [x11, #{float_control}]",
        "msr fpcr, x9",
        "msr fpsr, x10",
        "ldp q0, q1, [x0, #0]",
        "ldp q2, q3, [x0, #32]",
        "ldp q4, q5, [x0, #64]",
        "ldp q6, q7, [x0, #96]",
        "ldp q8, q9, [x0, #128]",
        "ldp q10, q11, [x0, #160]",
        "ldp q12, q13, [x0, #192]",
        "ldp q14, q15, [x0, #224]",
        "ldp q16, q17, [x0, #256]",
        "ldp q18, q19, [x0, #288]",
        "ldp q20, q21, [x0, #320]",
        "ldp q22, q23, [x0, #352]",
        "ldp q24, q25, [x0, #384]",
        "ldp q26, q27, [x0, #416]",
        "ldp q28, q29, [x0, #448]",
        "ldp q30, q31, [x0, #480]",
        "mov x0, x11",
        "ldp x2, x3, [x0, #16]",
        "ldp x4, x5, [x0, #32]",
        "ldp x6, x7, [x0, #48]",
        "ldp x8, x9, [x0, #64]",
        "ldp x10, x11, [x0, #80]",
        "ldp x12, x13, [x0, #96]",
        "ldp x14, x15, [x0, #112]",
        "ldp x16, x17, [x0, #128]",
        "ldp x18, x19, [x0, #144]",
        "ldp x20, x21, [x0, #160]",
        "ldp x22, x23, [x0, #176]",
        "ldp x24, x25, [x0, #192]",
        "ldp x26, x27, [x0, #208]",
        "ldp x28, x29, [x0, #224]",
        "ldr x30, [x0, #240]",
        "ldp x0, x1, [x0]",
        "eret",
        general = const GENERAL,
        sp = const offset_of!(SavedRegisters, sp) - GENERAL,
        float_control = const offset_of!(SavedRegisters, float_control) - GENERAL,
    )
}

/// Where x0 is kept, and the others after it.
const GENERAL: usize = offset_of!(SavedRegisters, general);

// What `restore_all` loads in pairs.
const _: () = {
    assert!(offset_of!(SavedRegisters, vectors) == 0);
    assert!(offset_of!(SavedRegisters, pc) == offset_of!(SavedRegisters, sp) + 8);
    assert!(
        offset_of!(SavedRegisters, float_status) == offset_of!(SavedRegisters, float_control) + 8
    );
};

const _: () = {
    assert!(offset_of!(Registers, sp) == 248 && offset_of!(Registers, pc) == 256);
    assert!(align_of::<Registers>() == 16 && align_of::<Interrupted>() == 16);
};
