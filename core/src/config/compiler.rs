//! What the compiler is told.

use super::{Config, Executor};
use crate::Result;
use crate::abi::{cpu, tunables::Tunables};
use crate::compile::{ModuleLimits, OperatorCost, OptLevel, RegallocAlgorithm, Settings};
use crate::error::Context as _;
use crate::error::bounded::{bail, ensure, format_err};
use alloc::{borrow::ToOwned, format, string::String, sync::Arc, vec::Vec};
use core::fmt;
use core::str::FromStr;
use core::time::Duration;
use target_lexicon::Triple;
use wasmetal_platform::{Cache, Platform};

/// Which compiler is used: see [`Config::strategy`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Strategy {
    /// The only one there is.
    Auto,
    /// Cranelift.
    Cranelift,
    /// Wasmtime's baseline compiler. Not implemented.
    Winch,
}

/// Whether functions are put into their callers: see [`Config::compiler_inlining`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Inlining {
    /// Wherever possible.
    Yes,
    /// Between modules, and within those that use garbage collection.
    InterModuleAndIntraGc,
    /// Between modules.
    InterModule,
    /// Not at all.
    No,
}

/// The compiler's part of a [`Config`].
#[derive(Clone)]
pub(crate) struct CompilerConfig {
    /// False: nothing is compiled.
    pub(crate) enabled: bool,
    /// Another machine than this one.
    target: Option<Triple>,
    opt_level: OptLevel,
    regalloc_algorithm: RegallocAlgorithm,
    nan_canonicalization: bool,
    operator_cost: Arc<OperatorCost>,
    verifier: bool,
    address_map: bool,
    /// ISA flags that were set, by name, in order.
    flags: Vec<(String, String)>,
    pub(crate) executor: Option<Executor>,
    pub(crate) memory_limit: Option<usize>,
    pub(crate) time_limit: Option<Duration>,
    pub(crate) limits: ModuleLimits,
    pub(crate) cache: Option<Arc<dyn Cache>>,
}

impl Config {
    /// Sets the machine to compile for, if it is not this one, as a triple: `aarch64-unknown-none`.
    ///
    /// An engine for another machine validates modules and
    /// [precompiles](crate::Engine::precompile_module) them; it does not run them. No
    /// extension of the target's instruction set is used unless it is asked for with
    /// [`cranelift_flag_enable`](Self::cranelift_flag_enable), but for landing pads (BTI), which do nothing on
    /// a CPU without them, and for SSE3, SSSE3 and SSE4.1, without which nothing is compiled for x86-64.
    ///
    /// ```
    /// use wasmetal::{Config, Engine};
    ///
    /// let mut config = Config::new(wasmetal_platform_linux::platform());
    /// config.target("aarch64-unknown-none")?;
    /// let image = Engine::new(&config)?.precompile_module(b"(module)")?;
    /// # wasmetal::error::Ok(())
    /// ```
    ///
    /// # Errors
    /// The text is no triple.
    pub fn target(&mut self, target: &str) -> Result<&mut Self> {
        let triple = Triple::from_str(target)
            .map_err(|e| format_err!("{e}"))
            .with_context(|| format!("{target:?} is no target triple"))?;
        self.compiler.target = Some(triple);
        Ok(self)
    }

    /// Sets whether the engine compiles and validates modules. Default: true.
    ///
    /// Without, [`Module::new`](crate::Module::new) fails, but for what the [cache](Self::cache) has; images load. A
    /// build without the cargo feature `compile` does that at a tenth of the size.
    ///
    /// ```
    /// use wasmetal::{Config, Engine, Module};
    ///
    /// let mut config = Config::new(wasmetal_platform_linux::platform());
    /// let engine = Engine::new(config.enable_compiler(false))?;
    /// assert!(Module::new(&engine, "(module)").is_err());
    /// # wasmetal::error::Ok(())
    /// ```
    pub fn enable_compiler(&mut self, enable: bool) -> &mut Self {
        self.compiler.enabled = enable;
        self
    }

    /// Accepted for the sake of programs written for Wasmtime: no function is put into its caller, whatever is set.
    pub fn compiler_inlining(&mut self, inlining: Inlining) -> &mut Self {
        let _ = inlining;
        self
    }

