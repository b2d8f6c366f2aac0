//! The arguments of programs that verbs hand theirs on to: the same files that these programs have.
//!
//! So `--help` is answered, and mistakes are found, before anything is built.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "the programs read what this tool only checks, and one has it in a library"
)]

use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result, ensure};

#[path = "../bombs/src/arguments.rs"]
pub(crate) mod bombs;
#[path = "../fuzz/src/arguments.rs"]
pub(crate) mod fuzz;
#[path = "../image/src/arguments.rs"]
pub(crate) mod image;
#[path = "../wast/src/arguments.rs"]
pub(crate) mod wast;

/// Finds a wrong path before anything is built.
///
/// # Errors
/// The file can't be opened.
pub(crate) fn check_file(path: &Path) -> Result<()> {
    File::open(path)
        .map(drop)
        .with_context(|| format!("cannot read {}: check the path", path.display()))
}

/// Finds a path that can't be written before anything is built.
///
/// # Errors
/// It is a folder, or its folder is not there.
pub(crate) fn check_output(path: &Path) -> Result<()> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    ensure!(
        folder.is_none_or(Path::is_dir),
        "cannot write {}: its folder is not there",
        path.display()
    );
    ensure!(
        !path.is_dir(),
        "cannot write {}: it is a folder",
        path.display()
    );
    Ok(())
}
