//! The cases, for one engine.

use crate::asynchronous;
use crate::clock;
use crate::inputs::{Input, Inputs};
use crate::subject::{Running, Subject};
use anyhow::{Context as _, Result, ensure};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{cell::RefCell, env, fs, path::PathBuf, process, rc::Rc};
use wasmetal_guests::{GUESTS, digest};
use wasmetal_kernels::{BY_HAND, KERNELS, Scratch};

/// Families of cases, with the aim for the geometric mean of their ratios to Wasmtime, if these say anything.
pub(crate) const FAMILIES: &[(&str, Option<f64>)] = &[
    ("kernels", Some(1.02)),
    ("guests", Some(1.02)),
    ("compile", Some(1.0)),
    ("code size", Some(1.0)),
    ("load bytes", Some(0.5)),
    ("load file", Some(1.0)),
    ("instantiate", Some(1.0)),
    ("call in", Some(1.0)),
    ("call out", Some(1.0)),
    ("trap", Some(0.5)),
    ("exceptions", Some(1.0)),
    ("objects", Some(1.0)),
    (asynchronous::cases::FAMILY, Some(1.0)),
    (asynchronous::cases::TURNS, None),
];

/// The family of cases that say how much fuel is used.
pub(crate) const FUEL: &str = "fuel used";

/// The seed that guests get.
const SEED: u32 = 7;

/// One thing to measure.
pub(crate) struct Case {
    pub(crate) family: &'static str,
    pub(crate) name: String,
    /// It is measured in one round out of this many.
    pub(crate) apart: u32,
    /// Measures once: nanoseconds, or bytes.
    pub(crate) sample: Box<dyn FnMut() -> Result<f64>>,
}

/// The cases that are wanted.
pub(crate) struct Cases<'a> {
    filter: &'a str,
    list: Vec<Case>,
}

impl Cases<'_> {
    /// Whether this case is wanted.
    pub(crate) fn wants(&self, family: &str, name: &str) -> bool {
        format!("{family}/{name}").contains(self.filter)
    }

    /// Adds a case of work that does what it does a number of times.
    pub(crate) fn add(
        &mut self,
        family: &'static str,
        name: &str,
        times: u32,
        mut work: impl FnMut(u32) -> Result<()> + 'static,
    ) {
        let sample = move || {
            // Short work finds its code and data in the caches.
            work(times / 8)?;
            let start = clock::now();
            work(times)?;
            Ok((clock::now() - start) / f64::from(times))
        };
        self.push(family, name, 1, sample);
    }

    /// Adds a case, which is measured in one round out of `apart`.
    pub(crate) fn push(
        &mut self,
        family: &'static str,
        name: &str,
        apart: u32,
        sample: impl FnMut() -> Result<f64> + 'static,
    ) {
        let (name, sample) = (name.to_owned(), Box::new(sample));
        self.list.push(Case {
            family,
            name,
            apart,
            sample,
        });
    }
}

