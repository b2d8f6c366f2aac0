//! Constant expressions and segments.

// Twins: without the feature `simd` there are no vectors.
#[cfg_attr(not(feature = "simd"), path = "init/no_vectors.rs")]
mod vectors;

use super::types::Kinds;
use super::{invalid, types};
use crate::compile::limits::{ModuleLimits, check};
use crate::module::{
    ConstExpr, ConstOp, DataMode, ElementItems, ElementMode, ElementSegment, FunctionIndex,
    GlobalIndex, MemoryIndex, ReferenceType, TableIndex, TableType, TypeIndex,
};
use alloc::vec;
use alloc::vec::Vec;
use anyhow::Result;
use wasmparser::{DataKind, Element, ElementKind, Operator, TableInit};

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
        ops.push(match op.map_err(invalid)? {
            Operator::I32Const { value } => ConstOp::I32Const(value),
            Operator::I64Const { value } => ConstOp::I64Const(value),
            Operator::F32Const { value } => ConstOp::F32Const(value.bits()),
            Operator::F64Const { value } => ConstOp::F64Const(value.bits()),
            Operator::GlobalGet { global_index } => {
                ConstOp::GlobalGet(GlobalIndex::from_u32(global_index))
            }
            Operator::RefNull { hty } => ConstOp::RefNull(kinds.heap_type(hty)?),
            Operator::RefFunc { function_index } => {
                ConstOp::RefFunc(FunctionIndex::from_u32(function_index))
            }
            Operator::I32Add => ConstOp::I32Add,
            Operator::I32Sub => ConstOp::I32Sub,
            Operator::I32Mul => ConstOp::I32Mul,
            Operator::I64Add => ConstOp::I64Add,
            Operator::I64Sub => ConstOp::I64Sub,
            Operator::I64Mul => ConstOp::I64Mul,
            Operator::RefI31 => ConstOp::RefI31,
            Operator::AnyConvertExtern => ConstOp::AnyConvertExtern,
            Operator::ExternConvertAny => ConstOp::ExternConvertAny,
            Operator::StructNew { struct_type_index } => {
                ConstOp::StructNew(TypeIndex::from_u32(struct_type_index))
            }
            Operator::StructNewDefault { struct_type_index } => {
                ConstOp::StructNewDefault(TypeIndex::from_u32(struct_type_index))
            }
            Operator::ArrayNew { array_type_index } => {
                ConstOp::ArrayNew(TypeIndex::from_u32(array_type_index))
            }
            Operator::ArrayNewDefault { array_type_index } => {
                ConstOp::ArrayNewDefault(TypeIndex::from_u32(array_type_index))
            }
            Operator::ArrayNewFixed {
                array_type_index,
                array_size,
            } => ConstOp::ArrayNewFixed(TypeIndex::from_u32(array_type_index), array_size),
            Operator::End => break,
            op => match vectors::const_op(&op) {
                Some(op) => op,
                None => return Err(types::unsupported("constant operator", op)),
            },
        });
    }
    Ok(ConstExpr { ops })
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
