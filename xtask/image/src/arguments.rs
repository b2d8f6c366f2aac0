//! The arguments of each verb.
//!
//! `xtask` has this file as a module too: it answers `--help` and mistakes before this program is built. So nothing here
//! needs the runtime.

use std::path::PathBuf;

use wasmetal_arguments::{
    arguments,
    clap::{
        ValueEnum,
        builder::{EnumValueParser, PossibleValue, ValueParser},
    },
    values,
};
use wasmetal_run::settings;

arguments! {
    /// Compiles a module to an image
    pub struct Compile {
        /// The module, as .wasm or .wat
        pub file: PathBuf,
        /// The image
        #[arg(short, long, value_name = "IMAGE")]
        pub output: PathBuf,
        /// The machine to compile for [default: this one, with all its extensions]
        #[arg(long, value_name = "TRIPLE", value_parser = target)]
        pub target: Option<String>,
        /// How hard the compiler tries
        #[arg(long, value_name = "LEVEL", default_value = "speed")]
        pub opt_level: Level,
        /// Leave out the map from code to operators: the image is smaller, and backtraces have no offsets
        #[arg(long)]
        pub no_address_map: bool,
        /// Leave out these proposals, separated by commas, for an engine that is built without them
        #[arg(long, value_name = "PROPOSALS", value_delimiter = ',', value_parser = proposal)]
        pub without: Vec<String>,
        /// A setting of the engine that is to load the image; as often as need be. --set help lists them
        #[arg(long = "set", value_name = "NAME=VALUE", value_parser = setting)]
        pub settings: Vec<String>,
        /// Sign with the Ed25519 secret key in this file: 32 bytes, or 64 hexadecimal digits
        #[arg(long, value_name = "KEY", conflicts_with = "signer")]
        pub sign: Option<PathBuf>,
        /// Leave place for the signature of this Ed25519 public key's owner, 64 hexadecimal digits: `sign` puts it in
        #[arg(long, value_name = "PUBLIC KEY")]
        pub signer: Option<PublicKey>,
        /// The security version to sign: firmware that has seen a higher one does not load the image
        #[arg(long, value_name = "NUMBER", default_value_t = 0)]
        pub security_version: u64,
        /// Put the module's Wasm bytes into the image, so that it can be compiled again where it does not fit
        #[arg(long)]
        pub with_wasm: bool,
        /// Align the machine code in the image to this many bytes: a page, for an image that runs in place
        #[arg(long, value_name = "BYTES", default_value_t = 0)]
        pub align: usize,
    }
}

/// How hard the compiler tries.
#[derive(Clone, Copy)]
pub enum Level {
    /// It compiles fast.
    None,
    /// It makes fast code.
    Speed,
    /// It makes fast code, but not at any size.
    SpeedAndSize,
}

impl ValueEnum for Level {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::None, Self::Speed, Self::SpeedAndSize]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Self::None => ("none", "Compile fast"),
            Self::Speed => ("speed", "Fast code"),
            Self::SpeedAndSize => ("speed-and-size", "Fast code, but not at any size"),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

/// An Ed25519 public key.
#[derive(Clone, Copy)]
pub struct PublicKey(pub [u8; 32]);

values! {
    Level: EnumValueParser::<Level>::new(),
    PublicKey: ValueParser::new(public_key),
}

arguments! {
    /// Prints what is in an image
    pub struct Inspect {
        /// The image
        pub image: PathBuf,
        /// Disassemble the machine code
        #[arg(short, long)]
        pub disassemble: bool,
    }
}

arguments! {
    /// Makes a secret key, or reads one that is there, and prints its public key
    pub struct Key {
        /// The file with the secret key, as 64 hexadecimal digits: only its owner can read it
        pub key: PathBuf,
        /// Make the file; one that is there is never overwritten
        #[arg(long)]
        pub new: bool,
        /// Write the public key to this file too, as 32 bytes, for `include_bytes!`
        #[arg(long, value_name = "FILE")]
        pub public: Option<PathBuf>,
    }
}

arguments! {
    /// Takes the bytes to sign out of an image that `compile --signer` made, or puts their signature in
    pub struct Sign {
        /// The image
        pub image: PathBuf,
        /// Write the bytes to sign to this file
        #[arg(long, value_name = "FILE", required_unless_present = "signature")]
        pub message: Option<PathBuf>,
        /// Put the signature in this file, 64 bytes, into the image
        #[arg(long, value_name = "FILE", conflicts_with = "message")]
        pub signature: Option<PathBuf>,
    }
}

/// A target triple of an architecture that the compiler knows.
fn target(text: &str) -> Result<String, String> {
    match text.split('-').next() {
        Some("x86_64" | "aarch64") => Ok(text.to_owned()),
        _ => Err(format!(
            "{text:?} begins with neither x86_64 nor aarch64: nothing else is compiled for"
        )),
    }
}

/// A setting, and a value that it takes.
pub(crate) fn setting(text: &str) -> Result<String, String> {
    match text {
        "help" => Err(settings::HELP.to_owned()),
        _ => settings::check(text).map(|_| text.to_owned()),
    }
}

/// A proposal that there is.
fn proposal(text: &str) -> Result<String, String> {
    settings::proposal(text).map(|()| text.to_owned())
}

/// A public key from 64 hexadecimal digits.
fn public_key(text: &str) -> Result<PublicKey, &'static str> {
    hex(text)
        .map(PublicKey)
        .ok_or("a public key is 64 hexadecimal digits, as `cargo xtask key` prints")
}

/// A key from 64 hexadecimal digits.
pub(crate) fn hex(text: &str) -> Option<[u8; 32]> {
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
