//! The compiler: Wasm bytes in, image bytes out.

mod settings;
#[allow(dead_code, unused_imports, reason = "the driver is to come")]
mod translate;

pub use crate::abi::features::Features;
pub use settings::{OptLevel, RegallocAlgorithm, Settings};

use crate::image::Fingerprint;
use alloc::vec::Vec;
use anyhow::{Result, bail};
use cranelift_codegen::isa::OwnedTargetIsa;

/// Runs `job(0)` to `job(count - 1)`, in any order and on any threads, and returns when all are done.
pub type Executor = fn(count: usize, job: &(dyn Fn(usize) + Sync));

/// A compiler for one target with one set of settings.
///
/// Compiling writes nothing outside its result: one compiler serves any number of threads, and the
/// same input gives the same bytes on every host.
pub struct Compiler {
    isa: OwnedTargetIsa,
    settings: Settings,
    /// Encoded once: the same for all images.
    fingerprint: Vec<u8>,
}

impl Compiler {
    /// Makes a compiler.
    ///
    /// # Errors
    /// The target can't be compiled for, a flag is unknown, the target lacks an extension that
    /// code needs, or a proposal is not supported: the error names it.
    pub fn new(settings: &Settings) -> Result<Self> {
        let isa = settings.target_isa()?;
        let fingerprint = postcard::to_allocvec(&Fingerprint {
            version: crate::image::VERSION,
            target: &alloc::format!("{}", settings.target),
            shared_flags: &settings::flag_lines(isa.flags().iter()),
            isa_flags: &settings::flag_lines(isa.isa_flags()),
            tunables: settings.tunables,
            features: settings.features,
        })
        .map_err(|e| anyhow::anyhow!("cannot encode the fingerprint: {e}"))?;
        Ok(Self {
            isa,
            settings: settings.clone(),
            fingerprint,
        })
    }

    /// Compiles a module to an image. Without an executor, functions compile one after another.
    ///
    /// # Errors
    /// The module is not valid, or exceeds a limit of the compiler. The error names what and where.
    pub fn compile(&self, wasm: &[u8], executor: Option<Executor>) -> Result<Vec<u8>> {
        let _ = (wasm, executor, &self.isa, &self.settings, &self.fingerprint);
        bail!("not yet")
    }

    /// Checks that a module is valid, without compiling it.
    ///
    /// # Errors
    /// It is not: the error says what and where.
    pub fn validate(&self, wasm: &[u8]) -> Result<()> {
        let _ = wasm;
        bail!("not yet")
    }
}
