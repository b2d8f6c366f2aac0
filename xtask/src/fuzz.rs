//! `fuzz`: generated modules, with this runtime and with others, on this machine and on the device.

use std::{ffi::OsString, path::Path};

use anyhow::{Result, anyhow};
use wasmetal_arguments::{arguments, verbs};
use xshell::{Shell, cmd};

use crate::{
    arguments::fuzz::{Differential, Objects, Wasi},
    cargo::{self, say},
    program::{self, JOBS},
};

verbs! {
    /// Tries generated modules, and stops and suspends programs at random
    pub enum Fuzz {
        Differential(Differential),
        Objects(Objects),
        Images(Images),
        Stops(Stops),
        Slices(Slices),
        Wasi(Wasi),
    }
}

impl Fuzz {
    pub(crate) fn run(&self, sh: &Shell, typed: &[OsString]) -> Result<()> {
        // What was typed after the names of both verbs.
        let rest = typed.get(2..).unwrap_or_default();
        match self {
            Self::Differential(verb) => verb.run(sh, rest),
            Self::Objects(verb) => verb.run(sh, rest),
            Self::Wasi(verb) => verb.run(sh, rest),
            Self::Images(_) | Self::Stops(_) | Self::Slices(_) => program::start(sh, JOBS, typed),
        }
    }
}

impl Differential {
    fn run(&self, sh: &Shell, typed: &[OsString]) -> Result<()> {
        let program = match self.slices {
            true => cargo::checked_program(sh, "wasmetal-differential")?,
            false => cargo::checked_beside_wasmtime(sh, "wasmetal-differential")?,
        };
        run_seeds(sh, &program, typed)
    }
}

impl Objects {
    fn run(&self, sh: &Shell, typed: &[OsString]) -> Result<()> {
        let program = match self.alone {
            true => cargo::checked_program(sh, "wasmetal-objects")?,
            false => cargo::checked_beside_wasmtime(sh, "wasmetal-objects")?,
        };
        run_seeds(sh, &program, typed)
    }
}

impl Wasi {
    fn run(&self, sh: &Shell, typed: &[OsString]) -> Result<()> {
        let program = cargo::checked_program(sh, "wasmetal-wasi-calls")?;
        run_seeds(sh, &program, typed)
    }
}

/// Has a program run seeds.
fn run_seeds(sh: &Shell, program: &Path, arguments: &[OsString]) -> Result<()> {
    let findings = cargo::target_directory().join("findings");
    say("running generated modules");
    cmd!(sh, "{program} --findings {findings} {arguments...}")
        // Errors then take no backtraces.
        .env_remove("RUST_BACKTRACE")
        .env_remove("RUST_LIB_BACKTRACE")
        .quiet()
        .run()
        .map_err(|_| {
            anyhow!("it did not succeed, or there are findings; what it printed says which")
        })
}

arguments! {
    /// Compiles modules here and on the device under QEMU, and compares the images, byte for byte
    ///
    /// All guests, and generated modules; each with guard pages and with explicit checks. Both sides have debug assertions.
    pub struct Images {
        /// How many generated modules
        #[arg(long, default_value_t = 500)]
        pub count: u64,
        /// The first seed; the others follow it
        #[arg(long, default_value_t = 1)]
        pub seed: u64,
    }
}

arguments! {
    /// Stops all guests and kernels at random instructions, here or on the device under QEMU
    ///
    /// After each stop, memories, globals and tables are read, other code runs in the same store, and nothing may be lost.
    /// On the device a seed makes the same stops each time: QEMU counts instructions, one a nanosecond.
    pub struct Stops {
        /// What it has in common with slices.
        #[command(flatten)]
        pub at_random: AtRandom,
    }
}

arguments! {
    /// Suspends asynchronous calls of all guests, kernels and a program with objects and exceptions at random instructions,
    /// here or on the device under QEMU
    ///
    /// Nine of ten suspensions are gone on with, and results must be those of an undisturbed run. The tenth is dropped: then
    /// memories, globals and tables are read, other code runs in the same store, and nothing may be lost. On the device a seed
    /// makes the same suspensions each time: QEMU counts instructions, one a nanosecond.
    pub struct Slices {
        /// What it has in common with stops.
        #[command(flatten)]
        pub at_random: AtRandom,
    }
}

arguments! {
    /// Where and how often programs are left at random instructions.
    pub struct AtRandom {
        /// On the device
        #[arg(long)]
        pub bare: bool,
        /// How often [default: 100000; on the device 10000]
        #[arg(long)]
        pub count: Option<u32>,
        /// Without debug assertions and checks for overflow: for the times that it prints
        #[arg(long)]
        pub unchecked: bool,
        /// What it is made from when each is left
        #[arg(long, default_value_t = 1)]
        pub seed: u64,
    }
}
