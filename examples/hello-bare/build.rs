//! Chooses the linker script, and assembles the guest.

use std::{env, fs, path::Path};

fn main() {
    // `wasmetal-platform-bare` puts its script on the linker's search path. Flags that choose it too, as those of
    // wasmetal's own tree do, would have it twice.
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    if !flags.contains("-Tlink.ld") {
        println!("cargo::rustc-link-arg-bins=-Tlink.ld");
    }

    println!("cargo::rerun-if-changed=guest.wat");
    let wasm = wat::parse_file("guest.wat").expect("guest.wat is a module");
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("guest.wasm"), wasm).expect("OUT_DIR is a folder");
}
