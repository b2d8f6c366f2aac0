//! The cases, and the loop that measures them.

use crate::clock;
use crate::inputs::{Input, Inputs};
use crate::subject::{Running, Subject};
use anyhow::{Context as _, Result, ensure};
use std::{cell::RefCell, rc::Rc};
use wasmetal_guests::{GUESTS, digest};
use wasmetal_kernels::{KERNELS, Scratch};

/// Families of cases, with the aim for the geometric mean of their ratios to Wasmtime.
pub(crate) const FAMILIES: &[(&str, f64)] = &[
    ("kernels", 1.02),
    ("guests", 1.02),
    ("compile", 1.0),
    ("code size", 1.0),
    ("instantiate", 1.0),
    ("call in", 1.0),
    ("call out", 1.0),
    ("trap", 0.5),
];

/// The seed that guests get.
const SEED: u32 = 7;

/// Does its work a number of times.
type Work = Box<dyn FnMut(u32) -> Result<()>>;

/// One thing to measure, with each engine's way to do it.
pub(crate) struct Case {
    pub(crate) family: &'static str,
    pub(crate) name: String,
    /// It is measured in one round out of this many.
    apart: u32,
    /// How often the work is done for one measurement.
    times: u32,
    works: Vec<Work>,
    /// By engine, by round: nanoseconds for the work done once (bytes for a size).
    pub(crate) samples: Vec<Vec<f64>>,
}

impl Case {
    /// A case with the work that `work` makes for each engine.
    fn new<W: FnMut(u32) -> Result<()> + 'static>(
        family: &'static str,
        name: &str,
        times: u32,
        work: impl Iterator<Item = Result<W>>,
    ) -> Result<Self> {
        let works = work
            .map(|work| work.map(|work| Box::new(work) as Work))
            .collect::<Result<Vec<_>>>()
            .with_context(|| format!("{family}/{name}"))?;
        let samples = works.iter().map(|_| Vec::new()).collect();
        Ok(Self {
            family,
            name: name.to_owned(),
            apart: 1,
            times,
            works,
            samples,
        })
    }
}

type Engines = [Rc<dyn Subject>];
type Shared = Rc<RefCell<Box<dyn Running>>>;

/// Every case whose `family/name` contains `filter`.
pub(crate) fn all(engines: &Engines, inputs: &Inputs, filter: &str) -> Result<Vec<Case>> {
    let wanted = |family: &str, name: &str| format!("{family}/{name}").contains(filter);
    let mut cases = Vec::new();
    let mut scratch = Box::new(Scratch::new());

    let kernels = instances(engines, &inputs.kernels)?;
    for kernel in KERNELS
        .iter()
        .filter(|kernel| wanted("kernels", kernel.name))
    {
        let expected = (kernel.run)(kernel.large, &mut scratch);
        let runs = kernels
            .iter()
            .map(|i| Ok(run(i, kernel.name, kernel.large, expected)));
        cases.push(Case::new("kernels", kernel.name, 1, runs)?);
    }
    for (guest, input) in GUESTS.iter().zip(&inputs.guests) {
        if wanted("guests", guest.name) {
            let expected = digest(&(guest.run)(SEED));
            let instances = instances(engines, input)?;
            let runs = instances.iter().map(|i| Ok(run(i, "run", SEED, expected)));
            cases.push(Case::new("guests", guest.name, 1, runs)?);
        }
    }
    for input in inputs.guests.iter().chain([&inputs.kernels, &inputs.small]) {
        if wanted("compile", input.name) {
            let times = if input.wasm.len() < 1000 { 20 } else { 1 };
            let work = engines.iter().map(|engine| {
                let (engine, wasm) = (Rc::clone(engine), input.wasm.clone());
                Ok(move |times| (0..times).try_for_each(|_| engine.compile_only(&wasm)))
            });
            let mut case = Case::new("compile", input.name, times, work)?;
            case.apart = if times == 1 { 3 } else { 1 };
            cases.push(case);
        }
    }
    for input in inputs.guests.iter().chain([&inputs.kernels]) {
        if wanted("code size", input.name) {
            cases.push(size(engines, input)?);
        }
    }
    let instantiated = inputs
        .guests
        .iter()
        .chain([&inputs.kernels, &inputs.small, &inputs.empty]);
    for input in instantiated {
        if wanted("instantiate", input.name) {
            let work = engines.iter().map(|engine| {
                let module = engine.compile(&input.wasm).context(engine.name())?;
                Ok(move |times| module.instantiate_and_drop(times))
            });
            cases.push(Case::new("instantiate", input.name, 200, work)?);
        }
    }
    calls(&instances(engines, &inputs.calls)?, &wanted, &mut cases)?;
    Ok(cases)
}

