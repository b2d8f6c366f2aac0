//! Images on the host: `compile` makes one, `inspect` shows what is in one.

#![forbid(unsafe_code)]

mod compile;
mod disassemble;
mod inspect;

use std::process::ExitCode;

use clap::Parser;

/// Compiles modules ahead of time, and shows what is in an image
#[derive(Parser)]
enum Verb {
    Compile(compile::Compile),
    Inspect(inspect::Inspect),
}

fn main() -> ExitCode {
    let result = match Verb::parse() {
        Verb::Compile(verb) => verb.run(),
        Verb::Inspect(verb) => verb.run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
