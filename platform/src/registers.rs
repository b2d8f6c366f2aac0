//! All registers of code that was interrupted.

/// What code has in registers: what [`Resume::keep`](crate::Resume::keep) fills, and
/// [`continue_interrupted`](crate::Platform::continue_interrupted) takes. The layout is the architecture's, and a platform's
/// own affair but for the named fields.
///
/// Vectors are of 128 bits: generated code uses no more of them.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy, Debug, Default)]
#[repr(C, align(16))]
pub struct SavedRegisters {
    /// `xmm0` to `xmm15`.
    pub vectors: [u128; 16],
    /// `rax`, `rcx`, `rdx`, `rbx`, `rsp`, `rbp`, `rsi`, `rdi`, `r8` to `r15`: in the order of their numbers.
    pub general: [u64; 16],
    /// `rip`.
    pub pc: u64,
    /// `rflags`: of which those are restored that instructions compute.
    pub flags: u64,
    /// `mxcsr`.
    pub float_control: u64,
}

/// What code has in registers: what [`Resume::keep`](crate::Resume::keep) fills, and
/// [`continue_interrupted`](crate::Platform::continue_interrupted) takes. The layout is the architecture's, and a platform's
/// own affair but for the named fields.
#[cfg(target_arch = "aarch64")]
#[derive(Clone, Copy, Debug, Default)]
#[repr(C, align(16))]
pub struct SavedRegisters {
    /// `q0` to `q31`.
    pub vectors: [u128; 32],
    /// `x0` to `x30`.
    pub general: [u64; 31],
    /// The stack pointer.
    pub sp: u64,
    /// The address of the next instruction.
    pub pc: u64,
    /// `PSTATE`, as `SPSR` has it: of which the condition flags and the kind of the last branch are restored.
    pub flags: u64,
    /// `FPCR`.
    pub float_control: u64,
    /// `FPSR`.
    pub float_status: u64,
}

/// No registers: nothing is known of this architecture.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
#[derive(Clone, Copy, Debug, Default)]
pub struct SavedRegisters {
    /// The address of the next instruction.
    pub pc: u64,
}
