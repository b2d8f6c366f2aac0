//! Whether an item fits an import (spec: "External Typing", "Import Subtyping"), on canonical types.

use super::ExternType;
use crate::module::{EntityType, HeapType, Limits, ReferenceType, ValueType};
use crate::{Engine, Result};
use anyhow::bail;

/// Checks that something of type `actual` can be imported as `expected`.
///
/// # Errors
/// It can't; the error says what was expected and what was found.
pub(crate) fn check(engine: &Engine, expected: &EntityType, actual: &EntityType) -> Result<()> {
    if matches(expected, actual) {
        return Ok(());
    }
    let of = |ty| ExternType::from_canonical(engine, ty);
    let (what, found) = (kind(expected), kind(actual));
    if what != found {
        bail!(
            "expected {what} of type `{}`, but found a {found}",
            of(expected)
        );
    }
    bail!(
        "{what} types incompatible: expected type `{}`, found type `{}`",
        of(expected),
        of(actual)
    )
}

fn kind(ty: &EntityType) -> &'static str {
    match ty {
        EntityType::Function(_) => "function",
        EntityType::Table(_) => "table",
        EntityType::Memory(_) => "memory",
        EntityType::Global(_) => "global",
    }
}

fn matches(expected: &EntityType, actual: &EntityType) -> bool {
    match (expected, actual) {
        (EntityType::Function(expected), EntityType::Function(actual)) => expected == actual,
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
                    false => is_subtype(actual.content, expected.content),
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

/// Whether each value of the canonical type `sub` is one of `sup` too.
pub(crate) fn is_subtype(sub: ValueType, sup: ValueType) -> bool {
    match (sub, sup) {
        (ValueType::Ref(sub), ValueType::Ref(sup)) => is_ref_subtype(sub, sup),
        (sub, sup) => sub == sup,
    }
}

fn is_ref_subtype(sub: ReferenceType, sup: ReferenceType) -> bool {
    (sup.nullable || !sub.nullable)
        && match (sub.heap, sup.heap) {
            (HeapType::Concrete(_), HeapType::Func) => true,
            (sub, sup) => sub == sup,
        }
}