/// Every case whose `family/name` contains `filter`, for the engine with this name.
pub(crate) fn all(
    name: &str,
    engine: &Rc<dyn Subject>,
    inputs: &Inputs,
    filter: &str,
) -> Result<Vec<Case>> {
    let list = Vec::new();
    let mut cases = Cases { filter, list };
    runs(engine, inputs, &mut cases)?;

    let large = || inputs.guests.iter().chain([&inputs.kernels]);
    for input in large().chain([&inputs.small]) {
        if cases.wants("compile", input.name) {
            let (engine, wasm) = (Rc::clone(engine), input.wasm.clone());
            let times = if wasm.len() < 1000 { 20 } else { 1 };
            let work = move |times| (0..times).try_for_each(|_| engine.compile_only(&wasm));
            cases.add("compile", input.name, times, work);
            if let (1, Some(case)) = (times, cases.list.last_mut()) {
                case.apart = 3;
            }
        }
    }
    for input in large() {
        if cases.wants("code size", input.name) {
            let size = engine.compile(&input.wasm)?.text_size();
            let size = size.map_or(f64::NAN, |size| size as f64);
            cases.push("code size", input.name, u32::MAX, move || Ok(size));
        }
    }
    for input in large().chain([&inputs.small, &inputs.huge]) {
        loads(engine, input, &mut cases)?;
    }
    for input in large().chain([&inputs.small, &inputs.empty]) {
        if cases.wants("instantiate", input.name) {
            let module = engine.compile(&input.wasm)?;
            let work = move |times| module.instantiate_and_drop(times);
            cases.add("instantiate", input.name, 200, work);
        }
    }
    calls(&instance(engine, &inputs.calls)?, &mut cases);
    let upto = |n: u64| n * (n + 1) / 2;
    let table: &[Sum] = &[
        ("throw, 1 call deep", 5000, upto),
        ("throw, 20 calls deep", 2000, upto),
        ("throw again", 2000, upto),
        ("every other throws", 5000, |n| (n / 2).pow(2) + n / 2),
        ("none throws", 500_000, |n| n),
    ];
    sums("exceptions", engine, &inputs.exceptions, table, &mut cases)?;
    let table: &[Sum] = &[
        ("trees", 100, |n| n * 1023),
        ("trees beside a large one", 100, |n| n * 1023 + 32767),
        ("list", 50_000, upto),
        ("arrays", 2000, |n| n * 4950 + 50 * n * (n + 1)),
        ("casts", 500, |n| n * 2500),
    ];
    sums("objects", engine, &inputs.objects, table, &mut cases)?;
    asynchronous::cases::add(name, &inputs.asynchronous.wasm, &mut cases)?;
    Ok(cases.list)
}

/// Kernels and guests, and how much fuel each uses.
pub(crate) fn metered(
    engine: &Rc<dyn Subject>,
    inputs: &Inputs,
    filter: &str,
) -> Result<Vec<Case>> {
    let list = Vec::new();
    let mut cases = Cases { filter, list };
    runs(engine, inputs, &mut cases)?;
    let mut fuel = |name, input, export, argument| -> Result<()> {
        let instance = instance(engine, input)?;
        cases.push(FUEL, name, u32::MAX, move || {
            let mut instance = instance.borrow_mut();
            let before = instance.fuel();
            instance.run(export, argument)?;
            let used = before
                .zip(instance.fuel())
                .map(|(before, after)| before - after);
            Ok(used.map_or(f64::NAN, |used| used as f64))
        });
        Ok(())
    };
    for kernel in KERNELS {
        fuel(kernel.name, &inputs.kernels, kernel.name, kernel.large)?;
    }
    for (guest, input) in GUESTS.iter().zip(&inputs.guests) {
        fuel(guest.name, input, "run", SEED)?;
    }
    Ok(cases.list)
}

/// Loading of images, from memory and from a file.
fn loads(engine: &Rc<dyn Subject>, input: &Input, cases: &mut Cases<'_>) -> Result<()> {
    let wanted = ["load bytes", "load file"].map(|family| cases.wants(family, input.name));
    if wanted == [false; 2] {
        return Ok(());
    }
    let image = engine.precompile(&input.wasm)?;
    let times = if input.wasm.len() < 1000 { 100 } else { 8 };
    if wanted[0] {
        match image.clone() {
            Some(image) => {
                let engine = Rc::clone(engine);
                let work = move |times| engine.load(&image, times);
                cases.add("load bytes", input.name, times, work);
            }
            None => cases.push("load bytes", input.name, u32::MAX, || Ok(f64::NAN)),
        }
    }
    if wanted[1] {
        match image {
            Some(image) => {
                let engine = Rc::clone(engine);
                let file = TemporaryFile::new(&image)?;
                let work = move |times| engine.load_file(&file.0, times);
                cases.add("load file", input.name, times, work);
            }
            None => cases.push("load file", input.name, u32::MAX, || Ok(f64::NAN)),
        }
    }
    Ok(())
}

/// A file that is gone when it is not used any more.
struct TemporaryFile(PathBuf);

impl TemporaryFile {
    fn new(bytes: &[u8]) -> Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("wasmetal-bench-{}-{number}", process::id());
        let path = env::temp_dir().join(name);
        fs::write(&path, bytes)?;
        Ok(Self(path))
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        // The system's folder for temporary files is no worse for one more.
        let _ = fs::remove_file(&self.0);
    }
}

