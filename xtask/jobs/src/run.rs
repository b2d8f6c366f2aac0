//! `run`: the guests, or any module, on the device or on Linux.

use std::{
    env,
    ffi::OsStr,
    fs,
    io::{self, IsTerminal as _, Read as _},
    path::{Path, PathBuf},
    process::{self, Command},
    time::{Duration, SystemTime},
};

use anyhow::{Context, Result, anyhow, bail};
use wasmetal_run::{Call, Directory, Given, GivenDirectory, Job};
use xshell::{Shell, cmd};
use xtask::{
    cargo::{self, say},
    image, qemu,
    run::Run,
};

use crate::{fuel, guests, programs, tar};

pub(crate) fn run(verb: &Run, sh: &Shell) -> Result<()> {
    if verb.loader {
        return loader(sh);
    }
    if verb.board {
        return board(sh, verb.seed);
    }
    if verb.embassy {
        return embassy(sh);
    }
    if verb.fuel {
        return fuel::compare(sh);
    }
    let job = match &verb.file {
        None if verb.programs => Job::Programs(programs::build(sh, verb.bare)?),
        None => Job::Guests(guests::build(sh, verb.seed)?),
        Some(file) => {
            let mut invoke = verb.invoke.iter().cloned();
            let (name, arguments) = (invoke.next(), invoke.collect());
            Job::Call(Call {
                wasm: read(sh, file)?.into(),
                invoke: name,
                arguments,
                settings: verb.settings.clone(),
                given: given(verb, file)?,
            })
        }
    };
    let job = job.to_bytes();
    match (is_linux(verb), &verb.file) {
        (true, Some(_)) => program_on_linux(sh, &job),
        (true, None) => on_linux(sh, &job),
        (false, Some(_)) => program_on_device(sh, &job),
        (false, None) => on_device(sh, &job),
    }
}

fn is_linux(verb: &Run) -> bool {
    verb.linux || ((verb.file.is_some() || verb.programs) && !verb.bare)
}

/// The time since 1970.
pub(crate) fn now() -> Duration {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap_or_default()
}

/// What the command line gives a program.
fn given(verb: &Run, file: &Path) -> Result<Given<'static>> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let directories = verb.directories.iter().map(|mapped| {
        let directory = if is_linux(verb) {
            let path = mapped.host.to_str().context("a path that is not UTF-8")?;
            Directory::Host(path.to_owned())
        } else {
            Directory::Archive(tar::pack(&mapped.host)?.into())
        };
        Ok(GivenDirectory {
            path: mapped.guest.clone(),
            directory,
        })
    });
    let input = match is_linux(verb) {
        true => None,
        // A device has nobody who types.
        false if io::stdin().is_terminal() => Some(Vec::new()),
        false => {
            let mut input = Vec::new();
            io::stdin().read_to_end(&mut input)?;
            Some(input)
        }
    };
    let arguments = [name.into_owned()].into_iter();
    let environment = verb.environment.iter().cloned();
    Ok(Given {
        arguments: arguments.chain(verb.arguments.iter().cloned()).collect(),
        environment: environment.map(|it| (it.name, it.value)).collect(),
        directories: directories.collect::<Result<_>>()?,
        input: input.map(Into::into),
        now: now(),
        time_limit: verb.time_limit.as_ref().map(|limit| limit.0),
        memory_limit: verb.memory_limit.as_ref().map(|limit| limit.0),
    })
}

/// Ends as a program has ended, unless that was well.
fn end_as(code: i32) -> Result<()> {
    match code {
        0 => Ok(()),
        code => process::exit(code),
    }
}

/// Has a program run on this machine, with the streams of this one.
fn program_on_linux(sh: &Shell, job: &[u8]) -> Result<()> {
    let host = cargo::host_program(sh, "wasmetal-linux")?;
    // Paths of directories are the caller's.
    let here = env::current_dir()?;
    let code = with_job(sh, &host, job, |command| {
        let status = Command::from(command).current_dir(here).status();
        Ok(status.map(|status| status.code().unwrap_or(1)))
    })?;
    end_as(code?)
}

/// Has a program run on the device.
fn program_on_device(sh: &Shell, job: &[u8]) -> Result<()> {
    let firmware = cargo::firmware(sh, "wasmetal-bare")?;
    say("booting it on QEMU's virt board");
    let board = qemu::Board {
        payload: Some(job),
        ..Default::default()
    };
    end_as(qemu::run(sh, &firmware, &board)?)
}

/// A module's bytes, assembled if the file holds text.
fn read(sh: &Shell, path: &PathBuf) -> Result<Vec<u8>> {
    let bytes = fs::read(path)
        .with_context(|| format!("cannot read {}: check the path", path.display()))?;
    if path.extension().is_some_and(|extension| extension == "wat") {
        let text =
            String::from_utf8(bytes).with_context(|| format!("{} is no text", path.display()))?;
        return cargo::assemble(sh, &path.display().to_string(), &text);
    }
    Ok(bytes)
}

