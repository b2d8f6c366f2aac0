//! The compiler: Wasm bytes in, image bytes out. Five phases, in this order:
//!
//! | phase | in | out |
//! |---|---|---|
//! | `frontend` | Wasm bytes | [`ModuleInfo`](crate::module::ModuleInfo), bodies, data, names; all is validated |
//! | `translate` | a body | Cranelift IR; the body is validated again on the way, for the types of its operands |
//! | `codegen` | Cranelift IR | machine code, relocations, trap sites, address map |
//! | `emit::text` | the code of all functions and trampolines | one text, and the tables of its offsets |
//! | `emit::image` | the text and what is known of the module | an ELF file |
//!
//! [`Compiler::compile`] is all of it. Translation and code generation run once for each function, on
//! any number of threads; the rest is sequential and cheap.
//!
//! For users there is [`Module::new`](crate::Module::new), and for tools, to sign and pack what
//! [`Engine::precompile_module`](crate::Engine::precompile_module) gives, [`pack`].

mod codegen;
pub(crate) mod emit;
mod frontend;
mod limits;
mod operator_cost;
mod operators;
mod parallel;
mod progress;
mod settings;
#[cfg(test)]
pub(crate) mod tests;
mod translate;

#[doc(hidden)]
pub use crate::abi::features::Features;
pub use crate::image::seal::{Signer, public_key};
pub use emit::{Packing, pack};
pub use frontend::InvalidModule;
#[cfg(feature = "wat")]
pub(crate) use limits::check_size;
pub use limits::{ModuleLimitExceeded, ModuleLimits};
pub use operator_cost::{OperatorCost, VariableOperatorCost};
pub(crate) use progress::Halted;
#[doc(hidden)]
pub use progress::Progress;
#[doc(hidden)]
pub use settings::Settings;
pub use settings::{OptLevel, RegallocAlgorithm};

use crate::abi::vmctx::VmctxLayout;
use crate::error::{Context as _, Result};
use crate::image::Fingerprint;
use crate::wire;
use alloc::{format, vec::Vec};
use codegen::{Generator, Job, Trampolines};
use cranelift_codegen::isa::OwnedTargetIsa;
use translate::{Environment, TypeFacts};

/// Runs `job(0)` to `job(count - 1)`, in any order and on any threads, and returns when all are done.
#[doc(hidden)]
pub type Executor = fn(count: usize, job: &(dyn Fn(usize) + Sync));

/// A compiler for one target with one set of settings.
///
/// Compiling writes nothing outside its result: one compiler serves any number of threads, and the
/// same input gives the same bytes on every host.
#[doc(hidden)]
pub struct Compiler {
    isa: OwnedTargetIsa,
    /// The same target, for functions that are hard to compile.
    hard: OwnedTargetIsa,
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
    pub fn new(settings: &Settings) -> crate::Result<Self> {
        let isa = settings.target_isa()?;
        let defaults = settings::defaults(&settings.target)?;
        let target = &settings.target;
        let fingerprint = wire::encode(&Fingerprint::new(
            (&format!("{target}"), target.architecture),
            &settings::flag_lines(isa.flags().iter(), defaults.flags().iter()),
            &settings::flag_lines(isa.isa_flags(), defaults.isa_flags()),
            settings.tunables,
            settings.features,
        ));
        Ok(Self {
            isa,
            hard: settings.hard_isa()?,
            settings: settings.clone(),
            fingerprint,
        })
    }

    /// The settings it was made with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Everything that the bytes of an image depend on besides the module, encoded.
    #[must_use]
    pub fn fingerprint(&self) -> &[u8] {
        &self.fingerprint
    }

    /// Compiles a module to an image. Without an executor, functions compile one after another.
    ///
    /// # Errors
    /// The module is not valid, or exceeds a limit of the compiler. The error names what and where.
    pub fn compile(&self, wasm: &[u8], executor: Option<Executor>) -> crate::Result<Vec<u8>> {
        self.compile_watched(wasm, executor, &Progress::default())
    }

    /// As [`compile`](Self::compile), and says how far it is.
    ///
    /// # Errors
    /// As for [`compile`](Self::compile); or the compilation was to stop.
    pub(crate) fn compile_watched(
        &self,
        wasm: &[u8],
        executor: Option<Executor>,
        progress: &Progress<'_>,
    ) -> Result<Vec<u8>> {
        let isa = &*self.isa;
        let (features, limits) = (self.settings.features, &self.settings.limits);
        progress.check()?;
        let module = frontend::translate(wasm, features, limits)?;
        progress.begin(module.bodies.len());
        frontend::check_bodies(&module, limits, executor, progress)?;
        let layout = VmctxLayout::new(&module.info)
            .context("module too large: an instance's context would take more than 2 GiB")?;

        let trampolines = Trampolines::of(&module.info);
        let functions = module.bodies.len();
        let bodies = module.bodies.into_iter().map(Job::Function);
        let others = trampolines.all.iter().map(Job::Trampoline);
        let jobs = bodies.chain(others).collect();
        let env = Environment {
            info: &module.info,
            layout: &layout,
            tunables: &self.settings.tunables,
            costs: &self.settings.operator_cost,
            isa,
            references: module.info.has_references(),
            types: TypeFacts::new(&module.info),
        };
        let generator = Generator::new(env, &*self.hard, &module.names);
        let mut code = parallel::map(executor, jobs, |job| {
            progress.check()?;
            let is_function = matches!(job, Job::Function(_));
            let code = generator.compile(job)?;
            if is_function {
                progress.count();
            }
            Ok(code)
        })?;
        let helpers = generator.helpers(&code[..functions])?;
        code.splice(functions..functions, helpers);

        let address_map = self.settings.address_map;
        let text = emit::text(isa, functions, &trampolines, code, address_map)?;
        emit::image(
            isa.triple().architecture,
            &self.fingerprint,
            &emit::Parts {
                info: &module.info,
                code: &text.code,
                text: &text.bytes,
                traps: &text.traps,
                addresses: &text.addresses,
                stack_maps: &text.stack_maps,
                handlers: &text.handlers,
                names: &emit::names(&module.names)?,
                data: &module.data,
            },
        )
    }

    /// Checks that a module is valid, without compiling it.
    ///
    /// # Errors
    /// It is not, or exceeds one of the limits: the error says what and where.
    pub fn validate(&self, wasm: &[u8]) -> crate::Result<()> {
        self.validate_watched(wasm, &Progress::default())
    }

    /// As [`validate`](Self::validate), and says how far it is.
    ///
    /// # Errors
    /// As for [`validate`](Self::validate); or the validation was to stop.
    pub(crate) fn validate_watched(&self, wasm: &[u8], progress: &Progress<'_>) -> Result<()> {
        let (features, limits) = (self.settings.features, &self.settings.limits);
        progress.check()?;
        let module = frontend::translate(wasm, features, limits)?;
        progress.begin(module.bodies.len());
        frontend::check_bodies(&module, limits, None, progress)
    }
}
