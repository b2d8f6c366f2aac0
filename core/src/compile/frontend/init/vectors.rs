//! Vectors in constant expressions.

use crate::compile::operators::{Vector, VectorConstant};
use crate::module::ConstOp;

/// A constant operator of the SIMD proposal.
pub(super) fn const_op(operator: Vector<'_>) -> Option<ConstOp> {
    match operator {
        Vector::VectorConstant(VectorConstant::V128Const { value }) => {
            Some(ConstOp::V128Const(u128::from_le_bytes(*value.bytes())))
        }
        Vector::Integers(_)
        | Vector::Floats(_)
        | Vector::Bits(_)
        | Vector::Conversions(_)
        | Vector::Relaxed(_)
        | Vector::Lanes(_)
        | Vector::VectorAccess(_) => None,
    }
}
