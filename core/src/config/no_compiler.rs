//! Twin of `compiler.rs` for builds without a compiler.

use wasmetal_platform::Platform;

/// Nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct CompilerConfig {}

impl CompilerConfig {
    /// Nothing.
    pub(super) fn firmware(_: &dyn Platform) -> Self {
        Self::default()
    }

    /// What operators cost is the compiler's affair.
    pub(super) fn operator_cost(&self) -> Option<u64> {
        None
    }
}
