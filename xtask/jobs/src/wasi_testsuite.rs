//! `wasi-testsuite`: WebAssembly's tests of WASI.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use wasmetal_run::{Call, Directory, Given, GivenDirectory, Job, Program};
use xshell::Shell;
use xtask::{
    cargo::{self, say},
    wasi_testsuite::WasiTestsuite,
};

use crate::{run, tar};

/// How long a program may take.
const LIMIT: Duration = Duration::from_secs(120);

/// What the file beside a program says of it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Specification {
    args: Vec<String>,
    env: BTreeMap<String, String>,
    /// A directory beside the program, which it sees as `/`.
    root: Option<String>,
    exit_code: i32,
    stdout: Option<String>,
}

pub(crate) fn run(verb: &WasiTestsuite, sh: &Shell) -> Result<()> {
    let mut programs = Vec::new();
    find(&verb.folder, &mut programs)?;
    programs.retain(|path| {
        let text = path.to_string_lossy();
        text.contains("wasip1") && verb.filter.as_ref().is_none_or(|it| text.contains(it))
    });
    ensure!(
        !programs.is_empty(),
        "no such program is in {}",
        verb.folder.display()
    );
    let scratch = cargo::scratch(sh)?.join(format!("wasi-{}", std::process::id()));
    let job = programs
        .iter()
        .enumerate()
        .map(|(number, path)| program(verb, path, &scratch.join(number.to_string())))
        .collect::<Result<Vec<_>>>()?;
    let job = Job::Programs(job).to_bytes();
    let result = match verb.bare {
        false => run::on_linux(sh, &job),
        true => run::on_device(sh, &job),
    };
    sh.remove_path(scratch)?;
    say(&format!("{} programs", programs.len()));
    result
}

/// All modules below a folder, in order.
fn find(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        .with_context(|| format!("cannot read {}", folder.display()))?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            find(&path, found)?;
        } else if path.extension().is_some_and(|it| it == "wasm") {
            found.push(path);
        }
    }
    Ok(())
}

/// What the tests' own runner would have a program do.
fn program(verb: &WasiTestsuite, path: &Path, scratch: &Path) -> Result<Program<'static>> {
    let wasm = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let specification: Specification = match fs::read(path.with_extension("json")) {
        Ok(text) => serde_json::from_slice(&text)
            .with_context(|| format!("what is beside {}", path.display()))?,
        Err(_) => Specification::default(),
    };
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let mut directories = Vec::new();
    if let Some(root) = &specification.root {
        let root = path.with_file_name(root);
        let directory = if verb.bare {
            Directory::Archive(tar::pack(&root)?.into())
        } else {
            // A copy of its own, which it writes to.
            copy(&root, scratch)?;
            Directory::Host(scratch.display().to_string())
        };
        directories.push(GivenDirectory {
            path: "/".to_owned(),
            directory,
        });
    }
    let mut arguments = vec![format!("{name}.wasm")];
    arguments.extend(specification.args);
    Ok(Program {
        name: name.into_owned(),
        call: Call {
            wasm: wasm.into(),
            invoke: None,
            arguments: Vec::new(),
            settings: Vec::new(),
            given: Given {
                arguments,
                environment: specification.env.into_iter().collect(),
                directories,
                input: Some(Vec::new().into()),
                now: run::now(),
                time_limit: Some(LIMIT),
                memory_limit: None,
            },
        },
        exit_code: specification.exit_code,
        output: specification.stdout,
    })
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}
