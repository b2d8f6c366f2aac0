//! `compile`, `sign`, `key` and `inspect`: images, by the program that has the compiler.

use std::ffi::OsString;

use anyhow::{Result, bail};
use clap::Args;
use xshell::{Shell, cmd};

use crate::cargo;

/// Compiles a module to an image, for this machine or another
#[derive(Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Compile {
    /// FILE -o IMAGE [--target TRIPLE] [--opt-level LEVEL] [--without PROPOSALS] [--sign KEY | --signer PUBLIC_KEY] [--security-version NUMBER] [--with-wasm] [--align BYTES]
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Takes out of an image what is to be signed elsewhere, or puts the signature in
#[derive(Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Sign {
    /// IMAGE --message FILE | --signature FILE
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Makes a key to sign images with, and prints the public key for the firmware
#[derive(Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Key {
    /// KEY [--new] [--public FILE]
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Prints what is in an image
#[derive(Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Inspect {
    /// IMAGE [--disassemble]
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

impl Compile {
    pub(crate) fn run(&self, sh: &Shell) -> Result<()> {
        run(sh, "compile", &self.arguments)
    }
}

impl Sign {
    pub(crate) fn run(&self, sh: &Shell) -> Result<()> {
        run(sh, "sign", &self.arguments)
    }
}

impl Key {
    pub(crate) fn run(&self, sh: &Shell) -> Result<()> {
        run(sh, "key", &self.arguments)
    }
}

impl Inspect {
    pub(crate) fn run(&self, sh: &Shell) -> Result<()> {
        run(sh, "inspect", &self.arguments)
    }
}

pub(crate) fn run(sh: &Shell, verb: &str, arguments: &[OsString]) -> Result<()> {
    let program = cargo::host_program(sh, "wasmetal-image")?;
    // Paths are the caller's.
    let _here = sh.push_dir(std::env::current_dir()?);
    match cmd!(sh, "{program} {verb} {arguments...}").quiet().run() {
        Ok(()) => Ok(()),
        Err(_) => bail!("it did not succeed; what it printed says why"),
    }
}
