//! Hostile images: read in full, and loaded with a digest that is good. An error or a module, never a panic,
//! and no code of theirs ever runs.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use wasmetal::image::{Part, View, addresses, names, seal, traps};
use wasmetal::{Config, Engine, Module};

// The profile in `Cargo.toml` turns them on; they find many faults that nothing else shows.
const _: () = assert!(cfg!(debug_assertions), "debug assertions are off");

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let config = Config::new(wasmetal_platform_linux::platform());
    Engine::new(&config).expect("an engine with default settings")
});

fuzz_target!(|image: &[u8]| {
    let _ = read(image);
    // With a digest that fits, loading goes on to what is behind that check.
    let Some(start) = image.len().checked_sub(seal::UNSIGNED) else {
        return;
    };
    let mut image = image.to_vec();
    let digest = Sha256::digest(&image[..start]);
    image[start..].copy_from_slice(&digest);
    // SAFETY: the module is never instantiated, so nothing of its code runs.
    match unsafe { Module::deserialize_unsigned(&ENGINE, &image) } {
        Ok(module) => {
            let _ = module.imports().count() + module.exports().count();
            let code: usize = module.functions().map(|function| function.len).sum();
            assert!(code <= module.text().len());
        }
        Err(error) => assert!(!format!("{error:#}").is_empty()),
    }
});

/// Everything that the runtime reads of an image.
fn read(image: &[u8]) -> wasmetal::Result<()> {
    let view = View::parse(image)?;
    for part in Part::ALL {
        let _ = view.part(*part);
    }
    let _ = view.fingerprint().map(|f| f.branch_protection());
    let _ = (seal::check_digest(&view), seal::signer(&view).is_ok());
    traps::iter(view.traps()).for_each(drop);
    addresses::iter(view.addresses()).for_each(drop);
    for offset in (0..view.text().len().min(1 << 16) as u32).step_by(7) {
        let _ = traps::lookup(view.traps(), offset);
        let _ = addresses::lookup(view.addresses(), offset);
    }
    let info = view.info()?;
    let code = view.code(&info)?;
    for i in info.functions.keys() {
        let _ = names::lookup(view.names(), i);
        let _ = info.defined_function(i).map(|i| code.function(i));
    }
    Ok(())
}
