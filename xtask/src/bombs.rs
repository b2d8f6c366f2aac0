//! `bombs`: what modules cost the compiler that are meant to cost much.

use std::ffi::OsString;

use anyhow::{Result, bail};
use clap::Args;
use xshell::{Shell, cmd};

use crate::cargo;

/// Measures what modules cost the compiler that are meant to cost much
#[derive(Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Bombs {
    /// [--filter TEXT] [--unlimited] [--bytes BYTES] [--memory MIB] [MODULE...]; --help says more
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

impl Bombs {
    pub(crate) fn run(&self, sh: &Shell) -> Result<()> {
        let program = cargo::host_program(sh, "wasmetal-bombs")?;
        let arguments = &self.arguments;
        // Paths are the caller's.
        let _here = sh.push_dir(std::env::current_dir()?);
        match cmd!(sh, "{program} {arguments...}").quiet().run() {
            Ok(()) => Ok(()),
            Err(_) => bail!("it did not succeed; what it printed says why"),
        }
    }
}
