//! Compiles modules, and compares the images with those that another machine has made.

use alloc::format;
use core::fmt::Write;

use wasmetal::error::{Context, Result, bail, ensure};
use wasmetal::image::View;
use wasmetal::{Config, Engine};

use crate::Image;

/// Compares all of them, even if one differs.
pub(crate) fn run(config: &Config, job: &[Image<'_>], out: &mut dyn Write) -> Result<()> {
    let engine = |explicit_checks| Engine::new(config.clone().explicit_checks(explicit_checks));
    let (guards, checks) = (engine(false)?, engine(true)?);
    let (mut failed, mut bytes) = (0, 0);
    for image in job {
        let engine = if image.explicit_checks {
            &checks
        } else {
            &guards
        };
        match one(engine, image) {
            Ok(()) => bytes += image.expected.len(),
            Err(error) => {
                failed += 1;
                writeln!(out, "{}: {error:#}", image.name)?;
            }
        }
    }
    let count = job.len();
    if failed > 0 {
        bail!("{failed} of {count} images differ");
    }
    writeln!(
        out,
        "{count} images, each as another machine has made it: {bytes} bytes"
    )?;
    Ok(())
}

fn one(engine: &Engine, image: &Image<'_>) -> Result<()> {
    let made = engine.precompile_module(&image.wasm)?;
    let expected = &*image.expected;
    if made == expected {
        return Ok(());
    }
    let settings = |image| -> Result<_> { Ok(format!("{:?}", View::parse(image)?.fingerprint()?)) };
    let (here, there) = (
        settings(&made)?,
        settings(expected).context("the other image")?,
    );
    ensure!(here == there, "made with {here}, not with {there}");
    let same = made.iter().zip(expected).take_while(|(a, b)| a == b);
    bail!(
        "differs at byte {}: {} bytes instead of {}",
        same.count(),
        made.len(),
        expected.len()
    )
}
