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

use anyhow::{Context, Result};

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
