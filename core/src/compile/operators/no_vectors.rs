//! Twin of `vectors.rs` for builds without SIMD.

use super::Operator;
use core::convert::Infallible;

/// There is none.
#[derive(Clone, Copy)]
pub(in crate::compile) struct Vector<'a>(pub(in crate::compile) &'a Infallible);

/// No operator is one of the SIMD proposal.
pub(super) fn operator<'a>(_: &'a wasmparser::Operator<'a>) -> Operator<'a> {
    Operator::Later
}
