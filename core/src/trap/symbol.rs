//! Names of functions as who wrote them knows them.
#![forbid(unsafe_code)]

use crate::escaped::{Bounded, Escaped};
use core::fmt::{self, Write as _};

/// A function's name, which a guest chose: as Rust's compiler was given it, if it made it of that, and escaped and
/// cut off as by [`Escaped`].
pub(super) struct Symbol<'a>(pub(super) &'a str);

impl fmt::Display for Symbol<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match may_demangle(self.0).then(|| rustc_demangle::try_demangle(self.0)) {
            // A short name may stand for an endless one: what does not fit is not made.
            Some(Ok(name)) => Bounded::write(f, |to| write!(to, "{name}")),
            _ => Escaped(self.0).fmt(f),
        }
    }
}

/// Whether there is room for it. Names of Rust's newer kind nest, by the will of who made them, and for each level the
/// library calls itself, 500 times at most: some 200 KiB, more than a stack of firmware has.
fn may_demangle(name: &str) -> bool {
    cfg!(feature = "std") || name.starts_with("_ZN")
}

#[cfg(test)]
mod tests {
    use super::Symbol;
    use alloc::format;
    use alloc::string::ToString as _;

    #[test]
    fn names() {
        let check = |name: &str, expected: &str| assert_eq!(Symbol(name).to_string(), expected);
        check("plain", "plain");
        check(
            "_ZN4core3fmt5Write9write_fmt17h0123456789abcdefE",
            "core::fmt::Write::write_fmt::h0123456789abcdef",
        );
        #[cfg(feature = "std")]
        check("_RNvCs1234_7mycrate3foo", "mycrate[3c1c0]::foo");
        check("_ZN4core3fmtE\u{1b}[2J", "_ZN4core3fmtE\\u{1b}[2J");
        // C++ stays as it is.
        check("_ZNSt6vectorIiE4sizeEv", "_ZNSt6vectorIiE4sizeEv");
    }

    #[test]
    fn what_is_long_is_cut_off() {
        let name = format!("_ZN{}{}E", 400, "x".repeat(400));
        let shown = Symbol(&name).to_string();
        assert!(shown.ends_with('\u{2026}'), "{shown}");
        assert!(shown.len() < 210, "{shown}");
    }
}
