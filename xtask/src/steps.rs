//! What `test` does, as data.

use crate::setup::{Need, QEMU_SYSTEM, QEMU_USER};

/// One check.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// What it is called; unique.
    pub(crate) name: &'static str,
    /// What it needs besides cargo.
    pub(crate) needs: &'static [Need],
    /// What it runs.
    pub(crate) run: Run,
}

/// What a step runs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Run {
    /// `cargo`, with these arguments.
    Cargo(&'static str),
    /// `cargo clippy`, with these arguments; a warning fails it.
    Clippy(&'static str),
    /// `cargo doc`, with these arguments; a warning fails it.
    Doc(&'static str),
    /// This tool, with these arguments.
    Xtask(&'static str),
}

const fn step(name: &'static str, needs: &'static [Need], run: Run) -> Step {
    Step { name, needs, run }
}

const FORMAT: Need = Need::Component("rustfmt");
const CLIPPY: Need = Need::Component("clippy");
const BARE: Need = Need::Target(crate::cargo::BARE);
const WASM: Need = Need::Target(crate::cargo::WASM);
const MUSL: Need = Need::Target("aarch64-unknown-linux-musl");

use Run::{Cargo, Clippy, Doc, Xtask};

/// Every step, the quickest first.
pub(crate) const STEPS: &[Step] = &[
    step("format", &[FORMAT], Cargo("fmt --all --check")),
    // Every crate, in every combination of features, for every target that it is for.
    step(
        "clippy: host",
        &[CLIPPY],
        Clippy("--workspace --all-targets"),
    ),
    step(
        "clippy: core, no feature",
        &[CLIPPY],
        Clippy("-p wasmetal --all-targets --no-default-features"),
    ),
    step(
        "clippy: core, std",
        &[CLIPPY],
        Clippy("-p wasmetal --all-targets --no-default-features --features std"),
    ),
    step(
        "clippy: core, compile",
        &[CLIPPY],
        Clippy("-p wasmetal --all-targets --no-default-features --features compile"),
    ),
    step(
        "clippy: core, all",
        &[CLIPPY],
        Clippy("-p wasmetal --all-targets --all-features"),
    ),
    step(
        "clippy: core, bare, no feature",
        &[CLIPPY, BARE],
        Clippy("-p wasmetal --no-default-features --target aarch64-unknown-none"),
    ),
    step(
        "clippy: core, bare, compile",
        &[CLIPPY, BARE],
        Clippy("-p wasmetal --target aarch64-unknown-none"),
    ),
    step(
        "clippy: platform-bare",
        &[CLIPPY, BARE],
        Clippy("-p wasmetal-platform-bare --lib --tests --target aarch64-unknown-none"),
    ),
    step(
        "clippy: firmware",
        &[CLIPPY, BARE],
        Clippy(
            "-p wasmetal-bare -p wasmetal-wast-bare --features wasmetal-bare/device,wasmetal-wast-bare/device --target aarch64-unknown-none",
        ),
    ),
    step(
        "clippy: guests",
        &[CLIPPY, WASM],
        Clippy("-p wasmetal-guests --examples --target wasm32-unknown-unknown --profile guest"),
    ),
    step(
        "clippy: aarch64 Linux",
        &[CLIPPY, MUSL],
        Clippy(
            "-p wasmetal -p wasmetal-platform-linux --all-targets --all-features --target aarch64-unknown-linux-musl",
        ),
    ),
    step("documentation", &[], Doc("--workspace --no-deps")),
    step("tests: core", &[], Cargo("test -p wasmetal --all-features")),
    step(
        "tests: all other packages",
        &[],
        Cargo("test --workspace --exclude wasmetal"),
    ),
    step(
        "tests: aarch64 Linux",
        &[MUSL, QEMU_USER],
        Cargo(
            "test -p wasmetal -p wasmetal-platform-linux --all-features --lib --tests --target aarch64-unknown-linux-musl",
        ),
    ),
    step(
        "tests: kernels on the device",
        &[BARE, QEMU_SYSTEM],
        Cargo(
            "test -p wasmetal-platform-bare --test * --no-fail-fast --release --target aarch64-unknown-none",
        ),
    ),
    step("wast: v1", &[], Xtask("wast --suite v1")),
    step("wast: v2", &[], Xtask("wast --suite v2")),
    step(
        "wast: v1, explicit checks",
        &[],
        Xtask("wast --explicit-checks --suite v1"),
    ),
    step(
        "wast: v2, explicit checks",
        &[],
        Xtask("wast --explicit-checks --suite v2"),
    ),
    step(
        "wast: v1 on the device",
        &[],
        Xtask("wast --bare --suite v1"),
    ),
    step(
        "wast: v2 on the device",
        &[],
        Xtask("wast --bare --suite v2"),
    ),
    step("guests on Linux", &[], Xtask("run --linux")),
    step("guests on the device", &[], Xtask("run --bare")),
    step("size", &[], Xtask("size")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        for (index, step) in STEPS.iter().enumerate() {
            assert!(
                STEPS[..index].iter().all(|other| other.name != step.name),
                "{}",
                step.name
            );
        }
    }
}
