//! Ed25519 keys (RFC 8032): made, read, and printed as firmware needs them.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;
use wasmetal::compile::public_key;

use crate::compile::read;

/// Makes a secret key, or reads one that is there, and prints its public key
#[derive(Args)]
pub(crate) struct Key {
    /// The file with the secret key, as 64 hexadecimal digits: only its owner can read it
    key: PathBuf,
    /// Make the file; one that is there is never overwritten
    #[arg(long)]
    new: bool,
    /// Write the public key to this file too, as 32 bytes, for `include_bytes!`
    #[arg(long, value_name = "FILE")]
    public: Option<PathBuf>,
}

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

/// A public key from 64 hexadecimal digits.
pub(crate) fn public(text: &str) -> Result<[u8; 32]> {
    hex(text).context("a public key is 64 hexadecimal digits, as `cargo xtask key` prints")
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
