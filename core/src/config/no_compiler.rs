//! Twin of `compiler.rs` for builds without a compiler.

/// Nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct CompilerConfig {}

impl CompilerConfig {
    /// What operators cost is the compiler's affair.
    pub(super) fn operator_cost(&self) -> Option<u64> {
        None
    }
}
