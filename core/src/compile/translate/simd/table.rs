//! The operators that are told by a shape and lanes.

use super::shape::Shape::{self, *};
use crate::compile::operators::{Bits, Conversions, Floats, Integers};
use cranelift_codegen::ir::Opcode::*;
use cranelift_codegen::ir::Type;
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::types::{F32X4, F64X2, I8X16, I16X8, I32, I32X4, I64X2};

/// An operator's shape, and the lanes that its operands are taken with.
pub(super) type Row = (Shape, Type);

/// A `match` by rows: a shape, and its operators on each of the lanes in the head, in that order.
macro_rules! columns {
    ($family:ident $operator:ident: $a:ident $b:ident $c:ident $d:ident;
     $($shape:expr => $w:ident $($x:ident $($y:ident $($z:ident)?)?)?;)*) => {
        match $operator {
            $(
                $family::$w => ($shape, $a),
                $(
                    $family::$x => ($shape, $b),
                    $(
                        $family::$y => ($shape, $c),
                        $($family::$z => ($shape, $d),)?
                    )?
                )?
            )*
        }
    };
    ($family:ident $operator:ident: $a:ident $b:ident; $($shape:expr => $w:ident $x:ident;)*) => {
        match $operator {
            $(
                $family::$w => ($shape, $a),
                $family::$x => ($shape, $b),
            )*
        }
    };
}

pub(super) fn integers(operator: Integers) -> Row {
    columns! { Integers operator: I8X16 I16X8 I32X4 I64X2;
        Unary(Ineg)                              => I8x16Neg     I16x8Neg     I32x4Neg     I64x2Neg;
        Unary(Iabs)                              => I8x16Abs     I16x8Abs     I32x4Abs     I64x2Abs;
        Unary(VallTrue)                          => I8x16AllTrue I16x8AllTrue I32x4AllTrue I64x2AllTrue;
        To(VhighBits, I32)                       => I8x16Bitmask I16x8Bitmask I32x4Bitmask I64x2Bitmask;
        Unary(Popcnt)                            => I8x16Popcnt;
        Shift(Ishl)                              => I8x16Shl     I16x8Shl     I32x4Shl     I64x2Shl;
        Shift(Sshr)                              => I8x16ShrS    I16x8ShrS    I32x4ShrS    I64x2ShrS;
        Shift(Ushr)                              => I8x16ShrU    I16x8ShrU    I32x4ShrU    I64x2ShrU;
        Binary(Iadd)                             => I8x16Add     I16x8Add     I32x4Add     I64x2Add;
        Binary(Isub)                             => I8x16Sub     I16x8Sub     I32x4Sub     I64x2Sub;
        Binary(SaddSat)                          => I8x16AddSatS I16x8AddSatS;
        Binary(UaddSat)                          => I8x16AddSatU I16x8AddSatU;
        Binary(SsubSat)                          => I8x16SubSatS I16x8SubSatS;
        Binary(UsubSat)                          => I8x16SubSatU I16x8SubSatU;
        Binary(AvgRound)                         => I8x16AvgrU   I16x8AvgrU;
        Binary(Smin)                             => I8x16MinS    I16x8MinS    I32x4MinS;
        Binary(Umin)                             => I8x16MinU    I16x8MinU    I32x4MinU;
        Binary(Smax)                             => I8x16MaxS    I16x8MaxS    I32x4MaxS;
        Binary(Umax)                             => I8x16MaxU    I16x8MaxU    I32x4MaxU;
        Ints(IntCC::Equal)                       => I8x16Eq      I16x8Eq      I32x4Eq      I64x2Eq;
        Ints(IntCC::NotEqual)                    => I8x16Ne      I16x8Ne      I32x4Ne      I64x2Ne;
        Ints(IntCC::SignedLessThan)              => I8x16LtS     I16x8LtS     I32x4LtS     I64x2LtS;
        Ints(IntCC::SignedGreaterThan)           => I8x16GtS     I16x8GtS     I32x4GtS     I64x2GtS;
        Ints(IntCC::SignedLessThanOrEqual)       => I8x16LeS     I16x8LeS     I32x4LeS     I64x2LeS;
        Ints(IntCC::SignedGreaterThanOrEqual)    => I8x16GeS     I16x8GeS     I32x4GeS     I64x2GeS;
        Ints(IntCC::UnsignedLessThan)            => I8x16LtU     I16x8LtU     I32x4LtU;
        Ints(IntCC::UnsignedGreaterThan)         => I8x16GtU     I16x8GtU     I32x4GtU;
        Ints(IntCC::UnsignedLessThanOrEqual)     => I8x16LeU     I16x8LeU     I32x4LeU;
        Ints(IntCC::UnsignedGreaterThanOrEqual)  => I8x16GeU     I16x8GeU     I32x4GeU;
    }
}

