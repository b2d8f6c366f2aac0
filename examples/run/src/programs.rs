//! Runs programs, and compares what they do with what they are to do.

use alloc::{string::String, vec::Vec};
use core::fmt::Write;

use wasmetal::Config;
use wasmetal::error::{Result, bail, ensure};
use wasmetal_wasi::MemoryOutputPipe;

use crate::{Machine, Program, call, exit_code, wasi};

/// How much a program may print, in bytes.
const OUTPUT: usize = 1 << 20;

/// Runs them all, even if one fails.
///
/// # Errors
/// One did something else than it is to do.
pub(crate) fn run(
    config: &Config,
    job: &[Program<'_>],
    machine: &Machine,
    out: &mut dyn Write,
) -> Result<()> {
    let mut failed: Vec<&str> = Vec::new();
    for program in job {
        match one(config, program, machine, out) {
            Ok(()) => writeln!(out, "ok      {}", program.name)?,
            Err(error) => {
                writeln!(out, "FAILED  {}: {error:#}", program.name)?;
                failed.push(&program.name);
            }
        }
    }
    if !failed.is_empty() {
        bail!(
            "{} of {} programs failed: {}",
            failed.len(),
            job.len(),
            failed.join(", ")
        );
    }
    writeln!(out, "{} programs, each as it is to do", job.len())?;
    Ok(())
}

fn one(
    config: &Config,
    program: &Program<'_>,
    machine: &Machine,
    out: &mut dyn Write,
) -> Result<()> {
    let (output, errors) = (MemoryOutputPipe::new(OUTPUT), MemoryOutputPipe::new(OUTPUT));
    let mut given = wasi::given(machine, &program.call.given)?;
    given.stdout(output.clone()).stderr(errors.clone());
    let text = |pipe: &MemoryOutputPipe| String::from_utf8_lossy(&pipe.contents()).into_owned();
    let code = match call::run_with(config, &program.call, &mut given, out) {
        Ok(()) => 0,
        Err(error) => match exit_code(&error) {
            Some(code) => code,
            None => bail!("{error:#}\n{}", text(&errors)),
        },
    };
    ensure!(
        code == program.exit_code,
        "exit code {code} instead of {}\n{}",
        program.exit_code,
        text(&errors)
    );
    if let Some(expected) = &program.output {
        let printed = text(&output);
        ensure!(
            printed == *expected,
            "printed {printed:?} instead of {expected:?}"
        );
    }
    Ok(())
}
