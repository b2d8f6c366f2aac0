//! What the documents say, held against the tree: paths, names in files, links, commands, invariants.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use wasmetal_arguments::clap::{self, CommandFactory as _};

use crate::{Verb, cargo::root, steps::STEPS};

/// Every document, with its path from the root of the tree.
fn documents() -> Vec<(PathBuf, String)> {
    let mut paths: Vec<PathBuf> = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"]
        .map(PathBuf::from)
        .into();
    let folder = fs::read_dir(root().join("docs")).expect("there are documents");
    paths.extend(folder.map(|entry| Path::new("docs").join(entry.expect("an entry").file_name())));
    let read = |path: PathBuf| {
        let text = fs::read_to_string(root().join(&path)).expect("a document is text");
        (path, text)
    };
    paths.into_iter().map(read).collect()
}

/// What stands in backticks, each with what stands between it and the one before. Blocks of code are left out.
fn spans(text: &str) -> Vec<(String, String)> {
    let prose: Vec<&str> = text.split("```").step_by(2).collect();
    let prose = prose
        .join("\n")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let parts: Vec<&str> = prose.split('`').collect();
    let pairs = parts.chunks_exact(2);
    pairs
        .map(|pair| (pair[0].to_owned(), pair[1].to_owned()))
        .collect()
}

/// Where a path leads: from the root, or from the sources of the core. `None`: it looks like no path.
fn resolve(span: &str) -> Option<Option<PathBuf>> {
    let is_path = span
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c))
        && (span.contains('/')
            || [".rs", ".md", ".toml"]
                .iter()
                .any(|end| span.ends_with(end)));
    // What is built, and what stands for any name.
    let other = span.starts_with("target/") || span.contains("NAME");
    (is_path && !other).then(|| {
        let places = [
            root().join(span),
            root().join("core").join("src").join(span),
        ];
        places.into_iter().find(|path| path.exists())
    })
}

/// Every Rust source below a folder, but what cargo has built.
fn sources(folder: &Path, visit: &mut dyn FnMut(&Path, &str)) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            if !path.ends_with("target") {
                sources(&path, visit);
            }
        } else if path.extension().is_some_and(|end| end == "rs") {
            visit(&path, &fs::read_to_string(&path).expect("a source is text"));
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
}

