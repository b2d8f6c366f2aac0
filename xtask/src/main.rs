//! The one tool of this repository.

#![forbid(unsafe_code)]

mod api;
mod arguments;
mod bench;
mod bombs;
mod cargo;
#[cfg(test)]
mod circles;
#[cfg(test)]
mod documents;
mod fuel;
mod fuzz;
mod guests;
mod image;
#[cfg(test)]
mod impls;
mod kernel;
mod outside;
mod qemu;
mod run;
mod setup;
mod size;
mod steps;
mod test;
mod wast;

use std::env;
use std::ffi::OsString;
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
    Bombs(arguments::bombs::Bombs),
    #[command(subcommand)]
    Fuzz(fuzz::Fuzz),
    Test(test::Test),
    Wast(wast::Wast),
    Size(size::Size),
    Compile(arguments::image::Compile),
    Inspect(arguments::image::Inspect),
    Sign(arguments::image::Sign),
    Key(arguments::image::Key),
    Api(api::Api),
    Outside(outside::Outside),
    #[command(hide = true)]
    Kernel(kernel::Kernel),
}

impl Verb {
    /// Does what the words say of which the verb was made.
    fn run(&self, sh: &Shell, words: &[OsString]) -> Result<()> {
        // What a program of the verb's own is told.
        let rest = |verbs| words.get(verbs..).unwrap_or_default();
        match self {
            Self::Run(verb) => verb.run(sh),
            Self::Bench(verb) => verb.run(sh),
            Self::Bombs(verb) => verb.run(sh, rest(1)),
            Self::Fuzz(verb) => verb.run(sh, rest(2)),
            Self::Test(verb) => verb.run(sh),
            Self::Wast(verb) => verb.run(sh),
            Self::Size(verb) => verb.run(sh),
            Self::Compile(verb) => verb.run(sh, rest(1)),
            Self::Inspect(verb) => verb.run(sh, rest(1)),
            Self::Sign(verb) => verb.run(sh, rest(1)),
            Self::Key(verb) => verb.run(sh, rest(1)),
            Self::Api(verb) => verb.run(sh),
            Self::Outside(verb) => verb.run(sh),
            Self::Kernel(verb) => verb.run(sh),
        }
    }
}

fn main() -> ExitCode {
    let words: Vec<OsString> = env::args_os().skip(1).collect();
    let verb = Verb::parse();
    let result = Shell::new().map_err(Into::into).and_then(|sh| {
        sh.change_dir(cargo::root());
        verb.run(&sh, &words)
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Verb;
    use clap::{CommandFactory as _, Parser as _};

    #[test]
    fn arguments_are_consistent() {
        Verb::command().debug_assert();
    }

    /// Mistakes are found before anything is built: by this tool, not by a program of the verb's own.
    #[test]
    fn mistakes_are_found_at_once() {
        for (typed, expected) in [
            ("nonsense", "unrecognized subcommand"),
            ("compile", "required arguments were not provided"),
            (
                "compile x.wat -o x --target nonsense",
                "begins with neither",
            ),
            ("compile x.wat -o x --set nonsense", "no setting is called"),
            ("compile x.wat -o x --signer 12", "64 hexadecimal digits"),
            (
                "run x.wat --set memory-reservatio=1",
                "no setting is called",
            ),
            (
                "run --set consume-fuel",
                "required arguments were not provided",
            ),
            ("fuzz objects --cuont 1", "unexpected argument"),
            ("bombs --nonsense", "unexpected argument"),
        ] {
            let words = ["xtask"].into_iter().chain(typed.split(' '));
            let error = Verb::try_parse_from(words).err().expect(typed).to_string();
            assert!(error.contains(expected), "{typed}: {error}");
        }
    }
}
