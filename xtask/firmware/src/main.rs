//! Verbs about firmware that need to read files: `size`, and `kernel`.

#![forbid(unsafe_code)]

mod budget;
mod kernel;
mod size;
mod weigh;

use std::process::ExitCode;

use anyhow::bail;
use xtask::Verb;

fn main() -> ExitCode {
    xtask::main(|verb, sh, _| match verb {
        Verb::Size(verb) => size::run(verb, sh),
        Verb::Kernel(verb) => kernel::run(verb, sh),
        _ => bail!("this is done by `cargo xtask` itself"),
    })
}
