//! `bail!`, `ensure!` and `format_err!` as the core uses them. Much of what an error names is a guest's, so its text is cut
//! off and escaped here, where no caller can forget it. (The public macros leave the host's own texts as they are.)

use crate::{Error, oom};
use core::fmt::Arguments;

/// An error of a text.
#[cold]
pub(crate) fn text(text: Arguments<'_>) -> Error {
    match text.as_str() {
        Some(text) => Error::msg(text),
        None => Error::msg(oom::text(text)),
    }
}

macro_rules! format_err {
    ($($text:tt)*) => {
        $crate::error::bounded::text(::core::format_args!($($text)*))
    };
}

macro_rules! bail {
    ($($text:tt)*) => {
        return ::core::result::Result::Err($crate::error::bounded::format_err!($($text)*))
    };
}

macro_rules! ensure {
    ($condition:expr, $($text:tt)*) => {
        if !$condition {
            $crate::error::bounded::bail!($($text)*);
        }
    };
}

pub(crate) use {bail, ensure, format_err};
