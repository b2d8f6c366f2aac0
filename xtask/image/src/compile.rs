//! A module to an image.

use std::{fs, path::Path};

use wasmetal::compile::{OptLevel, Packing, Signer, pack};
use wasmetal::error::{Context, Result};
use wasmetal::{Config, Engine};
use wasmetal_run::settings;

use crate::arguments::{Compile, Level, PublicKey};
use crate::keys;

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
        config.generate_address_map(!self.no_address_map);
        if let Some(target) = &self.target {
            config.target(target)?;
        }
        for name in &self.without {
            settings::apply(&mut config, &format!("proposals=-{name}"))?;
        }
        for setting in &self.settings {
            settings::apply(&mut config, setting)?;
        }
        let image = Engine::new(&config)?
            .precompile_module(&wasm)
            .with_context(|| format!("cannot compile {}", self.file.display()))?;
        let secret = self.sign.as_deref().map(keys::secret).transpose()?;
        let signer = match (&secret, &self.signer) {
            (Some(key), _) => Some(Signer::Secret(key)),
            (None, Some(PublicKey(key))) => Some(Signer::Elsewhere(key)),
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
