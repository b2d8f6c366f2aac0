//! Twin of `exceptions.rs`: no code throws or catches.

use super::Result;
use super::call::Target;
use super::function::Translator;
use wasmparser::Operator;

/// No catch clauses.
#[derive(Default)]
pub(super) struct Handlers {}

impl Handlers {
    pub(super) fn len(&self) -> usize {
        0
    }
}

impl Translator<'_, '_> {
    pub(super) fn exception_operator(&mut self, _: &Operator<'_>) -> Result<bool> {
        Ok(false)
    }

    pub(super) fn leave_handlers(&mut self, _outer: usize) {}

    pub(super) fn is_in_try_table(&self) -> bool {
        false
    }

    pub(super) fn try_call(&mut self, _: Target) -> Result<()> {
        Ok(())
    }
}
