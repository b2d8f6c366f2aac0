//! The one tool of this repository: see the library beside it.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::main(xtask::Verb::run)
}
