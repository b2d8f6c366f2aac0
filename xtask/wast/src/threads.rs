//! Threads of scripts as threads of this machine.

use std::{panic, thread};

use wasmetal::error::{Context as _, Result};
use wasmetal_script::{Join, Threads, Work};

/// Threads of the operating system.
pub(crate) struct Native;

impl Threads for Native {
    fn start(&self, work: Work) -> Result<Join> {
        let thread = thread::Builder::new().spawn(work);
        let thread = thread.context("cannot start a thread")?;
        Ok(Box::new(|| {
            thread
                .join()
                .unwrap_or_else(|panic| panic::resume_unwind(panic))
        }))
    }
}
