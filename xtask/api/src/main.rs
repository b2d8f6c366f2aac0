//! Lists the public API of a crate, a line for each item, from the JSON that rustdoc has made of it: see
//! `cargo xtask api`.

#![forbid(unsafe_code)]

use std::env;

use anyhow::{Context, Result};
use public_api::Builder;

/// Auto traits that say nothing which a user relies on; `Send` and `Sync` are listed.
const UNLISTED: [&str; 5] = [
    "core::marker::Freeze",
    "core::marker::Unpin",
    "core::marker::UnsafeUnpin",
    "core::panic::unwind_safe::RefUnwindSafe",
    "core::panic::unwind_safe::UnwindSafe",
];

fn main() -> Result<()> {
    let path = env::args_os().nth(1).context("usage: wasmetal-api JSON")?;
    let api = Builder::from_rustdoc_json(path)
        .omit_blanket_impls(true)
        .build()?;
    for item in api.items() {
        let line = item.to_string();
        let of_unlisted = |name: &&str| line.contains(&format!("{name} for "));
        if !UNLISTED.iter().any(of_unlisted) {
            println!("{line}");
        }
    }
    Ok(())
}
