//! Twin of `operators` for builds without the feature `gc`.

use crate::compile::translate::Result;
use crate::compile::translate::function::Translator;
use wasmparser::Operator;

impl Translator<'_, '_> {
    /// Refuses the operator.
    pub(in crate::compile::translate) fn gc(&mut self, _: &Operator<'_>) -> Result<()> {
        Err(self.unsupported("an operator of a later proposal"))
    }
}
