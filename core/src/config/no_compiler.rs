//! Twin of `compiler.rs` for builds without a compiler.

/// Nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct CompilerConfig {}