/// Names that follow a file's path (`file.rs`: `one`, `two`) are in that file.
#[test]
fn paths_and_names_exist() {
    let (mut problems, mut names) = (Vec::new(), 0);
    for (document, text) in documents() {
        let mut file = None;
        for (before, span) in spans(&text) {
            match resolve(&span) {
                Some(Some(path)) => {
                    file = path
                        .is_file()
                        .then(|| fs::read_to_string(path).unwrap_or_default());
                    continue;
                }
                Some(None) => problems.push(format!("{}: no `{span}`", document.display())),
                None => {}
            }
            let listed = [":", ",", "and", ", and"].contains(&before.trim());
            let Some(source) = file.take().filter(|_| listed) else {
                continue;
            };
            let name = words(&span).filter(|word| !word.is_empty()).last();
            let is_name = span
                .chars()
                .all(|c| c.is_alphanumeric() || "_:()".contains(c));
            if let Some(name) = name.filter(|_| is_name) {
                names += 1;
                if !words(&source).any(|word| word == name) {
                    problems.push(format!(
                        "{}: `{span}` is not where it says",
                        document.display()
                    ));
                }
            }
            file = Some(source);
        }
    }
    assert!(names > 60, "only {names} names");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn links_lead_somewhere() {
    let mut links = 0;
    for (document, text) in documents() {
        for link in text.split("](").skip(1) {
            let target = link.split([')', '#']).next().unwrap_or_default();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            links += 1;
            let folder = root().join(&document);
            let path = folder.parent().expect("it is in a folder").join(target);
            assert!(path.exists(), "{}: no {target}", document.display());
        }
    }
    assert!(links > 5, "only {links} links");
}

/// `cargo xtask VERB`, its options, and the names of steps.
#[test]
fn commands_exist() {
    let tool = Verb::command();
    let mut commands = 0;
    for (document, text) in documents() {
        for rest in text.split("cargo xtask ").skip(1) {
            // A command ends with its line, its backticks, or what is said about it.
            let line = rest.split(['\n', '`', '#']).next().unwrap_or_default();
            let line = line.split("    ").next().unwrap_or_default();
            let mut tokens = line
                .split([' ', '[', ']', '|'])
                .filter(|token| !token.is_empty())
                // What follows is for another program.
                .take_while(|token| *token != "--");
            let mut command = &tool;
            for token in tokens.by_ref() {
                match command.find_subcommand(token) {
                    Some(found) => command = found,
                    None => {
                        check_option(&document, command, token);
                        break;
                    }
                }
            }
            tokens.for_each(|token| check_option(&document, command, token));
            commands += 1;
            if let Some((_, step)) = line.split_once("--only ") {
                let step = step.trim().trim_matches('"');
                let known = step == "NAME" || STEPS.iter().any(|known| known.name.contains(step));
                let is_test = command.get_name() == "test";
                assert!(known || !is_test, "{}: no step {step}", document.display());
            }
        }
    }
    assert!(commands > 40, "only {commands} commands");
}

fn check_option(document: &Path, command: &clap::Command, token: &str) {
    let Some(option) = token.strip_prefix("--") else {
        return;
    };
    let option = option.trim_end_matches([',', '.', ')', ':', ';']);
    // Some verbs hand all on to another program.
    let known = option == "help"
        || (command.get_arguments())
            .any(|it| it.is_trailing_var_arg_set() || it.get_long() == Some(option));
    let (document, name) = (document.display(), command.get_name());
    assert!(known, "{document}: `{name}` has no --{option}");
}

/// Every invariant that sources declare by name is in the table of all.
#[test]
fn invariants_are_listed() {
    let mut declared = BTreeSet::new();
    for package in ["core", "platform", "platform-linux", "platform-bare"] {
        sources(&root().join(package).join("src"), &mut |_, text| {
            let rest = text.split("Invariant (*").skip(1);
            declared.extend(rest.filter_map(|rest| Some(rest.split_once("*)")?.0.to_owned())));
        });
    }
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("it is text");
    let missing: Vec<_> = declared
        .iter()
        .filter(|name| !text.contains(&format!("| *{name}* |")))
        .collect();
    assert!(declared.len() > 15, "only {}", declared.len());
    assert!(missing.is_empty(), "ARCHITECTURE.md lacks {missing:?}");
}

/// A `SAFETY:` text says itself what makes the block sound: who moves one block leaves no other without a reason.
#[test]
fn safety_texts_stand_by_themselves() {
    let mut found = Vec::new();
    let mut texts = 0;
    for folder in [
        "core",
        "platform",
        "platform-linux",
        "platform-bare",
        "xtask",
        "examples",
    ] {
        sources(&root().join(folder), &mut |path, source| {
            for text in source.split("// SAFETY: ").skip(1) {
                texts += 1;
                let first = text.lines().next().unwrap_or("");
                let rest = text.lines().skip(1).map(str::trim_start);
                let lines = rest.map_while(|line| line.strip_prefix("//"));
                let all = lines.fold(first.to_lowercase(), |all, line| all + &line.to_lowercase());
                let elsewhere = ["as above", "as below", "likewise"];
                let from_the_start = ["as there", "as before", "the same as"];
                if elsewhere.iter().any(|words| all.contains(words))
                    || from_the_start.iter().any(|words| all.starts_with(words))
                {
                    found.push(format!("{}: {first}", path.display()));
                }
            }
        });
    }
    assert!(texts > 800, "only {texts}");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Each script about what other runtimes had names the kind of fault, and who had it, in its first line.
#[test]
fn reported_scripts_name_their_kind() {
    let folder = root().join("core/tests/filetests/reported");
    let mut scripts = 0;
    for entry in fs::read_dir(folder).expect("there are scripts") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a script is text");
        let line = text.lines().next().unwrap_or_default();
        let kind = line.strip_prefix(";; ").and_then(|line| {
            let kind = line.split("Kind: ").nth(1)?;
            let is_reported = ["#", "GHSA-", "CVE-"].iter().any(|it| line.contains(it));
            is_reported.then_some(kind)
        });
        assert!(
            kind.is_some_and(|kind| kind.len() > 20),
            "{}: {line}",
            path.display()
        );
        scripts += 1;
    }
    assert!(scripts >= 60, "{scripts} scripts");
}

/// What comes next stands first, or what was just released.
#[test]
fn the_changelog_begins_with_this_version() {
    let text = fs::read_to_string(root().join("CHANGELOG.md")).expect("it is text");
    let first = text.lines().find_map(|line| line.strip_prefix("## "));
    let first = first.expect("it has a version");
    let version = env!("CARGO_PKG_VERSION");
    let is_next = first == "Unreleased" || first.split(' ').next() == Some(version);
    assert!(
        is_next,
        "CHANGELOG.md begins with {first}, and this is {version}"
    );
}
