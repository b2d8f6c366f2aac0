//! Errors about modules in the text format: what is wrong, and where.

use crate::error::{OutOfMemory, debug_is_display};
use crate::escaped::Escaped;
use crate::oom;
use alloc::string::{String, ToString as _};
use core::fmt::{self, Display};

/// Text is no module in the text format (spec: "Text Format"): found in an [`Error`](crate::Error) by its type.
///
/// What is text, but a module that is not valid, is an [`InvalidModule`](crate::InvalidModule): its offset is that of the
/// binary format, into which the text is translated first. So is what is no text at all.
///
/// ```
/// use wasmetal::{Config, Engine, InvalidText, Module};
///
/// let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// let error = Module::new(&engine, "(module\n  (func (call $nothing)))").unwrap_err();
/// let invalid = error.downcast_ref::<InvalidText>().unwrap();
/// assert_eq!((invalid.line(), invalid.column()), (Some(2), Some(15)));
/// # wasmetal::error::Ok(())
/// ```
#[derive(PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidText {
    message: String,
    line: Option<u32>,
    column: Option<u32>,
    /// The line, as far as it is shown.
    source: String,
}

impl InvalidText {
    /// What is wrong, in words: of at most some 1,000 bytes, without what a terminal would obey.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The number of the line, from 1; `None` if it is not about a place.
    #[must_use]
    pub fn line(&self) -> Option<u32> {
        self.line
    }

    /// The number of the column in the line, from 1; `None` if it is not about a place.
    #[must_use]
    pub fn column(&self) -> Option<u32> {
        self.column
    }

    /// The parser tells by its text alone: what is wrong, where, and then a picture of the line, which may be of any
    /// length.
    pub(super) fn of(error: &wat::Error) -> Self {
        let error = error.to_string();
        let mut lines = error.lines();
        let what = lines.next().unwrap_or_default().replace("<anon>:", "");
        let at = lines.find_map(|line| line.trim().strip_prefix("--> <anon>:"));
        let (line, column) = at.and_then(|at| at.split_once(':')).unzip();
        let source = lines.find_map(|line| Some(line.split_once(" | ")?.1));
        Self {
            message: oom::text(format_args!("{what}")),
            line: line.and_then(|line| line.parse().ok()),
            column: column.and_then(|column| column.parse().ok()),
            source: oom::text(format_args!(
                "{}",
                Escaped(source.unwrap_or_default().trim())
            )),
        }
    }

    /// # Errors
    /// There is no room for the texts.
    pub(in crate::service) fn try_clone(&self) -> Result<Self, OutOfMemory> {
        Ok(Self {
            message: oom::string(&self.message)?,
            source: oom::string(&self.source)?,
            ..*self
        })
    }
}

impl Display for InvalidText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, " (at {line}:{column}: `{}`)", self.source),
            _ => Ok(()),
        }
    }
}

debug_is_display!(InvalidText);

impl core::error::Error for InvalidText {}
