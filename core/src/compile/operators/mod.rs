//! All operators there are, each in the family whose translator takes it.
//!
//! `wasmparser::Operator` may grow, so every match over it has a wildcard, in which a new operator would vanish. The
//! enums here do not: an operator that `wasmparser` has and no family has does not compile (its name is not found in
//! [`Operator::from`]), and one that is in a family does not compile until every table of facts and the family's
//! translator have it.
//!
//! What an operator has as immediates is borrowed from `wasmparser`'s.

mod family;
mod flow;
// Twins: without the feature `simd` there are no operators on vectors.
#[cfg_attr(not(feature = "simd"), path = "no_vectors.rs")]
pub(super) mod vectors;

pub(super) use flow::Flow;
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
        costs 0: Unreachable Nop Drop;
        costs 1: Select;
        with { ty: &'a ValType } costs 1: TypedSelect;
        with { tys: &'a Vec<ValType> } costs 1: TypedSelectMulti;
    }

    /// Locals and globals.
    Variable<'a> {
        with { local_index: &'a u32 } costs 1: LocalGet LocalSet LocalTee;
        with { global_index: &'a u32 } costs 1: GlobalGet GlobalSet;
    }

    /// Blocks and branches.
    Control<'a> {
        costs 0: Else End Return;
        with { blockty: &'a BlockType } costs 0: Block Loop;
        with { blockty: &'a BlockType } costs 1: If;
        with { relative_depth: &'a u32 } costs 1: Br BrIf BrOnNull BrOnNonNull;
        with { targets: &'a BrTable<'a> } costs 1: BrTable;
    }

    /// Calls.
    Call<'a> {
        with { function_index: &'a u32 } costs 1: Call ReturnCall;
        with { type_index: &'a u32, table_index: &'a u32 } costs 1: CallIndirect ReturnCallIndirect;
        with { type_index: &'a u32 } costs 1: CallRef ReturnCallRef;
    }

    /// Exceptions.
    Exception<'a> {
        costs 1: ThrowRef CatchAll;
        with { try_table: &'a TryTable } costs 1: TryTable;
        with { tag_index: &'a u32 } costs 1: Throw Catch;
        with { blockty: &'a BlockType } costs 1: Try;
        with { relative_depth: &'a u32 } costs 1: Delegate Rethrow;
    }

    /// Numbers.
    Constant<'a> {
        with { value: &'a i32 } costs 1: I32Const;
        with { value: &'a i64 } costs 1: I64Const;
        with { value: &'a Ieee32 } costs 1: F32Const;
        with { value: &'a Ieee64 } costs 1: F64Const;
    }

    /// Arithmetic that constant expressions may do too.
    Arithmetic {
        costs 1: I32Add I32Sub I32Mul I64Add I64Sub I64Mul;
    }

    /// Arithmetic that they may not do, and comparisons.
    Numeric {
        costs 1: I32Eqz I32Eq I32Ne I32LtS I32LtU I32GtS I32GtU I32LeS I32LeU I32GeS I32GeU I64Eqz I64Eq I64Ne
            I64LtS I64LtU I64GtS I64GtU I64LeS I64LeU I64GeS I64GeU F32Eq F32Ne F32Lt F32Gt F32Le F32Ge F64Eq F64Ne
            F64Lt F64Gt F64Le F64Ge I32Clz I32Ctz I32Popcnt I32DivS I32DivU I32RemS I32RemU I32And I32Or I32Xor
            I32Shl I32ShrS I32ShrU I32Rotl I32Rotr I64Clz I64Ctz I64Popcnt I64DivS I64DivU I64RemS I64RemU I64And
            I64Or I64Xor I64Shl I64ShrS I64ShrU I64Rotl I64Rotr F32Abs F32Neg F32Ceil F32Floor F32Trunc F32Nearest
            F32Sqrt F32Add F32Sub F32Mul F32Div F32Min F32Max F32Copysign F64Abs F64Neg F64Ceil F64Floor F64Trunc
            F64Nearest F64Sqrt F64Add F64Sub F64Mul F64Div F64Min F64Max F64Copysign I32WrapI64 I32TruncF32S
            I32TruncF32U I32TruncF64S I32TruncF64U I64ExtendI32S I64ExtendI32U I64TruncF32S I64TruncF32U
            I64TruncF64S I64TruncF64U F32ConvertI32S F32ConvertI32U F32ConvertI64S F32ConvertI64U F32DemoteF64
            F64ConvertI32S F64ConvertI32U F64ConvertI64S F64ConvertI64U F64PromoteF32 I32ReinterpretF32
            I64ReinterpretF64 F32ReinterpretI32 F64ReinterpretI64 I32Extend8S I32Extend16S I64Extend8S I64Extend16S
            I64Extend32S I32TruncSatF32S I32TruncSatF32U I32TruncSatF64S I32TruncSatF64U I64TruncSatF32S
            I64TruncSatF32U I64TruncSatF64S I64TruncSatF64U I64Add128 I64Sub128 I64MulWideS I64MulWideU;
    }

    /// Loads and stores of numbers.
    Access<'a> {
        with { memarg: &'a MemArg } costs 1: I32Load I64Load F32Load F64Load I32Load8S I32Load8U I32Load16S
            I32Load16U I64Load8S I64Load8U I64Load16S I64Load16U I64Load32S I64Load32U I32Store I64Store F32Store
            F64Store I32Store8 I32Store16 I64Store8 I64Store16 I64Store32;
    }

    /// Whole memories and ranges of them, data segments.
    Memory<'a> {
        with { mem: &'a u32 } costs 1: MemorySize MemoryGrow MemoryFill;
        with { data_index: &'a u32, mem: &'a u32 } costs 1: MemoryInit;
        with { data_index: &'a u32 } costs 1: DataDrop;
        with { dst_mem: &'a u32, src_mem: &'a u32 } costs 1: MemoryCopy;
    }

    /// Tables and element segments.
    Table<'a> {
        with { elem_index: &'a u32, table: &'a u32 } costs 1: TableInit;
        with { elem_index: &'a u32 } costs 1: ElemDrop;
        with { dst_table: &'a u32, src_table: &'a u32 } costs 1: TableCopy;
        with { table: &'a u32 } costs 1: TableFill TableGet TableSet TableGrow TableSize;
    }

    /// References of any kind, and to functions.
    Reference<'a> {
        costs 1: RefIsNull RefAsNonNull;
        with { hty: &'a HeapType } costs 1: RefNull;
        with { function_index: &'a u32 } costs 1: RefFunc;
    }

    /// References to objects, and objects.
    Aggregate<'a> {
        costs 1: RefEq ArrayLen AnyConvertExtern ExternConvertAny RefI31 I31GetS I31GetU;
        with { struct_type_index: &'a u32 } costs 1: StructNew StructNewDefault;
        with { struct_type_index: &'a u32, field_index: &'a u32 } costs 1: StructGet StructGetS StructGetU
            StructSet;
        with { array_type_index: &'a u32 } costs 1: ArrayNew ArrayNewDefault ArrayGet ArrayGetS ArrayGetU ArraySet
            ArrayFill;
        with { array_type_index: &'a u32, array_size: &'a u32 } costs 1: ArrayNewFixed;
        with { array_type_index: &'a u32, array_data_index: &'a u32 } costs 1: ArrayNewData ArrayInitData;
        with { array_type_index: &'a u32, array_elem_index: &'a u32 } costs 1: ArrayNewElem ArrayInitElem;
        with { array_type_index_dst: &'a u32, array_type_index_src: &'a u32 } costs 1: ArrayCopy;
        with { hty: &'a HeapType } costs 1: RefTestNonNull RefTestNullable RefCastNonNull RefCastNullable;
        with { relative_depth: &'a u32, from_ref_type: &'a RefType, to_ref_type: &'a RefType } costs 1: BrOnCast
            BrOnCastFail;
    }

    /// Atomic accesses of memories.
    Atomic<'a> {
        costs 1: AtomicFence;
        with { memarg: &'a MemArg } costs 1: MemoryAtomicNotify MemoryAtomicWait32 MemoryAtomicWait64 I32AtomicLoad
            I64AtomicLoad I32AtomicLoad8U I32AtomicLoad16U I64AtomicLoad8U I64AtomicLoad16U I64AtomicLoad32U
            I32AtomicStore I64AtomicStore I32AtomicStore8 I32AtomicStore16 I64AtomicStore8 I64AtomicStore16
            I64AtomicStore32 I32AtomicRmwAdd I64AtomicRmwAdd I32AtomicRmw8AddU I32AtomicRmw16AddU I64AtomicRmw8AddU
            I64AtomicRmw16AddU I64AtomicRmw32AddU I32AtomicRmwSub I64AtomicRmwSub I32AtomicRmw8SubU
            I32AtomicRmw16SubU I64AtomicRmw8SubU I64AtomicRmw16SubU I64AtomicRmw32SubU I32AtomicRmwAnd
            I64AtomicRmwAnd I32AtomicRmw8AndU I32AtomicRmw16AndU I64AtomicRmw8AndU I64AtomicRmw16AndU
            I64AtomicRmw32AndU I32AtomicRmwOr I64AtomicRmwOr I32AtomicRmw8OrU I32AtomicRmw16OrU I64AtomicRmw8OrU
            I64AtomicRmw16OrU I64AtomicRmw32OrU I32AtomicRmwXor I64AtomicRmwXor I32AtomicRmw8XorU I32AtomicRmw16XorU
            I64AtomicRmw8XorU I64AtomicRmw16XorU I64AtomicRmw32XorU I32AtomicRmwXchg I64AtomicRmwXchg
            I32AtomicRmw8XchgU I32AtomicRmw16XchgU I64AtomicRmw8XchgU I64AtomicRmw16XchgU I64AtomicRmw32XchgU
            I32AtomicRmwCmpxchg I64AtomicRmwCmpxchg I32AtomicRmw8CmpxchgU I32AtomicRmw16CmpxchgU
            I64AtomicRmw8CmpxchgU I64AtomicRmw16CmpxchgU I64AtomicRmw32CmpxchgU;
    }
}

/// Chooses by an operator's proposal in `wasmparser`'s list: what comes second for those that are not implemented.
macro_rules! if_implemented {
    (memory_control [$($_:tt)*] [$($later:tt)*]) => { $($later)* };
    (shared_everything_threads [$($_:tt)*] [$($later:tt)*]) => { $($later)* };
    (stack_switching [$($_:tt)*] [$($later:tt)*]) => { $($later)* };
    (custom_descriptors [$($_:tt)*] [$($later:tt)*]) => { $($later)* };
    ($proposal:ident [$($now:tt)*] [$($_:tt)*]) => { $($now)* };
}

/// What an operator costs in fuel, by its proposal and name, unless a configuration says otherwise.
macro_rules! default_cost {
    (simd $operator:ident) => {
        $crate::compile::operators::vectors::default_costs::$operator
    };
    (relaxed_simd $operator:ident) => {
        $crate::compile::operators::vectors::default_costs::$operator
    };
    ($proposal:ident $operator:ident) => {
        // No code pays for operators that are not implemented.
        if_implemented!($proposal[$crate::compile::operators::default_costs::$operator][1])
    };
}
pub(super) use {default_cost, if_implemented};

/// `wasmparser`'s list of all operators but those on vectors.
macro_rules! from {
    ($(@$proposal:ident $operator:ident $({ $($immediate:ident: $_:ty),* })? => $visit:ident ($($arity:tt)*))*) => {
        impl<'a> From<&'a wasmparser::Operator<'a>> for Operator<'a> {
            #[allow(unused_variables, reason = "`Later` takes no immediates")]
            fn from(operator: &'a wasmparser::Operator<'a>) -> Self {
                use self::{
                    Access::*, Aggregate::*, Arithmetic::*, Atomic::*, Call::*, Constant::*, Control::*, Exception::*, Memory::*,
                    Numeric::*, Parametric::*, Reference::*, Table::*, Variable::*,
                };
                match operator {
                    $(
                        wasmparser::Operator::$operator { $($($immediate),*)? } => {
                            if_implemented!($proposal [$operator { $($($immediate),*)? }.into()] [Operator::Later])
                        }
                    )*
                    other => vectors::operator(other),
                }
            }
        }
    };
}
wasmparser::for_each_visit_operator!(from);
