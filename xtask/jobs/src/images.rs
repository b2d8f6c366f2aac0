//! `fuzz images`: the compiler here and on the device makes the same images.

use std::{fs, path::Path};

use anyhow::{Result, bail};
use xshell::{Shell, cmd};
use xtask::{
    cargo::{self, BARE, say},
    fuzz::Images,
    qemu,
};

use crate::guests;

/// The extensions that the compiler finds on QEMU's CPU `max`, by Cranelift's name.
const FLAGS: [&str; 6] = [
    "has_lse",
    "has_pauth",
    "has_fp16",
    "has_dotprod",
    "has_i8mm",
    "use_bti",
];

pub(crate) fn run(verb: &Images, sh: &Shell) -> Result<()> {
    let directory = cargo::scratch(sh)?.join(format!("images-{}", std::process::id()));
    let result = run_in(verb, sh, &sh.create_dir(&directory)?);
    sh.remove_path(&directory)?;
    result
}

fn run_in(verb: &Images, sh: &Shell, directory: &Path) -> Result<()> {
    let mut files = Vec::new();
    for guest in guests::build(sh, 1)?.guests {
        let file = directory.join(guest.name).with_extension("wasm");
        sh.write_file(&file, &guest.wasm)?;
        files.push(file);
    }
    let program = cargo::checked_program(sh, "wasmetal-images")?;
    let pack = directory.join("pack");
    let flags = FLAGS.map(|flag| format!("--flag={flag}"));
    let (count, seed) = (verb.count.to_string(), verb.seed.to_string());
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
