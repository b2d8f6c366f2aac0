//! Images on the host: `compile` makes one, `sign` puts in a signature that was made elsewhere, `inspect` shows what
//! is in one; and `key` makes keys.

#![forbid(unsafe_code)]

#[allow(unreachable_pub, reason = "`xtask` has this file in a library")]
mod arguments;
mod compile;
mod disassemble;
mod inspect;
mod keys;
mod sign;

use std::process::ExitCode;

use clap::Parser;

/// Compiles modules ahead of time, signs images, and shows what is in one
#[derive(Parser)]
enum Verb {
    Compile(arguments::Compile),
    Inspect(arguments::Inspect),
    Key(arguments::Key),
    Sign(arguments::Sign),
}

fn main() -> ExitCode {
    let result = match Verb::parse() {
        Verb::Compile(verb) => verb.run(),
        Verb::Inspect(verb) => verb.run(),
        Verb::Key(verb) => verb.run(),
        Verb::Sign(verb) => verb.run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
