//! Builds the guests twice: as WebAssembly, and natively for what their output should be. One comes as a module.

use std::{env::consts::EXE_SUFFIX, fs, path::PathBuf};

use anyhow::{Context, Result};
use wasmetal_run::{Guest, Guests, Recorded, RecordedCall};
use xshell::{Shell, cmd};

use xtask::{
    cargo::{self, WASM, say},
    setup::{self, Need},
};

const PACKAGE: &str = "wasmetal-guests";
const PROFILE: &str = "guest";

/// Every guest, with the output that it has natively for `seed`.
///
/// # Errors
/// A build failed.
pub(crate) fn build(sh: &Shell, seed: u32) -> Result<Guests<'static>> {
    setup::ensure(sh, &[Need::Target(WASM)])?;
    say("building the guests for WebAssembly");
    cmd!(
        sh,
        "cargo build --profile {PROFILE} --package {PACKAGE} --examples --target {WASM}"
    )
    .run()?;
    say("building the guests for this machine, and running them for what to compare with");
    cmd!(
        sh,
        "cargo build --profile {PROFILE} --package {PACKAGE} --bins"
    )
    .run()?;

    let target = cargo::target_directory();
    let native = target.join(PROFILE).join(format!("{PACKAGE}{EXE_SUFFIX}"));
    let outputs = cargo::scratch(sh)?.join(format!("guests-{}", std::process::id()));
    let outputs = sh.create_dir(outputs)?;
    let seed_text = seed.to_string();
    let names = cmd!(sh, "{native} {seed_text} {outputs}").quiet().read()?;

    let modules = target.join(WASM).join(PROFILE).join("examples");
    let guests = names
        .lines()
        .map(|name| {
            Ok(Guest {
                name: name.to_owned(),
                wasm: read(modules.join(format!("{name}.wasm")))?.into(),
                expected: read(outputs.join(format!("{name}.out")))?.into(),
            })
        })
        .collect::<Result<_>>()?;
    sh.remove_path(outputs)?;
    Ok(Guests {
        seed,
        guests,
        recorded: vec![kotlin()?],
    })
}

/// The program in Kotlin: what it does on other machines is in the `README.md` beside it.
fn kotlin() -> Result<Recorded<'static>> {
    let folder = cargo::root().join("examples").join("guests").join("kotlin");
    let call = |function: &str, arguments: &[&str], results: &[&str]| RecordedCall {
        function: function.to_owned(),
        arguments: arguments.iter().map(|&it| it.to_owned()).collect(),
        results: results.iter().map(|&it| it.to_owned()).collect(),
    };
    Ok(Recorded {
        name: "kotlin".to_owned(),
        wasm: read(folder.join("kotlin.wasm"))?.into(),
        calls: vec![
            call("_start", &[], &[]),
            call("compute", &["100000"], &["523588067739750.9"]),
            call("caught", &["2"], &["2"]),
            call("caught", &["5"], &["-6"]),
            call("churn", &["20000"], &["-1965501938"]),
        ],
        printed: "Hello from Kotlin/Wasm: 1, 4, 9, 16, 25, 36, 49, 64, 81, 100\n\
                  finally 2\nfinally 5\n"
            .to_owned(),
    })
}

/// The module of all kernels.
///
/// # Errors
/// The build failed.
pub(crate) fn kernels(sh: &Shell) -> Result<Vec<u8>> {
    setup::ensure(sh, &[Need::Target(WASM)])?;
    say("building the kernels for WebAssembly");
    cmd!(
        sh,
        "cargo build --profile {PROFILE} --package wasmetal-kernels --examples --target {WASM}"
    )
    .run()?;
    let modules = cargo::target_directory().join(WASM).join(PROFILE);
    read(modules.join("examples").join("kernels.wasm"))
}

fn read(path: PathBuf) -> Result<Vec<u8>> {
    fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
}
