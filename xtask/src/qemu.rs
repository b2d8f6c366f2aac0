//! Boots a firmware on QEMU's `virt` board and waits for its exit code.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use xshell::Shell;

use crate::{
    cargo,
    setup::{self, QEMU_SYSTEM},
};

/// Where `platform-bare` looks for a payload, and what it starts with.
const PAYLOAD_ADDRESS: &str = "0x50000000";
const PAYLOAD_MAGIC: &[u8; 8] = b"WMTLBLOB";
const PAYLOAD_HEADER: usize = 4096;

/// How a firmware is run.
#[derive(Clone, Debug)]
pub struct Board<'a> {
    /// Bytes handed over in memory.
    pub payload: Option<&'a [u8]>,
    /// As QEMU's `-M` takes it.
    pub machine: &'a str,
    /// As QEMU's `-cpu` takes it.
    pub cpu: &'a str,
    /// RAM, as QEMU's `-m` takes it.
    pub memory: &'a str,
    /// More of the command line.
    pub arguments: &'a [String],
    /// The firmware has failed if it has not ended by then.
    pub limit: Duration,
}

impl Default for Board<'_> {
    fn default() -> Self {
        Self {
            payload: None,
            machine: "virt,gic-version=3",
            // The default way to compute pointer authentication codes is slow to emulate.
            cpu: "max,pauth-impdef=on",
            memory: "1G",
            arguments: &[],
            limit: Duration::from_secs(900),
        }
    }
}

/// Runs a firmware to its end, its console on standard output, and returns its exit code.
///
/// # Errors
/// QEMU is missing or does not start, or the time is up.
pub fn run(sh: &Shell, firmware: &Path, board: &Board<'_>) -> Result<i32> {
    setup::ensure(sh, &[QEMU_SYSTEM])?;
    let mut command = Command::new("qemu-system-aarch64");
    command
        .args(["-M", board.machine, "-cpu", board.cpu, "-m", board.memory])
        .args([
            "-display",
            "none",
            "-serial",
            "stdio",
            "-monitor",
            "none",
            "-nodefaults",
        ])
        .args(["-semihosting-config", "enable=on,target=native"])
        .args(board.arguments)
        .arg("-kernel")
        .arg(firmware)
        .stdin(Stdio::null());
    // The process id keeps two tools that run at once apart.
    let path = cargo::scratch(sh)?.join(format!("payload-{}", std::process::id()));
    if let Some(payload) = board.payload {
        let mut file = PAYLOAD_MAGIC.to_vec();
        file.extend((payload.len() as u64).to_le_bytes());
        file.resize(PAYLOAD_HEADER, 0);
        file.extend(payload);
        sh.write_file(&path, file)?;
        // A comma in a value is doubled.
        let path = path.display().to_string().replace(',', ",,");
        command.args([
            "-device".to_owned(),
            format!("loader,file={path},addr={PAYLOAD_ADDRESS},force-raw=on"),
        ]);
    }
    let child = command
        .spawn()
        .context("cannot start qemu-system-aarch64")?;
    let code = wait(child, board.limit);
    sh.remove_path(&path)?;
    code
}

fn wait(mut child: Child, limit: Duration) -> Result<i32> {
    let start = Instant::now();
    while start.elapsed() < limit {
        if let Some(status) = child.try_wait()? {
            return status.code().context("QEMU was ended by a signal");
        }
        thread::sleep(Duration::from_millis(20));
    }
    child.kill()?;
    child.wait()?;
    bail!(
        "the firmware did not end within {} s, and was stopped",
        limit.as_secs()
    )
}
