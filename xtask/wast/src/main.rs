//! Runs the official test scripts on this machine, or packs them for a device.

#![forbid(unsafe_code)]

mod convert;
mod suite;
#[cfg(test)]
mod tests;
mod threads;

use std::{fmt, fs, io, io::Write, path::PathBuf, process::ExitCode};

use clap::Parser;
use wasmetal::error::{Context, Result};
use wasmetal::{Config, WasmFeatures};
use wasmetal_script::{Batch, Command, Directive, Script, Suite};

/// Runs .wast scripts
#[derive(Parser)]
struct Arguments {
    /// An official suite: v1, v2, v3, latest, a proposal's name, or all
    #[arg(long, required_unless_present = "files", conflicts_with = "files")]
    suite: Option<String>,
    /// Scripts, and folders of them
    files: Vec<PathBuf>,
    /// Compile bounds checks into the code, as on a machine without guard pages
    #[arg(long)]
    explicit_checks: bool,
    /// Follow the specification's deterministic profile
    #[arg(long)]
    deterministic: bool,
    /// Collect garbage at every allocation
    #[arg(long)]
    collect_always: bool,
    /// Compile without optimisation
    #[arg(long)]
    no_optimisation: bool,
    /// Compile with the allocator of registers that works in one pass
    #[arg(long)]
    single_pass: bool,
    /// Compile code that uses fuel and looks at epochs, and give it enough of both
    #[arg(long)]
    metered: bool,
    /// Count what is not supported as failed instead of skipped
    #[arg(long)]
    complete: bool,
    /// Let an instance that has a name be imported from by that name, as if it were registered
    #[arg(long)]
    named_imports: bool,
    /// Define a host function that collects garbage, for scripts that import one by this name
    #[arg(long, value_name = "MODULE.NAME", value_parser = qualified)]
    collector: Option<(String, String)>,
    /// Write the scripts to this file instead, for a device to run
    #[arg(long, value_name = "FILE")]
    pack: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether nothing failed.
fn run(arguments: &Arguments) -> Result<bool> {
    let suites = match &arguments.suite {
        Some(name) => suite::named(name)?,
        None => vec![suite::files(&arguments.files)?],
    };
    let batch = Batch {
        suites: suites.len() as u32,
        explicit_checks: arguments.explicit_checks,
        deterministic: arguments.deterministic,
        collect_always: arguments.collect_always,
        no_optimisation: arguments.no_optimisation,
        single_pass: arguments.single_pass,
        metered: arguments.metered,
        complete: arguments.complete,
        named_imports: arguments.named_imports,
        collector: arguments.collector.clone(),
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

/// The two names in `MODULE.NAME`.
fn qualified(text: &str) -> Result<(String, String), &'static str> {
    let (module, name) = text
        .split_once('.')
        .ok_or("a module and a name are expected, as in wasmtime.gc")?;
    Ok((module.to_owned(), name.to_owned()))
}

/// A file that is no script fails as one test, and the others run.
fn convert(file: &str, text: &str) -> Script<'static> {
    convert::script(file, text).unwrap_or_else(|error| {
        let directive = Directive::Text(Err(format!("{error:#}")));
        Script {
            file: file.to_owned(),
            commands: vec![Command { line: 1, directive }],
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
