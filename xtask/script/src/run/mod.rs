//! Runs scripts on an engine, on whatever platform that engine is.

mod compare;
mod report;
mod runner;
mod spectest;

pub use report::Summary;

use core::fmt::Write;

use anyhow::{Context, Result};
use wasmetal::{Config, Engine};

use crate::{Batch, Script};
use report::{Outcome, Report};
use runner::Runner;

/// Runs a packed [`Batch`]: `config` is the platform's own, and `out` takes a line per script, each
/// failure with its file and line, and what was skipped with its reason.
///
/// # Errors
/// The pack is damaged, the engine refuses its configuration, or `out` fails. What a script does
/// wrong is counted, and is no error.
pub fn run_all(pack: &[u8], mut config: Config, out: &mut dyn Write) -> Result<Summary> {
    let (batch, mut rest) = postcard::take_from_bytes::<Batch>(pack).context("a damaged pack")?;
    config.explicit_checks(batch.explicit_checks);
    let engine = Engine::new(&config)?;

    let mut total = Summary::default();
    for index in 0..batch.scripts {
        let (script, tail) = postcard::take_from_bytes::<Script<'_>>(rest)
            .with_context(|| alloc::format!("script {index} of a damaged pack"))?;
        rest = tail;
        let mut report = Report::new(&script.file, out);
        let mut runner = Runner::new(&engine)?;
        for command in &script.commands {
            let outcome = match runner.run(&command.directive) {
                Outcome::Skipped(why) if batch.complete => Outcome::Failed(why),
                outcome => outcome,
            };
            report.add(command.line, outcome)?;
        }
        total += report.finish()?;
    }
    writeln!(out, "{total}")?;
    Ok(total)
}
