//! Constant expressions and segments.

// Twins: without the feature `simd` there are no vectors.
#[cfg_attr(not(feature = "simd"), path = "init/no_vectors.rs")]
mod vectors;

use super::types::Kinds;
use super::{invalid, types};
use crate::compile::limits::{ModuleLimits, check};
use crate::compile::operators::{
    Aggregate, Arithmetic, Constant, Control, Operator, Reference, Variable,
};
use crate::error::Result;
use crate::module::{
    ConstExpr, ConstOp, DataMode, ElementItems, ElementMode, ElementSegment, FunctionIndex,
    GlobalIndex, MemoryIndex, ReferenceType, TableIndex, TableType, TypeIndex,
};
use alloc::vec;
use alloc::vec::Vec;
use wasmparser::{DataKind, Element, ElementKind, TableInit};

/// Decodes a validated constant expression.
pub(super) fn const_expr(
    kinds: &Kinds,
    limits: &ModuleLimits,
    expr: &wasmparser::ConstExpr<'_>,
) -> Result<ConstExpr> {
    let bytes = expr.get_binary_reader();
    let size = bytes.bytes_remaining();
    check!(limits, const_expr_size, size, bytes.original_position())?;
    let mut ops = Vec::with_capacity(1);
    for op in expr.get_operators_reader() {
        let op = op.map_err(invalid)?;
        match Operator::from(&op) {
            Operator::Control(Control::End) => break,
            operator => match const_op(kinds, operator)? {
                Some(op) => ops.push(op),
                None => return Err(types::unsupported("constant operator", op)),
            },
        }
    }
    Ok(ConstExpr { ops })
}

/// An operator of a constant expression; `None` for those that there may be none of.
fn const_op(kinds: &Kinds, operator: Operator<'_>) -> Result<Option<ConstOp>> {
    let ty = |index: &u32| TypeIndex::from_u32(*index);
    Ok(Some(match operator {
        Operator::Constant(operator) => match operator {
            Constant::I32Const { value } => ConstOp::I32Const(*value),
            Constant::I64Const { value } => ConstOp::I64Const(*value),
            Constant::F32Const { value } => ConstOp::F32Const(value.bits()),
            Constant::F64Const { value } => ConstOp::F64Const(value.bits()),
        },
        Operator::Variable(operator) => match operator {
            Variable::GlobalGet { global_index } => {
                ConstOp::GlobalGet(GlobalIndex::from_u32(*global_index))
            }
            Variable::GlobalSet { .. }
            | Variable::LocalGet { .. }
            | Variable::LocalSet { .. }
            | Variable::LocalTee { .. } => return Ok(None),
        },
        Operator::Reference(operator) => match operator {
            Reference::RefNull { hty } => ConstOp::RefNull(kinds.heap_type(*hty)?),
            Reference::RefFunc { function_index } => {
                ConstOp::RefFunc(FunctionIndex::from_u32(*function_index))
            }
            Reference::RefIsNull | Reference::RefAsNonNull => return Ok(None),
        },
        Operator::Arithmetic(operator) => match operator {
            Arithmetic::I32Add => ConstOp::I32Add,
            Arithmetic::I32Sub => ConstOp::I32Sub,
            Arithmetic::I32Mul => ConstOp::I32Mul,
            Arithmetic::I64Add => ConstOp::I64Add,
            Arithmetic::I64Sub => ConstOp::I64Sub,
            Arithmetic::I64Mul => ConstOp::I64Mul,
        },
        Operator::Aggregate(operator) => match operator {
            Aggregate::RefI31 => ConstOp::RefI31,
            Aggregate::AnyConvertExtern => ConstOp::AnyConvertExtern,
            Aggregate::ExternConvertAny => ConstOp::ExternConvertAny,
            Aggregate::StructNew { struct_type_index } => ConstOp::StructNew(ty(struct_type_index)),
            Aggregate::StructNewDefault { struct_type_index } => {
                ConstOp::StructNewDefault(ty(struct_type_index))
            }
            Aggregate::ArrayNew { array_type_index } => ConstOp::ArrayNew(ty(array_type_index)),
            Aggregate::ArrayNewDefault { array_type_index } => {
                ConstOp::ArrayNewDefault(ty(array_type_index))
            }
            Aggregate::ArrayNewFixed {
                array_type_index,
                array_size,
            } => ConstOp::ArrayNewFixed(ty(array_type_index), *array_size),
            Aggregate::RefEq
            | Aggregate::I31GetS
            | Aggregate::I31GetU
            | Aggregate::RefTestNonNull { .. }
            | Aggregate::RefTestNullable { .. }
            | Aggregate::RefCastNonNull { .. }
            | Aggregate::RefCastNullable { .. }
            | Aggregate::BrOnCast { .. }
            | Aggregate::BrOnCastFail { .. }
            | Aggregate::StructGet { .. }
            | Aggregate::StructGetS { .. }
            | Aggregate::StructGetU { .. }
            | Aggregate::StructSet { .. }
            | Aggregate::ArrayNewData { .. }
            | Aggregate::ArrayNewElem { .. }
            | Aggregate::ArrayGet { .. }
            | Aggregate::ArrayGetS { .. }
            | Aggregate::ArrayGetU { .. }
            | Aggregate::ArraySet { .. }
            | Aggregate::ArrayLen
            | Aggregate::ArrayFill { .. }
            | Aggregate::ArrayCopy { .. }
            | Aggregate::ArrayInitData { .. }
            | Aggregate::ArrayInitElem { .. } => return Ok(None),
        },
        Operator::Vector(operator) => return Ok(vectors::const_op(operator)),
        Operator::Parametric(_)
        | Operator::Control(_)
        | Operator::Call(_)
        | Operator::Exception(_)
        | Operator::Numeric(_)
        | Operator::Access(_)
        | Operator::Memory(_)
        | Operator::Table(_)
        | Operator::Atomic(_)
        | Operator::Later => return Ok(None),
    }))
}