/// Run time: kernels and guests, whose results are compared with the native build's.
fn runs(engine: &Rc<dyn Subject>, inputs: &Inputs, cases: &mut Cases<'_>) -> Result<()> {
    let mut scratch = Box::new(Scratch::new());
    let kernels = instance(engine, &inputs.kernels)?;
    for kernel in KERNELS {
        if cases.wants("kernels", kernel.name) {
            let expected = (kernel.run)(kernel.large, &mut scratch);
            let work = run(&kernels, kernel.name, kernel.large, expected);
            cases.add("kernels", kernel.name, 1, work);
        }
    }
    for ((kernel, _), input) in BY_HAND.iter().zip(&inputs.by_hand) {
        if !cases.wants("kernels", kernel.name) {
            continue;
        }
        if engine.lacks(kernel.name) {
            cases.push("kernels", kernel.name, u32::MAX, || Ok(f64::NAN));
            continue;
        }
        let expected = (kernel.run)(kernel.large, &mut scratch);
        let work = run(
            &instance(engine, input)?,
            kernel.name,
            kernel.large,
            expected,
        );
        cases.add("kernels", kernel.name, 1, work);
    }
    for (guest, input) in GUESTS.iter().zip(&inputs.guests) {
        if cases.wants("guests", guest.name) {
            let expected = digest(&(guest.run)(SEED));
            let work = run(&instance(engine, input)?, "run", SEED, expected);
            cases.add("guests", guest.name, 4, work);
        }
    }
    Ok(())
}

/// An export, its argument, and what it should return for one.
type Sum = (&'static str, u32, fn(u64) -> u64);

/// Exports with known results.
fn sums(
    family: &'static str,
    engine: &Rc<dyn Subject>,
    input: &Input,
    table: &[Sum],
    cases: &mut Cases<'_>,
) -> Result<()> {
    for &(name, argument, expected) in table {
        if !cases.wants(family, name) {
        } else if engine.lacks(family) {
            cases.push(family, name, u32::MAX, || Ok(f64::NAN));
        } else {
            let expected = expected(argument.into());
            let work = run(&instance(engine, input)?, name, argument, expected);
            cases.add(family, name, 4, work);
        }
    }
    Ok(())
}

fn calls(instance: &Shared, cases: &mut Cases<'_>) {
    const TIMES: u32 = 100_000;
    if cases.wants("call in", "() -> ()") {
        let i = Rc::clone(instance);
        let work = move |times| i.borrow_mut().call_nop(times);
        cases.add("call in", "() -> ()", TIMES, work);
    }
    if cases.wants("call in", "(i32, i32) -> i32") {
        let i = Rc::clone(instance);
        let work = move |times: u32| {
            let sum = i.borrow_mut().call_add(times)?;
            ensure!(sum as u32 == 3 * times, "the sum is {sum}");
            Ok(())
        };
        cases.add("call in", "(i32, i32) -> i32", TIMES, work);
    }
    for (export, ty, sum) in [
        ("call_nop", "() -> ()", 0),
        ("call_add", "(i32, i32) -> i32", 3),
    ] {
        if cases.wants("call out", ty) {
            let i = Rc::clone(instance);
            let work = move |times: u32| {
                let total = i.borrow_mut().run(export, times)?;
                ensure!(total == u64::from(sum * times), "the sum is {total}");
                Ok(())
            };
            cases.add("call out", ty, TIMES, work);
        }
    }
    for (name, argument) in [
        ("unreachable", 0),
        ("unreachable, 20 calls deep", 20),
        ("out of bounds", -4),
        ("division by zero", 0),
    ] {
        if cases.wants("trap", name) {
            let i = Rc::clone(instance);
            let work = move |times| i.borrow_mut().trap(name, argument, times);
            cases.add("trap", name, 500, work);
        }
    }
}

type Shared = Rc<RefCell<Box<dyn Running>>>;

fn instance(engine: &Rc<dyn Subject>, input: &Input) -> Result<Shared> {
    let module = engine.compile(&input.wasm);
    let instance = module.and_then(|module| module.instance());
    Ok(Rc::new(RefCell::new(instance.context(input.name)?)))
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
