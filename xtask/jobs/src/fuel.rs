//! Fuel on two machines: guests and kernels use as much on the device as here.

use anyhow::{Result, ensure};
use wasmetal_run::{Fuel, Job, Stopped};
use xshell::Shell;
use xtask::cargo;

use crate::{run, stops};

/// What uses fuel in other ways than programs do.
const SPECIAL: &str = include_str!("fuel.wat");
/// Its functions, and an argument for each.
const CALLS: &[(&str, u32)] = &[
    ("hosts", 1_000),
    ("bulk", 200),
    ("exceptions", 500),
    ("objects", 3_000),
    ("tail_calls", 5_000),
    ("unreachable", 10),
    ("division", 11),
    ("conversion", 12),
    ("load", 13),
    ("store", 14),
    ("fill", 15),
    ("indirect", 16),
    ("null", 17),
];

/// Runs everything here, and then on the device, which is told what came of it.
///
/// # Errors
/// Something differs.
pub(crate) fn compare(sh: &Shell) -> Result<()> {
    let mut modules = stops::stopped(sh)?;
    modules.push(Stopped {
        name: "special".to_owned(),
        wasm: cargo::assemble(sh, "fuel.wat", SPECIAL)?.into(),
        calls: CALLS
            .iter()
            .map(|(name, argument)| ((*name).to_owned(), *argument))
            .collect(),
    });
    let mut fuel = Fuel {
        modules,
        expected: Vec::new(),
    };
    let lines = run::output_on_linux(sh, &Job::Fuel(fuel.clone()).to_bytes())?;
    println!("{lines}");
    fuel.expected = lines.lines().map(str::to_owned).collect();
    ensure!(!fuel.expected.is_empty(), "nothing was run here");
    let firmware = cargo::firmware(sh, "wasmetal-bare")?;
    run::boot_with(sh, &firmware, &Job::Fuel(fuel).to_bytes(), &[])
}
