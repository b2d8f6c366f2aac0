//! Whether an item fits an import (spec: "External Typing", "Import Subtyping"), on canonical types.

use super::ExternType;
use crate::module::{EntityType, Limits, TypeIndex};
use crate::{Engine, Result, oom};
use anyhow::bail;

/// Checks that something of type `actual` can be imported as `expected`.
///
/// # Errors
/// It can't; the error says what was expected and what was found.
pub(crate) fn check(engine: &Engine, expected: &EntityType, actual: &EntityType) -> Result<()> {
    if matches(engine, expected, actual) {
        return Ok(());
    }
    let of = |ty| ExternType::from_canonical(engine, ty);
    let (what, found) = (kind(expected), kind(actual));
    if what != found {
        bail!(oom::text(format_args!(
            "expected {what} of type `{}`, but found a {found}",
            of(expected)
        )));
    }
    bail!(oom::text(format_args!(
        "{what} types incompatible: expected type `{}`, found type `{}`",
        of(expected),
        of(actual)
    )))
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
