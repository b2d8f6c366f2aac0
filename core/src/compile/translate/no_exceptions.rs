//! Twin of `exceptions.rs`: no code throws or catches.

use super::Result;
use super::call::Target;
use super::function::Translator;
use crate::compile::operators::Exception;

/// No catch clauses.
#[derive(Default)]
pub(super) struct Handlers {}

impl Handlers {
    pub(super) fn len(&self) -> usize {
        0
    }
}

impl Translator<'_, '_> {
    /// Refuses the operator.
    pub(super) fn exception(&mut self, _: Exception<'_>) -> Result<()> {
        Err(self.not_implemented())
    }

    pub(super) fn leave_handlers(&mut self, _outer: usize) {}

    pub(super) fn is_in_try_table(&self) -> bool {
        false
    }

    pub(super) fn try_call(&mut self, _: Target) -> Result<()> {
        Ok(())
    }
}
