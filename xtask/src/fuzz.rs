//! `fuzz`: generated modules, with this runtime and with others, on this machine and on the device.

use anyhow::{Result, anyhow};
use clap::{Args, Subcommand};
use xshell::{Shell, cmd};

use crate::cargo::{self, say};

/// Tries generated modules
#[derive(Subcommand)]
pub(crate) enum Fuzz {
    Differential(Differential),
}

impl Fuzz {
    pub(crate) fn run(&self, sh: &Shell) -> Result<()> {
        match self {
            Self::Differential(verb) => verb.run(sh),
        }
    }
}

/// Runs generated modules with wasmetal and with Wasmtime, and compares what they do
///
/// Results of calls, traps, memories, globals and tables must be the same, bit for bit. A seed is one
/// module; it comes out the same each time. A module that makes a difference, or a crash, is written
/// to target/findings and its seed is printed.
#[derive(Args)]
pub(crate) struct Differential {
    /// How many modules
    #[arg(long, default_value_t = 10_000)]
    count: u64,
    /// The first seed; the others follow it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Stop after so many seconds
    #[arg(long)]
    seconds: Option<u64>,
    /// How many modules at once [default: one for each CPU]
    #[arg(long)]
    jobs: Option<u64>,
    /// Run this seed alone, and print all that is seen
    #[arg(long, value_name = "SEED", conflicts_with_all = ["count", "seed", "seconds", "jobs"])]
    only: Option<u64>,
}

impl Differential {
    fn run(&self, sh: &Shell) -> Result<()> {
        let program = cargo::beside_wasmtime(sh, "wasmetal-differential")?;
        let findings = cargo::target_directory().join("findings");
        let (count, seed) = (self.count, self.seed);
        let mut arguments = vec![format!("--count={count}"), format!("--seed={seed}")];
        let others = [
            ("--seconds", self.seconds),
            ("--jobs", self.jobs),
            ("--only", self.only),
        ];
        for (name, value) in others {
            arguments.extend(value.map(|value| format!("{name}={value}")));
        }
        say("running generated modules");
        cmd!(sh, "{program} --findings {findings} {arguments...}")
            // Errors then take no backtraces.
            .env_remove("RUST_BACKTRACE")
            .env_remove("RUST_LIB_BACKTRACE")
            .quiet()
            .run()
            .map_err(|_| anyhow!("there are findings; what it printed says which"))
    }
}
