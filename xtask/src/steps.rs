//! What `test` does, as data.

use crate::{
    cargo::{BARE, WASI, WASM},
    setup::{Need, QEMU_SYSTEM, QEMU_USER},
};

/// One check.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// What it is called; unique.
    pub(crate) name: &'static str,
    /// What it runs.
    pub(crate) run: Run,
    /// What it needs besides cargo.
    pub(crate) needs: &'static [Need],
    /// Whether it may run beside others. Such a step is about no time, and keeps one core busy for long.
    pub(crate) beside: bool,
}

/// What a step runs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Run {
    /// `cargo`, with these arguments.
    Cargo(&'static str),
    /// `cargo`, with these arguments, for kernels that boot as their table says.
    Kernels(&'static str),
    /// `cargo clippy`, with these arguments; a warning fails it.
    Clippy(&'static str),
    /// `cargo doc`, with these arguments; a warning fails it.
    Doc(&'static str),
    /// `cargo miri`, with these arguments, by a nightly toolchain; skipped where there is none.
    Miri(&'static str),
    /// This tool, with these arguments.
    Xtask(&'static str),
}

use Run::{Cargo, Clippy, Doc, Kernels, Miri, Xtask};

const FORMATTER: Need = Need::Component {
    name: "rustfmt",
    program: "cargo-fmt",
};
const LINTER: Need = Need::Component {
    name: "clippy",
    program: "cargo-clippy",
};
const STD_BARE: Need = Need::Target(BARE);
const STD_WASM: Need = Need::Target(WASM);
const STD_WASI: Need = Need::Target(WASI);
const STD_ARM_LINUX: Need = Need::Target("aarch64-unknown-linux-musl");

/// Every step. The lints are a matrix of crates, features and targets: what nothing builds rots.
#[rustfmt::skip]
pub(crate) const STEPS: &[Step] = &[
    step("format", Cargo("fmt --all --check"), &[FORMATTER]),

    step("lint: host", Clippy("--workspace --exclude wasmetal-bench --all-targets"), &[LINTER]),
    step("lint: host, Wasmtime beside it", Clippy("-p wasmetal-bench -p wasmetal-fuzz --features wasmetal-fuzz/wasmtime --all-targets"), &[LINTER]),
    step("lint: core", Clippy("-p wasmetal --all-targets --no-default-features"), &[LINTER]),
    step("lint: core + std", Clippy("-p wasmetal --all-targets --no-default-features --features std"), &[LINTER]),
    step("lint: core + compile", Clippy("-p wasmetal --all-targets --no-default-features --features compile"), &[LINTER]),
    step("lint: core + compile + std + signatures", Clippy("-p wasmetal --all-targets --no-default-features --features compile,std,signatures"), &[LINTER]),
    step("lint: core + simd", Clippy("-p wasmetal --all-targets --no-default-features --features compile,simd"), &[LINTER]),
    step("lint: core + threads", Clippy("-p wasmetal --all-targets --no-default-features --features compile,threads"), &[LINTER]),
    step("lint: core + gc", Clippy("-p wasmetal --all-targets --no-default-features --features compile,gc"), &[LINTER]),
    step("lint: core + exceptions", Clippy("-p wasmetal --all-targets --no-default-features --features compile,exceptions"), &[LINTER]),
    step("lint: core + async", Clippy("-p wasmetal --all-targets --no-default-features --features async"), &[LINTER]),
    step("lint: core + signatures + proposals + async, no compiler", Clippy("-p wasmetal --all-targets --no-default-features --features signatures,simd,threads,gc,exceptions,async"), &[LINTER]),
    step("lint: core + demangle", Clippy("-p wasmetal --all-targets --no-default-features --features demangle"), &[LINTER]),
    step("lint: core + wat", Clippy("-p wasmetal --all-targets --no-default-features --features wat"), &[LINTER]),
    step("lint: WASI", Clippy("-p wasmetal-wasi --all-targets --no-default-features"), &[LINTER]),
    step("lint: WASI + std", Clippy("-p wasmetal-wasi --all-targets --no-default-features --features std"), &[LINTER]),
    step("lint: platform + fake + conformance", Clippy("-p wasmetal-platform --all-targets --all-features"), &[LINTER]),
    step("lint: aarch64 Linux", Clippy("-p wasmetal -p wasmetal-platform-linux -p wasmetal-wasi --all-targets --all-features --target aarch64-unknown-linux-musl"), &[LINTER, STD_ARM_LINUX]),
    step("lint: bare, core", Clippy("-p wasmetal --no-default-features --target aarch64-unknown-none"), &[LINTER, STD_BARE]),
    step("lint: bare, core + compile", Clippy("-p wasmetal --no-default-features --features compile --target aarch64-unknown-none"), &[LINTER, STD_BARE]),
    step("lint: bare, core + compile + proposals", Clippy("-p wasmetal --target aarch64-unknown-none"), &[LINTER, STD_BARE]),
    step("lint: bare, WASI", Clippy("-p wasmetal-wasi --features fat --target aarch64-unknown-none"), &[LINTER, STD_BARE]),
    step("lint: bare, platform", Clippy("-p wasmetal-platform-bare --features critical-section --lib --test * --target aarch64-unknown-none"), &[LINTER, STD_BARE]),
    step("lint: bare, platform without reports", Clippy("-p wasmetal-platform-bare --lib --no-default-features --target aarch64-unknown-none"), &[LINTER, STD_BARE]),
    step("lint: bare, firmware", Clippy("-p wasmetal-bare -p wasmetal-bench-bare -p wasmetal-board -p wasmetal-embassy -p wasmetal-wast-bare --features wasmetal-bare/device,wasmetal-bench-bare/device,wasmetal-board/device,wasmetal-embassy/device,wasmetal-wast-bare/device --target aarch64-unknown-none"), &[LINTER, STD_BARE]),
    step("lint: bare, firmware without the compiler", Clippy("-p wasmetal-bare --no-default-features --features device --target aarch64-unknown-none"), &[LINTER, STD_BARE]),
    step("lint: bare, loader", Clippy("-p wasmetal-loader --features device --target aarch64-unknown-none"), &[LINTER, STD_BARE]),
    step("lint: bare, loader with the compiler", Clippy("-p wasmetal-loader --features device,compile --target aarch64-unknown-none"), &[LINTER, STD_BARE]),
    step("lint: guests", Clippy("-p wasmetal-guests -p wasmetal-kernels --examples --profile guest --target wasm32-unknown-unknown"), &[LINTER, STD_WASM]),
    step("documentation", Doc("--workspace --exclude wasmetal-bench --no-deps --features wasmetal/wat"), &[]),

    step("public API", Xtask("api"), &[]),
    step("packages", Cargo("package --quiet --no-verify --allow-dirty -p wasmetal-platform -p wasmetal -p wasmetal-platform-linux -p wasmetal-platform-bare -p wasmetal-wasi"), &[]),

    step("tests: host", Cargo("test --workspace --exclude wasmetal-bench --no-fail-fast --features wasmetal/wat"), &[]),
    step("tests: WASI, FAT", Cargo("test -p wasmetal-wasi --all-features --no-fail-fast --test preview1 fat"), &[]),
    step("tests: host, no proposals", Cargo("test -p wasmetal --no-default-features --no-fail-fast --features wat --lib --test api"), &[]),
    step("tests: borrows of a store, and words of errors, by Miri", Miri("test -p wasmetal --no-default-features --features std,gc,exceptions,anyhow,async --lib -- call::tests error::tests"), &[]),
    // Not the compile bombs, nor where each allocation fails: minutes in an emulator, and kernels do both on the device.
    step("tests: aarch64 Linux", Cargo("test -p wasmetal -p wasmetal-platform-linux --all-features --no-fail-fast --lib --test api --test confined --test small_memories --test conformance --test lies --test signals --test threads --target aarch64-unknown-linux-musl"), &[STD_ARM_LINUX, QEMU_USER]),
    step("tests: kernels on the device", Kernels("test -p wasmetal-platform-bare --features critical-section --test * --no-fail-fast --release --target aarch64-unknown-none"), &[STD_BARE, QEMU_SYSTEM]),

    beside("size", Xtask("size --check"), &[STD_BARE]),

    beside("wast: all", Xtask("wast --complete --suite all"), &[]),
    beside("wast: all, explicit checks", Xtask("wast --complete --suite all --explicit-checks"), &[]),
    beside("wast: all, with fuel and epochs", Xtask("wast --complete --suite all --metered"), &[]),
    beside("wast: all, deterministic, collecting always", Xtask("wast --complete --suite all --deterministic --collect-always"), &[]),
    beside("wast: latest, not optimised, registers in one pass", Xtask("wast --complete --suite latest --no-optimisation --single-pass"), &[]),
    beside("wast: all, in time slices", Xtask("wast --complete --suite all --slices"), &[]),
    beside("wast: all, device", Xtask("wast --complete --suite all --bare"), &[]),
    beside("wast: latest, device, with fuel and epochs", Xtask("wast --complete --suite latest --bare --metered"), &[]),
    beside("wast: reported", Xtask("wast --complete core/tests/filetests/reported"), &[]),
    beside("wast: reported, explicit checks, collecting always", Xtask("wast --complete core/tests/filetests/reported --explicit-checks --collect-always"), &[]),
    beside("wast: reported, registers in one pass, collecting always", Xtask("wast --complete core/tests/filetests/reported --single-pass --collect-always"), &[]),
    beside("wast: reported, device", Xtask("wast --complete core/tests/filetests/reported --bare"), &[]),
    beside("wast: reported, device, explicit checks, collecting always", Xtask("wast --complete core/tests/filetests/reported --bare --explicit-checks --collect-always"), &[]),

    step("tokio: Linux", Cargo("run --release --package wasmetal-tokio"), &[]),
    step("Embassy: device", Xtask("run --embassy"), &[STD_BARE, QEMU_SYSTEM]),
    beside("guests: Linux", Xtask("run --linux"), &[]),
    beside("guests: device", Xtask("run --bare"), &[]),
    beside("programs: Linux", Xtask("run --programs"), &[STD_WASI]),
    beside("programs: device", Xtask("run --programs --bare"), &[STD_WASI, STD_BARE, QEMU_SYSTEM]),
    beside("calls of WASI: Linux", Xtask("fuzz wasi --count 1500"), &[]),
    beside("objects: Linux", Xtask("fuzz objects --alone --count 2600"), &[]),
    beside("fuel: Linux and device", Xtask("run --fuel"), &[STD_WASM, STD_BARE, QEMU_SYSTEM]),
    step("stops: Linux", Xtask("fuzz stops"), &[STD_WASM]),
    step("stops: device", Xtask("fuzz stops --bare"), &[STD_WASM, STD_BARE, QEMU_SYSTEM]),
    step("slices: Linux", Xtask("fuzz slices --count 20000"), &[STD_WASM]),
    beside("generated modules in slices: Linux", Xtask("fuzz differential --slices --count 400"), &[]),
    step("slices: device", Xtask("fuzz slices --bare --count 2000"), &[STD_WASM, STD_BARE, QEMU_SYSTEM]),
    step("board: device", Xtask("run --board"), &[STD_WASM, STD_BARE, QEMU_SYSTEM]),
    beside("examples: out of the tree", Xtask("outside"), &[FORMATTER, STD_BARE, QEMU_SYSTEM]),
    beside("loader: device", Xtask("run --loader"), &[STD_BARE, QEMU_SYSTEM]),
];

const fn step(name: &'static str, run: Run, needs: &'static [Need]) -> Step {
    Step {
        name,
        run,
        needs,
        beside: false,
    }
}

const fn beside(name: &'static str, run: Run, needs: &'static [Need]) -> Step {
    Step {
        beside: true,
        ..step(name, run, needs)
    }
}

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
