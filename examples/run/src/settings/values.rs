//! Values of settings, as text.

use alloc::{format, string::String};

/// The names of all proposals that can be on or off.
///
/// They stand here once more because the runtime, which has them too, takes a while to build: whoever only checks an
/// argument needs it not. A test compares the two.
pub const PROPOSALS: &[&str] = &[
    "mutable-global",
    "saturating-float-to-int",
    "sign-extension",
    "multi-value",
    "bulk-memory",
    "reference-types",
    "simd",
    "relaxed-simd",
    "threads",
    "tail-call",
    "multi-memory",
    "exceptions",
    "memory64",
    "extended-const",
    "function-references",
    "gc",
    "custom-page-sizes",
    "wide-arithmetic",
    "stack-switching",
    "legacy-exceptions",
];

/// What values a setting takes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// One of those that the help names.
    OneOf,
    /// A number of bytes.
    Bytes,
    /// Names of operators with their costs.
    Costs,
    /// Names of proposals, to be on or off.
    Proposals,
    /// Names of the compiler's flags, to be on or off.
    Flags,
}

impl Kind {
    /// Finds what is wrong with a value.
    pub(super) fn check(self, help: &str, value: &str) -> Result<(), String> {
        match self {
            Self::OneOf if help.split('|').any(|known| known == value) => Ok(()),
            Self::OneOf => Err(format!("{value:?} is none of {}", help.replace('|', ", "))),
            Self::Bytes => bytes(value).map(drop),
            Self::Costs => costs(value).try_for_each(|cost| cost.map(drop)),
            Self::Proposals => switches(value).try_for_each(|(name, _)| proposal(name)),
            Self::Flags => Ok(()),
        }
    }
}

/// A number of bytes.
pub(super) fn bytes(value: &str) -> Result<u64, String> {
    let bytes = value.parse().ok();
    bytes.ok_or_else(|| format!("{value:?} is no number of bytes"))
}

/// Names, each to be on, or, after a hyphen, off.
pub(super) fn switches(value: &str) -> impl Iterator<Item = (&str, bool)> {
    let names = value.split(',').filter(|name| !name.is_empty());
    names.map(|name| match name.strip_prefix('-') {
        Some(name) => (name, false),
        None => (name, true),
    })
}

/// Names of operators with their costs.
pub(super) fn costs(value: &str) -> impl Iterator<Item = Result<(&str, u8), String>> {
    let pairs = value.split(',').filter(|pair| !pair.is_empty());
    pairs.map(|pair| {
        let (operator, cost) = pair
            .split_once(':')
            .ok_or_else(|| format!("{pair:?} is not of the form OPERATOR:COST"))?;
        let cost = cost
            .parse()
            .map_err(|_| format!("{cost:?} is no cost from 0 to 255"))?;
        Ok((operator, cost))
    })
}

/// Finds out whether there is a proposal of this name.
///
/// # Errors
/// There is none: the text says which there are.
pub fn proposal(name: &str) -> Result<(), String> {
    match PROPOSALS.contains(&name) {
        true => Ok(()),
        false => Err(format!(
            "no proposal is called {name:?}; there are {}",
            PROPOSALS.join(", ")
        )),
    }
}