    /// Sets which compiler is used. Default: [`Strategy::Auto`].
    ///
    /// There is one, Cranelift: [`Engine::new`](crate::Engine::new) refuses others. To compile fast, there are
    /// [`OptLevel::None`] and [`RegallocAlgorithm::SinglePass`].
    pub fn strategy(&mut self, strategy: Strategy) -> &mut Self {
        let other = !matches!(strategy, Strategy::Auto | Strategy::Cranelift);
        let instead = "this compiler is not implemented: use Auto or Cranelift";
        self.refused.note("strategy", other.then_some(instead));
        self
    }

    /// Sets how hard the compiler tries. Default: [`OptLevel::Speed`].
    pub fn cranelift_opt_level(&mut self, level: OptLevel) -> &mut Self {
        self.compiler.opt_level = level;
        self
    }

    /// Sets how registers are allocated. Default: [`RegallocAlgorithm::Backtracking`].
    pub fn cranelift_regalloc_algorithm(&mut self, algorithm: RegallocAlgorithm) -> &mut Self {
        self.compiler.regalloc_algorithm = algorithm;
        self
    }

    /// Sets whether each NaN that an operator makes is the canonical one, so that results are the same
    /// on all machines. Default: false.
    pub fn cranelift_nan_canonicalization(&mut self, enable: bool) -> &mut Self {
        self.compiler.nan_canonicalization = enable;
        self
    }

    /// Sets what operators cost in fuel. Default: [`OperatorCost::new`].
    ///
    /// It is of no meaning without [`consume_fuel`](Self::consume_fuel). With it, an engine loads no image that was
    /// compiled with other costs; one without a compiler loads any.
    ///
    /// ```
    /// use wasmetal::{Config, OperatorCost};
    ///
    /// let mut config = Config::new(wasmetal_platform_linux::platform());
    /// config.consume_fuel(true).operator_cost(OperatorCost {
    ///     I64DivU: 20,
    ///     ..OperatorCost::new()
    /// });
    /// ```
    pub fn operator_cost(&mut self, cost: OperatorCost) -> &mut Self {
        self.compiler.operator_cost = Arc::new(cost);
        self
    }

    /// Sets whether Cranelift checks its intermediate code between passes: slow, and only of use for
    /// finding errors in the compiler. Default: false.
    pub fn cranelift_debug_verifier(&mut self, enable: bool) -> &mut Self {
        self.compiler.verifier = enable;
        self
    }

    /// Turns on an ISA flag of Cranelift's. The same as [`cranelift_flag_set`](Self::cranelift_flag_set)
    /// with `"true"`.
    ///
    /// # Safety
    /// As for [`cranelift_flag_set`](Self::cranelift_flag_set).
    pub unsafe fn cranelift_flag_enable(&mut self, flag: &str) -> &mut Self {
        // SAFETY: the caller's contract is the same.
        unsafe { self.cranelift_flag_set(flag, "true") }
    }

    /// Sets an ISA flag of Cranelift's, such as `has_avx2` or `use_bti`, to `"true"` or `"false"`.
    ///
    /// Unknown flags and flags that this machine's CPU can't serve are reported by
    /// [`Engine::new`](crate::Engine::new). All other settings of Cranelift's have methods here.
    ///
    /// # Safety
    /// With [`target`](Self::target), the machine where the code runs has the extensions that the flags
    /// allow.
    pub unsafe fn cranelift_flag_set(&mut self, name: &str, value: &str) -> &mut Self {
        self.compiler
            .flags
            .push((name.to_owned(), value.to_owned()));
        self
    }

    /// Accepted for the sake of programs written for Wasmtime: this version makes no debug information
    /// for native debuggers, whatever is set. Backtraces need none.
    pub fn debug_info(&mut self, enable: bool) -> &mut Self {
        let _ = enable;
        self
    }

