//! `fuzz slices`: calls of guests, kernels and a program with objects and exceptions are suspended at random instructions,
//! here or on the device.

use anyhow::Result;
use wasmetal_run::{Job, Stopped};
use xshell::Shell;
use xtask::{cargo, fuzz::Slices};

use crate::stops;

/// Objects, exceptions, hosts that wait.
const PROGRAM: &str = include_str!("slices.wat");

/// Its functions, each with an argument for a call that takes long, and one for a call that does not.
const FUNCTIONS: [(&str, u32, u32); 4] = [
    ("objects", 20_000, 30),
    ("throws", 3_000, 5),
    ("hosts", 3_000, 40),
    ("bulk", 300, 8),
];

pub(crate) fn run(verb: &Slices, sh: &Shell) -> Result<()> {
    let mut modules = stops::stopped(sh)?;
    let both = |(name, long, short): (&str, u32, u32)| [long, short].map(|n| (name.to_owned(), n));
    modules.push(Stopped {
        name: "slices".to_owned(),
        wasm: cargo::assemble(sh, "slices.wat", PROGRAM)?.into(),
        calls: FUNCTIONS.into_iter().flat_map(both).collect(),
    });
    stops::run_with(&verb.at_random, sh, modules, Job::Slices)
}
