//! Twin of `simd` for builds without the feature `simd`.

use super::function::Translator;
use crate::compile::operators::Vector;

impl Translator<'_, '_> {
    /// There is no such operator.
    pub(super) fn vector(&mut self, operator: Vector<'_>) {
        match *operator.0 {}
    }
}
