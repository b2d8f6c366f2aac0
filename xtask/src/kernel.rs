//! `kernel`: runs one kernel of `platform-bare/tests`; cargo calls its program for each that it has built.

use std::{ffi::OsString, path::PathBuf};

use anyhow::Result;
use wasmetal_arguments::arguments;
use xshell::Shell;

use crate::{
    arguments::check_file,
    program::{self, FIRMWARE},
};

arguments! {
    /// Boots a test kernel in every way that platform-bare/tests/kernels.toml names
    pub struct Kernel {
        /// The kernel, as cargo has built it
        pub firmware: PathBuf,
    }
}

impl Kernel {
    pub(crate) fn run(&self, sh: &Shell, typed: &[OsString]) -> Result<()> {
        check_file(&self.firmware)?;
        program::start(sh, FIRMWARE, typed)
    }
}
