//! The one tool of this repository; and, for programs that do a verb's work, its arguments and what they share with it.
//!
//! Whatever a verb needs that takes long to build is in a program of the verb's own. Its arguments are here: `--help` is
//! answered, and mistakes are found, before anything else is built.

#![forbid(unsafe_code)]

mod api;
mod arguments;
pub mod bench;
mod bombs;
pub mod cargo;
#[cfg(test)]
mod circles;
#[cfg(test)]
mod documents;
pub mod fuzz;
pub mod image;
#[cfg(test)]
mod impls;
pub mod kernel;
mod outside;
mod program;
pub mod qemu;
pub mod run;
pub mod setup;
pub mod size;
mod steps;
mod test;
pub mod wasi_testsuite;
mod wast;
#[cfg(test)]
mod wrappers;

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use wasmetal_arguments::{
    clap::{CommandFactory as _, FromArgMatches as _},
    verbs,
};
use xshell::Shell;

verbs! {
    /// Builds, runs, tests and measures wasmetal
    ///
    /// Each verb builds what it needs, and installs Rust targets, components and QEMU where it may.
    pub enum Verb {
        Run(run::Run),
        Compile(arguments::image::Compile),
        Inspect(arguments::image::Inspect),
        Sign(arguments::image::Sign),
        Key(arguments::image::Key),
        Test(test::Test),
        Wast(wast::Wast),
        WasiTestsuite(wasi_testsuite::WasiTestsuite),
        Fuzz(fuzz::Fuzz),
        Bombs(arguments::bombs::Bombs),
        Bench(bench::Bench),
        Size(size::Size),
        Api(api::Api),
        Outside(outside::Outside),
        #[command(hide = true)]
        Kernel(kernel::Kernel),
    }
}

impl Verb {
    /// Does what the words say of which the verb was made.
    ///
    /// # Errors
    /// It did not succeed.
    pub fn run(&self, sh: &Shell, words: &[OsString]) -> Result<()> {
        // What a program of the verb's own is told.
        let rest = |verbs| words.get(verbs..).unwrap_or_default();
        match self {
            Self::Run(verb) => verb.run(sh, words),
            Self::Bench(verb) => verb.run(sh, words),
            Self::Bombs(verb) => verb.run(sh, rest(1)),
            Self::Fuzz(verb) => verb.run(sh, words),
            Self::Test(verb) => verb.run(sh),
            Self::Wast(verb) => verb.run(sh, rest(1)),
            Self::WasiTestsuite(verb) => verb.run(sh, words),
            Self::Size(_) => program::start(sh, program::FIRMWARE, words),
            Self::Compile(verb) => verb.run(sh, rest(1)),
            Self::Inspect(verb) => verb.run(sh, rest(1)),
            Self::Sign(verb) => verb.run(sh, rest(1)),
            Self::Key(verb) => verb.run(sh, rest(1)),
            Self::Api(verb) => verb.run(sh),
            Self::Outside(verb) => verb.run(sh),
            Self::Kernel(verb) => verb.run(sh, words),
        }
    }

    /// Reads a command line.
    fn read(
        words: impl IntoIterator<Item = OsString>,
    ) -> Result<Self, wasmetal_arguments::clap::Error> {
        let command = Self::command()
            .name("cargo xtask")
            .bin_name("cargo xtask")
            .max_term_width(100);
        let name = [OsString::from("cargo xtask")];
        let matches = command.try_get_matches_from(name.into_iter().chain(words))?;
        Self::from_arg_matches(&matches)
    }
}

/// What a program does that takes this tool's command line: `run` is told the verb, and the words it was made of.
pub fn main(run: impl FnOnce(&Verb, &Shell, &[OsString]) -> Result<()>) -> ExitCode {
    let words: Vec<OsString> = env::args_os().skip(1).collect();
    let verb = Verb::read(words.clone()).unwrap_or_else(|error| error.exit());
    let result = Shell::new().map_err(Into::into).and_then(|sh| {
        sh.change_dir(cargo::root());
        run(&verb, &sh, &words)
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => match error.downcast_ref::<program::Failed>() {
            Some(failed) => ExitCode::from(failed.0),
            None => {
                eprintln!("error: {error:#}");
                ExitCode::FAILURE
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::Verb;
    use wasmetal_arguments::clap::CommandFactory as _;

    #[test]
    fn arguments_are_consistent() {
        Verb::command().debug_assert();
    }

    /// Mistakes are found before anything is built: by this tool, not by a program of the verb's own.
    #[test]
    fn mistakes_are_found_at_once() {
        for (typed, expected) in [
            ("nonsense", "unrecognized subcommand"),
            ("compiel x.wat", "a similar subcommand exists: 'compile'"),
            ("compile", "required arguments were not provided"),
            (
                "compile x.wat -o x --target nonsense",
                "begins with neither",
            ),
            (
                "compile x.wat -o x --opt-level fast",
                "possible values: none, speed, speed-and-size",
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
            ("run --linux --bare", "cannot be used with '--bare'"),
            (
                "wast a.wast --collector gc",
                "a module and a name are expected",
            ),
            ("size --crates many", "invalid value 'many'"),
            ("fuzz objects --cuont 1", "unexpected argument"),
            (
                "fuzz objects --cuont 1",
                "a similar argument exists: '--count'",
            ),
            ("bombs --nonsense", "unexpected argument"),
        ] {
            let words = typed.split(' ').map(Into::into);
            let error = Verb::read(words).err().expect(typed).to_string();
            assert!(error.contains(expected), "{typed}: {error}");
        }
    }

    /// What has a default need not be given.
    #[test]
    fn few_arguments_are_enough() {
        for typed in [
            "run",
            "run x.wat --invoke f -1 -2",
            "compile x.wat -o x",
            "inspect x",
            "sign x --message y",
            "key x",
            "test",
            "wast x.wast",
            "wast --suite all --bare",
            "fuzz differential",
            "fuzz differential --slices",
            "fuzz objects",
            "fuzz images",
            "fuzz stops",
            "fuzz slices",
            "bombs",
            "bench",
            "size",
            "api",
            "outside",
        ] {
            let read = Verb::read(typed.split(' ').map(Into::into));
            assert!(read.is_ok(), "{typed}: {}", read.err().expect("an error"));
        }
    }

    /// Each option and verb says what it does.
    #[test]
    fn all_has_help() {
        fn check(command: &wasmetal_arguments::clap::Command) {
            let name = command.get_name();
            assert!(
                command
                    .get_about()
                    .is_some_and(|it| !it.to_string().is_empty()),
                "{name}"
            );
            for argument in command.get_arguments() {
                let help = argument
                    .get_help()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                assert!(!help.is_empty(), "{name}: {}", argument.get_id());
            }
            command.get_subcommands().for_each(check);
        }
        check(&Verb::command());
    }
}