/// Does a job on this machine.
///
/// # Errors
/// It did not succeed.
pub(crate) fn on_linux(sh: &Shell, job: &[u8]) -> Result<()> {
    let program = cargo::host_program(sh, "wasmetal-linux")?;
    with_job(sh, &program, job, |command| command.run())
}

/// As [`on_linux`], by a program with debug assertions.
///
/// # Errors
/// It did not succeed.
pub(crate) fn checked_on_linux(sh: &Shell, job: &[u8]) -> Result<()> {
    let program = cargo::checked_program(sh, "wasmetal-linux")?;
    with_job(sh, &program, job, |command| command.run())
}

/// Does a job on this machine, and returns what it prints.
///
/// # Errors
/// It did not succeed.
pub(crate) fn output_on_linux(sh: &Shell, job: &[u8]) -> Result<String> {
    let program = cargo::host_program(sh, "wasmetal-linux")?;
    with_job(sh, &program, job, |command| command.read())
}

fn with_job<R>(
    sh: &Shell,
    host: &Path,
    job: &[u8],
    run: impl FnOnce(xshell::Cmd<'_>) -> xshell::Result<R>,
) -> Result<R> {
    let path = cargo::scratch(sh)?.join(format!("job-{}", std::process::id()));
    sh.write_file(&path, job)?;
    let result = run(cmd!(sh, "{host} {path}").quiet());
    sh.remove_path(&path)?;
    result.map_err(|_| anyhow!("it did not succeed; what it printed says why"))
}

/// Does a job on the device.
///
/// # Errors
/// It did not succeed.
pub(crate) fn on_device(sh: &Shell, job: &[u8]) -> Result<()> {
    let firmware = cargo::firmware(sh, "wasmetal-bare")?;
    boot(sh, &firmware, job)
}

/// Compiles the loader's guest, and boots the loader on the image.
fn loader(sh: &Shell) -> Result<()> {
    let guest = cargo::root()
        .join("examples")
        .join("loader")
        .join("guest.wat");
    let image = cargo::scratch(sh)?.join(format!("image-{}", std::process::id()));
    let arguments = [
        guest.as_os_str(),
        "--output".as_ref(),
        image.as_os_str(),
        "--target".as_ref(),
        cargo::BARE.as_ref(),
        "--without".as_ref(),
        "simd,threads,gc,exceptions".as_ref(),
        "--align".as_ref(),
        "4096".as_ref(),
    ];
    image::run(sh, "compile", &arguments.map(OsStr::to_owned))?;
    let bytes = sh.read_binary_file(&image)?;
    sh.remove_path(&image)?;
    boot(sh, &cargo::loader(sh, "")?, &bytes)
}

/// The guests of the board that do real work, and how fast its core is: 16 ns for an instruction. QEMU passes over
/// the time in which nothing runs.
const GOOD: [&str; 4] = ["chess", "json", "lz4", "nbody"];
const BOARD: [&str; 2] = ["-icount", "shift=4,sleep=off"];

/// Boots the board of guests.
fn board(sh: &Shell, seed: u32) -> Result<()> {
    let mut guests = guests::build(sh, seed)?;
    guests.guests.retain(|guest| GOOD.contains(&&*guest.name));
    let firmware = cargo::firmware(sh, "wasmetal-board")?;
    let job = Job::Guests(guests).to_bytes();
    boot_with(sh, &firmware, &job, &BOARD.map(str::to_owned))
}

/// What the guest is told that asks for a name, and what it says then. Time is instructions, 1 ns each; QEMU passes over
/// what the core sleeps.
const TYPED: [(&str, &str); 2] = [("What is your name?", "Ada\r"), ("Hello, Ada", "")];
const EMBASSY: [&str; 2] = ["-icount", "shift=0,sleep=off"];

/// Boots the guests that are tasks of Embassy's, and types what one asks for.
fn embassy(sh: &Shell) -> Result<()> {
    let firmware = cargo::firmware(sh, "wasmetal-embassy")?;
    let board = qemu::Board {
        typed: &TYPED,
        arguments: &EMBASSY.map(str::to_owned),
        ..Default::default()
    };
    boot_on(sh, &firmware, &board)
}

fn boot(sh: &Shell, firmware: &Path, payload: &[u8]) -> Result<()> {
    boot_with(sh, firmware, payload, &[])
}

/// Boots a firmware with more arguments for QEMU.
///
/// # Errors
/// It ended with an exit code other than 0.
pub(crate) fn boot_with(
    sh: &Shell,
    firmware: &Path,
    payload: &[u8],
    arguments: &[String],
) -> Result<()> {
    let board = qemu::Board {
        payload: Some(payload),
        arguments,
        ..Default::default()
    };
    boot_on(sh, firmware, &board)
}

fn boot_on(sh: &Shell, firmware: &Path, board: &qemu::Board<'_>) -> Result<()> {
    say("booting it on QEMU's virt board");
    match qemu::run(sh, firmware, board)? {
        0 => Ok(()),
        code => bail!("the firmware ended with exit code {code}; what it printed says why"),
    }
}
