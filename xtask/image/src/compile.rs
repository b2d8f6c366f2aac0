//! A module to an image.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use wasmetal::compile::{OptLevel, Packing, pack};
use wasmetal::{Config, Engine, WasmFeatures};

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
    #[arg(long, value_name = "KEY")]
    sign: Option<PathBuf>,
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
        let key = self.sign.as_deref().map(secret_key).transpose()?;
        let image = pack(
            &image,
            &Packing {
                wasm: self.with_wasm.then_some(&*wasm),
                text_align: self.align,
                key: key.as_ref(),
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

/// A secret key's bytes.
fn secret_key(path: &Path) -> Result<[u8; 32]> {
    let bytes = read(path)?;
    let key = match <[u8; 32]>::try_from(&bytes[..]) {
        Ok(key) => Some(key),
        Err(_) => str::from_utf8(&bytes)
            .ok()
            .and_then(|text| hex(text.trim())),
    };
    let key = key.with_context(|| {
        format!(
            "{} holds no secret key: 32 bytes, or 64 hexadecimal digits (`openssl rand -hex 32` makes some)",
            path.display()
        )
    })?;
    ensure!(
        key != [0; 32],
        "{} holds zeros, and no secret",
        path.display()
    );
    Ok(key)
}

fn hex(text: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, at) in key.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&text[at..at + 2], 16).ok()?;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::hex;

    #[test]
    fn keys_as_text() {
        let text = "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F";
        let key = hex(text).expect("64 digits");
        assert!(
            key.iter()
                .enumerate()
                .all(|(i, byte)| i == usize::from(*byte))
        );
        for bad in [
            "",
            "00",
            &text[1..],
            &text.replace('0', "+"),
            &text.replace('0', "g"),
        ] {
            assert_eq!(hex(bad), None, "{bad}");
        }
    }
}
