//! Whether an item fits an import (spec: "External Typing", "Import Subtyping"), on canonical types.

use super::{ExternType, IncompatibleImportError};
use crate::error::bounded::format_err;
use crate::module::{EntityType, Import, Limits, TypeIndex};
use crate::{Engine, Error, Result};

/// Checks that something of type `actual` can be given for `import`, which is of type `expected`.
///
/// # Errors
/// It can't: an [`IncompatibleImportError`].
#[inline]
pub(crate) fn check(
    engine: &Engine,
    import: &Import,
    expected: &EntityType,
    actual: &EntityType,
) -> Result<()> {
    match matches(engine, expected, actual) {
        true => Ok(()),
        false => Err(incompatible(engine, import, expected, actual)),
    }
}

#[cold]
fn incompatible(
    engine: &Engine,
    import: &Import,
    expected: &EntityType,
    actual: &EntityType,
) -> Error {
    let (what, other) = (kind(expected), kind(actual));
    let of = |ty| ExternType::from_canonical(engine, ty);
    let (expected, found) = (of(expected), of(actual));
    let cause = match what == other {
        false => format_err!("expected {what} of type `{expected}`, but found a {other}"),
        true => format_err!(
            "{what} types incompatible: expected type `{expected}`, found type `{found}`"
        ),
    };
    match IncompatibleImportError::new(import, expected, found) {
        Ok(import) => cause.context(import),
        Err(out_of_memory) => out_of_memory.into(),
    }
}

fn kind(ty: &EntityType) -> &'static str {
    match ty {
        EntityType::Function(_) => "function",
        EntityType::Table(_) => "table",
        EntityType::Memory(_) => "memory",
        EntityType::Global(_) => "global",
        EntityType::Tag(_) => "tag",
    }
}

fn matches(engine: &Engine, expected: &EntityType, actual: &EntityType) -> bool {
    let is_subtype = |sub: TypeIndex, sup| engine.types().is_canonical_subtype(sub, sup);
    match (expected, actual) {
        (EntityType::Function(expected), EntityType::Function(actual)) => {
            is_subtype(*actual, *expected)
        }
        (EntityType::Tag(expected), EntityType::Tag(actual)) => expected == actual,
        (EntityType::Table(expected), EntityType::Table(actual)) => {
            expected.element == actual.element
                && expected.index == actual.index
                && within(expected.limits, actual.limits)
        }
        (EntityType::Memory(expected), EntityType::Memory(actual)) => {
            expected.index == actual.index
                && expected.shared == actual.shared
                && expected.page_size_log2 == actual.page_size_log2
                && within(expected.limits, actual.limits)
        }
        (EntityType::Global(expected), EntityType::Global(actual)) => {
            expected.mutable == actual.mutable
                && match expected.mutable {
                    true => expected.content == actual.content,
                    false => actual.content.is_subtype(expected.content, is_subtype),
                }
        }
        _ => false,
    }
}

fn within(expected: Limits, actual: Limits) -> bool {
    actual.minimum >= expected.minimum
        && match (expected.maximum, actual.maximum) {
            (None, _) => true,
            (Some(expected), Some(actual)) => actual <= expected,
            (Some(_), None) => false,
        }
}
