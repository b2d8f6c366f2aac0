//! What the engines are given: kernels, guests, and small modules of our own.

use anyhow::{Context as _, Result};
use std::{fs, path::Path};
use wasmetal_guests::GUESTS;

/// A module, by name.
pub(crate) struct Input {
    pub(crate) name: &'static str,
    pub(crate) wasm: Vec<u8>,
}

/// Every module that cases need.
pub(crate) struct Inputs {
    pub(crate) kernels: Input,
    pub(crate) guests: Vec<Input>,
    pub(crate) empty: Input,
    pub(crate) small: Input,
    pub(crate) calls: Input,
}

/// Reads the modules in `directory`, and assembles the small ones.
pub(crate) fn load(directory: &Path) -> Result<Inputs> {
    let read = |name: &'static str| {
        let path = directory.join(name).with_extension("wasm");
        let wasm = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        anyhow::Ok(Input { name, wasm })
    };
    let text = |name, text| {
        anyhow::Ok(Input {
            name,
            wasm: wat::parse_str(text)?,
        })
    };
    Ok(Inputs {
        kernels: read("kernels")?,
        guests: GUESTS
            .iter()
            .map(|guest| read(guest.name))
            .collect::<Result<_>>()?,
        empty: text("empty module", "(module)")?,
        small: text("memory and function", include_str!("small.wat"))?,
        calls: text("calls", include_str!("calls.wat"))?,
    })
}
