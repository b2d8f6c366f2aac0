//! Operators on vectors.

use super::Operator;
use super::family::families;
use wasmparser::{MemArg, V128};

families! {
    enum Vector {
    }

    /// Integer lanes, from the narrowest on.
    Integers {
        costs 1: I8x16Eq I8x16Ne I8x16LtS I8x16LtU I8x16GtS I8x16GtU I8x16LeS I8x16LeU I8x16GeS I8x16GeU I16x8Eq
            I16x8Ne I16x8LtS I16x8LtU I16x8GtS I16x8GtU I16x8LeS I16x8LeU I16x8GeS I16x8GeU I32x4Eq I32x4Ne I32x4LtS
            I32x4LtU I32x4GtS I32x4GtU I32x4LeS I32x4LeU I32x4GeS I32x4GeU I64x2Eq I64x2Ne I64x2LtS I64x2GtS
            I64x2LeS I64x2GeS I8x16Abs I8x16Neg I8x16Popcnt I8x16AllTrue I8x16Bitmask I8x16Shl I8x16ShrS I8x16ShrU
            I8x16Add I8x16AddSatS I8x16AddSatU I8x16Sub I8x16SubSatS I8x16SubSatU I8x16MinS I8x16MinU I8x16MaxS
            I8x16MaxU I8x16AvgrU I16x8Abs I16x8Neg I16x8AllTrue I16x8Bitmask I16x8Shl I16x8ShrS I16x8ShrU I16x8Add
            I16x8AddSatS I16x8AddSatU I16x8Sub I16x8SubSatS I16x8SubSatU I16x8MinS I16x8MinU I16x8MaxS I16x8MaxU
            I16x8AvgrU I32x4Abs I32x4Neg I32x4AllTrue I32x4Bitmask I32x4Shl I32x4ShrS I32x4ShrU I32x4Add I32x4Sub
            I32x4MinS I32x4MinU I32x4MaxS I32x4MaxU I64x2Abs I64x2Neg I64x2AllTrue I64x2Bitmask I64x2Shl I64x2ShrS
            I64x2ShrU I64x2Add I64x2Sub;
    }

    /// Float lanes.
    Floats {
        costs 1: F32x4Eq F32x4Ne F32x4Lt F32x4Gt F32x4Le F32x4Ge F64x2Eq F64x2Ne F64x2Lt F64x2Gt F64x2Le F64x2Ge
            F32x4Ceil F32x4Floor F32x4Trunc F32x4Nearest F32x4Abs F32x4Neg F32x4Sqrt F32x4Add F32x4Sub F32x4Mul
            F32x4Div F32x4Min F32x4Max F32x4PMin F32x4PMax F64x2Ceil F64x2Floor F64x2Trunc F64x2Nearest F64x2Abs
            F64x2Neg F64x2Sqrt F64x2Add F64x2Sub F64x2Mul F64x2Div F64x2Min F64x2Max F64x2PMin F64x2PMax;
    }

    /// Bits, and lanes that become wider.
    Bits {
        costs 1: I8x16Swizzle V128Not V128And V128AndNot V128Or V128Xor V128Bitselect V128AnyTrue
            I16x8ExtAddPairwiseI8x16S I16x8ExtAddPairwiseI8x16U I16x8ExtendLowI8x16S I16x8ExtendHighI8x16S
            I16x8ExtendLowI8x16U I16x8ExtendHighI8x16U I16x8ExtMulLowI8x16S I16x8ExtMulHighI8x16S
            I16x8ExtMulLowI8x16U I16x8ExtMulHighI8x16U I32x4ExtAddPairwiseI16x8S I32x4ExtAddPairwiseI16x8U
            I32x4ExtendLowI16x8S I32x4ExtendHighI16x8S I32x4ExtendLowI16x8U I32x4ExtendHighI16x8U
            I32x4ExtMulLowI16x8S I32x4ExtMulHighI16x8S I32x4ExtMulLowI16x8U I32x4ExtMulHighI16x8U
            I64x2ExtendLowI32x4S I64x2ExtendHighI32x4S I64x2ExtendLowI32x4U I64x2ExtendHighI32x4U
            I64x2ExtMulLowI32x4S I64x2ExtMulHighI32x4S I64x2ExtMulLowI32x4U I64x2ExtMulHighI32x4U;
    }

    /// Lanes that become others, and products.
    Conversions {
        costs 1: I8x16NarrowI16x8S I8x16NarrowI16x8U I16x8Q15MulrSatS I16x8NarrowI32x4S I16x8NarrowI32x4U I16x8Mul
            I32x4Mul I32x4DotI16x8S I64x2Mul I32x4TruncSatF32x4S I32x4TruncSatF32x4U F32x4ConvertI32x4S
            F32x4ConvertI32x4U I32x4TruncSatF64x2SZero I32x4TruncSatF64x2UZero F64x2ConvertLowI32x4S
            F64x2ConvertLowI32x4U F32x4DemoteF64x2Zero F64x2PromoteLowF32x4;
    }

    /// Those whose results depend on the machine.
    Relaxed {
        costs 1: I8x16RelaxedSwizzle I32x4RelaxedTruncF32x4S I32x4RelaxedTruncF32x4U I32x4RelaxedTruncF64x2SZero
            I32x4RelaxedTruncF64x2UZero F32x4RelaxedMadd F32x4RelaxedNmadd F64x2RelaxedMadd F64x2RelaxedNmadd
            I8x16RelaxedLaneselect I16x8RelaxedLaneselect I32x4RelaxedLaneselect I64x2RelaxedLaneselect
            F32x4RelaxedMin F32x4RelaxedMax F64x2RelaxedMin F64x2RelaxedMax I16x8RelaxedQ15mulrS
            I16x8RelaxedDotI8x16I7x16S I32x4RelaxedDotI8x16I7x16AddS;
    }

    /// Single lanes, and lanes in another order.
    Lanes<'a> {
        costs 1: I8x16Splat I16x8Splat I32x4Splat I64x2Splat F32x4Splat F64x2Splat;
        with { lanes: &'a [u8; 16] } costs 1: I8x16Shuffle;
        with { lane: &'a u8 } costs 1: I8x16ExtractLaneS I8x16ExtractLaneU I8x16ReplaceLane I16x8ExtractLaneS
            I16x8ExtractLaneU I16x8ReplaceLane I32x4ExtractLane I32x4ReplaceLane I64x2ExtractLane I64x2ReplaceLane
            F32x4ExtractLane F32x4ReplaceLane F64x2ExtractLane F64x2ReplaceLane;
    }

    /// Loads and stores.
    VectorAccess<'a> {
        with { memarg: &'a MemArg } costs 1: V128Load V128Load8x8S V128Load8x8U V128Load16x4S V128Load16x4U
            V128Load32x2S V128Load32x2U V128Load8Splat V128Load16Splat V128Load32Splat V128Load64Splat
            V128Load32Zero V128Load64Zero V128Store;
        with { memarg: &'a MemArg, lane: &'a u8 } costs 1: V128Load8Lane V128Load16Lane V128Load32Lane
            V128Load64Lane V128Store8Lane V128Store16Lane V128Store32Lane V128Store64Lane;
    }

    /// Constants.
    VectorConstant<'a> {
        with { value: &'a V128 } costs 1: V128Const;
    }
}

/// `wasmparser`'s list of operators on vectors.
macro_rules! from {
    ($(@$proposal:ident $operator:ident $({ $($immediate:ident: $_:ty),* })? => $visit:ident ($($arity:tt)*))*) => {
        /// An operator that is in `wasmparser`'s other list or in none is none on vectors.
        pub(super) fn operator<'a>(operator: &'a wasmparser::Operator<'a>) -> Operator<'a> {
            use self::{
                Bits::*, Conversions::*, Floats::*, Integers::*, Lanes::*, Relaxed::*, VectorAccess::*,
                VectorConstant::*,
            };
            let vector: Vector<'a> = match operator {
                $(
                    wasmparser::Operator::$operator { $($($immediate),*)? } => {
                        $operator { $($($immediate),*)? }.into()
                    }
                )*
                _ => return Operator::Later,
            };
            Operator::Vector(vector)
        }
    };
}
wasmparser::for_each_visit_simd_operator!(from);
