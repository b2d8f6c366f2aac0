//! What is counted and printed.

use alloc::{borrow::ToOwned, collections::BTreeMap, format, string::String, vec::Vec};
use core::{
    fmt::{self, Write},
    ops::AddAssign,
};

/// What became of a directive.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It did what the script says.
    Passed,
    /// It did not, and how.
    Failed(String),
    /// It was not tried, and why.
    Skipped(String),
    /// It is not executed, for this reason, and need not be.
    Excused(String),
}

/// Directives counted by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Did what the script says.
    pub passed: usize,
    /// Did not.
    pub failed: usize,
    /// Were not tried.
    pub skipped: usize,
}

impl AddAssign for Summary {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} passed, {} failed, {} skipped",
            self.passed, self.failed, self.skipped
        )
    }
}

/// The report on one script.
pub(super) struct Report<'a> {
    file: &'a str,
    out: &'a mut dyn Write,
    /// Count what is skipped as failed.
    complete: bool,
    summary: Summary,
    /// For each reason, how many directives and the line of the first.
    skips: BTreeMap<String, (usize, u32)>,
}

impl<'a> Report<'a> {
    pub(super) fn new(file: &'a str, complete: bool, out: &'a mut dyn Write) -> Self {
        Self {
            file,
            out,
            complete,
            summary: Summary::default(),
            skips: BTreeMap::new(),
        }
    }

    pub(super) fn add(&mut self, line: u32, outcome: Outcome) -> fmt::Result {
        let outcome = match outcome {
            Outcome::Skipped(why) if self.complete => Outcome::Failed(why),
            outcome => outcome,
        };
        match outcome {
            Outcome::Passed => self.summary.passed += 1,
            Outcome::Failed(how) => {
                self.summary.failed += 1;
                writeln!(self.out, "FAIL {}:{line}: {how}", self.file)?;
            }
            Outcome::Skipped(why) | Outcome::Excused(why) => {
                self.summary.skipped += 1;
                self.skips.entry(why).or_insert((0, line)).0 += 1;
            }
        }
        Ok(())
    }

    /// Prints the sum, and puts what was skipped on the list.
    pub(super) fn finish(self, skips: &mut Vec<String>) -> Result<Summary, fmt::Error> {
        writeln!(self.out, "{}: {}", self.file, self.summary)?;
        let file = self.file;
        let lines = self.skips.into_iter();
        skips
            .extend(lines.map(|(why, (count, line))| format!("{file}:{line}: {count} for: {why}")));
        Ok(self.summary)
    }
}

impl From<Result<(), String>> for Outcome {
    fn from(result: Result<(), String>) -> Self {
        match result {
            Ok(()) => Self::Passed,
            Err(how) => Self::Failed(how.to_owned()),
        }
    }
}
