//! Counts instructions on bare metal, exactly: QEMU runs with `-icount shift=0,sleep=off`.
//!
//! Every kernel natively in this firmware, as WebAssembly, and as WebAssembly with explicit checks;
//! then what a call, a trap, an instance, a collection and the compiler cost.

#![no_std]
#![no_main]

extern crate alloc;

#[forbid(unsafe_code)]
mod collections;
mod costs;
#[forbid(unsafe_code)]
mod counter;
#[forbid(unsafe_code)]
mod kernels;

use alloc::vec::Vec;
use wasmetal::error::{Context as _, Result};
use wasmetal::{Config, Engine};
use wasmetal_platform_bare::{entry, payload, platform, println};

entry!(main);

/// What the host handed over.
struct Input<'a> {
    /// Only that is measured whose name contains it.
    filter: &'a str,
    modules: Vec<(&'a str, &'a [u8])>,
}

impl<'a> Input<'a> {
    fn wants(&self, what: &str) -> bool {
        what.contains(self.filter)
    }

    fn get(&self, name: &str) -> Result<&'a [u8]> {
        let found = self.modules.iter().find(|(other, _)| *other == name);
        found
            .map(|(_, wasm)| *wasm)
            .with_context(|| alloc::format!("no module {name:?} was loaded"))
    }
}

fn main() -> i32 {
    match measure() {
        Ok(()) => 0,
        Err(error) => {
            println!("error: {error:?}");
            1
        }
    }
}

fn measure() -> Result<()> {
    let bytes = payload().context("start this firmware by `cargo xtask bench --bare`")?;
    let (filter, modules) = postcard::from_bytes(bytes)?;
    let input = Input { filter, modules };
    let guarded = Engine::new(&Config::new(platform()))?;
    let checked = Engine::new(Config::new(platform()).explicit_checks(true))?;
    costs::print(&guarded, &input)?;
    if input.wants("collections") {
        collections::print(&guarded, input.get("collections")?)?;
    }
    if input.wants("kernels") {
        kernels::print(&guarded, &checked, &input)?;
    }
    Ok(())
}
