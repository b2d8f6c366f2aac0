//! What the machine must have, and how it gets it.

use anyhow::{Context, Result, bail};
use xshell::{Shell, cmd};

use crate::cargo::say;

/// Something that this tool needs and can install.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A Rust target's standard library.
    Target(&'static str),
    /// A component of the toolchain, and the program that it brings.
    Component {
        /// As rustup calls it.
        name: &'static str,
        /// As cargo runs it.
        program: &'static str,
    },
    /// A program, and the Debian package that holds it.
    Program {
        /// As it is started.
        name: &'static str,
        /// As apt calls it.
        package: &'static str,
    },
}

/// The emulator of a whole board.
pub const QEMU_SYSTEM: Need = Need::Program {
    name: "qemu-system-aarch64",
    package: "qemu-system-arm",
};
/// The emulator of a Linux process.
pub const QEMU_USER: Need = Need::Program {
    name: "qemu-aarch64",
    package: "qemu-user",
};

/// Installs what is missing.
///
/// # Errors
/// It can't be installed here; the error tells the command that does it.
pub fn ensure(sh: &Shell, needs: &[Need]) -> Result<()> {
    let mut packages = Vec::new();
    for need in needs {
        match need {
            Need::Target(target) => rustup(sh, "target", target)?,
            // Whether it runs is the test: rustup's list may be wrong after an add that was cut short.
            Need::Component { program, .. } if is_there(sh, program) => {}
            Need::Component { name, .. } => rustup(sh, "component", name)?,
            Need::Program { name, package } => {
                if !is_there(sh, name) && !packages.contains(package) {
                    packages.push(*package);
                }
            }
        }
    }
    if packages.is_empty() {
        Ok(())
    } else {
        apt(sh, &packages)
    }
}

fn is_there(sh: &Shell, program: &str) -> bool {
    cmd!(sh, "{program} --version")
        .quiet()
        .ignore_stdout()
        .ignore_stderr()
        .run()
        .is_ok()
}

/// Adds a target or a component to the toolchain, if it is not there.
fn rustup(sh: &Shell, kind: &str, name: &str) -> Result<()> {
    let listed = cmd!(sh, "rustup {kind} list --installed")
        .quiet()
        .ignore_stderr()
        .read();
    let installed = match listed {
        Ok(installed) => installed,
        // A Rust that did not come by rustup: its compiler knows what it has.
        Err(_) if kind == "target" && has_std(sh, name) => return Ok(()),
        Err(_) => bail!(
            "the Rust {kind} {name} may be missing, and rustup, which installs it, is not here: \
             install rustup (https://rustup.rs), or the {kind} by your system's means"
        ),
    };
    // Components are listed with the host's triple at the end.
    if installed
        .lines()
        .any(|line| line == name || line.starts_with(&format!("{name}-")))
    {
        return Ok(());
    }
    say(&format!("adding the Rust {kind} {name}"));
    cmd!(sh, "rustup {kind} add {name}").run().with_context(|| {
        format!("rustup could not add it: check the network, then run `rustup {kind} add {name}`")
    })
}

/// Adds components to the nightly toolchain, if `program`, which one of them brings to cargo, is not there.
///
/// # Errors
/// They can't be had here; the error tells the commands that get them.
pub fn ensure_nightly(sh: &Shell, program: &str, components: &[&str]) -> Result<()> {
    let is_there = || {
        let version = cmd!(sh, "cargo {program} --version")
            .env("RUSTUP_TOOLCHAIN", "nightly")
            .quiet()
            .ignore_stdout()
            .ignore_stderr();
        version.run().is_ok()
    };
    if is_there() {
        return Ok(());
    }
    let all = components.join(" ");
    say(&format!("adding {all} to the nightly toolchain"));
    let added = cmd!(
        sh,
        "rustup component add --toolchain nightly {components...}"
    )
    .run();
    if added.is_err() || !is_there() {
        bail!(
            "`cargo {program}` of a nightly toolchain is not here and can't be added: check the network, then \
             run `rustup toolchain install nightly` and `rustup component add --toolchain nightly {all}`"
        );
    }
    Ok(())
}

fn has_std(sh: &Shell, target: &str) -> bool {
    let directory = cmd!(sh, "rustc --print target-libdir --target {target}")
        .quiet()
        .read();
    directory.is_ok_and(|path| sh.path_exists(path))
}

fn apt(sh: &Shell, packages: &[&str]) -> Result<()> {
    let command = format!(
        "apt-get install --yes --no-install-recommends {}",
        packages.join(" ")
    );
    if !is_there(sh, "apt-get") {
        bail!(
            "{} is missing, and there is no apt-get to install it: install QEMU 7.2 or newer for \
             aarch64 (qemu-system-aarch64, and qemu-aarch64 for `test`) by your system's means, \
             then run this again. On Debian and Ubuntu: sudo {command}",
            packages.join(" ")
        );
    }
    let root = cmd!(sh, "id -u").quiet().read().is_ok_and(|id| id == "0");
    if !root && !is_there(sh, "sudo") {
        bail!(
            "{} is missing; as root, run: apt-get update && {command}",
            packages.join(" ")
        );
    }
    say(&format!("installing {}", packages.join(" ")));
    let (program, with): (_, &[&str]) = if root {
        ("env", &[])
    } else {
        ("sudo", &["env"])
    };
    cmd!(
        sh,
        "{program} {with...} DEBIAN_FRONTEND=noninteractive apt-get update"
    )
    .run()
    .with_context(|| format!("apt-get could not update its lists; then run: {command}"))?;
    cmd!(
        sh,
        "{program} {with...} DEBIAN_FRONTEND=noninteractive
         apt-get install --yes --no-install-recommends {packages...}"
    )
    .run()
    .with_context(|| format!("apt-get could not install it; as root, run: {command}"))
}
