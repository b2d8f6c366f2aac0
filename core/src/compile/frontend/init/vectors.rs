//! Vectors in constant expressions.

use crate::module::ConstOp;
use wasmparser::Operator;

/// A constant operator of the SIMD proposal.
pub(super) fn const_op(op: &Operator<'_>) -> Option<ConstOp> {
    match op {
        Operator::V128Const { value } => {
            Some(ConstOp::V128Const(u128::from_le_bytes(*value.bytes())))
        }
        _ => None,
    }
}
