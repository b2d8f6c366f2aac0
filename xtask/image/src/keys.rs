//! Ed25519 keys (RFC 8032): made, read, and printed as firmware needs them.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use wasmetal::compile::public_key;
use wasmetal::error::{Context, Result, ensure};

use crate::arguments::{Key, hex};
use crate::compile::read;

impl Key {
    pub(crate) fn run(&self) -> Result<()> {
        if self.new {
            make(&self.key)?;
        }
        let public = public_key(&secret(&self.key)?)?;
        if let Some(path) = &self.public {
            fs::write(path, public).with_context(|| format!("cannot write {}", path.display()))?;
        }
        let hex: String = public.iter().map(|byte| format!("{byte:02x}")).collect();
        println!("public key: {hex}");
        println!("for `Config::trusted_key`:");
        println!("const PUBLIC_KEY: [u8; 32] = [");
        for row in public.chunks(8) {
            let row: Vec<String> = row.iter().map(|byte| format!("{byte:#04x}")).collect();
            println!("    {},", row.join(", "));
        }
        println!("];");
        Ok(())
    }
}

/// Writes a secret key of the system's random numbers to a file that is not there yet.
fn make(path: &Path) -> Result<()> {
    let mut secret = [0; 32];
    File::open("/dev/urandom")
        .and_then(|mut random| random.read_exact(&mut secret))
        .context("cannot read /dev/urandom")?;
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot make {}", path.display()))?;
    writeln!(file, "{hex}").with_context(|| format!("cannot write {}", path.display()))
}

/// A secret key's bytes.
pub(crate) fn secret(path: &Path) -> Result<[u8; 32]> {
    let bytes = read(path)?;
    let key = match <[u8; 32]>::try_from(&bytes[..]) {
        Ok(key) => Some(key),
        Err(_) => str::from_utf8(&bytes)
            .ok()
            .and_then(|text| hex(text.trim())),
    };
    let key = key.with_context(|| {
        format!(
            "{} holds no secret key: 32 bytes, or 64 hexadecimal digits (`cargo xtask key` makes some)",
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
