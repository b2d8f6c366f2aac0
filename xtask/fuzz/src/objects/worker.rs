//! A worker process: runs the programs that it is told, in every way.

#[cfg(feature = "wasmtime")]
use crate::engines::with_wasmtime;
use crate::engines::{Way, with_wasmetal};
use crate::observe::{self, Event, Seen};
use crate::tally::Counts;
use anyhow::Result;
use std::collections::BTreeSet;
use wasmetal::{Module, OptLevel, RegallocAlgorithm};
use wasmetal_fuzz::{Program, pool, program};

/// Every engine.
pub(crate) struct Subjects {
    #[cfg(feature = "wasmtime")]
    wasmtime: with_wasmtime::Subject,
    /// Each compiles for itself.
    others: [with_wasmetal::Subject; 3],
    /// The first compiles for all of them.
    optimised: [with_wasmetal::Subject; 4],
}

/// Objects have 4 KiB.
const SMALL: usize = 4 * 4096;

impl Subjects {
    pub(crate) fn new() -> Result<Self> {
        let way = |name| Way {
            name,
            optimise: OptLevel::Speed,
            registers: RegallocAlgorithm::Backtracking,
            zeal: None,
            heap: None,
        };
        let optimised = [
            way("optimised"),
            Way {
                zeal: Some(1),
                ..way("a collection at every allocation")
            },
            Way {
                zeal: Some(7),
                ..way("a collection at every 7th allocation")
            },
            Way {
                heap: Some(SMALL),
                ..way("a small heap")
            },
        ];
        let others = [
            Way {
                optimise: OptLevel::None,
                ..way("not optimised")
            },
            // As functions that are too hard to compile are compiled.
            Way {
                registers: RegallocAlgorithm::SinglePass,
                zeal: Some(1),
                ..way("registers in one pass, a collection at every allocation")
            },
            Way {
                optimise: OptLevel::None,
                registers: RegallocAlgorithm::SinglePass,
                zeal: Some(7),
                ..way("not optimised, registers in one pass, a collection at every 7th allocation")
            },
        ];
        let [a, b, c, d] = optimised.map(with_wasmetal::Subject::new);
        let [e, f, g] = others.map(with_wasmetal::Subject::new);
        Ok(Self {
            #[cfg(feature = "wasmtime")]
            wasmtime: with_wasmtime::Subject::new(way("Wasmtime"))?,
            others: [e?, f?, g?],
            optimised: [a?, b?, c?, d?],
        })
    }

    /// What everyone sees.
    pub(crate) fn run(&self, program: &Program) -> Vec<Seen> {
        let mut seen = Vec::new();
        #[cfg(feature = "wasmtime")]
        seen.push(self.wasmtime.compile_and_run(program));
        seen.extend(self.others.iter().map(|it| it.compile_and_run(program)));
        match self.images(program) {
            Ok(images) => {
                for subject in &self.optimised {
                    seen.push(subject.run(program, |engine, module| {
                        // SAFETY: the compiler of this process has made the image a moment ago, for an engine with
                        // the same settings for code.
                        unsafe { Module::deserialize_unsigned(engine, &images[module]) }
                    }));
                }
            }
            Err(error) => seen.push(("optimised", vec![Event::Refused(format!("{error:#}"))])),
        }
        seen
    }

    /// The program's modules, compiled once for all who optimise.
    fn images(&self, program: &Program) -> wasmetal::Result<Vec<Vec<u8>>> {
        let modules = program.library.iter().chain([&program.main]);
        let engine = self.optimised[0].engine();
        modules
            .map(|wasm| Module::new(engine, wasm)?.serialize())
            .collect()
    }
}

/// Does what standard input says: a task is a seed, and the numbers of statements to leave out.
pub(crate) fn serve() -> Result<()> {
    let subjects = Subjects::new()?;
    pool::answer(|task, tally: &mut Counts| {
        let mut numbers = task.split(' ');
        let seed = numbers.next().unwrap_or_default().parse()?;
        let removed: Result<BTreeSet<u32>, _> = numbers.map(str::parse).collect();
        let seen = subjects.run(&program(seed, &removed?));
        tally.count(&seen);
        Ok(observe::compare(&seen))
    })
}
