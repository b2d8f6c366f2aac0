//! `bench`: wasmetal beside Wasmtime and wasmi on Linux; exact instruction counts on the device.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use anyhow::Result;
use wasmetal_arguments::arguments;
use xshell::{Shell, cmd};

use crate::{
    cargo::{self, WASM, say},
    program::{self, JOBS},
    setup::{self, Need},
};

arguments! {
    /// Measures speed
    ///
    /// On this machine: run time, compile time, code size, instantiation, calls, traps and asynchronous calls, as ratios to
    /// Wasmtime measured in the same run; and the memory of 10,000 guests that wait (--filter suspended).
    ///
    /// With --bare: exact instruction counts on the device, each kernel beside its native build.
    pub struct Bench {
        /// Count instructions on the device under QEMU
        #[arg(long, conflicts_with_all = ["rounds", "quick", "metered"])]
        pub bare: bool,
        /// Only cases whose `family/name` contains this text; on the device, only those of
        /// compile, calls, instances, load, collections and kernels whose name contains it
        #[arg(long)]
        pub filter: Option<String>,
        /// How often each engine runs each case
        #[arg(long)]
        pub rounds: Option<u32>,
        /// Few rounds, and Wasmtime alone to compare with
        #[arg(long)]
        pub quick: bool,
        /// Measure what counting fuel and looking at epochs costs, here and with Wasmtime
        #[arg(long, conflicts_with = "quick")]
        pub metered: bool,
    }
}

impl Bench {
    pub(crate) fn run(&self, sh: &Shell, typed: &[OsString]) -> Result<()> {
        match self.bare {
            true => program::start(sh, JOBS, typed),
            false => self.on_linux(sh, &modules(sh)?),
        }
    }

    fn on_linux(&self, sh: &Shell, modules: &Path) -> Result<()> {
        let program = cargo::beside_wasmtime(sh, "wasmetal-bench")?;
        let mut arguments = Vec::new();
        if let Some(filter) = &self.filter {
            arguments.push(format!("--filter={filter}"));
        }
        if let Some(rounds) = self.rounds {
            arguments.push(format!("--rounds={rounds}"));
        }
        if self.quick {
            arguments.push("--quick".to_owned());
        }
        if self.metered {
            arguments.push("--metered".to_owned());
        }
        say("measuring");
        cmd!(sh, "{program} --modules {modules} {arguments...}")
            // Errors then take no backtraces: traps would measure those.
            .env_remove("RUST_BACKTRACE")
            .env_remove("RUST_LIB_BACKTRACE")
            .quiet()
            .run()?;
        Ok(())
    }
}

/// Builds the kernels and guests for WebAssembly, and returns the folder that they are in.
///
/// # Errors
/// The build failed.
pub fn modules(sh: &Shell) -> Result<PathBuf> {
    setup::ensure(sh, &[Need::Target(WASM)])?;
    say("building the kernels and guests for WebAssembly");
    cmd!(
        sh,
        "cargo build --profile guest --package wasmetal-kernels --package wasmetal-guests --examples --target {WASM}"
    )
    .run()?;
    Ok(cargo::target_directory()
        .join(WASM)
        .join("guest")
        .join("examples"))
}
