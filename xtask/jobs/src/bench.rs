//! `bench --bare`: exact instruction counts on the device.

use std::fs;

use anyhow::{Context, Result, bail};
use xshell::Shell;
use xtask::{
    bench::{self, Bench},
    cargo::{self, say},
    qemu,
};

/// The modules that the device compiles: all kernels, and a guest of middling size.
const COMPILED: [&str; 2] = ["kernels", "deflate"];

/// Small modules, as text.
const SMALL: [(&str, &str); 5] = [
    ("empty", "(module)"),
    ("small", include_str!("../../bench/src/small.wat")),
    ("calls", include_str!("../../bench/src/calls.wat")),
    (
        "collections",
        include_str!("../../bench/src/collections.wat"),
    ),
    (
        "atomics",
        include_str!("../../../examples/kernels/wat/atomics.wat"),
    ),
];

pub(crate) fn run(verb: &Bench, sh: &Shell) -> Result<()> {
    let modules = bench::modules(sh)?;
    let filter = verb.filter.as_deref().unwrap_or_default();
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
