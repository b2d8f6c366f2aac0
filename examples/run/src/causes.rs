//! An error as a user reads it.

use core::fmt;

use wasmetal::error::Error;

/// Prints an error and its causes, each on a line of its own, without the host's own stack.
#[derive(Debug)]
pub struct Causes<'a>(pub &'a Error);

impl fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.0)?;
        for cause in self.0.chain().skip(1) {
            write!(f, "\ncaused by: {cause}")?;
        }
        Ok(())
    }
}
