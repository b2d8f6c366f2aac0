//! Verbs that have a host or a firmware do something: `run`, `wasi-testsuite`, `fuzz images`, `fuzz stops`, `fuzz slices`, and `bench` on the device.

#![forbid(unsafe_code)]

mod bench;
mod fuel;
mod guests;
mod images;
mod programs;
mod run;
mod slices;
mod stops;
mod tar;
mod wasi_testsuite;

use std::process::ExitCode;

use anyhow::bail;
use xtask::{Verb, fuzz::Fuzz};

fn main() -> ExitCode {
    xtask::main(|verb, sh, _| match verb {
        Verb::Run(verb) => run::run(verb, sh),
        Verb::WasiTestsuite(verb) => wasi_testsuite::run(verb, sh),
        Verb::Bench(verb) => bench::run(verb, sh),
        Verb::Fuzz(Fuzz::Images(verb)) => images::run(verb, sh),
        Verb::Fuzz(Fuzz::Stops(verb)) => stops::run(verb, sh),
        Verb::Fuzz(Fuzz::Slices(verb)) => slices::run(verb, sh),
        _ => bail!("this is done by `cargo xtask` itself"),
    })
}
