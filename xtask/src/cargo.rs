//! Where things are, and how they are built: each target in a cargo invocation of its own, so that
//! no feature leaks from one to the other.

use std::{
    env::{self, consts::EXE_SUFFIX},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use xshell::{Shell, cmd};

use crate::setup::{self, Need};

/// The target triple of firmware.
pub const BARE: &str = "aarch64-unknown-none";
/// The target triple of guests.
pub const WASM: &str = "wasm32-unknown-unknown";
/// The target triple of programs that use WASI.
pub const WASI: &str = "wasm32-wasip1";

/// The root of the workspace.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest
        .parent()
        .expect("xtask is a folder of the workspace")
        .to_owned()
}

/// Where cargo puts what it builds.
pub fn target_directory() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |path| root().join(path))
}

/// A folder for files that go from this tool to another.
pub fn scratch(sh: &Shell) -> Result<PathBuf> {
    Ok(sh.create_dir(target_directory().join("scratch"))?)
}

/// The bytes of a module in the text format; `name` is for errors.
///
/// # Errors
/// It is no module.
pub fn assemble(sh: &Shell, name: &str, text: &str) -> Result<Vec<u8>> {
    cmd!(
        sh,
        "cargo build --quiet --profile xtask --package wasmetal-assemble"
    )
    .quiet()
    .run()
    .context(BUILD_HINT)?;
    let program = target_directory()
        .join("xtask")
        .join(format!("wasmetal-assemble{EXE_SUFFIX}"));
    let output = cmd!(sh, "{program} {name}")
        .stdin(text)
        .quiet()
        .ignore_status()
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{}",
        said.trim_start_matches("error: ").trim_end()
    );
    Ok(output.stdout)
}

/// Builds a program for this machine, optimised, and returns where it is.
pub fn host_program(sh: &Shell, name: &str) -> Result<PathBuf> {
    host_program_with(sh, name, &[])
}

/// As [`host_program`], for one that looks for faults: with debug assertions and checks for overflow.
pub fn checked_program(sh: &Shell, name: &str) -> Result<PathBuf> {
    host_program_with(sh, name, &checks())
}

fn host_program_with(sh: &Shell, name: &str, flags: &[String]) -> Result<PathBuf> {
    say(&format!("building {name}"));
    let package = match name {
        "wasmetal-differential"
        | "wasmetal-images"
        | "wasmetal-objects"
        | "wasmetal-wasi-calls" => "wasmetal-fuzz",
        alone => alone,
    };
    cmd!(
        sh,
        "cargo build --release --package {package} --bin {name} {flags...}"
    )
    .run()
    .context(BUILD_HINT)?;
    Ok(target_directory()
        .join("release")
        .join(format!("{name}{EXE_SUFFIX}")))
}

/// The packages whose faults are looked for. Only these are built a second time: no profile of its own has Cranelift
/// built once more.
const CHECKED: [&str; 9] = [
    "wasmetal",
    "wasmetal-wasi",
    "wasmetal-platform",
    "wasmetal-platform-linux",
    "wasmetal-platform-bare",
    "wasmetal-run",
    "wasmetal-fuzz",
    "wasmetal-linux",
    "wasmetal-bare",
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
pub fn beside_wasmtime(sh: &Shell, name: &str) -> Result<PathBuf> {
    beside_wasmtime_with(sh, name, &[])
}

/// As [`beside_wasmtime`], with debug assertions and checks for overflow in what is ours.
pub fn checked_beside_wasmtime(sh: &Shell, name: &str) -> Result<PathBuf> {
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
pub fn firmware(sh: &Shell, name: &str) -> Result<PathBuf> {
    firmware_with(sh, name, &[])
}

/// As [`firmware`], for one that looks for faults: with debug assertions and checks for overflow.
pub fn checked_firmware(sh: &Shell, name: &str) -> Result<PathBuf> {
    firmware_with(sh, name, &checks())
}

fn firmware_with(sh: &Shell, name: &str, checks: &[String]) -> Result<PathBuf> {
    let flags = ["--package", name, "--features", "device"].into_iter();
    let flags: Vec<&str> = flags.chain(checks.iter().map(String::as_str)).collect();
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
pub fn loader(sh: &Shell, features: &str) -> Result<PathBuf> {
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

pub(crate) const BUILD_HINT: &str = "the build failed: cargo's own message above says why";

/// Tells what is being done.
pub fn say(what: &str) {
    eprintln!("==> {what}");
}
