//! Boots a firmware on QEMU's `virt` board and waits for its exit code.

use std::{
    io::{self, Read, Write},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
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
    /// What is typed on the console: each text when the one before it has been printed. All of them must be.
    pub typed: &'a [(&'a str, &'a str)],
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
            typed: &[],
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
        .arg(firmware);
    match board.typed {
        [] => command.stdin(Stdio::null()),
        _ => command.stdin(Stdio::piped()).stdout(Stdio::piped()),
    };
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
    let mut child = command
        .spawn()
        .context("cannot start qemu-system-aarch64")?;
    let code = thread::scope(|scope| {
        let typing = (child.stdin.take().zip(child.stdout.take()))
            .map(|(input, output)| scope.spawn(|| converse(input, output, board.typed)));
        let code = wait(child, board.limit)?;
        if let Some(typing) = typing {
            typing.join().expect("it does not panic")?;
        }
        Ok(code)
    });
    sh.remove_path(&path)?;
    code
}

/// Passes on what a console prints, and types on it what is to be typed.
///
/// # Errors
/// It ends, and has not printed all that was to be answered; or it can't be read or written.
fn converse(mut input: impl Write, mut output: impl Read, typed: &[(&str, &str)]) -> Result<()> {
    let mut left = typed.iter();
    let mut next = left.next();
    let mut printed = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let length = output.read(&mut piece)?;
        if length == 0 {
            break;
        }
        let mut stdout = io::stdout().lock();
        stdout.write_all(&piece[..length])?;
        stdout.flush()?;
        printed.extend(&piece[..length]);
        while let Some((awaited, answer)) = next
            && let Some(at) = find(&printed, awaited.as_bytes())
        {
            printed.drain(..at + awaited.len());
            input.write_all(answer.as_bytes())?;
            input.flush()?;
            next = left.next();
        }
    }
    ensure!(
        next.is_none(),
        "the firmware did not print {:?}",
        next.map(|(awaited, _)| awaited).unwrap_or(&"")
    );
    Ok(())
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
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

#[cfg(test)]
mod tests {
    use super::converse;

    #[test]
    fn what_is_typed() {
        let check = |printed: &str, typed: &[(&str, &str)], expected: Option<&str>| {
            let mut input = Vec::new();
            let result = converse(&mut input, printed.as_bytes(), typed);
            assert_eq!(result.is_ok(), expected.is_some(), "{printed}");
            if let Some(expected) = expected {
                assert_eq!(input, expected.as_bytes(), "{printed}");
            }
        };
        check("a? b", &[("a?", "x"), ("b", "")], Some("x"));
        check("a?a?", &[("a?", "x"), ("a?", "y")], Some("xy"));
        check("a?", &[("a?", "x"), ("a?", "y")], None);
        check("b a?", &[("a?", "x"), ("b", "y")], None);
        check("", &[("a?", "x")], None);
    }
}
