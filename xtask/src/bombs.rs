//! `bombs`: what modules cost the compiler that are meant to cost much.

use std::ffi::OsString;

use anyhow::{Result, bail};
use xshell::{Shell, cmd};

use crate::arguments::bombs::Bombs;
use crate::arguments::check_file;
use crate::cargo;

impl Bombs {
    pub(crate) fn run(&self, sh: &Shell, typed: &[OsString]) -> Result<()> {
        self.modules
            .iter()
            .try_for_each(|module| check_file(module))?;
        let program = cargo::host_program(sh, "wasmetal-bombs")?;
        // Paths are the caller's.
        let _here = sh.push_dir(std::env::current_dir()?);
        match cmd!(sh, "{program} {typed...}").quiet().run() {
            Ok(()) => Ok(()),
            Err(_) => bail!("it did not succeed; what it printed says why"),
        }
    }
}
