//! `wast`: the official test scripts, on this machine or on the device.

use std::{
    fs,
    path::{self, PathBuf},
};

use anyhow::{Result, bail};
use clap::Args;
use xshell::{Shell, cmd};

use crate::{
    arguments::check_file,
    cargo::{self, say},
    qemu,
};

/// Runs official test scripts (.wast)
///
/// Prints each failure with its file and line, what was skipped with the reason, and how many
/// directives passed, failed and were skipped. Fails if one failed.
#[derive(Args)]
pub(crate) struct Wast {
    /// Run on the device under QEMU instead of on this machine
    #[arg(long)]
    bare: bool,
    /// Compile bounds checks into the code, as on a machine without guard pages
    #[arg(long)]
    explicit_checks: bool,
    /// Follow the specification's deterministic profile
    #[arg(long)]
    deterministic: bool,
    /// Collect garbage at every allocation
    #[arg(long)]
    collect_always: bool,
    /// Compile without optimisation
    #[arg(long)]
    no_optimisation: bool,
    /// Compile with the allocator of registers that works in one pass
    #[arg(long)]
    single_pass: bool,
    /// Compile code that uses fuel and looks at epochs, and give it enough of both
    #[arg(long)]
    metered: bool,
    /// Count what is not supported as failed instead of skipped
    #[arg(long)]
    complete: bool,
    /// Let an instance that has a name be imported from by that name, as if it were registered
    #[arg(long)]
    named_imports: bool,
    /// Define a host function that collects garbage, for scripts that import one by this name
    #[arg(long, value_name = "MODULE.NAME")]
    collector: Option<String>,
    /// An official suite: v1, v2, v3, latest, a proposal's name, or all
    #[arg(
        long,
        value_name = "NAME",
        required_unless_present = "files",
        conflicts_with = "files"
    )]
    suite: Option<String>,
    /// Scripts, and folders of them
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Wast {
    pub(crate) fn run(&self, sh: &Shell) -> Result<()> {
        self.files.iter().try_for_each(|file| check_file(file))?;
        let program = cargo::host_program(sh, "wasmetal-wast")?;
        let mut arguments = Vec::new();
        if self.explicit_checks {
            arguments.push("--explicit-checks".into());
        }
        if self.collect_always {
            arguments.push("--collect-always".into());
        }
        if self.deterministic {
            arguments.push("--deterministic".into());
        }
        if self.no_optimisation {
            arguments.push("--no-optimisation".into());
        }
        if self.single_pass {
            arguments.push("--single-pass".into());
        }
        if self.metered {
            arguments.push("--metered".into());
        }
        if self.complete {
            arguments.push("--complete".into());
        }
        if self.named_imports {
            arguments.push("--named-imports".into());
        }
        if let Some(name) = &self.collector {
            arguments.extend(["--collector".into(), name.into()]);
        }
        if let Some(suite) = &self.suite {
            arguments.extend(["--suite".into(), suite.into()]);
        }
        for file in &self.files {
            arguments.push(path::absolute(file)?.into_os_string());
        }
        if !self.bare {
            say("running the scripts on this machine");
            let result = cmd!(sh, "{program} {arguments...}").quiet().run();
            return result.map_err(|_| anyhow::anyhow!("not every script passed"));
        }

        let pack = cargo::scratch(sh)?.join(format!("scripts-{}", std::process::id()));
        cmd!(sh, "{program} {arguments...} --pack {pack}")
            .quiet()
            .run()?;
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
