//! The one tool of this repository.

#![forbid(unsafe_code)]

mod bench;
mod bombs;
mod cargo;
#[cfg(test)]
mod documents;
mod fuel;
mod fuzz;
mod guests;
mod image;
mod kernel;
mod qemu;
mod run;
mod setup;
mod size;
mod steps;
mod test;
mod wast;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use xshell::Shell;

/// Builds, runs, tests and measures wasmetal
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
enum Verb {
    Run(run::Run),
    Bench(bench::Bench),
    Bombs(bombs::Bombs),
    #[command(subcommand)]
    Fuzz(fuzz::Fuzz),
    Test(test::Test),
    Wast(wast::Wast),
    Size(size::Size),
    Compile(image::Compile),
    Inspect(image::Inspect),
    Sign(image::Sign),
    Key(image::Key),
    #[command(hide = true)]
    Kernel(kernel::Kernel),
}

impl Verb {
    fn run(&self, sh: &Shell) -> Result<()> {
        match self {
            Self::Run(verb) => verb.run(sh),
            Self::Bench(verb) => verb.run(sh),
            Self::Bombs(verb) => verb.run(sh),
            Self::Fuzz(verb) => verb.run(sh),
            Self::Test(verb) => verb.run(sh),
            Self::Wast(verb) => verb.run(sh),
            Self::Size(verb) => verb.run(sh),
            Self::Compile(verb) => verb.run(sh),
            Self::Inspect(verb) => verb.run(sh),
            Self::Sign(verb) => verb.run(sh),
            Self::Key(verb) => verb.run(sh),
            Self::Kernel(verb) => verb.run(sh),
        }
    }
}

fn main() -> ExitCode {
    let verb = Verb::parse();
    let result = Shell::new().map_err(Into::into).and_then(|sh| {
        sh.change_dir(cargo::root());
        verb.run(&sh)
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
