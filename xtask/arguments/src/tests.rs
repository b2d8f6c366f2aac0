//! What is declared, what is read, and what help says.

#![allow(dead_code, reason = "only `Debug` reads the fields")]

use std::path::PathBuf;

use clap::{CommandFactory as _, Parser as _};

use crate::{arguments, verbs};

arguments! {
    /// Does
    /// much.
    ///
    /// More of
    /// it.
    ///
    /// And more.
    #[derive(Debug)]
    struct Much {
        /// A flag
        #[arg(long, conflicts_with = "count")]
        flag_of_two: bool,
        /// How often
        #[arg(short, long, default_value_t = 2 + 1)]
        count: u32,
        /// In which way
        #[arg(long, default_value = "gently")]
        way: String,
        /// Options
        #[command(flatten)]
        more: More,
        /// Files
        files: Vec<PathBuf>,
    }
}

arguments! {
    /// Not shown.
    #[derive(Debug)]
    struct More {
        /// Names
        #[arg(long = "name", value_name = "NAME=VALUE")]
        names: Vec<String>,
        /// Where
        #[arg(long, required_unless_present = "names")]
        place: Option<PathBuf>,
    }
}

arguments! {
    /// Needs one
    #[derive(Debug)]
    struct One {
        /// It
        it: PathBuf,
    }
}

verbs! {
    /// Verbs of a verb
    #[derive(Debug)]
    enum Inner {
        One(One),
    }
}

verbs! {
    /// A tool
    #[derive(Debug)]
    enum Tool {
        Much(Much),
        Inner(Inner),
        #[command(hide = true)]
        Hidden(One),
    }
}

#[test]
fn declared_consistently() {
    Tool::command().debug_assert();
}

#[test]
fn arguments_are_read() {
    let check = |typed: &str, expected: &str| {
        let words = ["tool"].into_iter().chain(typed.split(' '));
        let read = match Tool::try_parse_from(words) {
            Ok(verb) => format!("{verb:?}"),
            Err(error) => error.to_string().lines().next().unwrap_or("").to_owned(),
        };
        assert_eq!(read, expected, "{typed}");
    };
    check(
        "much --place x a b",
        r#"Much(Much { flag_of_two: false, count: 3, way: "gently", more: More { names: [], place: Some("x") }, files: ["a", "b"] })"#,
    );
    check(
        "much --flag-of-two --name a=1 --name b=2",
        r#"Much(Much { flag_of_two: true, count: 3, way: "gently", more: More { names: ["a=1", "b=2"], place: None }, files: [] })"#,
    );
    check("inner one a", r#"Inner(One(One { it: "a" }))"#);
    check("hidden a", r#"Hidden(One { it: "a" })"#);
    check(
        "much --flag-of-two -c 1 --place x",
        "error: the argument '--flag-of-two' cannot be used with '--count <COUNT>'",
    );
    check(
        "much --place x -c y",
        "error: invalid value 'y' for '--count <COUNT>': invalid digit found in string",
    );
    check(
        "much",
        "error: the following required arguments were not provided:",
    );
    check("inner", "Verbs of a verb");
    check("nonsense", "error: unrecognized subcommand 'nonsense'");
}

#[test]
fn comments_are_help() {
    let command = Tool::command();
    let much = command.find_subcommand("much").expect("it is declared");
    let text = |text: Option<&clap::builder::StyledStr>| text.map(ToString::to_string);
    assert_eq!(text(much.get_about()), Some("Does much".to_owned()));
    assert_eq!(
        text(much.get_long_about()),
        Some("Does much.\n\nMore of it.\n\nAnd more.".to_owned())
    );
    let help = command.clone().render_long_help().to_string();
    assert!(help.contains("much") && !help.contains("hidden"), "{help}");
}
