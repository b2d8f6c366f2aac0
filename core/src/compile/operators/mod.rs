//! All operators there are, each in the family whose translator takes it.
//!
//! `wasmparser::Operator` may grow, so every match over it has a wildcard, in which a new operator would vanish. The
//! enums here do not: an operator that `wasmparser` has and no family has does not compile (its name is not found in
//! [`Operator::from`]), and one that is in a family does not compile until every table of facts and the family's
//! translator have it.
//!
//! What an operator has as immediates is borrowed from `wasmparser`'s.

mod family;
// Twins: without the feature `simd` there are no operators on vectors.
#[cfg_attr(not(feature = "simd"), path = "no_vectors.rs")]
mod vectors;

#[cfg(not(feature = "simd"))]
pub(super) use vectors::Vector;
#[cfg(feature = "simd")]
pub(super) use vectors::*;

use alloc::vec::Vec;
use family::families;
use wasmparser::{
    BlockType, BrTable, HeapType, Ieee32, Ieee64, MemArg, RefType, TryTable, ValType,
};

families! {
    enum Operator {
        /// On vectors.
        #[cfg_attr(not(feature = "simd"), expect(dead_code, reason = "there are none"))]
        Vector(Vector<'a>),
        /// Of a proposal that is not implemented: no valid operator.
        Later,
    }

    /// No effect, or one on the operand stack only.
    Parametric<'a> {
        Unreachable Nop Drop Select
        ; { ty: &'a ValType } TypedSelect
        ; { tys: &'a Vec<ValType> } TypedSelectMulti
    }

    /// Locals and globals.
    Variable<'a> {
        ; { local_index: &'a u32 } LocalGet LocalSet LocalTee
        ; { global_index: &'a u32 } GlobalGet GlobalSet
    }

    /// Blocks and branches.
    Control<'a> {
        Else End Return
        ; { blockty: &'a BlockType } Block Loop If
        ; { relative_depth: &'a u32 } Br BrIf BrOnNull BrOnNonNull
        ; { targets: &'a BrTable<'a> } BrTable
    }

    /// Calls.
    Call<'a> {
        ; { function_index: &'a u32 } Call ReturnCall
        ; { type_index: &'a u32, table_index: &'a u32 } CallIndirect ReturnCallIndirect
        ; { type_index: &'a u32 } CallRef ReturnCallRef
    }

    /// Exceptions.
    Exception<'a> {
        ThrowRef
        ; { try_table: &'a TryTable } TryTable
        ; { tag_index: &'a u32 } Throw
    }

    /// Numbers.
    Constant<'a> {
        ; { value: &'a i32 } I32Const
        ; { value: &'a i64 } I64Const
        ; { value: &'a Ieee32 } F32Const
        ; { value: &'a Ieee64 } F64Const
    }

    /// Arithmetic and comparisons of numbers.
    Numeric {
        I32Eqz I32Eq I32Ne I32LtS I32LtU I32GtS I32GtU I32LeS I32LeU I32GeS I32GeU I64Eqz I64Eq
        I64Ne I64LtS I64LtU I64GtS I64GtU I64LeS I64LeU I64GeS I64GeU F32Eq F32Ne F32Lt F32Gt F32Le
        F32Ge F64Eq F64Ne F64Lt F64Gt F64Le F64Ge I32Clz I32Ctz I32Popcnt I32Add I32Sub I32Mul
        I32DivS I32DivU I32RemS I32RemU I32And I32Or I32Xor I32Shl I32ShrS I32ShrU I32Rotl I32Rotr
        I64Clz I64Ctz I64Popcnt I64Add I64Sub I64Mul I64DivS I64DivU I64RemS I64RemU I64And I64Or
        I64Xor I64Shl I64ShrS I64ShrU I64Rotl I64Rotr F32Abs F32Neg F32Ceil F32Floor F32Trunc
        F32Nearest F32Sqrt F32Add F32Sub F32Mul F32Div F32Min F32Max F32Copysign F64Abs F64Neg
        F64Ceil F64Floor F64Trunc F64Nearest F64Sqrt F64Add F64Sub F64Mul F64Div F64Min F64Max
        F64Copysign I32WrapI64 I32TruncF32S I32TruncF32U I32TruncF64S I32TruncF64U I64ExtendI32S
        I64ExtendI32U I64TruncF32S I64TruncF32U I64TruncF64S I64TruncF64U F32ConvertI32S
        F32ConvertI32U F32ConvertI64S F32ConvertI64U F32DemoteF64 F64ConvertI32S F64ConvertI32U
        F64ConvertI64S F64ConvertI64U F64PromoteF32 I32ReinterpretF32 I64ReinterpretF64
        F32ReinterpretI32 F64ReinterpretI64 I32Extend8S I32Extend16S I64Extend8S I64Extend16S
        I64Extend32S I32TruncSatF32S I32TruncSatF32U I32TruncSatF64S I32TruncSatF64U I64TruncSatF32S
        I64TruncSatF32U I64TruncSatF64S I64TruncSatF64U I64Add128 I64Sub128 I64MulWideS I64MulWideU
    }

    /// Loads and stores of numbers.
    Access<'a> {
        ; { memarg: &'a MemArg } I32Load I64Load F32Load F64Load I32Load8S I32Load8U I32Load16S
        I32Load16U I64Load8S I64Load8U I64Load16S I64Load16U I64Load32S I64Load32U I32Store I64Store
        F32Store F64Store I32Store8 I32Store16 I64Store8 I64Store16 I64Store32
    }

    /// Whole memories and ranges of them, data segments.
    Memory<'a> {
        ; { mem: &'a u32 } MemorySize MemoryGrow MemoryFill
        ; { data_index: &'a u32, mem: &'a u32 } MemoryInit
        ; { data_index: &'a u32 } DataDrop
        ; { dst_mem: &'a u32, src_mem: &'a u32 } MemoryCopy
    }

    /// Tables and element segments.
    Table<'a> {
        ; { elem_index: &'a u32, table: &'a u32 } TableInit
        ; { elem_index: &'a u32 } ElemDrop
        ; { dst_table: &'a u32, src_table: &'a u32 } TableCopy
        ; { table: &'a u32 } TableFill TableGet TableSet TableGrow TableSize
    }

    /// References of any kind, and to functions.
    Reference<'a> {
        RefIsNull RefAsNonNull
        ; { hty: &'a HeapType } RefNull
        ; { function_index: &'a u32 } RefFunc
    }

    /// References to objects, and objects.
    Aggregate<'a> {
        RefEq ArrayLen AnyConvertExtern ExternConvertAny RefI31 I31GetS I31GetU
        ; { struct_type_index: &'a u32 } StructNew StructNewDefault
        ; { struct_type_index: &'a u32, field_index: &'a u32 } StructGet StructGetS StructGetU
        StructSet
        ; { array_type_index: &'a u32 } ArrayNew ArrayNewDefault ArrayGet ArrayGetS ArrayGetU ArraySet
        ArrayFill
        ; { array_type_index: &'a u32, array_size: &'a u32 } ArrayNewFixed
        ; { array_type_index: &'a u32, array_data_index: &'a u32 } ArrayNewData ArrayInitData
        ; { array_type_index: &'a u32, array_elem_index: &'a u32 } ArrayNewElem ArrayInitElem
        ; { array_type_index_dst: &'a u32, array_type_index_src: &'a u32 } ArrayCopy
        ; { hty: &'a HeapType } RefTestNonNull RefTestNullable RefCastNonNull RefCastNullable
        ; { relative_depth: &'a u32, from_ref_type: &'a RefType, to_ref_type: &'a RefType } BrOnCast
        BrOnCastFail
    }

    /// Atomic accesses of memories.
    Atomic<'a> {
        AtomicFence
        ; { memarg: &'a MemArg } MemoryAtomicNotify MemoryAtomicWait32 MemoryAtomicWait64
        I32AtomicLoad I64AtomicLoad I32AtomicLoad8U I32AtomicLoad16U I64AtomicLoad8U
        I64AtomicLoad16U I64AtomicLoad32U I32AtomicStore I64AtomicStore I32AtomicStore8
        I32AtomicStore16 I64AtomicStore8 I64AtomicStore16 I64AtomicStore32 I32AtomicRmwAdd
        I64AtomicRmwAdd I32AtomicRmw8AddU I32AtomicRmw16AddU I64AtomicRmw8AddU I64AtomicRmw16AddU
        I64AtomicRmw32AddU I32AtomicRmwSub I64AtomicRmwSub I32AtomicRmw8SubU I32AtomicRmw16SubU
        I64AtomicRmw8SubU I64AtomicRmw16SubU I64AtomicRmw32SubU I32AtomicRmwAnd I64AtomicRmwAnd
        I32AtomicRmw8AndU I32AtomicRmw16AndU I64AtomicRmw8AndU I64AtomicRmw16AndU I64AtomicRmw32AndU
        I32AtomicRmwOr I64AtomicRmwOr I32AtomicRmw8OrU I32AtomicRmw16OrU I64AtomicRmw8OrU
        I64AtomicRmw16OrU I64AtomicRmw32OrU I32AtomicRmwXor I64AtomicRmwXor I32AtomicRmw8XorU
        I32AtomicRmw16XorU I64AtomicRmw8XorU I64AtomicRmw16XorU I64AtomicRmw32XorU I32AtomicRmwXchg
        I64AtomicRmwXchg I32AtomicRmw8XchgU I32AtomicRmw16XchgU I64AtomicRmw8XchgU
        I64AtomicRmw16XchgU I64AtomicRmw32XchgU I32AtomicRmwCmpxchg I64AtomicRmwCmpxchg
        I32AtomicRmw8CmpxchgU I32AtomicRmw16CmpxchgU I64AtomicRmw8CmpxchgU I64AtomicRmw16CmpxchgU
        I64AtomicRmw32CmpxchgU
    }
}

/// Where an operator belongs, by its proposal in `wasmparser`'s list: [`Operator::Later`] for those that are not
/// implemented, and for all others the family that has a variant of that name.
#[rustfmt::skip]
macro_rules! place {
    (legacy_exceptions $($rest:tt)*) => { Operator::Later };
    (memory_control $($rest:tt)*) => { Operator::Later };
    (shared_everything_threads $($rest:tt)*) => { Operator::Later };
    (stack_switching $($rest:tt)*) => { Operator::Later };
    (custom_descriptors $($rest:tt)*) => { Operator::Later };
    ($proposal:ident $operator:ident $($immediate:ident)*) => { $operator { $($immediate),* }.into() };
}

/// `wasmparser`'s list of all operators but those on vectors.
macro_rules! from {
    ($(@$proposal:ident $operator:ident $({ $($immediate:ident: $_:ty),* })? => $visit:ident ($($arity:tt)*))*) => {
        impl<'a> From<&'a wasmparser::Operator<'a>> for Operator<'a> {
            #[allow(unused_variables, reason = "`Later` takes no immediates")]
            fn from(operator: &'a wasmparser::Operator<'a>) -> Self {
                use self::{
                    Access::*, Aggregate::*, Atomic::*, Call::*, Constant::*, Control::*, Exception::*, Memory::*,
                    Numeric::*, Parametric::*, Reference::*, Table::*, Variable::*,
                };
                match operator {
                    $(
                        wasmparser::Operator::$operator { $($($immediate),*)? } => {
                            place!($proposal $operator $($($immediate)*)?)
                        }
                    )*
                    other => vectors::operator(other),
                }
            }
        }
    };
}
wasmparser::for_each_visit_operator!(from);
