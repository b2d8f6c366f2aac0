//! What a step that failed printed around its errors: the rest of a long run hides it.

use std::collections::VecDeque;

/// Lines shown before each error.
const BEFORE: usize = 12;
/// Lines shown after an error: cargo says there what failed.
const AFTER: usize = 4;
/// Lines shown of a step; the last ones, since cargo sums up at its end.
const MOST: usize = 150;

/// The lines that begin with a word for a failure, with those around them; where none does, the last ones.
pub(super) fn excerpts(printed: &str) -> String {
    let lines: Vec<&str> = printed.lines().collect();
    let mut shown = VecDeque::new();
    let mut end = 0;
    let failures = (0..lines.len()).filter(|&line| is_failure(lines[line]));
    for line in failures.chain([lines.len()]) {
        if line == lines.len() && end > 0 {
            break;
        }
        let start = line.saturating_sub(BEFORE).max(end);
        if start > end {
            shown.push_back("[...]");
        }
        end = (line + AFTER).clamp(end, lines.len());
        shown.extend(&lines[start..end]);
    }
    let excess = shown.len().saturating_sub(MOST);
    shown.drain(..excess);
    shown.into_iter().flat_map(|line| [line, "\n"]).collect()
}

fn is_failure(line: &str) -> bool {
    let line = line.trim_start_matches("\u{1b}[1m\u{1b}[91m");
    ["error", "FAILED", "test result: FAILED"]
        .iter()
        .any(|word| line.starts_with(word))
        || line.starts_with("thread '") && line.contains("panicked at")
}

#[cfg(test)]
mod tests {
    use super::{AFTER, BEFORE, MOST, excerpts};

    fn check(printed: &[String], expected: &[String]) {
        assert_eq!(excerpts(&printed.join("\n")), expected.join("\n") + "\n");
    }

    fn lines(range: std::ops::Range<usize>) -> Vec<String> {
        range.map(|line| format!("line {line}")).collect()
    }

    #[test]
    fn errors_stand_out() {
        let error = ["error: exit code 101 instead of 0".to_owned()];
        let gap = ["[...]".to_owned()];
        let printed = [lines(0..100), error.to_vec(), lines(100..200)].concat();
        let (first, last) = (lines(100 - BEFORE..100), lines(100..100 + AFTER - 1));
        check(&printed, &[&gap, &*first, &error, &last].concat());
        // What is shown already is not shown twice.
        let printed = [lines(0..2), error.to_vec(), error.to_vec(), lines(2..3)].concat();
        check(&printed, &printed);
        // No word for a failure: what came last.
        let (printed, last) = (lines(0..50), lines(50 - BEFORE..50));
        check(&printed, &[&gap, &*last].concat());
        // The end of what is too much.
        let printed = vec![error[0].clone(); 2 * MOST];
        check(&printed, &printed[MOST..]);
    }
}
