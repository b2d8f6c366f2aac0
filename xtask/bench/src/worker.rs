//! The side of an engine: measures a case whenever it is told to.

use crate::cases::Case;
use anyhow::{Context as _, Result};
use std::io::{BufRead as _, Write as _, stdin, stdout};

/// Tells what cases there are, a line each, then an empty line; then answers each line with the number
/// of a case by a line with a sample.
pub(crate) fn serve(cases: &mut [Case]) -> Result<()> {
    let mut out = stdout().lock();
    for Case {
        family,
        name,
        apart,
        ..
    } in &*cases
    {
        writeln!(out, "{family}\t{name}\t{apart}")?;
    }
    writeln!(out)?;
    out.flush()?;
    for line in stdin().lock().lines() {
        let case = cases
            .get_mut(line?.parse::<usize>()?)
            .context("no such case")?;
        let sample = (case.sample)().with_context(|| format!("{}/{}", case.family, case.name))?;
        writeln!(out, "{sample}")?;
        out.flush()?;
    }
    Ok(())
}
