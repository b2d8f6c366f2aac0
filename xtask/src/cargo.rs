//! Where things are, and how they are built: each target in a cargo invocation of its own, so that
//! no feature leaks from one to the other.

use std::{
    env::{self, consts::EXE_SUFFIX},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::setup::{self, Need};

/// The target triple of firmware.
pub(crate) const BARE: &str = "aarch64-unknown-none";
/// The target triple of guests.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest
        .parent()
        .expect("xtask is a folder of the workspace")
        .to_owned()
}

/// Where cargo puts what it builds.
pub(crate) fn target_directory() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |path| root().join(path))
}

/// A folder for files that go from this tool to another.
pub(crate) fn scratch(sh: &Shell) -> Result<PathBuf> {
    Ok(sh.create_dir(target_directory().join("scratch"))?)
}

/// The programs for this machine that hold the runtime, and the firmwares. Each kind is built in one
/// go: features that differ from one to the other would build the compiler inside once more.
const PROGRAMS: [&str; 5] = [
    "wasmetal-bombs",
    "wasmetal-fuzz",
    "wasmetal-image",
    "wasmetal-linux",
    "wasmetal-wast",
];
const FIRMWARES: [&str; 4] = [
    "wasmetal-bare",
    "wasmetal-bench-bare",
    "wasmetal-board",
    "wasmetal-wast-bare",
];

/// Builds a program for this machine, optimised, and returns where it is.
pub(crate) fn host_program(sh: &Shell, name: &str) -> Result<PathBuf> {
    host_program_with(sh, name, &[])
}

/// As [`host_program`], for one that looks for faults: with debug assertions and checks for overflow.
pub(crate) fn checked_program(sh: &Shell, name: &str) -> Result<PathBuf> {
    host_program_with(sh, name, &checks())
}

fn host_program_with(sh: &Shell, name: &str, flags: &[String]) -> Result<PathBuf> {
    say("building the programs for this machine");
    let packages = PROGRAMS.iter().flat_map(|package| ["--package", package]);
    cmd!(sh, "cargo build --release {packages...} {flags...}")
        .run()
        .context(BUILD_HINT)?;
    Ok(target_directory()
        .join("release")
        .join(format!("{name}{EXE_SUFFIX}")))
}

/// The packages whose faults are looked for. Only these are built a second time: no profile of its own has Cranelift
/// built once more.
const CHECKED: [&str; 5] = [
    "wasmetal",
    "wasmetal-platform",
    "wasmetal-platform-linux",
    "wasmetal-run",
    "wasmetal-fuzz",
];

/// Turns on debug assertions and checks for overflow in release builds.
fn checks() -> Vec<String> {
    let settings = ["debug-assertions", "overflow-checks"];
    let all = CHECKED
        .iter()
        .flat_map(|package| settings.map(|it| (package, it)));
    all.flat_map(|(package, it)| {
        let setting = format!("profile.release.package.{package}.{it}=true");
        ["--config".to_owned(), setting]
    })
    .collect()
}

/// The programs that have Wasmtime beside the runtime. It takes minutes to build, and nothing else
/// needs it.
const BESIDE_WASMTIME: [&str; 6] = [
    "--package",
    "wasmetal-bench",
    "--package",
    "wasmetal-fuzz",
    "--features",
    "wasmetal-fuzz/wasmtime",
];

/// Builds a program that has Wasmtime in it, and returns where it is.
pub(crate) fn beside_wasmtime(sh: &Shell, name: &str) -> Result<PathBuf> {
    beside_wasmtime_with(sh, name, &[])
}

/// As [`beside_wasmtime`], with debug assertions and checks for overflow in what is ours.
pub(crate) fn checked_beside_wasmtime(sh: &Shell, name: &str) -> Result<PathBuf> {
    beside_wasmtime_with(sh, name, &checks())
}

fn beside_wasmtime_with(sh: &Shell, name: &str, flags: &[String]) -> Result<PathBuf> {
    say(&format!("building {name}, and Wasmtime with it"));
    cmd!(sh, "cargo build --release {BESIDE_WASMTIME...} {flags...}")
        .run()
        .context(BUILD_HINT)?;
    Ok(target_directory()
        .join("release")
        .join(format!("{name}{EXE_SUFFIX}")))
}

/// Builds a firmware, optimised, and returns where it is.
pub(crate) fn firmware(sh: &Shell, name: &str) -> Result<PathBuf> {
    let features = FIRMWARES
        .map(|package| format!("{package}/device"))
        .join(",");
    let packages = FIRMWARES.iter().flat_map(|package| ["--package", package]);
    let flags: Vec<&str> = packages.chain(["--features", &features]).collect();
    build(sh, name, "release", &flags)
}

/// How small firmware is built, besides the profile `firmware`, in place of the flags in `.cargo/config.toml`.
const SMALL: [&str; 5] = [
    "link-arg=-Tlink.ld",
    // Code that occurs several times becomes a function; functions that are equal become one.
    "llvm-args=-enable-machine-outliner=always",
    "llvm-args=-machine-outliner-reruns=3",
    "link-arg=--icf=all",
    // Nobody looks at a backtrace.
    "force-frame-pointers=no",
];
/// SHA-256 as a loop.
const COMPACT: [&str; 2] = ["sha2_backend=\"soft\"", "sha2_backend_soft=\"compact\""];
/// Firmware within one MiB, stacks included: addresses take one instruction.
const TINY: [&str; 2] = ["code-model=tiny", "link-arg=--defsym=__stack_size=0x40000"];

/// Builds the loader, small, with these cargo features of wasmetal's, separated by commas, and returns
/// where it is.
///
/// Flags are as those of Rust's own libraries, unaligned accesses excluded too: otherwise LLVM keeps what a call into
/// these passes and nobody uses, above all where panics come from.
pub(crate) fn loader(sh: &Shell, features: &str) -> Result<PathBuf> {
    let mut all = "device".to_owned();
    for feature in features.split(',').filter(|feature| !feature.is_empty()) {
        // With a compiler the loader does something else.
        let owner = if feature == "compile" {
            ""
        } else {
            "wasmetal/"
        };
        all.extend([",", owner, feature]);
    }
    let tiny = if features.contains("compile") {
        &[][..]
    } else {
        &TINY
    };
    // The stack's size before the linker script that has the default.
    let codegen = tiny.iter().chain(&SMALL).flat_map(|flag| ["-C", flag]);
    let flags: Vec<&str> = codegen
        .chain(COMPACT.iter().flat_map(|cfg| ["--cfg", cfg]))
        .collect();
    let _flags = sh.push_env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    let flags = ["--package", "wasmetal-loader", "--features", &all];
    build(sh, "wasmetal-loader", "firmware", &flags)
}

fn build(sh: &Shell, name: &str, profile: &str, flags: &[&str]) -> Result<PathBuf> {
    setup::ensure(sh, &[Need::Target(BARE)])?;
    say(&format!("building the firmware for {BARE}"));
    cmd!(
        sh,
        "cargo build --profile {profile} --target {BARE} {flags...}"
    )
    .run()
    .context(BUILD_HINT)?;
    Ok(target_directory().join(BARE).join(profile).join(name))
}

const BUILD_HINT: &str = "the build failed: cargo's own message above says why";

/// Tells what is being done.
pub(crate) fn say(what: &str) {
    eprintln!("==> {what}");
}
