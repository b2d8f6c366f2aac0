//! Builds the program that uses WASI twice: for that, and natively for what it is to do.

use std::{
    env::consts::EXE_SUFFIX,
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result};
use wasmetal_run::{Call, Directory, Given, GivenDirectory, Program};
use xshell::{Shell, cmd};
use xtask::{
    cargo::{self, WASI, say},
    setup::{self, Need},
};

use crate::{run, tar};

const PACKAGE: &str = "wasmetal-programs";
const PROFILE: &str = "guest";
/// What it reads.
const INPUT: &[u8] = b"one two three\ntwo three\nthree\n";
const CONFIG: &str = "key = value\n";
const ARGUMENTS: [&str; 3] = ["first", "the \"second\"", "dritte \u{fc}"];
const GREETING: &str = "hello\nworld";

/// The program, with what it does natively.
///
/// # Errors
/// A build failed, or it does not run natively.
pub(crate) fn build(sh: &Shell, bare: bool) -> Result<Vec<Program<'static>>> {
    setup::ensure(sh, &[Need::Target(WASI)])?;
    say("building the program for WASI, and for this machine");
    let flags = ["--profile", PROFILE, "--package", PACKAGE];
    cmd!(sh, "cargo build {flags...} --target {WASI}").run()?;
    cmd!(sh, "cargo build {flags...}").run()?;
    let target = cargo::target_directory();
    let name = format!("{PACKAGE}{EXE_SUFFIX}");
    let scratch = cargo::scratch(sh)?.join(format!("programs-{}", std::process::id()));
    let (exit_code, output) = native(
        &target.join(PROFILE).join(name),
        &directory(sh, &scratch.join("native"))?,
    )?;
    let wasm = target
        .join(WASI)
        .join(PROFILE)
        .join(format!("{PACKAGE}.wasm"));
    let wasm = fs::read(&wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
    let root = directory(sh, &scratch.join("wasi"))?;
    let directory = match bare {
        true => Directory::Archive(tar::pack(&root)?.into()),
        false => Directory::Host(root.display().to_string()),
    };
    let arguments = [PACKAGE].into_iter().chain(ARGUMENTS);
    let given = Given {
        arguments: arguments.map(str::to_owned).collect(),
        environment: [("ROOT", "/data"), ("GREETING", GREETING)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        directories: vec![GivenDirectory {
            path: "/data".to_owned(),
            directory,
        }],
        input: Some(INPUT.into()),
        now: run::now(),
        time_limit: Some(Duration::from_secs(300)),
        memory_limit: Some(64 << 20),
    };
    Ok(vec![Program {
        name: "everything of WASI".to_owned(),
        call: Call {
            wasm: wasm.into(),
            invoke: None,
            arguments: Vec::new(),
            settings: Vec::new(),
            given,
        },
        exit_code,
        output: Some(output),
    }])
}

/// A new directory with what the program reads.
fn directory(sh: &Shell, path: &Path) -> Result<std::path::PathBuf> {
    sh.remove_path(path)?;
    let path = sh.create_dir(path)?;
    sh.write_file(path.join("config.txt"), CONFIG)?;
    Ok(path)
}

/// The exit code and the output of the program on this machine.
fn native(program: &Path, root: &Path) -> Result<(i32, String)> {
    let mut child = Command::new(program)
        .args(ARGUMENTS)
        .env("ROOT", root)
        .env("GREETING", GREETING)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let mut stdin = child.stdin.take().context("a child with an input")?;
    stdin.write_all(INPUT)?;
    drop(stdin);
    let output = child.wait_with_output()?;
    let code = output.status.code().context("it was ended by a signal")?;
    Ok((code, String::from_utf8(output.stdout)?))
}
