//! `test`: runs the steps and sums up.

mod errors;

use std::{
    env,
    ffi::OsString,
    io::{self, BufRead as _, BufReader, IsTerminal as _, Write as _},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use wasmetal_arguments::arguments;
use xshell::{Shell, cmd};

use crate::{
    Verb,
    cargo::{say, target_directory},
    program::{self, FIRMWARE},
    setup,
    steps::{Run, STEPS, Step},
};

arguments! {
    /// Tests everything: formatting, lints, documentation, unit and API tests on every platform, the
    /// official suite, the guests
    pub struct Test {
        /// Run only the steps whose name contains this; may be given several times
        #[arg(long, value_name = "NAME")]
        only: Vec<String>,
        /// With --only: the steps that have such a name, no others
        #[arg(long, hide = true, requires = "only")]
        exactly: bool,
        /// Print the names of the steps, and run none
        #[arg(long)]
        list: bool,
    }
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

        for step in &chosen {
            // Not by two steps at once. What fails fails again in its step, which says so.
            let _ = setup::ensure(sh, step.needs);
        }
        if self.exactly {
            return chosen.iter().try_for_each(|step| step.run(sh));
        }
        // One after the other where somebody looks at a few.
        let (beside, others): (Vec<&Step>, Vec<&Step>) = match self.only.is_empty() {
            true => chosen.into_iter().partition(|step| step.beside),
            false => (Vec::new(), chosen),
        };
        let outcomes = thread::scope(|scope| {
            let run_all = |steps: Vec<&Step>, show| -> Vec<_> {
                steps.into_iter().map(|step| run(step, show)).collect()
            };
            let beside = scope.spawn(move || run_all(beside, Show::AtTheEnd));
            let mut outcomes = run_all(others, Show::AsItComes);
            outcomes.extend(beside.join().expect("it does not panic"));
            outcomes
        });
        if !summary(&outcomes) {
            // Not an error: a message would come after the last line.
            std::process::exit(1);
        }
        Ok(())
    }

    fn wants(&self, step: &Step) -> bool {
        match self.exactly {
            true => self.only.iter().any(|name| name == step.name),
            false => {
                let mut parts = self.only.iter();
                self.only.is_empty() || parts.any(|part| step.name.contains(part.as_str()))
            }
        }
    }
}

/// How a step went.
struct Outcome {
    name: &'static str,
    passed: bool,
    time: Duration,
    /// What a step that failed printed around its errors.
    errors: String,
}

/// When what a step prints is shown.
#[derive(Clone, Copy, PartialEq)]
enum Show {
    AsItComes,
    /// In one piece: another step prints meanwhile.
    AtTheEnd,
}

/// Runs a step in a process of its own, whose output is kept until it has ended.
fn run(step: &Step, show: Show) -> Outcome {
    if show == Show::AsItComes {
        say(&format!("test: {}", step.name));
    }
    let start = Instant::now();
    let mut printed = Vec::new();
    let passed = run_process(step, show, &mut printed).unwrap_or_else(|error| {
        let _ = writeln!(printed, "error: {}: {error}", step.name);
        false
    });
    if show == Show::AtTheEnd {
        let _ = io::stdout().lock().write_all(&printed);
    }
    let errors = match passed {
        true => String::new(),
        false => errors::excerpts(&String::from_utf8_lossy(&printed)),
    };
    Outcome {
        name: step.name,
        passed,
        time: start.elapsed(),
        errors,
    }
}

/// Whether the process of a step passed.
fn run_process(step: &Step, show: Show, printed: &mut Vec<u8>) -> io::Result<bool> {
    let mut command = Command::new(env::current_exe()?);
    command.args(["test", "--exactly", "--only", step.name]);
    if show == Show::AsItComes && io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    // One pipe for both, so that lines keep their order.
    let (output, end) = io::pipe()?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(end.try_clone()?)
        .stderr(end)
        .spawn()?;
    // Else the pipe would never end.
    drop(command);
    let mut output = BufReader::new(output);
    loop {
        let start = printed.len();
        if output.read_until(b'\n', printed)? == 0 {
            break;
        }
        if show == Show::AsItComes {
            io::stdout().lock().write_all(&printed[start..])?;
        }
    }
    Ok(child.wait()?.success())
}

/// Prints what failed again, how each step went and, as the last line, how many passed; returns whether all did.
fn summary(outcomes: &[Outcome]) -> bool {
    for outcome in outcomes.iter().filter(|outcome| !outcome.passed) {
        say(&format!("FAILED: {}", outcome.name));
        print!("{}", outcome.errors);
    }
    println!();
    for outcome in outcomes {
        let word = if outcome.passed { "ok" } else { "FAILED" };
        let seconds = outcome.time.as_secs_f64();
        println!("{word:<7} {seconds:>6.1} s  {}", outcome.name);
    }
    let failed = outcomes.iter().filter(|outcome| !outcome.passed).count();
    if failed > 0 {
        println!("run one alone by `cargo xtask test --only NAME`");
    }
    println!("{} passed, {failed} failed", outcomes.len() - failed);
    failed == 0
}

impl Step {
    fn run(&self, sh: &Shell) -> Result<()> {
        setup::ensure(sh, self.needs)?;
        let _linux = sh.push_env(
            "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_RUNNER",
            LINUX_RUNNER,
        );
        match self.run {
            Run::Cargo(arguments) => {
                let arguments = arguments.split_whitespace();
                cmd!(sh, "cargo {arguments...}").run()?;
            }
            Run::Kernels(arguments) => {
                let program = program::build(sh, FIRMWARE)?;
                let arguments = arguments.split_whitespace();
                cmd!(sh, "cargo {arguments...}")
                    .env(
                        "CARGO_TARGET_AARCH64_UNKNOWN_NONE_RUNNER",
                        format!("{} kernel", program.display()),
                    )
                    .run()?;
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
                let words: Vec<OsString> = arguments.split_whitespace().map(Into::into).collect();
                Verb::read(words.iter().cloned())?.run(sh, &words)?;
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

/// How cargo runs what it has built for Linux on this tool's other architecture.
const LINUX_RUNNER: &str = if cfg!(all(target_arch = "aarch64", target_os = "linux")) {
    "env"
} else {
    // It keeps books of every page that was ever mapped. So let addresses be used again.
    "qemu-aarch64 -R 0x10000000000"
};
