//! `outside`: the examples that are made to be copied, copied out of the tree, built and run.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail, ensure};
use wasmetal_arguments::arguments;
use xshell::{Shell, cmd};

use crate::cargo::{self, say};

arguments! {
    /// Copies `examples/hello` and `examples/hello-bare` out of the tree, builds and runs them
    ///
    /// It does what docs/outside.md says. Then it takes the linker script away from the firmware: the linker's messages must
    /// tell what is missing.
    pub struct Outside {}
}

/// What both examples print last.
const RESULT: &str = "run(21) is 42";
/// How the firmware chooses its linker script.
const CHOICE: &str = "-Tlink.ld";
/// What the linker finds missing without it, besides the symbols of the sections.
const MISSING: &str =
    "undefined symbol: the_linker_script_link_ld_is_missing__see_wasmetal_docs_outside_md";

/// What is built once and runs once is there soonest without optimisation, and without what debuggers want.
const QUICK: [&str; 4] = [
    "--config",
    r#"profile.dev.package."*".opt-level=0"#,
    "--config",
    "profile.dev.debug=false",
];

impl Outside {
    pub(crate) fn run(&self, sh: &Shell) -> Result<()> {
        // Not below the tree: cargo would find the tree's settings in the folders above.
        let folder = env::temp_dir().join(format!("wasmetal-outside-{}", std::process::id()));
        let result = check(sh, &folder);
        sh.remove_path(&folder)?;
        result
    }
}

fn check(sh: &Shell, folder: &Path) -> Result<()> {
    let _target = sh.push_env(
        "CARGO_TARGET_DIR",
        cargo::target_directory().join("outside"),
    );
    for name in ["hello", "hello-bare"] {
        say(&format!("copying {name} out of the tree"));
        let package = copy(sh, name, folder)?;
        let _here = sh.push_dir(&package);
        cmd!(sh, "cargo fmt --check").run()?;
        let printed = cmd!(sh, "cargo run {QUICK...}").read()?;
        println!("{printed}");
        ensure!(
            printed
                .lines()
                .last()
                .is_some_and(|line| line.trim() == RESULT),
            "{name} did not print `{RESULT}` last"
        );
    }

    say("linking the firmware without its linker script");
    let _here = sh.push_dir(folder.join("hello-bare"));
    let build = sh.read_file("build.rs")?;
    ensure!(build.contains(CHOICE), "build.rs chooses no linker script");
    sh.write_file("build.rs", build.replace(CHOICE, ""))?;
    let output = cmd!(sh, "cargo build {QUICK...}")
        .ignore_status()
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() || !said.contains(MISSING) {
        bail!("the linker does not say that the script is missing:\n{said}");
    }
    Ok(())
}

/// Copies a package, and has its dependencies by path lead to the tree; returns where the copy is.
fn copy(sh: &Shell, name: &str, folder: &Path) -> Result<PathBuf> {
    let (from, to) = (cargo::root().join("examples").join(name), folder.join(name));
    copy_folder(&from, &to)?;
    // The versions that the tree is tested with.
    sh.copy_file(cargo::root().join("Cargo.lock"), &to)?;
    let manifest = sh.read_file(to.join("Cargo.toml"))?;
    let tree = cargo::root().display().to_string();
    ensure!(
        manifest.contains(r#"path = "../../"#),
        "{name} depends on nothing of the tree"
    );
    sh.write_file(
        to.join("Cargo.toml"),
        manifest.replace(r#"path = "../.."#, &format!(r#"path = "{tree}"#)),
    )?;
    Ok(to)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            // What somebody has built in the tree.
            if entry.file_name() != "target" {
                copy_folder(&from, &to)?;
            }
        } else {
            fs::copy(&from, &to)?;
        }
    }
    Ok(())
}
