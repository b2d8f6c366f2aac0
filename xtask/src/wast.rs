//! `wast`: the official test scripts, on this machine or on the device.

use std::{env, ffi::OsString, fs};

use anyhow::{Result, bail};
use wasmetal_arguments::arguments;
use xshell::{Shell, cmd};

use crate::{
    arguments::{check_file, wast::Scripts},
    cargo::{self, say},
    qemu,
};

arguments! {
    /// Runs official test scripts (.wast)
    ///
    /// Prints each failure with its file and line, what was skipped with the reason, and how many
    /// directives passed, failed and were skipped. Fails if one failed.
    pub struct Wast {
        /// Run on the device under QEMU instead of on this machine
        #[arg(long)]
        bare: bool,
        /// What is run.
        #[command(flatten)]
        scripts: Scripts,
    }
}

impl Wast {
    pub(crate) fn run(&self, sh: &Shell, typed: &[OsString]) -> Result<()> {
        self.scripts
            .files
            .iter()
            .try_for_each(|file| check_file(file))?;
        let program = cargo::host_program(sh, "wasmetal-wast")?;
        // The program knows the rest.
        let arguments: Vec<_> = typed.iter().filter(|word| *word != "--bare").collect();
        // Paths are the caller's.
        let here = sh.push_dir(env::current_dir()?);
        if !self.bare {
            say("running the scripts on this machine");
            let result = cmd!(sh, "{program} {arguments...}").quiet().run();
            return result.map_err(|_| anyhow::anyhow!("not every script passed"));
        }

        let pack = cargo::scratch(sh)?.join(format!("scripts-{}", std::process::id()));
        cmd!(sh, "{program} {arguments...} --pack {pack}")
            .quiet()
            .run()?;
        drop(here);
        let payload = fs::read(&pack)?;
        fs::remove_file(&pack)?;
        let firmware = cargo::firmware(sh, "wasmetal-wast-bare")?;
        say("running the scripts on QEMU's virt board");
        let board = qemu::Board {
            payload: Some(&payload),
            ..Default::default()
        };
        match qemu::run(sh, &firmware, &board)? {
            0 => Ok(()),
            1 => bail!("not every script passed"),
            code => bail!("the firmware ended with exit code {code}; what it printed says why"),
        }
    }
}
