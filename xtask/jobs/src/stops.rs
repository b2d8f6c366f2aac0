//! `fuzz stops`: guests and kernels are stopped at random instructions, here or on the device.

use anyhow::Result;
use wasmetal_kernels::{BY_HAND, KERNELS, Kernel};
use wasmetal_run::{Job, Stopped};
use xshell::Shell;
use xtask::{
    cargo,
    fuzz::{AtRandom, Stops},
};

use crate::{guests, run};

/// What runs in a store after a stop.
const PROBE: &str = include_str!("stops.wat");

pub(crate) fn run(verb: &Stops, sh: &Shell) -> Result<()> {
    let modules = stopped(sh)?;
    run_with(&verb.at_random, sh, modules, Job::Stops)
}

/// Does a job of so many stops or suspensions, there; on the device, by a clock that counts instructions.
///
/// # Errors
/// What is run after each can't be assembled; a build failed, or the job.
pub(crate) fn run_with(
    options: &AtRandom,
    sh: &Shell,
    modules: Vec<Stopped<'static>>,
    job: impl FnOnce(wasmetal_run::Stops<'static>) -> Job<'static>,
) -> Result<()> {
    let AtRandom {
        bare,
        count,
        unchecked,
        seed,
    } = *options;
    let job = job(wasmetal_run::Stops {
        count: count.unwrap_or(if bare { 10_000 } else { 100_000 }),
        seed,
        probe: cargo::assemble(sh, "stops.wat", PROBE)?.into(),
        modules,
    });
    match (bare, unchecked) {
        (false, false) => return run::checked_on_linux(sh, &job.to_bytes()),
        (false, true) => return run::on_linux(sh, &job.to_bytes()),
        (true, _) => {}
    }
    let firmware = match unchecked {
        false => cargo::checked_firmware(sh, "wasmetal-bare")?,
        true => cargo::firmware(sh, "wasmetal-bare")?,
    };
    let counting = ["-icount".to_owned(), "shift=0,sleep=off".to_owned()];
    run::boot_with(sh, &firmware, &job.to_bytes(), &counting)
}

/// The guests, each with its one call, and the kernels with one for each.
///
/// # Errors
/// A build failed.
pub(crate) fn stopped(sh: &Shell) -> Result<Vec<Stopped<'static>>> {
    let guests = guests::build(sh, 1)?.guests.into_iter();
    let mut modules: Vec<_> = guests
        .map(|guest| Stopped {
            name: guest.name,
            wasm: guest.wasm,
            calls: vec![("run".to_owned(), 1)],
        })
        .collect();
    let call = |kernel: &Kernel| (kernel.name.to_owned(), kernel.small);
    modules.push(Stopped {
        name: "kernels".to_owned(),
        wasm: guests::kernels(sh)?.into(),
        calls: KERNELS.iter().map(call).collect(),
    });
    for (kernel, text) in BY_HAND {
        modules.push(Stopped {
            name: kernel.name.to_owned(),
            wasm: cargo::assemble(sh, kernel.name, text)?.into(),
            calls: vec![call(kernel)],
        });
    }
    Ok(modules)
}
