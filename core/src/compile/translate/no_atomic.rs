//! Twin of `atomic` for builds without the feature `threads`.

use super::Result;
use super::function::Translator;
use wasmparser::Operator;

impl Translator<'_, '_> {
    /// Passes the operator on.
    pub(super) fn atomic(&mut self, operator: &Operator<'_>) -> Result<()> {
        self.simd(operator)
    }
}
