//! `fuzz`: generated modules, with this runtime and with others, on this machine and on the device.

use std::{ffi::OsString, fs, path::Path};

use anyhow::{Result, anyhow, bail};
use clap::{Args, Subcommand};
use wasmetal_kernels::{BY_HAND, KERNELS, Kernel};
use wasmetal_run::{Job, Stopped};
use xshell::{Shell, cmd};

use crate::{
    arguments::fuzz::{Differential, Objects},
    cargo::{self, BARE, say},
    guests, qemu, run,
};

/// Tries generated modules
#[derive(Subcommand)]
pub(crate) enum Fuzz {
    Differential(Differential),
    Objects(Objects),
    Images(Images),
    Stops(Stops),
}

impl Fuzz {
    pub(crate) fn run(&self, sh: &Shell, typed: &[OsString]) -> Result<()> {
        match self {
            Self::Differential(verb) => verb.run(sh, typed),
            Self::Objects(verb) => verb.run(sh, typed),
            Self::Images(verb) => verb.run(sh),
            Self::Stops(verb) => verb.run(sh),
        }
    }
}

impl Differential {
    fn run(&self, sh: &Shell, typed: &[OsString]) -> Result<()> {
        let program = cargo::checked_beside_wasmtime(sh, "wasmetal-differential")?;
        run_seeds(sh, &program, typed)
    }
}

impl Objects {
    fn run(&self, sh: &Shell, typed: &[OsString]) -> Result<()> {
        let program = match self.alone {
            true => cargo::checked_program(sh, "wasmetal-objects")?,
            false => cargo::checked_beside_wasmtime(sh, "wasmetal-objects")?,
        };
        run_seeds(sh, &program, typed)
    }
}

/// Has a program run seeds.
fn run_seeds(sh: &Shell, program: &Path, arguments: &[OsString]) -> Result<()> {
    let findings = cargo::target_directory().join("findings");
    say("running generated modules");
    cmd!(sh, "{program} --findings {findings} {arguments...}")
        // Errors then take no backtraces.
        .env_remove("RUST_BACKTRACE")
        .env_remove("RUST_LIB_BACKTRACE")
        .quiet()
        .run()
        .map_err(|_| {
            anyhow!("it did not succeed, or there are findings; what it printed says which")
        })
}

/// Compiles modules here and on the device under QEMU, and compares the images, byte for byte
///
/// All guests, and generated modules; each with guard pages and with explicit checks. Both sides have debug assertions.
#[derive(Args)]
pub(crate) struct Images {
    /// How many generated modules
    #[arg(long, default_value_t = 500)]
    count: u64,
    /// The first seed; the others follow it
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// The extensions that the compiler finds on QEMU's CPU `max`, by Cranelift's name.
const FLAGS: [&str; 6] = [
    "has_lse",
    "has_pauth",
    "has_fp16",
    "has_dotprod",
    "has_i8mm",
    "use_bti",
];

impl Images {
    fn run(&self, sh: &Shell) -> Result<()> {
        let directory = cargo::scratch(sh)?.join(format!("images-{}", std::process::id()));
        let result = self.run_in(sh, &sh.create_dir(&directory)?);
        sh.remove_path(&directory)?;
        result
    }

    fn run_in(&self, sh: &Shell, directory: &Path) -> Result<()> {
        let mut files = Vec::new();
        for guest in guests::build(sh, 1)?.guests {
            let file = directory.join(guest.name).with_extension("wasm");
            sh.write_file(&file, &guest.wasm)?;
            files.push(file);
        }
        let program = cargo::checked_program(sh, "wasmetal-images")?;
        let pack = directory.join("pack");
        let flags = FLAGS.map(|flag| format!("--flag={flag}"));
        let (count, seed) = (self.count.to_string(), self.seed.to_string());
        say("compiling here");
        cmd!(
            sh,
            "{program} --target {BARE} {flags...} --generated {count} --seed {seed} --pack {pack} {files...}"
        )
        .quiet()
        .run()?;
        let payload = fs::read(&pack)?;
        let firmware = cargo::checked_firmware(sh, "wasmetal-bare")?;
        say("compiling on QEMU's virt board, and comparing");
        let board = qemu::Board {
            payload: Some(&payload),
            ..Default::default()
        };
        match qemu::run(sh, &firmware, &board)? {
            0 => Ok(()),
            code => bail!("the firmware ended with exit code {code}; what it printed says why"),
        }
    }
}

/// Stops all guests and kernels at random instructions, here or on the device under QEMU
///
/// After each stop, memories, globals and tables are read, other code runs in the same store, and nothing may be lost.
/// On the device a seed makes the same stops each time: QEMU counts instructions, one a nanosecond.
#[derive(Args)]
pub(crate) struct Stops {
    /// On the device
    #[arg(long)]
    bare: bool,
    /// How often [default: 100000; on the device 10000]
    #[arg(long)]
    count: Option<u32>,
    /// Without debug assertions and checks for overflow: for the times that it prints
    #[arg(long)]
    unchecked: bool,
    /// What the times are made from
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What runs in a store after a stop.
const PROBE: &str = include_str!("stops.wat");

impl Stops {
    fn run(&self, sh: &Shell) -> Result<()> {
        let count = self
            .count
            .unwrap_or(if self.bare { 10_000 } else { 100_000 });
        let job = Job::Stops(wasmetal_run::Stops {
            count,
            seed: self.seed,
            probe: cargo::assemble(sh, "stops.wat", PROBE)?.into(),
            modules: stopped(sh)?,
        });
        match (self.bare, self.unchecked) {
            (false, false) => return run::checked_on_linux(sh, &job.to_bytes()),
            (false, true) => return run::on_linux(sh, &job.to_bytes()),
            (true, _) => {}
        }
        let firmware = match self.unchecked {
            false => cargo::checked_firmware(sh, "wasmetal-bare")?,
            true => cargo::firmware(sh, "wasmetal-bare")?,
        };
        let counting = ["-icount".to_owned(), "shift=0,sleep=off".to_owned()];
        run::boot_with(sh, &firmware, &job.to_bytes(), &counting)
    }
}

/// The guests, each with its one call, and the kernels with one for each.
///
/// # Errors
/// A build failed.
pub(crate) fn stopped(sh: &Shell) -> Result<Vec<Stopped<'static>>> {
    let guests = guests::build(sh, 1)?.guests.into_iter();
    let mut modules: Vec<_> = guests
        .map(|guest| Stopped {
            name: guest.name,
            wasm: guest.wasm,
            calls: vec![("run".to_owned(), 1)],
        })
        .collect();
    let call = |kernel: &Kernel| (kernel.name.to_owned(), kernel.small);
    modules.push(Stopped {
        name: "kernels".to_owned(),
        wasm: guests::kernels(sh)?.into(),
        calls: KERNELS.iter().map(call).collect(),
    });
    for (kernel, text) in BY_HAND {
        modules.push(Stopped {
            name: kernel.name.to_owned(),
            wasm: cargo::assemble(sh, kernel.name, text)?.into(),
            calls: vec![call(kernel)],
        });
    }
    Ok(modules)
}