    /// Sets whether images say which operator each piece of machine code was made of. Default: true.
    ///
    /// Without, images are smaller by about a quarter, and the frames of a
    /// [`WasmBacktrace`](crate::WasmBacktrace) have no offsets; functions are still named. The machine code is the
    /// same, and an engine loads images of both kinds.
    ///
    /// ```
    /// use wasmetal::{Config, Engine, Module};
    ///
    /// let mut config = Config::new(wasmetal_platform_linux::platform());
    /// let engine = Engine::new(config.generate_address_map(false))?;
    /// let module = Module::new(&engine, "(module (func))")?;
    /// assert!(module.address_map().is_none());
    /// # wasmetal::error::Ok(())
    /// ```
    pub fn generate_address_map(&mut self, enable: bool) -> &mut Self {
        self.compiler.address_map = enable;
        self
    }

    /// Gives the compiler a way to run jobs in parallel: `wasmetal_platform_linux::for_each`, say.
    /// Default: functions compile one after another on the calling thread.
    ///
    /// The code is the same with and without.
    pub fn parallel_compilation(&mut self, executor: Executor) -> &mut Self {
        self.compiler.executor = Some(executor);
        self
    }

    /// Sets a cache of compiled modules: `wasmetal_platform_linux::DirectoryCache`, say. Default: none.
    ///
    /// [`Module::new`](crate::Module::new) loads what an engine with the same settings and the same version has
    /// compiled before, and keeps what it compiles. An entry that is damaged is compiled again.
    ///
    /// Wasmtime's takes an `Option` of a type of its own, whose files it trusts. Here a cache is whatever has the two
    /// functions of [`Cache`], so that the caller has to vouch for it. A [`Config`](crate::Config) that was told of none has none.
    ///
    /// # Safety
    /// Entries come from nowhere else: who can write to where the cache keeps them can run any machine
    /// code here.
    pub unsafe fn cache(&mut self, cache: Arc<dyn Cache>) -> &mut Self {
        self.compiler.cache = Some(cache);
        self
    }

    /// Sets how large the modules may be that are compiled or validated. Default: what all engines have in
    /// common; see [`ModuleLimits`], which has a preset for firmware.
    ///
    /// Images are not asked: what was compiled elsewhere was bounded there, and loading one takes memory in
    /// proportion to its size.
    pub fn module_limits(&mut self, limits: ModuleLimits) -> &mut Self {
        self.compiler.limits = limits;
        self
    }

    /// Sets how much memory compiling a module may take, in bytes. Default: what the heap can give.
    ///
    /// A module that takes more fails to compile with a
    /// [`CompilationStopped`](crate::CompilationStopped), and all memory that it took is given back. It is
    /// counted in the chunks that the compiler takes from the heap: of 256 KiB at first, of at most a
    /// quarter of what it has later on. The module's bytes, its image and the compiler's stack of 512 KiB
    /// are not in it.
    ///
    /// The compiler's memory is bounded, by this or by what there is, where the program's global allocator is a
    /// [`wasmetal_platform::confine::Allocator`], as it is in firmware with `wasmetal_platform_bare`. There,
    /// a panic or a stack overflow inside the compiler is an error too. With a limit, functions compile
    /// one after another, whatever [`parallel_compilation`](Self::parallel_compilation) says; without,
    /// parallel compilation is not bounded.
    ///
    /// With another global allocator a limit is refused when a module is compiled.
    pub fn compile_memory_limit(&mut self, bytes: usize) -> &mut Self {
        self.compiler.memory_limit = Some(bytes);
        self
    }

    /// Sets how long compiling a module may take. Default: as long as it takes.
    ///
    /// A module that takes longer fails to compile with a
    /// [`CompilationStopped`](crate::CompilationStopped), and nothing that it took is lost. It is the time that
    /// passes by the platform's clock, on all cores, and whatever else the machine does meanwhile: with tasks
    /// that take turns, that of the others too. (To give a task a quota of its own, compile for a store:
    /// [`Store::compile`](crate::Store::compile).) Each module that is compiled or validated has the limit for itself; to
    /// load an image or an entry of a cache is not compiling, but to compile again what does not fit is.
    ///
    /// Where the program's global allocator is a [`wasmetal_platform::confine::Allocator`], as it is in firmware with
    /// `wasmetal_platform_bare`, the platform's timer ends the compiler wherever it stands, within microseconds;
    /// then functions compile one after another, as with a [memory limit](Self::compile_memory_limit).
    /// With another allocator the compiler looks at the clock before each function, and so ends late by
    /// as much as decoding the module or the largest functions take, which [limits](Self::module_limits) bound.
    ///
    /// [`Engine::new`](crate::Engine::new) refuses it on a platform that has no timer.
    pub fn compile_time_limit(&mut self, time: Duration) -> &mut Self {
        self.compiler.time_limit = Some(time);
        self
    }
}

