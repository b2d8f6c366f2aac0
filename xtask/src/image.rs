//! `compile`, `sign`, `key` and `inspect`: images, by the program that has the compiler.

use std::ffi::OsString;

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::arguments::image::{Compile, Inspect, Key, Sign};
use crate::arguments::{check_file, check_output};
use crate::cargo;
use crate::program::Failed;

impl Compile {
    pub(crate) fn run(&self, sh: &Shell, typed: &[OsString]) -> Result<()> {
        check_file(&self.file)?;
        check_output(&self.output)?;
        self.sign.as_deref().map(check_file).transpose()?;
        run(sh, "compile", typed)
    }
}

impl Sign {
    pub(crate) fn run(&self, sh: &Shell, typed: &[OsString]) -> Result<()> {
        check_file(&self.image)?;
        self.signature.as_deref().map(check_file).transpose()?;
        self.message.as_deref().map(check_output).transpose()?;
        run(sh, "sign", typed)
    }
}

impl Key {
    pub(crate) fn run(&self, sh: &Shell, typed: &[OsString]) -> Result<()> {
        match self.new {
            true => check_output(&self.key)?,
            false => check_file(&self.key)?,
        }
        self.public.as_deref().map(check_output).transpose()?;
        run(sh, "key", typed)
    }
}

impl Inspect {
    pub(crate) fn run(&self, sh: &Shell, typed: &[OsString]) -> Result<()> {
        check_file(&self.image)?;
        run(sh, "inspect", typed)
    }
}

/// Has the program that has the compiler do a verb.
///
/// # Errors
/// It did not succeed.
pub fn run(sh: &Shell, verb: &str, arguments: &[OsString]) -> Result<()> {
    let program = cargo::host_program(sh, "wasmetal-image")?;
    // Paths are the caller's.
    let _here = sh.push_dir(std::env::current_dir()?);
    cmd!(sh, "{program} {verb} {arguments...}")
        .quiet()
        .run()
        .map_err(|_| Failed(1).into())
}