fn calls(
    instances: &[Shared],
    wanted: &dyn Fn(&str, &str) -> bool,
    cases: &mut Vec<Case>,
) -> Result<()> {
    const TIMES: u32 = 100_000;
    let each = || instances.iter().map(Rc::clone);
    if wanted("call in", "() -> ()") {
        let work = each().map(|i| Ok(move |times| i.borrow_mut().call_nop(times)));
        cases.push(Case::new("call in", "() -> ()", TIMES, work)?);
    }
    if wanted("call in", "(i32, i32) -> i32") {
        let work = each().map(|i| {
            Ok(move |times: u32| {
                let sum = i.borrow_mut().call_add(times)?;
                ensure!(sum as u32 == 3 * times, "the sum is {sum}");
                Ok(())
            })
        });
        cases.push(Case::new("call in", "(i32, i32) -> i32", TIMES, work)?);
    }
    for (export, ty, sum) in [
        ("call_nop", "() -> ()", 0),
        ("call_add", "(i32, i32) -> i32", 3),
    ] {
        if wanted("call out", ty) {
            let work = each().map(|i| {
                Ok(move |times: u32| {
                    let total = i.borrow_mut().run(export, times)?;
                    ensure!(total == u64::from(sum * times), "the sum is {total}");
                    Ok(())
                })
            });
            cases.push(Case::new("call out", ty, TIMES, work)?);
        }
    }
    for (name, argument) in [
        ("unreachable", 0),
        ("unreachable, 20 calls deep", 20),
        ("out of bounds", -4),
        ("division by zero", 0),
    ] {
        if wanted("trap", name) {
            let work = each().map(|i| Ok(move |times| i.borrow_mut().trap(name, argument, times)));
            cases.push(Case::new("trap", name, 500, work)?);
        }
    }
    Ok(())
}

/// An instance of a module in each engine.
fn instances(engines: &Engines, input: &Input) -> Result<Vec<Shared>> {
    let instance = |engine: &Rc<dyn Subject>| {
        let instance = engine
            .compile(&input.wasm)
            .and_then(|module| module.instance());
        let instance = instance.with_context(|| format!("{}: {}", engine.name(), input.name))?;
        anyhow::Ok(Rc::new(RefCell::new(instance)))
    };
    engines.iter().map(instance).collect()
}

/// Work that calls an export and checks its result.
fn run(
    instance: &Shared,
    export: &'static str,
    argument: u32,
    expected: u64,
) -> impl FnMut(u32) -> Result<()> + 'static {
    let instance = Rc::clone(instance);
    move |times| {
        for _ in 0..times {
            let result = instance.borrow_mut().run(export, argument)?;
            ensure!(result == expected, "{result:#x}, natively {expected:#x}");
        }
        Ok(())
    }
}

/// The size of a module's code: nothing to time.
fn size(engines: &Engines, input: &Input) -> Result<Case> {
    let mut case = Case::new::<fn(u32) -> Result<()>>("code size", input.name, 1, [].into_iter())?;
    for engine in engines {
        let text = engine.compile(&input.wasm)?.text_size();
        case.samples
            .push(text.into_iter().map(|size| size as f64).collect());
    }
    Ok(case)
}

/// Measures every case with every engine, round by round.
pub(crate) fn measure(engines: &Engines, cases: &mut [Case], rounds: u32) -> Result<()> {
    // The first of each is not counted: it warms caches and commits memory.
    for round in 0..=rounds {
        eprint!("\rround {round} of {rounds} ");
        for case in &mut *cases {
            if round > 0 && (round - 1) % case.apart != 0 {
                continue;
            }
            let count = case.works.len();
            for turn in 0..count {
                let index = (turn + round as usize) % count;
                let engine = &engines[index];
                if round > 0 && (round - 1) % engine.apart() != 0 {
                    continue;
                }
                let start = clock::now();
                (case.works[index])(case.times)
                    .with_context(|| format!("{}: {}/{}", engine.name(), case.family, case.name))?;
                let time = (clock::now() - start) / f64::from(case.times);
                case.samples[index].push(if round > 0 { time } else { f64::NAN });
            }
        }
    }
    eprintln!();
    for case in cases {
        for samples in &mut case.samples {
            samples.retain(|sample| !sample.is_nan());
        }
    }
    Ok(())
}
