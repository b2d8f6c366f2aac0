//! `bench`: wasmetal beside Wasmtime and wasmi on Linux; exact instruction counts on the device.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use clap::Args;
use xshell::{Shell, cmd};

use crate::{
    cargo::{self, WASM, say},
    qemu,
    setup::{self, Need},
};

/// Measures speed
///
/// On this machine: run time, compile time, code size, instantiation, calls and traps, as ratios to
/// Wasmtime measured in the same run.
///
/// With --bare: exact instruction counts on the device, each kernel beside its native build.
#[derive(Args)]
pub(crate) struct Bench {
    /// Count instructions on the device under QEMU
    #[arg(long, conflicts_with_all = ["rounds", "quick", "metered"])]
    bare: bool,
    /// Only cases whose `family/name` contains this text; on the device, only those of
    /// compile, calls, instances, load, collections and kernels whose name contains it
    #[arg(long)]
    filter: Option<String>,
    /// How often each engine runs each case
    #[arg(long)]
    rounds: Option<u32>,
    /// Few rounds, and Wasmtime alone to compare with
    #[arg(long)]
    quick: bool,
    /// Measure what counting fuel and looking at epochs costs, here and with Wasmtime
    #[arg(long, conflicts_with = "quick")]
    metered: bool,
}

impl Bench {
    pub(crate) fn run(&self, sh: &Shell) -> Result<()> {
        setup::ensure(sh, &[Need::Target(WASM)])?;
        say("building the kernels and guests for WebAssembly");
        cmd!(
            sh,
            "cargo build --profile guest --package wasmetal-kernels --package wasmetal-guests --examples --target {WASM}"
        )
        .run()?;
        let modules = cargo::target_directory()
            .join(WASM)
            .join("guest")
            .join("examples");
        if self.bare {
            on_device(sh, &modules, self.filter.as_deref().unwrap_or_default())
        } else {
            self.on_linux(sh, &modules)
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

/// The modules that the device compiles: all kernels, and a guest of middling size.
const COMPILED: [&str; 2] = ["kernels", "deflate"];

/// Small modules, as text.
const SMALL: [(&str, &str); 5] = [
    ("empty", "(module)"),
    ("small", include_str!("../bench/src/small.wat")),
    ("calls", include_str!("../bench/src/calls.wat")),
    ("collections", include_str!("../bench/src/collections.wat")),
    (
        "atomics",
        include_str!("../../examples/kernels/wat/atomics.wat"),
    ),
];

fn on_device(sh: &Shell, modules: &Path, filter: &str) -> Result<()> {
    let mut payload = Vec::new();
    for name in COMPILED {
        let path = modules.join(format!("{name}.wasm"));
        let wasm = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        payload.push((name, wasm));
    }
    for (name, text) in SMALL {
        payload.push((name, cargo::assemble(sh, name, text)?));
    }
    let payload = postcard::to_allocvec(&(filter, payload))?;

    let firmware = cargo::firmware(sh, "wasmetal-bench-bare")?;
    say("counting on QEMU's virt board, one instruction a nanosecond");
    let board = qemu::Board {
        payload: Some(&payload),
        arguments: &["-icount".to_owned(), "shift=0,sleep=off".to_owned()],
        ..Default::default()
    };
    match qemu::run(sh, &firmware, &board)? {
        0 => Ok(()),
        code => bail!("the firmware ended with exit code {code}; what it printed says why"),
    }
}
