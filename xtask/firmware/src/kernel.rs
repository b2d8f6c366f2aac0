//! `kernel`: boots one kernel of `platform-bare/tests`, as its table says.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use xshell::Shell;
use xtask::{
    cargo::{self, say},
    kernel::Kernel,
    qemu::{self, Board},
};

/// The table `kernels.toml`, which explains its keys.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    run: Vec<Run>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    kernel: String,
    machine: Option<String>,
    cpu: Option<String>,
    memory: Option<String>,
    cores: Option<u32>,
    #[serde(default)]
    qemu: Vec<String>,
    payload: Option<String>,
    #[serde(default)]
    exit: i32,
    seconds: Option<u64>,
}

pub(crate) fn run(verb: &Kernel, sh: &Shell) -> Result<()> {
    let directory = cargo::root().join("platform-bare").join("tests");
    let table = directory.join("kernels.toml");
    let table: Table = toml::from_str(&sh.read_file(&table)?)
        .with_context(|| format!("in {}", table.display()))?;
    for run in &table.run {
        let source = directory.join(&run.kernel).with_extension("rs");
        ensure!(
            source.exists(),
            "kernels.toml names a kernel without a source: {}",
            run.kernel
        );
    }

    let name = name(&verb.firmware);
    let runs: Vec<&Run> = table.run.iter().filter(|run| run.kernel == name).collect();
    ensure!(
        !runs.is_empty(),
        "kernels.toml does not say how the kernel {name} is run"
    );
    for run in runs {
        run.check(sh, &verb.firmware)?;
    }
    Ok(())
}

/// The kernel's name: cargo adds a hash to that of the file.
fn name(firmware: &Path) -> String {
    let stem = firmware.file_stem().unwrap_or_default().to_string_lossy();
    stem.rsplit_once('-')
        .map_or(&*stem, |(name, _)| name)
        .to_owned()
}

impl Run {
    fn check(&self, sh: &Shell, firmware: &Path) -> Result<()> {
        let default = Board::default();
        let mut arguments = self.qemu.clone();
        if let Some(cores) = self.cores {
            arguments.extend(["-smp".to_owned(), cores.to_string()]);
        }
        let board = Board {
            payload: self.payload.as_deref().map(str::as_bytes),
            machine: self.machine.as_deref().unwrap_or(default.machine),
            cpu: self.cpu.as_deref().unwrap_or(default.cpu),
            memory: self.memory.as_deref().unwrap_or("512M"),
            arguments: &arguments,
            limit: Duration::from_secs(self.seconds.unwrap_or(60)),
            ..default
        };
        say(&format!(
            "kernel {}: {}, {}, {}, {} core(s)",
            self.kernel,
            board.machine,
            board.cpu,
            board.memory,
            self.cores.unwrap_or(1)
        ));
        let code = qemu::run(sh, firmware, &board)?;
        ensure!(
            code == self.exit,
            "{}: exit code {code} instead of {}",
            self.kernel,
            self.exit
        );
        Ok(())
    }
}
