//! Help from comments.

use clap::{Arg, Command};

/// A field's name as an option: with dashes.
#[must_use]
pub fn kebab(name: &str) -> String {
    name.replace('_', "-")
}

/// Gives a command the help in a comment's lines.
#[must_use]
pub fn command_texts(command: Command, lines: &[&str]) -> Command {
    match texts(lines) {
        (short, None) => command.about(short),
        (short, Some(long)) => command.about(short).long_about(long),
    }
}

/// Gives an argument the help in a comment's lines.
#[must_use]
pub fn argument_texts(argument: Arg, lines: &[&str]) -> Arg {
    // The name of its value: that of the field, unless a setting says otherwise.
    let value = argument.get_id().as_str().to_uppercase();
    let argument = match argument.get_action().takes_values() {
        true => argument.value_name(value),
        false => argument,
    };
    match texts(lines) {
        (short, None) => argument.help(short),
        (short, Some(long)) => argument.help(short).long_help(long),
    }
}

/// The first paragraph, and all of them if there are more. A paragraph is one line, without a stop at the end of the
/// first.
fn texts(lines: &[&str]) -> (String, Option<String>) {
    let paragraphs: Vec<String> = lines
        .split(|line| line.trim().is_empty())
        .filter(|paragraph| !paragraph.is_empty())
        .map(|lines| {
            let lines: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
            lines.join(" ")
        })
        .collect();
    let first = paragraphs.first().map_or("", |it| it.trim_end_matches('.'));
    let long = (paragraphs.len() > 1).then(|| paragraphs.join("\n\n"));
    (first.to_owned(), long)
}
