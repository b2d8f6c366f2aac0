//! Twin of `operators` for builds without the feature `gc`.

use crate::compile::operators::Aggregate;
use crate::compile::translate::Result;
use crate::compile::translate::function::Translator;

impl Translator<'_, '_> {
    /// Refuses the operator.
    pub(in crate::compile::translate) fn aggregate(&mut self, _: Aggregate<'_>) -> Result<()> {
        Err(self.not_implemented())
    }
}
