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

/// Builds a program for this machine, optimised, and returns where it is.
pub(crate) fn host_program(sh: &Shell, package: &str) -> Result<PathBuf> {
    say(&format!("building {package} for this machine"));
    cmd!(sh, "cargo build --release --package {package}")
        .run()
        .context(BUILD_HINT)?;
    Ok(target_directory()
        .join("release")
        .join(format!("{package}{EXE_SUFFIX}")))
}

/// Builds a firmware, and returns where it is.
pub(crate) fn firmware(sh: &Shell, package: &str, flags: &[&str]) -> Result<PathBuf> {
    setup::ensure(sh, &[Need::Target(BARE)])?;
    say(&format!("building the firmware {package} for {BARE}"));
    cmd!(
        sh,
        "cargo build --release --package {package} {flags...} --target {BARE}"
    )
    .run()
    .context(BUILD_HINT)?;
    Ok(target_directory().join(BARE).join("release").join(package))
}

const BUILD_HINT: &str = "the build failed: cargo's own message above says why";

/// Tells what is being done.
pub(crate) fn say(what: &str) {
    eprintln!("==> {what}");
}
