//! What the engines are given: kernels, guests, and small modules of our own.

use anyhow::{Context as _, Result};
use std::{fs, path::Path};
use wasmetal_guests::GUESTS;
use wasmetal_kernels::BY_HAND;

/// A module, by name.
pub(crate) struct Input {
    pub(crate) name: &'static str,
    pub(crate) wasm: Vec<u8>,
}

/// Every module that cases need.
pub(crate) struct Inputs {
    pub(crate) kernels: Input,
    /// In the order of the list.
    pub(crate) by_hand: Vec<Input>,
    pub(crate) guests: Vec<Input>,
    pub(crate) empty: Input,
    pub(crate) small: Input,
    pub(crate) calls: Input,
    /// Some megabytes of machine code.
    pub(crate) huge: Input,
    pub(crate) exceptions: Input,
    pub(crate) objects: Input,
    pub(crate) asynchronous: Input,
}

/// Reads the modules in `directory`, and assembles the small ones.
pub(crate) fn load(directory: &Path) -> Result<Inputs> {
    let read = |name: &'static str| {
        let path = directory.join(name).with_extension("wasm");
        let wasm = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        anyhow::Ok(Input { name, wasm })
    };
    let text = |name, text: &str| {
        anyhow::Ok(Input {
            name,
            wasm: wat::parse_str(text)?,
        })
    };
    Ok(Inputs {
        kernels: read("kernels")?,
        by_hand: BY_HAND
            .iter()
            .map(|(kernel, wat)| text(kernel.name, wat))
            .collect::<Result<_>>()?,
        guests: GUESTS
            .iter()
            .map(|guest| read(guest.name))
            .collect::<Result<_>>()?,
        empty: text("empty module", "(module)")?,
        small: text("memory and function", include_str!("small.wat"))?,
        calls: text("calls", include_str!("calls.wat"))?,
        huge: text("5 MB of code", &huge())?,
        exceptions: text("exceptions", include_str!("exceptions.wat"))?,
        objects: text("objects", include_str!("objects.wat"))?,
        asynchronous: text("asynchronous", include_str!("asynchronous/guest.wat"))?,
    })
}

/// Many functions of arithmetic that nothing simplifies.
fn huge() -> String {
    const STEPS: usize = 100;
    const FUNCTIONS: usize = 5000;
    let mut module = String::from("(module");
    for function in 0..FUNCTIONS {
        module.push_str("(func (param i64) (result i64) (local.get 0)");
        for step in 0..STEPS {
            let operator = ["i64.add", "i64.mul", "i64.xor", "i64.rotl"][step % 4];
            let constant = (0x9e37_79b9 * (function * STEPS + step + 1) as u64) >> 1;
            module.push_str(&format!(
                "(i64.const {}) {operator}",
                constant & 0x7fff_ffff
            ));
        }
        module.push(')');
    }
    module.push(')');
    module
}
