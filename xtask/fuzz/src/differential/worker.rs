//! A worker process: runs the seeds that it is told.

#[cfg(feature = "wasmtime")]
use crate::beside_wasmtime;
#[cfg(feature = "wasmtime")]
use crate::engines::with_wasmtime;
use crate::engines::{in_slices, with_wasmetal};
use crate::observe::{self, Event, Message};
use crate::tally::Counts;
use crate::turns;
use anyhow::{Context as _, Result};
use std::collections::hash_map::{Entry, HashMap};
use std::time::Instant;
use wasmetal::Module;
use wasmetal_fuzz::{Case, Settings, pool};

/// What a module does on both sides.
pub(crate) struct Seen {
    pub(crate) sides: [(&'static str, Vec<Event>); 2],
    /// The first difference.
    pub(crate) difference: Option<String>,
    /// How often calls were not ready.
    suspensions: u64,
}

/// Both sides, with some settings.
pub(crate) enum Pair {
    #[cfg(feature = "wasmtime")]
    BesideWasmtime(with_wasmtime::Subject, with_wasmetal::Subject),
    InSlices(with_wasmetal::Subject, in_slices::Subject),
}

impl Pair {
    /// Wasmetal in time slices and without, or wasmetal and Wasmtime.
    ///
    /// # Errors
    /// Somebody refuses the settings; there is no Wasmtime in this program.
    pub(crate) fn new(settings: &Settings, slices: bool) -> Result<Self> {
        let refuses = |who| move || format!("{who} refuses {settings:?}");
        let wasmetal = with_wasmetal::Subject::new(settings).with_context(refuses("wasmetal"))?;
        if slices {
            let other = in_slices::Subject::new(settings).with_context(refuses("wasmetal"))?;
            return Ok(Self::InSlices(wasmetal, other));
        }
        #[cfg(feature = "wasmtime")]
        {
            let other = with_wasmtime::Subject::new(settings).with_context(refuses("Wasmtime"))?;
            Ok(Self::BesideWasmtime(other, wasmetal))
        }
        #[cfg(not(feature = "wasmtime"))]
        anyhow::bail!("this program was built without Wasmtime: it can do --slices only")
    }

    /// What each side does.
    pub(crate) fn run(&self, case: &Case) -> Seen {
        match self {
            #[cfg(feature = "wasmtime")]
            Self::BesideWasmtime(wasmtime, wasmetal) => {
                let seen = [wasmtime.run(case), wasmetal.run(case)];
                let [theirs, ours] = &seen;
                let difference = beside_wasmtime::compare(theirs, ours, case.units);
                Seen::new(beside_wasmtime::NAMES, seen, difference, 0)
            }
            Self::InSlices(wasmetal, sliced) => in_slices(wasmetal, sliced, case),
        }
    }
}

impl Seen {
    fn new(
        names: [&'static str; 2],
        [one, other]: [Vec<Event>; 2],
        difference: Result<(), observe::Difference>,
        suspensions: u64,
    ) -> Self {
        Self {
            sides: [(names[0], one), (names[1], other)],
            difference: difference.err().map(|it| it.to_string()),
            suspensions,
        }
    }
}

/// Runs a module undisturbed, and then in slices. It is compiled once.
fn in_slices(wasmetal: &with_wasmetal::Subject, sliced: &in_slices::Subject, case: &Case) -> Seen {
    const NAMES: [&str; 2] = ["undisturbed", "in slices"];
    let load = || -> Result<_> {
        let module = Module::new(wasmetal.engine(), &case.wasm)?;
        let image = module.serialize()?;
        // SAFETY: the compiler of this process has made the image a moment ago, for an engine with the same settings for
        // code.
        let other = unsafe { Module::deserialize_unsigned(sliced.engine(), &image) }?;
        Ok((module, other))
    };
    let (module, other) = match load() {
        Ok(both) => both,
        Err(e) => {
            let refused = vec![Event::Refused(Message(format!("{e:#}")))];
            return Seen::new(NAMES, [refused.clone(), refused], Ok(()), 0);
        }
    };
    let start = Instant::now();
    let (undisturbed, _) = wasmetal.run_module(&module, case, None);
    let slice = turns::slice(start.elapsed(), case.values);
    let (in_slices, suspensions) = sliced.run_module(&other, case, Some(slice));
    let difference = observe::compare_alike(NAMES, [&undisturbed, &in_slices]);
    Seen::new(NAMES, [undisturbed, in_slices], difference, suspensions)
}

/// Does what standard input says.
pub(crate) fn serve(slices: bool) -> Result<()> {
    let mut pairs = HashMap::new();
    pool::answer(|seed, tally: &mut Counts| {
        let Some(case) = wasmetal_fuzz::case(seed.parse()?) else {
            tally.none += 1;
            return Ok(None);
        };
        let pair = match pairs.entry(case.settings) {
            Entry::Occupied(pair) => pair.into_mut(),
            Entry::Vacant(place) => {
                place.insert(Pair::new(&Settings::numbered(case.settings), slices)?)
            }
        };
        let seen = pair.run(&case);
        tally.count(&seen.sides[0].1);
        tally.suspensions += seen.suspensions;
        Ok(seen.difference)
    })
}