pub(super) fn floats(operator: Floats) -> Row {
    columns! { Floats operator: F32X4 F64X2;
        Unary(Fabs)                          => F32x4Abs     F64x2Abs;
        Unary(Fneg)                          => F32x4Neg     F64x2Neg;
        Unary(Sqrt)                          => F32x4Sqrt    F64x2Sqrt;
        Unary(Ceil)                          => F32x4Ceil    F64x2Ceil;
        Unary(Floor)                         => F32x4Floor   F64x2Floor;
        Unary(Trunc)                         => F32x4Trunc   F64x2Trunc;
        Unary(Nearest)                       => F32x4Nearest F64x2Nearest;
        Binary(Fadd)                         => F32x4Add     F64x2Add;
        Binary(Fsub)                         => F32x4Sub     F64x2Sub;
        Binary(Fmul)                         => F32x4Mul     F64x2Mul;
        Binary(Fdiv)                         => F32x4Div     F64x2Div;
        Binary(Fmin)                         => F32x4Min     F64x2Min;
        Binary(Fmax)                         => F32x4Max     F64x2Max;
        PseudoMin                            => F32x4PMin    F64x2PMin;
        PseudoMax                            => F32x4PMax    F64x2PMax;
        Floats(FloatCC::Equal)                 => F32x4Eq      F64x2Eq;
        Floats(FloatCC::NotEqual)              => F32x4Ne      F64x2Ne;
        Floats(FloatCC::LessThan)              => F32x4Lt      F64x2Lt;
        Floats(FloatCC::GreaterThan)           => F32x4Gt      F64x2Gt;
        Floats(FloatCC::LessThanOrEqual)       => F32x4Le      F64x2Le;
        Floats(FloatCC::GreaterThanOrEqual)    => F32x4Ge      F64x2Ge;
    }
}

/// By the operands' lanes.
pub(super) fn bits(operator: Bits) -> Row {
    columns! { Bits operator: I8X16 I16X8 I32X4 I64X2;
        Unary(Bnot)                          => V128Not;
        Unary(VanyTrue)                      => V128AnyTrue;
        Binary(Band)                         => V128And;
        AndNot                               => V128AndNot;
        Binary(Bor)                          => V128Or;
        Binary(Bxor)                         => V128Xor;
        Choose(Bitselect)                    => V128Bitselect;
        Binary(Swizzle)                      => I8x16Swizzle;

        Unary(SwidenLow)                     => I16x8ExtendLowI8x16S  I32x4ExtendLowI16x8S  I64x2ExtendLowI32x4S;
        Unary(SwidenHigh)                    => I16x8ExtendHighI8x16S I32x4ExtendHighI16x8S I64x2ExtendHighI32x4S;
        Unary(UwidenLow)                     => I16x8ExtendLowI8x16U  I32x4ExtendLowI16x8U  I64x2ExtendLowI32x4U;
        Unary(UwidenHigh)                    => I16x8ExtendHighI8x16U I32x4ExtendHighI16x8U I64x2ExtendHighI32x4U;
        MulWidened(SwidenLow)                => I16x8ExtMulLowI8x16S  I32x4ExtMulLowI16x8S  I64x2ExtMulLowI32x4S;
        MulWidened(SwidenHigh)               => I16x8ExtMulHighI8x16S I32x4ExtMulHighI16x8S I64x2ExtMulHighI32x4S;
        MulWidened(UwidenLow)                => I16x8ExtMulLowI8x16U  I32x4ExtMulLowI16x8U  I64x2ExtMulLowI32x4U;
        MulWidened(UwidenHigh)               => I16x8ExtMulHighI8x16U I32x4ExtMulHighI16x8U I64x2ExtMulHighI32x4U;
        AddPairs([SwidenLow, SwidenHigh])    => I16x8ExtAddPairwiseI8x16S I32x4ExtAddPairwiseI16x8S;
        AddPairs([UwidenLow, UwidenHigh])    => I16x8ExtAddPairwiseI8x16U I32x4ExtAddPairwiseI16x8U;
    }
}

/// By the operands' lanes.
pub(super) fn conversions(operator: Conversions) -> Row {
    match operator {
        Conversions::I16x8Mul => (Binary(Imul), I16X8),
        Conversions::I32x4Mul => (Binary(Imul), I32X4),
        Conversions::I64x2Mul => (Binary(Imul), I64X2),
        Conversions::I16x8Q15MulrSatS => (Binary(SqmulRoundSat), I16X8),
        Conversions::I32x4DotI16x8S => (Dot, I16X8),
        Conversions::I8x16NarrowI16x8S => (Binary(Snarrow), I16X8),
        Conversions::I8x16NarrowI16x8U => (Binary(Unarrow), I16X8),
        Conversions::I16x8NarrowI32x4S => (Binary(Snarrow), I32X4),
        Conversions::I16x8NarrowI32x4U => (Binary(Unarrow), I32X4),
        Conversions::F32x4ConvertI32x4S => (To(FcvtFromSint, F32X4), I32X4),
        Conversions::F32x4ConvertI32x4U => (To(FcvtFromUint, F32X4), I32X4),
        Conversions::F64x2ConvertLowI32x4S => (WidenedTo(SwidenLow, FcvtFromSint, F64X2), I32X4),
        Conversions::F64x2ConvertLowI32x4U => (WidenedTo(UwidenLow, FcvtFromUint, F64X2), I32X4),
        Conversions::F64x2PromoteLowF32x4 => (Unary(FvpromoteLow), F32X4),
        Conversions::F32x4DemoteF64x2Zero => (Unary(Fvdemote), F64X2),
        Conversions::I32x4TruncSatF32x4S => (To(FcvtToSintSat, I32X4), F32X4),
        Conversions::I32x4TruncSatF32x4U => (To(FcvtToUintSat, I32X4), F32X4),
        Conversions::I32x4TruncSatF64x2SZero => (NarrowedWithZero(FcvtToSintSat, Snarrow), F64X2),
        Conversions::I32x4TruncSatF64x2UZero => (NarrowedWithZero(FcvtToUintSat, Uunarrow), F64X2),
    }
}
