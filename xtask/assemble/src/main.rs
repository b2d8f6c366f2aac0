//! A module in the text format, from standard input, to its bytes, on standard output.
//!
//! It is no part of `xtask`, which is built before anything else: the parser is a third of what that would be.

#![forbid(unsafe_code)]

use std::env;
use std::io::{self, Read as _, Write as _};
use std::process::ExitCode;

fn main() -> ExitCode {
    let name = env::args_os().nth(1).unwrap_or_default();
    match assemble(name.as_ref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Does it. Errors name the file.
fn assemble(name: &std::path::Path) -> Result<(), Box<dyn std::error::Error>> {
    let mut text = Vec::new();
    io::stdin().read_to_end(&mut text)?;
    let wasm = wat::Parser::new().parse_bytes(Some(name), &text)?;
    io::stdout().write_all(&wasm)?;
    Ok(())
}
