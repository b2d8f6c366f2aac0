//! Runs scripts on an engine, on whatever platform that engine is.

mod compare;
mod report;
mod runner;
mod slices;
mod spectest;
mod threads;

pub use report::Summary;
pub use threads::{Join, Log, Threads, Work};

use alloc::{string::String, vec::Vec};
use core::{fmt::Write, num::NonZeroU32};

use wasmetal::error::{Context, Result};
use wasmetal::{Config, Engine, OptLevel, RegallocAlgorithm, WasmFeatures};

use crate::{Batch, Script, Suite};
use report::Report;
use runner::{Runner, Settings};

/// Runs a packed [`Batch`]: `config` is the platform's own, `threads` starts the threads of scripts, and `out` takes a line per script, each
/// failure with its file and line, and at the end what was skipped with its reason.
///
/// # Errors
/// The pack is damaged, the engine refuses its configuration, or `out` fails. What a script does
/// wrong is counted, and is no error.
pub fn run_all(
    pack: &[u8],
    mut config: Config,
    threads: &'static dyn Threads,
    out: &mut dyn Write,
) -> Result<Summary> {
    let (batch, mut rest) = postcard::take_from_bytes::<Batch>(pack).context("a damaged pack")?;
    config
        .explicit_checks(batch.explicit_checks)
        .relaxed_simd_deterministic(batch.deterministic)
        .cranelift_nan_canonicalization(batch.deterministic)
        .consume_fuel(batch.metered)
        .epoch_interruption(batch.metered)
        .cranelift_opt_level(match batch.no_optimisation {
            true => OptLevel::None,
            false => OptLevel::Speed,
        })
        .cranelift_regalloc_algorithm(match batch.single_pass {
            true => RegallocAlgorithm::SinglePass,
            false => RegallocAlgorithm::Backtracking,
        })
        .gc_zeal_alloc_counter(batch.collect_always.then_some(NonZeroU32::MIN));

    let settings = Settings {
        named_imports: batch.named_imports,
        collector: batch.collector,
        slices: batch.slices,
        threads,
    };
    let mut total = Summary::default();
    let mut skips = Vec::new();
    for index in 0..batch.suites {
        let (suite, tail) = postcard::take_from_bytes::<Suite>(rest)
            .with_context(|| alloc::format!("suite {index} of a damaged pack"))?;
        rest = tail;
        let engine = engine(&config, &suite.proposals)?;
        let mut sum = Summary::default();
        for index in 0..suite.scripts {
            let (script, tail) = postcard::take_from_bytes::<Script<'_>>(rest)
                .with_context(|| alloc::format!("script {index} of a damaged pack"))?;
            rest = tail;
            sum += {
                let mut report = Report::new(&script.file, batch.complete, &mut *out);
                let runner = Runner::new(&engine, &settings)?;
                runner.run(&script.commands, &mut |line, outcome| {
                    report.add(line, outcome)
                })?;
                report.finish(&mut skips)?
            };
        }
        if batch.suites > 1 {
            writeln!(out, "suite {}: {sum}", suite.name)?;
        }
        total += sum;
    }
    for skip in skips {
        writeln!(out, "skip {skip}")?;
    }
    writeln!(out, "{total}")?;
    Ok(total)
}

/// An engine with these proposals, as far as this build has them, and no others.
fn engine(config: &Config, proposals: &[String]) -> Result<Engine> {
    let mut config = config.clone();
    for (proposal, name) in WasmFeatures::ALL {
        let on = proposals.iter().any(|other| other == name);
        config.wasm_features(*proposal, on && WasmFeatures::SUPPORTED.contains(*proposal));
    }
    Engine::new(&config)
}
