//! Twin of `vectors.rs` for builds without SIMD.

use crate::compile::operators::Vector;
use crate::module::ConstOp;

/// There is no operator of the SIMD proposal.
pub(super) fn const_op(operator: Vector<'_>) -> Option<ConstOp> {
    match *operator.0 {}
}
