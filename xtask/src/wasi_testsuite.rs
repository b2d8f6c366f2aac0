//! `wasi-testsuite`: WebAssembly's tests of WASI, on this machine or on the device.

use std::{ffi::OsString, path::PathBuf};

use anyhow::{Result, ensure};
use wasmetal_arguments::arguments;
use xshell::Shell;

use crate::program::{self, JOBS};

arguments! {
    /// Runs WebAssembly's tests of WASI's preview 1
    ///
    /// They are in the repository WebAssembly/wasi-testsuite, built, on the branch prod/testsuite-base. Runs each program that
    /// has `wasip1` in its path, with what its .json gives it, and compares its exit code and its output with what that says.
    pub struct WasiTestsuite {
        /// Run on the device under QEMU instead of on this machine: directories travel as archives
        #[arg(long)]
        pub bare: bool,
        /// Run only programs whose name contains this
        #[arg(long, value_name = "TEXT")]
        pub filter: Option<String>,
        /// Where the tests are
        pub folder: PathBuf,
    }
}

impl WasiTestsuite {
    pub(crate) fn run(&self, sh: &Shell, typed: &[OsString]) -> Result<()> {
        ensure!(
            self.folder.is_dir(),
            "{} is no directory",
            self.folder.display()
        );
        program::start(sh, JOBS, typed)
    }
}
