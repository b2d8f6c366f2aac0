//! Twin of `simd` for builds without the feature `simd`.

use super::Result;
use super::function::Translator;
use wasmparser::Operator;

impl Translator<'_, '_> {
    /// Refuses the operator.
    pub(super) fn simd(&mut self, _: &Operator<'_>) -> Result<()> {
        Err(self.unsupported("an operator of a later proposal"))
    }
}
