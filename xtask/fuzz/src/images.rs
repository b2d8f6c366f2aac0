//! Packs modules and the images that this machine makes of them for another, which compares its own.

use std::{fs, path::PathBuf};

use clap::Parser;
use wasmetal::error::{Context as _, Result};
use wasmetal::{Config, Engine};
use wasmetal_run::{Image, Job};

/// Packs modules and their images
#[derive(Debug, Parser)]
struct Arguments {
    /// The machine to compile for
    #[arg(long)]
    target: String,
    /// An extension of its instruction set that is used, by Cranelift's name; may be given several times
    #[arg(long)]
    flag: Vec<String>,
    /// How many generated modules there are besides
    #[arg(long)]
    generated: u64,
    /// The first seed; the others follow it
    #[arg(long)]
    seed: u64,
    /// What to write
    #[arg(long)]
    pack: PathBuf,
    /// Modules
    files: Vec<PathBuf>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    wasmetal_fuzz::check_assertions();
    let mut images = Vec::new();
    let engines = [arguments.engine(false)?, arguments.engine(true)?];
    let mut add = |name: &str, wasm: Vec<u8>, must: bool| -> Result<bool> {
        for (engine, explicit_checks) in engines.iter().zip([false, true]) {
            let image = match engine.precompile_module(&wasm) {
                Err(_) if !must => return Ok(false),
                image => image.with_context(|| format!("cannot compile {name}"))?,
            };
            images.push(Image {
                name: name.to_owned(),
                wasm: wasm.clone().into(),
                explicit_checks,
                expected: image.into(),
            });
        }
        Ok(true)
    };
    for path in &arguments.files {
        let wasm = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        add(&name, wasm, true)?;
    }
    // Some seeds stand for a module that is refused.
    let mut left = arguments.generated;
    for seed in arguments.seed.. {
        if left == 0 {
            break;
        }
        if let Some(case) = wasmetal_fuzz::case(seed)
            && add(&format!("seed {seed}"), case.wasm, false)?
        {
            left -= 1;
        }
    }
    fs::write(&arguments.pack, Job::Images(images).to_bytes())
        .with_context(|| format!("cannot write {}", arguments.pack.display()))
}

impl Arguments {
    fn engine(&self, explicit_checks: bool) -> Result<Engine> {
        let mut config = Config::new(wasmetal_platform_linux::platform());
        config
            .explicit_checks(explicit_checks)
            .target(&self.target)?;
        for flag in &self.flag {
            // SAFETY: an engine for another machine runs nothing, and that machine compares the image with
            // one that it has made for itself before it runs any.
            unsafe { config.cranelift_flag_enable(flag) };
        }
        Engine::new(&config)
    }
}
