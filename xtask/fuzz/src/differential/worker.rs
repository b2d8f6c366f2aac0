//! A worker process: runs the seeds that it is told.

use crate::engines::{with_wasmetal, with_wasmtime};
use crate::observe::{self, Event};
use crate::tally::Tally;
use anyhow::{Context as _, Result};
use std::collections::hash_map::{Entry, HashMap};
use std::io::{BufRead as _, Write as _, stdin, stdout};
use wasmetal_fuzz::{Case, Settings};

/// Both engines with some settings.
pub(crate) struct Pair(with_wasmtime::Subject, with_wasmetal::Subject);

impl Pair {
    pub(crate) fn new(settings: &Settings) -> Result<Self> {
        let wasmtime = with_wasmtime::Subject::new(settings)
            .with_context(|| format!("Wasmtime refuses {settings:?}"))?;
        let wasmetal = with_wasmetal::Subject::new(settings)
            .with_context(|| format!("wasmetal refuses {settings:?}"))?;
        Ok(Self(wasmtime, wasmetal))
    }

    /// What each engine does: Wasmtime, then wasmetal.
    pub(crate) fn run(&self, case: &Case) -> (Vec<Event>, Vec<Event>) {
        (self.0.run(case), self.1.run(case))
    }
}

/// Answers each line with a seed by `same` or `differs`, the counts, and in the lines after it how they
/// differ, ended by an empty line.
pub(crate) fn serve() -> Result<()> {
    let mut pairs = HashMap::new();
    let mut out = stdout().lock();
    for line in stdin().lock().lines() {
        let seed = line?.parse()?;
        let mut tally = Tally::default();
        let mut difference = None;
        match wasmetal_fuzz::case(seed) {
            None => tally.none += 1,
            Some(case) => {
                let pair = match pairs.entry(case.settings) {
                    Entry::Occupied(pair) => pair.into_mut(),
                    Entry::Vacant(place) => {
                        place.insert(Pair::new(&Settings::numbered(case.settings))?)
                    }
                };
                let (wasmtime, wasmetal) = pair.run(&case);
                tally.count(&wasmtime);
                difference = observe::compare(&wasmtime, &wasmetal, case.units).err();
            }
        }
        match difference {
            None => writeln!(out, "same {}", tally.to_line())?,
            Some(difference) => writeln!(out, "differs {}{difference}\n", tally.to_line())?,
        }
        out.flush()?;
    }
    Ok(())
}
