//! Landing pads of functions (AArch64, BTI).
//!
//! Cranelift begins a function with `bti c`: only calls may land there. An indirect tail call is a jump,
//! by a register that makes it need `bti jc` (Arm ARM, "Branch Target Identification").

use cranelift_codegen::isa::TargetIsa;
use target_lexicon::Architecture;

const BTI_C: [u8; 4] = 0xd503_245f_u32.to_le_bytes();
const BTI_JC: [u8; 4] = 0xd503_24df_u32.to_le_bytes();

/// Lets jumps land at the start of a function's code.
pub(super) fn accept_jumps(isa: &dyn TargetIsa, code: &mut [u8]) {
    let aarch64 = matches!(isa.triple().architecture, Architecture::Aarch64(_));
    if let Some(pad) = code.first_chunk_mut()
        && aarch64
        && *pad == BTI_C
    {
        *pad = BTI_JC;
    }
}
