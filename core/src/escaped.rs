//! What a guest says, in a text of ours.
#![forbid(unsafe_code)]

use core::fmt::{self, Write};

/// The most bytes of a guest's text that are shown.
const LONGEST: usize = 200;

/// A text that a guest chose (a name of a function, import or export, say) as it can be shown: on one line, and without
/// what a terminal would obey.
///
/// Control characters, and those that change the direction of what follows or break a line, are shown as Rust writes
/// them in a string; so is nothing else. What is longer than 200 bytes is cut off, with an ellipsis.
///
/// ```
/// use wasmetal::Escaped;
///
/// assert_eq!(Escaped("naïve").to_string(), "naïve");
/// assert_eq!(Escaped("\x1b[31mred\n").to_string(), r"\u{1b}[31mred\n");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.0.floor_char_boundary(LONGEST);
        write_escaped(f, &self.0[..end])?;
        match end < self.0.len() {
            true => f.write_char('\u{2026}'),
            false => Ok(()),
        }
    }
}

/// Writes a text without what a terminal would obey. Texts of errors are short, so it goes character by character.
pub(crate) fn write_escaped(to: &mut dyn Write, text: &str) -> fmt::Result {
    for char in text.chars() {
        match char {
            '\t' => to.write_str("\\t")?,
            '\n' => to.write_str("\\n")?,
            '\r' => to.write_str("\\r")?,
            char if is_obeyed(char) => write!(to, "\\u{{{:x}}}", u32::from(char))?,
            char => to.write_char(char)?,
        }
    }
    Ok(())
}

/// What of a text that is being made may be shown: the first 200 bytes, escaped as by [`Escaped`].
#[cfg(feature = "demangle")]
pub(crate) struct Bounded<'a, 'f> {
    to: &'a mut fmt::Formatter<'f>,
    left: usize,
    full: bool,
}

#[cfg(feature = "demangle")]
impl Bounded<'_, '_> {
    /// Writes what `make` makes, which is stopped by an error when that is too long.
    ///
    /// # Errors
    /// `to` fails.
    pub(crate) fn write(
        to: &mut fmt::Formatter<'_>,
        make: impl FnOnce(&mut Bounded<'_, '_>) -> fmt::Result,
    ) -> fmt::Result {
        let mut bounded = Bounded {
            to,
            left: LONGEST,
            full: false,
        };
        match (make(&mut bounded), bounded.full) {
            (Err(_), true) => to.write_char('\u{2026}'),
            (result, _) => result,
        }
    }
}

#[cfg(feature = "demangle")]
impl Write for Bounded<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = text.floor_char_boundary(self.left);
        self.full = end < text.len();
        self.left -= end;
        write_escaped(self.to, &text[..end])?;
        match self.full {
            true => Err(fmt::Error),
            false => Ok(()),
        }
    }
}

/// Control characters (C0, C1), separators of lines and paragraphs, bidirectional controls.
fn is_obeyed(char: char) -> bool {
    matches!(
        char,
        '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;

    #[test]
    fn what_a_terminal_obeys_is_escaped() {
        let check = |text: &str, expected: &str| assert_eq!(Escaped(text).to_string(), expected);
        check("", "");
        check(
            "plain `name`::<T> \\ \"é\" 漢 🦀",
            "plain `name`::<T> \\ \"é\" 漢 🦀",
        );
        check("a\u{1b}[2Jb", r"a\u{1b}[2Jb");
        check("\r\n\t\0\u{7f}", r"\r\n\t\u{0}\u{7f}");
        check("\u{85}\u{9b}31m", r"\u{85}\u{9b}31m");
        check("\u{202e}gpj\u{2066}", r"\u{202e}gpj\u{2066}");
        check("\u{200f}\u{61c}\u{2028}", r"\u{200f}\u{61c}\u{2028}");
        // What is escaped already stays as it is.
        check(r"\u{1b}", r"\u{1b}");
    }

    #[test]
    fn what_is_long_is_cut_off() {
        let check = |text: &str, kept: usize| {
            let shown = Escaped(text).to_string();
            assert_eq!(shown.strip_suffix('\u{2026}'), Some(&text[..kept]));
        };
        check(&"x".repeat(400_000), 200);
        // No character is taken apart.
        check(&("x".to_string() + &"é".repeat(200)), 199);
        assert_eq!(Escaped(&"x".repeat(200)).to_string(), "x".repeat(200));
        let escapes = Escaped(&"\0".repeat(1000)).to_string();
        assert!(escapes.len() < 6 * 200 + 4, "{}", escapes.len());
    }
}
