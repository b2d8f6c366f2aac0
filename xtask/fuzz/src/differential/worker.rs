//! A worker process: runs the seeds that it is told.

use crate::engines::{with_wasmetal, with_wasmtime};
use crate::observe::{self, Event};
use crate::tally::Counts;
use anyhow::{Context as _, Result};
use std::collections::hash_map::{Entry, HashMap};
use wasmetal_fuzz::{Case, Settings, pool};

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

/// Does what standard input says.
pub(crate) fn serve() -> Result<()> {
    let mut pairs = HashMap::new();
    pool::answer(|seed, tally: &mut Counts| {
        let Some(case) = wasmetal_fuzz::case(seed.parse()?) else {
            tally.none += 1;
            return Ok(None);
        };
        let pair = match pairs.entry(case.settings) {
            Entry::Occupied(pair) => pair.into_mut(),
            Entry::Vacant(place) => place.insert(Pair::new(&Settings::numbered(case.settings))?),
        };
        let (wasmtime, wasmetal) = pair.run(&case);
        tally.count(&wasmtime);
        let difference = observe::compare(&wasmtime, &wasmetal, case.units).err();
        Ok(difference.map(|difference| difference.to_string()))
    })
}
