//! `run`: the guests, or any module, on the device or on Linux.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use wasmetal_run::{Call, Job};
use xshell::{Shell, cmd};

use crate::{
    arguments::image::setting,
    cargo::{self, say},
    fuel, guests, image, qemu,
};

/// Runs the guests on a device under QEMU, or any module
///
/// Without FILE: builds the guests and the firmware, boots it on QEMU's virt board, compiles and
/// runs every guest there, and compares each result with the one computed natively.
///
/// With FILE, a .wasm, a .wat or an image (see `compile`): compiles or loads and instantiates it, calls a function, and prints its
/// results, or the trap with its backtrace.
#[derive(Args)]
pub(crate) struct Run {
    /// Run on this machine (the default with FILE)
    #[arg(long, conflicts_with = "bare")]
    linux: bool,
    /// Run on the device under QEMU (the default without FILE)
    #[arg(long)]
    bare: bool,
    /// Run the smallest firmware, which has no compiler, on an image made for it
    #[arg(long, conflicts_with_all = ["linux", "file", "seed"])]
    loader: bool,
    /// Run the board of guests: good and hostile ones side by side under quotas, for an hour of the
    /// device's time
    #[arg(long, conflicts_with_all = ["linux", "loader", "file"])]
    board: bool,
    /// Run guests and kernels with fuel, here and on the device: both use as much, to the unit
    #[arg(long, conflicts_with_all = ["linux", "loader", "board", "file", "seed"])]
    fuel: bool,
    /// A module, as .wasm, .wat or an image
    file: Option<PathBuf>,
    /// The exported function to call, and its arguments [default: _start or _initialize, if there is
    /// one]
    #[arg(
        long,
        requires = "file",
        num_args = 1..,
        allow_hyphen_values = true,
        value_names = ["NAME", "ARG"],
    )]
    invoke: Vec<String>,
    /// A setting of the engine, so that it loads an image that was made with it; as often as need be. --set help lists
    /// them
    #[arg(long = "set", requires = "file", value_name = "NAME=VALUE", value_parser = setting)]
    settings: Vec<String>,
    /// What the guests make their input from
    #[arg(long, default_value_t = 1, conflicts_with = "file")]
    seed: u32,
}

impl Run {
    pub(crate) fn run(&self, sh: &Shell) -> Result<()> {
        if self.loader {
            return loader(sh);
        }
        if self.board {
            return board(sh, self.seed);
        }
        if self.fuel {
            return fuel::compare(sh);
        }
        let job = match &self.file {
            None => Job::Guests(guests::build(sh, self.seed)?),
            Some(file) => {
                let mut invoke = self.invoke.iter().cloned();
                let (name, arguments) = (invoke.next(), invoke.collect());
                Job::Call(Call {
                    wasm: read(sh, file)?.into(),
                    invoke: name,
                    arguments,
                    settings: self.settings.clone(),
                })
            }
        };
        let job = job.to_bytes();
        if self.linux || (self.file.is_some() && !self.bare) {
            on_linux(sh, &job)
        } else {
            on_device(sh, &job)
        }
    }
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

fn on_device(sh: &Shell, job: &[u8]) -> Result<()> {
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
    say("booting it on QEMU's virt board");
    let board = qemu::Board {
        payload: Some(payload),
        arguments,
        ..Default::default()
    };
    match qemu::run(sh, firmware, &board)? {
        0 => Ok(()),
        code => bail!("the firmware ended with exit code {code}; what it printed says why"),
    }
}
