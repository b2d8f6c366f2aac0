//! Runs the official test scripts on this machine, or packs them for a device.

#![forbid(unsafe_code)]

#[allow(unreachable_pub, reason = "`xtask` has this file in a library")]
mod arguments;
mod convert;
mod suite;
#[cfg(test)]
mod tests;
mod threads;

use std::{fmt, fs, io, io::Write, process::ExitCode};

use arguments::{Qualified, Scripts};
use clap::Parser;
use wasmetal::error::{Context, Result};
use wasmetal::{Config, WasmFeatures};
use wasmetal_script::{Batch, Directive, Script, Suite};

/// Runs .wast scripts
#[derive(Parser)]
struct Command {
    #[command(flatten)]
    scripts: Scripts,
}

fn main() -> ExitCode {
    match run(&Command::parse().scripts) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether nothing failed.
fn run(arguments: &Scripts) -> Result<bool> {
    let suites = match &arguments.suite {
        Some(name) => suite::named(name)?,
        None => vec![suite::files(&arguments.files)?],
    };
    let collector = &arguments.collector;
    let batch = Batch {
        suites: suites.len() as u32,
        explicit_checks: arguments.explicit_checks,
        deterministic: arguments.deterministic,
        collect_always: arguments.collect_always,
        no_optimisation: arguments.no_optimisation,
        single_pass: arguments.single_pass,
        metered: arguments.metered,
        slices: arguments.slices,
        complete: arguments.complete,
        named_imports: arguments.named_imports,
        collector: collector
            .clone()
            .map(|Qualified(module, name)| (module, name)),
    };
    let mut packed = postcard::to_stdvec(&batch)?;
    for suite in suites {
        let name = suite.name;
        let on = WasmFeatures::ALL.iter();
        let on = on.filter(|(proposal, _)| suite.proposals.contains(*proposal));
        packed.extend(postcard::to_stdvec(&Suite {
            name: name.clone(),
            proposals: on.map(|(_, name)| (*name).to_owned()).collect(),
            scripts: suite.sources.len() as u32,
        })?);
        for (file, text) in &suite.sources {
            let mut script = convert(file, text);
            for command in &mut script.commands {
                if let Some(why) = suite::skipped(&name, file, command.line) {
                    command.directive = Directive::Skip(why.to_owned());
                }
            }
            packed.extend(postcard::to_stdvec(&script)?);
        }
    }
    if arguments.suite.as_deref() == Some("all") {
        for (suite, why) in suite::LEFT_OUT {
            println!("skip suite {suite}: {why}");
        }
    }
    if let Some(path) = &arguments.pack {
        fs::write(path, packed).with_context(|| format!("cannot write {}", path.display()))?;
        return Ok(true);
    }
    let mut config = Config::new(wasmetal_platform_linux::platform());
    config.parallel_compilation(wasmetal_platform_linux::for_each);
    let summary = wasmetal_script::run_all(&packed, config, &threads::Native, &mut Stdout)?;
    Ok(summary.failed == 0)
}

/// A file that is no script fails as one test, and the others run.
fn convert(file: &str, text: &str) -> Script<'static> {
    convert::script(file, text).unwrap_or_else(|error| {
        let directive = Directive::Text(Err(format!("{error:#}")));
        Script {
            file: file.to_owned(),
            commands: vec![wasmetal_script::Command { line: 1, directive }],
        }
    })
}

/// Standard output as `core::fmt` writes to it.
struct Stdout;

impl fmt::Write for Stdout {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        io::stdout()
            .write_all(text.as_bytes())
            .map_err(|_| fmt::Error)
    }
}
