//! Puts `link.ld` on the linker's search path, for this crate's kernels and for every firmware that
//! depends on it. The script is chosen by `-Tlink.ld`: in this tree by `.cargo/config.toml`, elsewhere by the firmware's
//! own `build.rs`.

use std::{env, path::Path};

fn main() {
    let dir = env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    println!("cargo::rustc-link-search=native={dir}");
    println!(
        "cargo::rerun-if-changed={}",
        Path::new(&dir).join("link.ld").display()
    );
}
