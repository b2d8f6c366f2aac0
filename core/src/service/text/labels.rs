//! How long the parser looks for labels: what else it does is in proportion to the text.

use crate::error::Result;
use crate::error::bounded::ensure;

/// The most steps: about a second. Nested a hundred deep on average, text that mentions ten million names is below.
const MOST_STEPS: u64 = 1 << 30;

/// Checks text before it is parsed. For each label, the parser goes through the blocks around it: here every name
/// counts as one.
///
/// # Errors
/// It would take too many steps.
pub(super) fn check(text: &str) -> Result<()> {
    let mut steps = 0;
    let mut depth = 0_u64;
    // Of each parenthesis that is open, whether a block begins with it.
    let mut open = alloc::vec::Vec::new();
    let mut starts = false;
    for (offset, token) in (Tokens { text, at: 0 }) {
        match token {
            "(" => open.push(false),
            ")" => depth = depth.saturating_sub(open.pop().unwrap_or_default().into()),
            "block" | "loop" | "if" | "try" | "try_table" => {
                depth += 1;
                if let Some(block) = open.last_mut().filter(|_| starts) {
                    *block = true;
                }
            }
            "end" => depth = depth.saturating_sub(1),
            name if name.starts_with('$') => {
                steps += depth;
                ensure!(
                    steps <= MOST_STEPS,
                    "the blocks of a text are nested too deep for so many names (at byte {offset})"
                );
            }
            _ => {}
        }
        starts = token == "(";
    }
    Ok(())
}

/// Parentheses and words with their offsets, without strings and comments. What is no text of a module ends, or
/// goes on, anywhere: the parser refuses it.
struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.text.as_bytes();
        loop {
            let start = self.at;
            match (bytes.get(start)?, bytes.get(start + 1)) {
                (b'(', Some(b';')) => self.skip_comment(),
                (b';', Some(b';')) => {
                    let line = bytes[start..].iter().position(|byte| *byte == b'\n');
                    self.at = line.map_or(bytes.len(), |len| start + len);
                }
                (b'"', _) => self.skip_string(),
                (b'(' | b')', _) => {
                    self.at += 1;
                    return Some((start, &self.text[start..self.at]));
                }
                (byte, _) if is_word(*byte) => {
                    let len = bytes[start..].iter().position(|byte| !is_word(*byte));
                    self.at = len.map_or(bytes.len(), |len| start + len);
                    return Some((start, self.text.get(start..self.at)?));
                }
                _ => self.at += 1,
            }
        }
    }
}

impl Tokens<'_> {
    fn skip_comment(&mut self) {
        let bytes = self.text.as_bytes();
        let mut depth = 0_usize;
        while let Some(pair) = bytes.get(self.at..self.at + 2) {
            self.at += 2;
            match pair {
                b"(;" => depth += 1,
                b";)" => depth -= 1,
                _ => self.at -= 1,
            }
            if depth == 0 {
                return;
            }
        }
        self.at = bytes.len();
    }

    fn skip_string(&mut self) {
        let bytes = self.text.as_bytes();
        self.at += 1;
        while let Some(byte) = bytes.get(self.at) {
            self.at += 1 + usize::from(*byte == b'\\');
            if *byte == b'"' {
                return;
            }
        }
    }
}

fn is_word(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && !b"()\";,[]{}".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, string::String, vec::Vec};

    #[test]
    fn tokens() {
        let check = |text: &str, expected: &[&str]| {
            let tokens = Tokens { text, at: 0 };
            let found: Vec<_> = tokens.map(|(_, token)| token).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("(func $f)", &["(", "func", "$f", ")"]);
        check("a;; block\nb", &["a", "b"]);
        check("a(; block (; x ;) $y ;)b", &["a", "b"]);
        check("(; (; ;) block", &[]);
        check(r#"x "block \" $y" z"#, &["x", "z"]);
        check(r#"" block"#, &[]);
        check(r#"" block\"#, &[]);
        check("(;", &[]);
        check("(", &["("]);
        check(";", &[]);
        check("é block", &["é", "block"]);
    }

    fn flat(levels: usize, uses: usize) -> String {
        format!(
            "(func {} {} {})",
            "block $l ".repeat(levels),
            "br $l ".repeat(uses),
            "end ".repeat(levels)
        )
    }

    #[test]
    fn nested_labels_are_counted() {
        let check = |text: &str, good: bool| assert_eq!(check(text).is_ok(), good);
        check(&flat(40_000, 0), true);
        check(&flat(50_000, 0), false);
        check(&flat(1_000, 1_000_000), true);
        check(&flat(2_000, 1_000_000), false);
        // Blocks that are left count no more, of either kind.
        check(&"block $l end ".repeat(100_000), true);
        check(&"(block $l (br $l)) ".repeat(100_000), true);
        check(&"(block $l ".repeat(50_000), false);
        check(&"(; (block $l ;)".repeat(50_000), true);
    }
}
