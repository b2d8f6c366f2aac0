//! Programs that take this tool's own command line, and do what it has no means for.

use std::{env::consts::EXE_SUFFIX, error::Error, ffi::OsString, fmt, path::PathBuf};

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::cargo::{BUILD_HINT, say, target_directory};

/// It puts jobs together for hosts and firmware.
pub(crate) const JOBS: &str = "wasmetal-jobs";
/// It knows tables, and what is in a firmware.
pub(crate) const FIRMWARE: &str = "wasmetal-firmware";

/// A program has failed, with this exit code, and said why.
#[derive(Debug)]
pub(crate) struct Failed(pub(crate) u8);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it did not succeed; what it printed says why")
    }
}

impl Error for Failed {}

/// Builds such a program, and returns where it is.
///
/// # Errors
/// The build failed.
pub(crate) fn build(sh: &Shell, name: &str) -> Result<PathBuf> {
    say(&format!("building {name}"));
    cmd!(sh, "cargo build --profile xtask --package {name}")
        .quiet()
        .run()
        .context(BUILD_HINT)?;
    let folder = target_directory().join("xtask");
    Ok(folder.join(format!("{name}{EXE_SUFFIX}")))
}

/// Has such a program do what was typed.
///
/// # Errors
/// The build failed; or [`Failed`], with the program's exit code.
pub(crate) fn start(sh: &Shell, name: &str, typed: &[OsString]) -> Result<()> {
    let program = build(sh, name)?;
    // Paths are the caller's.
    let _here = sh.push_dir(std::env::current_dir()?);
    let status = std::process::Command::from(cmd!(sh, "{program} {typed...}")).status();
    match status.with_context(|| format!("cannot start {name}"))? {
        status if status.success() => Ok(()),
        // A signal has no code.
        status => Err(Failed(status.code().map_or(1, |code| code as u8)).into()),
    }
}
