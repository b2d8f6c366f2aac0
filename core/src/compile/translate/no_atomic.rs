//! Twin of `atomic` for builds without the feature `threads`.

use super::Result;
use super::function::Translator;
use crate::compile::operators::Atomic;

impl Translator<'_, '_> {
    /// Refuses the operator.
    pub(super) fn atomic(&mut self, _: Atomic<'_>) -> Result<()> {
        Err(self.not_implemented())
    }
}