impl Default for CompilerConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            target: None,
            opt_level: OptLevel::default(),
            regalloc_algorithm: RegallocAlgorithm::default(),
            nan_canonicalization: false,
            operator_cost: Arc::default(),
            verifier: false,
            address_map: true,
            flags: Vec::new(),
            executor: None,
            memory_limit: None,
            time_limit: None,
            limits: ModuleLimits::default(),
            cache: None,
        }
    }
}

impl CompilerConfig {
    /// See [`Config::firmware`].
    pub(super) fn firmware(platform: &dyn Platform) -> Self {
        let timer = platform.capabilities().interrupts;
        Self {
            limits: ModuleLimits::firmware(),
            memory_limit: Some(24 << 20),
            time_limit: timer.then_some(Duration::from_secs(10)),
            ..Self::default()
        }
    }

    pub(crate) fn nan_canonicalization(&self) -> bool {
        self.nan_canonicalization
    }

    /// A digest of what operators cost.
    pub(super) fn operator_cost(&self) -> Option<u64> {
        Some(self.operator_cost.digest())
    }
}

/// The compiler's settings for a configuration.
///
/// # Errors
/// A flag is unknown or malformed, or asks for an extension that this CPU has not.
pub(crate) fn compiler_settings(config: &Config, tunables: Tunables) -> Result<Settings> {
    let compiler = &config.compiler;
    let has = |feature: &str| config.platform.cpu_feature(feature);
    let target = compiler.target.clone().unwrap_or_else(Triple::host);
    let architecture = target.architecture;
    let mut isa_flags = match compiler.target {
        None => cpu::isa_flags(architecture, has),
        Some(_) => cpu::required(architecture),
    };
    // Where pages are mapped guarded, code without landing pads does not run. Elsewhere they do nothing,
    // so code for another machine has them.
    let landing_pads = cpu::features(architecture)
        .iter()
        .any(|f| f.flag == "use_bti");
    let guarded = compiler.target.is_some() || config.platform.capabilities().branch_protection;
    if landing_pads && guarded {
        isa_flags.push(("use_bti".into(), true));
    }
    for (name, value) in &compiler.flags {
        let Some(flag) = cpu::features(architecture).iter().find(|f| f.flag == name) else {
            bail!("{name:?} is no ISA flag for {target}");
        };
        let on = match value.as_str() {
            "true" => true,
            "false" => false,
            _ => bail!("ISA flag {name:?} is set to {value:?}, which is neither true nor false"),
        };
        ensure!(
            !on || compiler.target.is_some() || flag.feature.is_empty() || has(flag.feature),
            "ISA flag {name:?} asks for the CPU feature {:?}, which this machine has not",
            flag.feature
        );
        isa_flags.retain(|(other, _)| other != name);
        isa_flags.push((name.clone(), on));
    }
    Ok(Settings {
        target,
        opt_level: compiler.opt_level,
        regalloc_algorithm: compiler.regalloc_algorithm,
        tunables,
        operator_cost: compiler.operator_cost.clone(),
        features: config.features,
        isa_flags,
        nan_canonicalization: compiler.nan_canonicalization,
        verifier: compiler.verifier,
        address_map: compiler.address_map,
        limits: compiler.limits,
    })
}

impl fmt::Debug for CompilerConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CompilerConfig")
            .field("enabled", &self.enabled)
            .field("target", &self.target)
            .field("opt_level", &self.opt_level)
            .field("regalloc_algorithm", &self.regalloc_algorithm)
            .field("nan_canonicalization", &self.nan_canonicalization)
            .field("verifier", &self.verifier)
            .field("address_map", &self.address_map)
            .field("flags", &self.flags)
            .field("parallel", &self.executor.is_some())
            .field("memory_limit", &self.memory_limit)
            .field("time_limit", &self.time_limit)
            .field("limits", &self.limits)
            .field("cache", &self.cache.is_some())
            .finish()
    }
}
