//! Twin of `vectors.rs` for builds without SIMD.

use crate::module::ConstOp;
use wasmparser::Operator;

/// No operator is one of the SIMD proposal.
pub(super) fn const_op(_: &Operator<'_>) -> Option<ConstOp> {
    None
}