/// The functions that an expression makes references to.
pub(super) fn functions(expr: &ConstExpr) -> impl Iterator<Item = FunctionIndex> {
    expr.ops.iter().filter_map(|op| match op {
        ConstOp::RefFunc(function) => Some(*function),
        _ => None,
    })
}

/// What a table's elements are at first.
pub(super) fn table_initializer(
    kinds: &Kinds,
    limits: &ModuleLimits,
    init: &TableInit<'_>,
    ty: &TableType,
) -> Result<ConstExpr> {
    match init {
        TableInit::RefNull => Ok(ConstExpr {
            ops: vec![ConstOp::RefNull(ty.element.heap)],
        }),
        TableInit::Expr(expr) => const_expr(kinds, limits, expr),
    }
}

/// Decodes a validated element segment.
pub(super) fn element_segment(
    kinds: &Kinds,
    limits: &ModuleLimits,
    segment: &Element<'_>,
) -> Result<ElementSegment> {
    let count = match &segment.items {
        wasmparser::ElementItems::Functions(section) => section.count(),
        wasmparser::ElementItems::Expressions(_, section) => section.count(),
    };
    check!(limits, segment_items, count, segment.range.start)?;
    let mode = match &segment.kind {
        ElementKind::Passive => ElementMode::Passive,
        ElementKind::Declared => ElementMode::Declared,
        ElementKind::Active {
            table_index,
            offset_expr,
        } => ElementMode::Active {
            table: TableIndex::from_u32(table_index.unwrap_or(0)),
            offset: const_expr(kinds, limits, offset_expr)?,
        },
    };
    let (ty, items) = match segment.items.clone() {
        wasmparser::ElementItems::Functions(section) => {
            let functions: Result<Vec<_>, _> = section
                .into_iter()
                .map(|f| f.map(FunctionIndex::from_u32))
                .collect();
            let items = ElementItems::Functions(functions.map_err(invalid)?);
            // Functions, and never null.
            let ty = ReferenceType {
                nullable: false,
                ..ReferenceType::FUNC
            };
            (ty, items)
        }
        wasmparser::ElementItems::Expressions(ty, section) => {
            let items: Result<Vec<_>> = section
                .into_iter()
                .map(|item| const_expr(kinds, limits, &item.map_err(invalid)?))
                .collect();
            (kinds.reference_type(ty)?, expressions(items?))
        }
    };
    Ok(ElementSegment { mode, ty, items })
}

/// The simplest form of a list of elements.
fn expressions(items: Vec<ConstExpr>) -> ElementItems {
    let functions: Option<Vec<_>> = items
        .iter()
        .map(|item| match item.ops[..] {
            [ConstOp::RefFunc(function)] => Some(function),
            _ => None,
        })
        .collect();
    match functions {
        Some(functions) if !functions.is_empty() => ElementItems::Functions(functions),
        _ => ElementItems::Expressions(items),
    }
}

/// Decodes when a validated data segment is copied.
pub(super) fn data_mode(
    kinds: &Kinds,
    limits: &ModuleLimits,
    kind: &DataKind<'_>,
) -> Result<DataMode> {
    Ok(match kind {
        DataKind::Passive => DataMode::Passive,
        DataKind::Active {
            memory_index,
            offset_expr,
        } => DataMode::Active {
            memory: MemoryIndex::from_u32(*memory_index),
            offset: const_expr(kinds, limits, offset_expr)?,
        },
    })
}
