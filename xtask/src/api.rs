//! `api`: the public API of the crates that are published, held against the listings in the tree.

use std::{collections::BTreeSet, os::unix::fs::PermissionsExt as _, path::PathBuf};

use anyhow::{Result, bail};
use wasmetal_arguments::arguments;
use xshell::{Shell, cmd};

use crate::cargo::{self, say};

arguments! {
    /// Compares the public API of the published crates with the listings in xtask/api/listings
    ///
    /// An API that has changed on purpose is written to them by --bless, and a line in CHANGELOG.md says so.
    pub struct Api {
        /// Write the listings anew
        #[arg(long)]
        bless: bool,
    }
}

/// The crates that are published.
const PUBLISHED: [&str; 5] = [
    "wasmetal",
    "wasmetal-platform",
    "wasmetal-platform-bare",
    "wasmetal-platform-linux",
    "wasmetal-wasi",
];

impl Api {
    pub(crate) fn run(&self, sh: &Shell) -> Result<()> {
        describe(sh)?;
        say("building what lists the API");
        cmd!(sh, "cargo build --profile xtask --package wasmetal-api").run()?;
        let mut changed = Vec::new();
        for name in PUBLISHED {
            let new = list(sh, name)?;
            let path = listing(name);
            if self.bless {
                sh.write_file(path, new)?;
                continue;
            }
            let old = sh.read_file(path)?;
            if old != new {
                print!("{}", differences(name, &old, &new));
                changed.push(name);
            }
        }
        if !changed.is_empty() {
            bail!(
                "the public API of {} has changed. If that is meant: `cargo xtask api --bless`, and a line in \
                 CHANGELOG.md",
                changed.join(", ")
            );
        }
        Ok(())
    }
}

fn listing(name: &str) -> PathBuf {
    let folder = cargo::root().join("xtask").join("api").join("listings");
    folder.join(name).with_extension("txt")
}

/// Has rustdoc describe the crates in JSON, with all features, in `target/doc`.
///
/// The format is one that rustdoc gives to nightly toolchains, or to those who insist. The toolchain of the tree is
/// pinned, and so the format is. Only rustdoc is told: the variable would have build scripts run again, and what
/// depends on them be built again.
fn describe(sh: &Shell) -> Result<()> {
    say("describing the public API");
    let insist = cargo::scratch(sh)?.join("insistent-rustdoc");
    sh.write_file(
        &insist,
        "#!/bin/sh\nRUSTC_BOOTSTRAP=1 exec rustdoc \"$@\"\n",
    )?;
    std::fs::set_permissions(&insist, std::fs::Permissions::from_mode(0o755))?;
    let packages = PUBLISHED.iter().flat_map(|name| ["--package", name]);
    cmd!(sh, "cargo doc --no-deps --all-features {packages...}")
        .env("RUSTDOC", insist)
        .env(
            "RUSTDOCFLAGS",
            "-Z unstable-options --output-format json --cap-lints allow",
        )
        .run()?;
    Ok(())
}

/// The public API of a crate, a line for each item.
fn list(sh: &Shell, name: &str) -> Result<String> {
    let target = cargo::target_directory();
    let json = target
        .join("doc")
        .join(name.replace('-', "_"))
        .with_extension("json");
    let program = target.join("xtask").join("wasmetal-api");
    let mut listing = cmd!(sh, "{program} {json}").quiet().read()?;
    listing.push('\n');
    Ok(listing)
}

/// What is gone, by `-`, and what has come, by `+`, in the order of the listings.
fn differences(name: &str, old: &str, new: &str) -> String {
    let (old, new): (BTreeSet<_>, BTreeSet<_>) = (old.lines().collect(), new.lines().collect());
    let mut text = format!("{name}:\n");
    for line in old.symmetric_difference(&new) {
        let sign = if old.contains(line) { '-' } else { '+' };
        text.push_str(&format!("{sign} {line}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_show_both_sides_in_order() {
        let check = |old: &str, new: &str, expected: &str| {
            let text = differences("it", &old.replace(' ', "\n"), &new.replace(' ', "\n"));
            assert_eq!(text, expected);
        };
        check("a b", "a b", "it:\n");
        check("a c", "a b c", "it:\n+ b\n");
        check("a b(x) c", "a b(y)", "it:\n- b(x)\n+ b(y)\n- c\n");
    }

    /// Whatever `cargo package` takes has a listing.
    #[test]
    fn all_that_is_packaged_is_listed() {
        let step = crate::steps::STEPS
            .iter()
            .find(|step| step.name == "packages")
            .expect("a step packages");
        let crate::steps::Run::Cargo(arguments) = step.run else {
            panic!("cargo does it");
        };
        let packaged: BTreeSet<&str> = arguments.split(" -p ").skip(1).collect();
        assert_eq!(packaged, PUBLISHED.into_iter().collect());
        assert!(PUBLISHED.iter().all(|name| listing(name).exists()));
    }
}
