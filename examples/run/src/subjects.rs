//! What is left at random instructions: functions of a job's modules, and what each does when nobody disturbs it.

use alloc::vec::Vec;
use core::{fmt::Write, time::Duration};

use wasmetal::error::Result;
use wasmetal::{Engine, Module, Store};

use crate::{Machine, Stops, load::load};

/// A function, and what it does when nobody disturbs it.
pub(crate) struct Subject<'a> {
    pub(crate) name: &'a str,
    pub(crate) argument: u32,
    /// Which of the modules it is in.
    pub(crate) module: usize,
    pub(crate) result: u64,
    pub(crate) time: Duration,
}

/// All functions of a job.
pub(crate) struct Subjects<'a> {
    /// By name.
    pub(crate) modules: Vec<(&'a str, Module)>,
    pub(crate) all: Vec<Subject<'a>>,
}

impl<'a> Subjects<'a> {
    /// Loads the modules of a job, and has `undisturbed` call each of its functions in a store of its own.
    ///
    /// # Errors
    /// A module does not load; those of `undisturbed`.
    pub(crate) fn new(
        engine: &Engine,
        job: &'a Stops<'_>,
        machine: &Machine,
        out: &mut dyn Write,
        mut undisturbed: impl FnMut(&mut Store<()>, &Module, &str, u32) -> Result<u64>,
    ) -> Result<Self> {
        let mut subjects = Self {
            modules: Vec::new(),
            all: Vec::new(),
        };
        for stopped in &job.modules {
            let module = load(engine, &stopped.wasm, out)?;
            for (name, argument) in &stopped.calls {
                let mut store = Store::new(engine, ());
                let start = (machine.now)();
                let result = undisturbed(&mut store, &module, name, *argument)?;
                subjects.all.push(Subject {
                    name,
                    argument: *argument,
                    module: subjects.modules.len(),
                    result,
                    time: (machine.now)().saturating_sub(start),
                });
            }
            subjects.modules.push((&stopped.name, module));
        }
        Ok(subjects)
    }
}
