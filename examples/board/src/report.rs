//! What came of the guests, as a table.

use alloc::{format, string::String, vec::Vec};
use core::time::Duration;

use wasmetal::error::Result;
use wasmetal_platform_bare::{cores, println};

use crate::SLICE;
use crate::guests::{Expected, Guest};
use crate::sandbox::Run;

/// How much less than its share of the core a good guest may get, in hundredths of that.
const TOLERANCE: f64 = 5.0;
/// How much more of the core's time than alone a good guest may need: hundredths of that for the interrupts, and a few
/// turns, since it may spin through one for a lock of the runtime whose holder waits for its own.
const OVERHEAD: f64 = 5.0;
const TURNS: u32 = 4;

/// All runs of a guest.
pub(crate) struct Tally<'a> {
    guest: &'a Guest,
    runs: usize,
    as_expected: usize,
    /// What a good guest needs alone.
    pub(crate) alone: Duration,
    used: Duration,
    most: Duration,
    /// The least part of the core that it had, and what would have been fair.
    share: f64,
    fair: f64,
    /// How it ended when it first ended; or when it first did not end as expected.
    ending: String,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(guest: &'a Guest) -> Self {
        Self {
            guest,
            runs: 0,
            as_expected: 0,
            alone: Duration::ZERO,
            used: Duration::ZERO,
            most: Duration::ZERO,
            share: 1.0,
            fair: 0.0,
            ending: String::new(),
        }
    }

    /// Adds the runs of a round, for which it would have been fair to have this part of a core.
    pub(crate) fn add(&mut self, runs: Vec<Run>, fair: f64) {
        let used: Duration = runs.iter().map(|run| run.used).sum();
        let took: Duration = runs.iter().map(|run| run.took).sum();
        let share = used.as_secs_f64() / took.as_secs_f64();
        if share < self.share {
            (self.share, self.fair) = (share, fair);
        }
        for run in runs {
            let right = self.guest.is_as_expected(&run);
            if self.runs == 0 || (!right && self.runs == self.as_expected) {
                self.ending = ending(&run);
            }
            self.runs += 1;
            self.as_expected += usize::from(right);
            self.most = self.most.max(run.used);
        }
        self.used += used;
    }

    pub(crate) fn is_as_expected(&self) -> bool {
        self.runs > 0 && self.runs == self.as_expected && self.is_fair()
    }

    /// A good guest has had its share, and has needed no more than alone. (Where there are several cores, time passes for it
    /// while QEMU runs another one.)
    fn is_fair(&self) -> bool {
        let least = self.fair * (1.0 - TOLERANCE / 100.0);
        let most = self.alone.mul_f64(1.0 + OVERHEAD / 100.0) + SLICE * TURNS;
        !self.guest.is_good() || (self.share >= least && (cores::count() > 1 || self.most <= most))
    }
}

/// The first line of an error's causes, the last of which says most.
fn ending(run: &Run) -> String {
    match &run.ending {
        Ok(()) => "the same output as natively".into(),
        Err(error) => {
            let text = format!("{}", error.root_cause());
            text.lines().next().unwrap_or_default().into()
        }
    }
}

pub(crate) fn print(tallies: &[Tally<'_>]) -> Result<()> {
    println!(
        "\n{:<16} {:>6} {:>9} {:>11} {:>11} {:>7} {:>7}  ended by",
        "good guest", "runs", "right", "alone", "longest", "share", "fair"
    );
    for tally in tallies.iter().filter(|tally| tally.guest.is_good()) {
        let verdict = if tally.is_as_expected() {
            ""
        } else {
            "  WRONG"
        };
        println!(
            "{:<16} {:>6} {:>9} {:>11} {:>11} {:>6.2}% {:>6.2}%  {}{verdict}",
            tally.guest.name,
            tally.runs,
            tally.as_expected,
            milliseconds(tally.alone),
            milliseconds(tally.most),
            tally.share * 100.0,
            tally.fair * 100.0,
            tally.ending,
        );
    }
    println!(
        "\n{:<16} {:>6} {:>9} {:>11} {:>11}  {:<34} ended by",
        "hostile guest", "starts", "stopped", "core time", "longest", "by"
    );
    for tally in tallies.iter().filter(|tally| !tally.guest.is_good()) {
        let verdict = if tally.is_as_expected() {
            ""
        } else {
            "  WRONG"
        };
        println!(
            "{:<16} {:>6} {:>9} {:>11} {:>11}  {:<34} {}{verdict}",
            tally.guest.name,
            tally.runs,
            tally.as_expected,
            milliseconds(tally.used),
            milliseconds(tally.most),
            quota(tally.guest),
            tally.ending,
        );
    }
    println!();
    Ok(())
}

/// The quota that ends a guest.
fn quota(guest: &Guest) -> String {
    let quota = &guest.quota;
    match &guest.expected {
        Expected::OutOfTime | Expected::CompilerOutOfTime => {
            format!("{} of core time", milliseconds(quota.time))
        }
        Expected::TooLate => format!("{} of time", milliseconds(quota.deadline)),
        Expected::Error("over the limit") => {
            format!("{} KiB, {} elements", quota.memory >> 10, quota.table)
        }
        Expected::Error("instance count") => format!("{} instances", quota.instances),
        Expected::Trap(_) => "the sandbox".into(),
        Expected::CompilerOutOfMemory => "12 MiB for the compiler".into(),
        Expected::Error("module limit") => "the limits for firmware".into(),
        Expected::Output(_) | Expected::Error(_) => "validation".into(),
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}
