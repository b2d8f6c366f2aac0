//! A module to an image.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use wasmetal::compile::{OptLevel, Packing, Signer, pack};
use wasmetal::{Config, Engine, WasmFeatures};

use crate::keys;

/// Compiles a module to an image
#[derive(Args)]
pub(crate) struct Compile {
    /// The module, as .wasm or .wat
    file: PathBuf,
    /// The image
    #[arg(short, long, value_name = "IMAGE")]
    output: PathBuf,
    /// The machine to compile for [default: this one, with all its extensions]
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
    /// How hard the compiler tries
    #[arg(long, value_name = "LEVEL", default_value = "speed")]
    opt_level: Level,
    /// Leave out these proposals, separated by commas, for an engine that is built without them
    #[arg(long, value_name = "PROPOSALS", value_delimiter = ',')]
    without: Vec<String>,
    /// Sign with the Ed25519 secret key in this file: 32 bytes, or 64 hexadecimal digits
    #[arg(long, value_name = "KEY", conflicts_with = "signer")]
    sign: Option<PathBuf>,
    /// Leave place for the signature of this Ed25519 public key's owner, 64 hexadecimal digits: `sign` puts it in
    #[arg(long, value_name = "PUBLIC KEY", value_parser = keys::public)]
    signer: Option<[u8; 32]>,
    /// The security version to sign: firmware that has seen a higher one does not load the image
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    security_version: u64,
    /// Put the module's Wasm bytes into the image, so that it can be compiled again where it does not fit
    #[arg(long)]
    with_wasm: bool,
    /// Align the machine code in the image to so many bytes: a page, for an image that runs in place
    #[arg(long, value_name = "BYTES", default_value_t = 0)]
    align: usize,
}

#[derive(Clone, Copy, ValueEnum)]
enum Level {
    /// Compile fast
    None,
    /// Fast code
    Speed,
    /// Fast code, but not at any size
    SpeedAndSize,
}

impl Compile {
    pub(crate) fn run(&self) -> Result<()> {
        let bytes = read(&self.file)?;
        let wasm = wat::Parser::new().parse_bytes(Some(&self.file), &bytes)?;
        let mut config = Config::new(wasmetal_platform_linux::platform());
        config.cranelift_opt_level(match self.opt_level {
            Level::None => OptLevel::None,
            Level::Speed => OptLevel::Speed,
            Level::SpeedAndSize => OptLevel::SpeedAndSize,
        });
        if let Some(target) = &self.target {
            config.target(target)?;
        }
        for name in &self.without {
            let proposal = WasmFeatures::ALL.iter().find(|(_, known)| known == name);
            let (proposal, _) =
                proposal.with_context(|| format!("no proposal is called {name}"))?;
            config.wasm_features(*proposal, false);
        }
        let image = Engine::new(&config)?
            .precompile_module(&wasm)
            .with_context(|| format!("cannot compile {}", self.file.display()))?;
        let secret = self.sign.as_deref().map(keys::secret).transpose()?;
        let signer = match (&secret, &self.signer) {
            (Some(key), _) => Some(Signer::Secret(key)),
            (None, Some(key)) => Some(Signer::Elsewhere(key)),
            (None, None) => None,
        };
        let image = pack(
            &image,
            &Packing {
                wasm: self.with_wasm.then_some(&*wasm),
                text_align: self.align,
                signer,
                security_version: self.security_version,
            },
        )?;
        fs::write(&self.output, &image)
            .with_context(|| format!("cannot write {}", self.output.display()))?;
        println!(
            "{}: {} bytes, from {} bytes of Wasm",
            self.output.display(),
            image.len(),
            wasm.len()
        );
        Ok(())
    }
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}: check the path", path.display()))
}
