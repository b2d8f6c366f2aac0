//! Signatures that are made elsewhere: what to sign, taken out of an image, and the signature, put in.

use std::fs;

use wasmetal::error::{Context, Result};
use wasmetal::image::{View, seal};

use crate::arguments::Sign;
use crate::compile::read;

impl Sign {
    pub(crate) fn run(&self) -> Result<()> {
        let mut image = read(&self.image)?;
        let named = || self.image.display().to_string();
        if let Some(path) = &self.message {
            let message = seal::to_sign(&View::parse(&image).with_context(named)?);
            let message = message.with_context(named)?;
            return fs::write(path, message)
                .with_context(|| format!("cannot write {}", path.display()));
        }
        let Some(path) = &self.signature else {
            return Ok(());
        };
        let signature = read(path)?;
        let signature = signature.as_slice().try_into().ok().with_context(|| {
            let (path, len) = (path.display(), signature.len());
            format!("{path} holds {len} bytes: an Ed25519 signature has 64")
        })?;
        seal::put_signature(&mut image, signature).with_context(named)?;
        fs::write(&self.image, &image).with_context(|| format!("cannot write {}", named()))
    }
}
