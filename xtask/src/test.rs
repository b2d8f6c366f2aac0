//! `test`: runs the steps and sums up.

use std::{
    env,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use clap::{Args, Parser};
use xshell::{Shell, cmd};

use crate::{
    Verb,
    cargo::{say, target_directory},
    setup,
    steps::{Run, STEPS, Step},
};

/// Tests everything: formatting, lints, documentation, unit and API tests on every platform, the
/// official suite, the guests
#[derive(Args)]
pub(crate) struct Test {
    /// Run only the steps whose name contains this; may be given several times
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Print the names of the steps, and run none
    #[arg(long)]
    list: bool,
}

impl Test {
    pub(crate) fn run(&self, sh: &Shell) -> Result<()> {
        let chosen: Vec<&Step> = STEPS.iter().filter(|step| self.wants(step)).collect();
        if chosen.is_empty() {
            bail!("no step has such a name: `cargo xtask test --list` prints them all");
        }
        if self.list {
            chosen.iter().for_each(|step| println!("{}", step.name));
            return Ok(());
        }

        let mut outcomes = Vec::new();
        for (index, step) in chosen.iter().enumerate() {
            say(&format!(
                "test {} of {}: {}",
                index + 1,
                chosen.len(),
                step.name
            ));
            let start = Instant::now();
            let result = step.run(sh);
            if let Err(error) = &result {
                eprintln!("error: {}: {error:#}", step.name);
            }
            outcomes.push((step.name, result.is_ok(), start.elapsed()));
        }
        if !summary(&outcomes) {
            // Not an error: a message would come after the last line.
            std::process::exit(1);
        }
        Ok(())
    }

    fn wants(&self, step: &Step) -> bool {
        self.only.is_empty()
            || self
                .only
                .iter()
                .any(|part| step.name.contains(part.as_str()))
    }
}

/// Prints how each step went and, as the last line, how many passed; returns whether all did.
fn summary(outcomes: &[(&str, bool, Duration)]) -> bool {
    println!();
    for (name, passed, time) in outcomes {
        let outcome = if *passed { "ok" } else { "FAILED" };
        println!("{outcome:<7} {:>6.1} s  {name}", time.as_secs_f64());
    }
    let failed = outcomes.iter().filter(|(_, passed, _)| !passed).count();
    if failed > 0 {
        println!("run one alone by `cargo xtask test --only NAME`");
    }
    println!("{} passed, {failed} failed", outcomes.len() - failed);
    failed == 0
}

impl Step {
    fn run(&self, sh: &Shell) -> Result<()> {
        setup::ensure(sh, self.needs)?;
        let _environment = environment(sh)?;
        match self.run {
            Run::Cargo(arguments) => {
                let arguments = arguments.split_whitespace();
                cmd!(sh, "cargo {arguments...}").run()?;
            }
            Run::Clippy(arguments) => {
                let arguments = arguments.split_whitespace();
                cmd!(sh, "cargo clippy {arguments...} -- -D warnings").run()?;
            }
            Run::Doc(arguments) => {
                let arguments = arguments.split_whitespace();
                cmd!(sh, "cargo doc {arguments...}")
                    .env("RUSTDOCFLAGS", "-D warnings")
                    .run()?;
            }
            Run::Miri(arguments) => miri(sh, arguments)?,
            Run::Xtask(arguments) => {
                let arguments = arguments.split_whitespace();
                Verb::try_parse_from(["xtask"].into_iter().chain(arguments))?.run(sh)?;
            }
        }
        Ok(())
    }
}

/// What Miri is told: stores of the tests' Wasm functions outlive the tests, and the fake platform exposes addresses.
const MIRI_FLAGS: &str = "-Zmiri-ignore-leaks -Zmiri-permissive-provenance";

/// Runs tests in Miri, with a folder of its own for what it builds, if a nightly toolchain has it.
fn miri(sh: &Shell, arguments: &str) -> Result<()> {
    if let Err(error) = setup::ensure_nightly(sh, "miri", &["miri", "rust-src"]) {
        say(&format!("SKIPPED: {error:#}"));
        return Ok(());
    }
    let arguments = arguments.split_whitespace();
    // This tool runs under a toolchain that must not be the nightly one's.
    let _toolchain = sh.push_env("RUSTUP_TOOLCHAIN", "nightly");
    cmd!(sh, "cargo miri {arguments...}")
        .env("MIRIFLAGS", MIRI_FLAGS)
        .env("CARGO_TARGET_DIR", target_directory().join("miri"))
        .run()?;
    Ok(())
}

/// How cargo runs what it has built for another machine, while the value lives.
fn environment(sh: &Shell) -> Result<[xshell::PushEnv<'_>; 2]> {
    let this = env::current_exe()?;
    let kernel = format!("{} kernel", this.display());
    let linux = if cfg!(all(target_arch = "aarch64", target_os = "linux")) {
        "env"
    } else {
        // It keeps books of every page that was ever mapped. So let addresses be used again.
        "qemu-aarch64 -R 0x10000000000"
    };
    Ok([
        sh.push_env("CARGO_TARGET_AARCH64_UNKNOWN_NONE_RUNNER", kernel),
        sh.push_env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_RUNNER", linux),
    ])
}
