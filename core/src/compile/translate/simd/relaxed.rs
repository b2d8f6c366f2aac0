//! Operators whose results depend on the machine (spec: "Relaxed Operations").
//!
//! Each has a strict meaning, which the deterministic profile prescribes, and one that some machines
//! have an instruction for. AArch64's instructions have the strict meaning but for fused
//! multiplication; x86-64 mostly has others.

use super::shape::{DotAdd, Fusion, Shape::*};
use super::table::Row;
use crate::compile::operators::Relaxed;
use crate::compile::translate::function::Translator;
use crate::compile::translate::types::flag;
use cranelift_codegen::ir::Opcode::*;
use cranelift_codegen::ir::types::{F32X4, F64X2, I8X16, I16X8, I32X4, I64X2};
use target_lexicon::Architecture;

impl Translator<'_, '_> {
    /// The row of an operator with a relaxed meaning.
    pub(super) fn relaxed_row(&self, operator: Relaxed) -> Row {
        let isa = self.env.isa;
        let relaxed = !self.env.tunables.relaxed_simd_deterministic;
        let x86_64 = relaxed && isa.triple().architecture == Architecture::X86_64;
        let fusion = match relaxed && isa.has_native_fma() {
            true => Fusion::Fused,
            false => Fusion::Unfused,
        };
        // What x86-64 does with one instruction, and the strict meaning.
        let either = |native, strict| if x86_64 { native } else { strict };
        let select = |lanes| match relaxed && isa.has_blendv_lowering(lanes) {
            true => (Choose(Blendv), lanes),
            false => (Choose(Bitselect), lanes),
        };
        match operator {
            Relaxed::I8x16RelaxedSwizzle => (either(Binary(X86Pshufb), Binary(Swizzle)), I8X16),
            Relaxed::I32x4RelaxedTruncF32x4S => {
                let (native, strict) = (X86Cvtt2dq, FcvtToSintSat);
                (either(To(native, I32X4), To(strict, I32X4)), F32X4)
            }
            Relaxed::I32x4RelaxedTruncF32x4U => (To(FcvtToUintSat, I32X4), F32X4),
            Relaxed::I32x4RelaxedTruncF64x2SZero => {
                let with = |convert| NarrowedWithZero(convert, Snarrow);
                (either(with(X86Cvtt2dq), with(FcvtToSintSat)), F64X2)
            }
            Relaxed::I32x4RelaxedTruncF64x2UZero => {
                (NarrowedWithZero(FcvtToUintSat, Uunarrow), F64X2)
            }
            Relaxed::F32x4RelaxedMadd => (MulAdd(fusion), F32X4),
            Relaxed::F32x4RelaxedNmadd => (NegMulAdd(fusion), F32X4),
            Relaxed::F64x2RelaxedMadd => (MulAdd(fusion), F64X2),
            Relaxed::F64x2RelaxedNmadd => (NegMulAdd(fusion), F64X2),
            Relaxed::I8x16RelaxedLaneselect => select(I8X16),
            Relaxed::I16x8RelaxedLaneselect => select(I16X8),
            Relaxed::I32x4RelaxedLaneselect => select(I32X4),
            Relaxed::I64x2RelaxedLaneselect => select(I64X2),
            Relaxed::F32x4RelaxedMin => (either(PseudoMin, Binary(Fmin)), F32X4),
            Relaxed::F32x4RelaxedMax => (either(PseudoMax, Binary(Fmax)), F32X4),
            Relaxed::F64x2RelaxedMin => (either(PseudoMin, Binary(Fmin)), F64X2),
            Relaxed::F64x2RelaxedMax => (either(PseudoMax, Binary(Fmax)), F64X2),
            Relaxed::I16x8RelaxedQ15mulrS => {
                (either(Binary(X86Pmulhrsw), Binary(SqmulRoundSat)), I16X8)
            }
            Relaxed::I16x8RelaxedDotI8x16I7x16S => (either(DotUnsigned, DotSat), I8X16),
            Relaxed::I32x4RelaxedDotI8x16I7x16AddS => {
                let how = match (relaxed, x86_64) {
                    (false, _) => DotAdd::Saturated,
                    (true, false) => DotAdd::Exact([SwidenLow, SwidenHigh]),
                    (true, true) if self.has_vpdpbusd() => DotAdd::Exact([UwidenLow, UwidenHigh]),
                    (true, true) => DotAdd::Unsigned,
                };
                (DotAdd(how), I8X16)
            }
        }
    }

    /// Whether x86-64 sums up four products with one instruction.
    fn has_vpdpbusd(&self) -> bool {
        let has = |name| flag(self.env.isa, name);
        (has("has_avx_vnni") && has("has_avx")) || (has("has_avx512vnni") && has("has_avx512vl"))
    }
}
