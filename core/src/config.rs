//! What an engine is told before it exists.

// Twins: without the feature `compile` there is nothing to tell a compiler.
#[cfg_attr(not(feature = "compile"), path = "config/no_compiler.rs")]
mod compiler;
mod wasmtime;

pub(crate) use compiler::*;
#[cfg(feature = "compile")]
pub use compiler::{Inlining, Strategy};
pub use wasmtime::{
    Collector, InstanceAllocationStrategy, ModuleVersionStrategy, ProfilingStrategy,
};

use crate::Result;
use crate::abi::{features::Features, tunables::Tunables};
use crate::error::bounded::{bail, ensure};
use crate::image::TrustedKey;
use alloc::vec::Vec;
use core::fmt;
use core::num::{NonZeroU32, NonZeroUsize};
use wasmetal_platform::Platform;
use wasmtime::Refused;

/// Runs `job(0)` to `job(count - 1)`, in any order and on any threads, and returns when all are done.
///
/// See [`Config::parallel_compilation`].
pub type Executor = fn(count: usize, job: &(dyn Fn(usize) + Sync));

/// See [`Config::wasm_backtrace_details`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WasmBacktraceDetails {
    /// With lines of sources, where debug information has them.
    Enable,
    /// Without.
    Disable,
    /// As the environment says.
    Environment,
}

/// Settings of an [`Engine`](crate::Engine).
///
/// It starts from the platform: where that has guard pages, memories and stacks use them. The
/// methods change what is set, and can be chained.
///
/// ```
/// use wasmetal::{Config, Engine};
///
/// let mut config = Config::new(wasmetal_platform_linux::platform());
/// config.max_wasm_stack(1 << 20).memory_init_cow(false);
/// let engine = Engine::new(&config)?;
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone)]
pub struct Config {
    pub(crate) platform: &'static dyn Platform,
    pub(crate) compiler: CompilerConfig,
    pub(crate) features: Features,
    /// The proposals that were turned on, not by default.
    asked_for: Features,
    pub(crate) max_wasm_stack: usize,
    pub(crate) max_host_stack: usize,
    pub(crate) memory_init_cow: bool,
    pub(crate) max_backtrace_frames: usize,
    pub(crate) trusted_keys: Vec<TrustedKey>,
    pub(crate) minimum_security_version: u64,
    pub(crate) digest_checks: bool,
    memory_reservation: Option<u64>,
    memory_guard_size: Option<u64>,
    explicit_checks: bool,
    spectre_mitigation: bool,
    relaxed_simd_deterministic: bool,
    consume_fuel: bool,
    async_support: bool,
    epoch_interruption: bool,
    gc_heap_reservation: Option<u64>,
    pub(crate) gc_heap_initial_size: u64,
    pub(crate) gc_zeal: Option<NonZeroU32>,
    /// What is to be said if memories can move after all.
    pub(crate) memories_stay: Option<&'static str>,
    /// The same, of heaps.
    heaps_stay: Option<&'static str>,
    refused: Refused,
}

impl Config {
    /// The defaults on `platform`.
    #[must_use]
    pub fn new(platform: &'static dyn Platform) -> Self {
        Self {
            platform,
            compiler: CompilerConfig::default(),
            features: Features::default(),
            asked_for: Features::NONE,
            max_wasm_stack: 512 << 10,
            max_host_stack: 512 << 10,
            memory_init_cow: true,
            max_backtrace_frames: MAX_FRAMES,
            trusted_keys: Vec::new(),
            minimum_security_version: 0,
            digest_checks: true,
            memory_reservation: None,
            memory_guard_size: None,
            explicit_checks: false,
            spectre_mitigation: true,
            relaxed_simd_deterministic: false,
            consume_fuel: false,
            async_support: false,
            epoch_interruption: false,
            gc_heap_reservation: None,
            gc_heap_initial_size: INITIAL_HEAP_SIZE,
            gc_zeal: None,
            memories_stay: None,
            heaps_stay: None,
            refused: Refused::default(),
        }
    }

    /// The preset for firmware: the defaults on `platform`, with a bound on all that a guest can make the engine use.
    /// It fits a machine of some 64 MiB of memory. What is set afterwards holds instead.
    ///
    /// | setting | value |
    /// |---|---|
    /// | [`max_wasm_stack`](Self::max_wasm_stack) | 128 KiB |
    /// | [`max_host_stack`](Self::max_host_stack) | 64 KiB |
    /// | [`gc_heap_initial_size`](Self::gc_heap_initial_size) | 64 KiB |
    /// | `module_limits` | `ModuleLimits::firmware()` |
    /// | `compile_memory_limit` | 24 MiB |
    /// | `compile_time_limit` | 10 s, where the platform has a timer |
    ///
    /// The last three are the compiler's, and only there with the cargo feature `compile`. How much a store may use is a
    /// matter of its own: [`StoreLimits`](crate::StoreLimits), [`Store::set_deadline`](crate::Store::set_deadline).
    ///
    /// ```
    /// use wasmetal::{Config, Engine};
    ///
    /// let mut config = Config::firmware(wasmetal_platform_linux::platform());
    /// config.max_wasm_stack(32 << 10);
    /// let engine = Engine::new(&config)?;
    /// # wasmetal::error::Ok(())
    /// ```
    #[must_use]
    pub fn firmware(platform: &'static dyn Platform) -> Self {
        Self {
            compiler: CompilerConfig::firmware(platform),
            max_wasm_stack: 128 << 10,
            max_host_stack: 64 << 10,
            gc_heap_initial_size: 64 << 10,
            ..Self::new(platform)
        }
    }

    /// Sets the size of the stack that Wasm code runs on, in bytes. Default: 512 KiB.
    ///
    /// Each store has one from its first call on. It takes whole pages. Code that needs more ends with
    /// [`Trap::StackOverflow`](crate::Trap::StackOverflow).
    pub fn max_wasm_stack(&mut self, size: usize) -> &mut Self {
        self.max_wasm_stack = size;
        self
    }

    /// Sets how much of the host's stack nested calls may use, in bytes. Default: 512 KiB.
    ///
    /// It is counted from the outermost call of a store, on each thread that its calls are on. A call into Wasm from a
    /// host function that lies deeper fails with [`Trap::StackOverflow`](crate::Trap::StackOverflow). The stacks of all
    /// threads that call Wasm must have that much room, and what the deepest host function needs besides.
    pub fn max_host_stack(&mut self, size: usize) -> &mut Self {
        self.max_host_stack = size;
        self
    }

    /// Sets the address space reserved for each linear memory, in bytes. Default: 4 GiB; 0 with
    /// [`explicit_checks`](Self::explicit_checks).
    ///
    /// With 4 GiB or more, accesses to 32-bit memories need no check. With less, none of these grows beyond
    /// it (nor beyond its minimum, if that is more), but for 0: then each memory has what it needs, and
    /// moves when it grows, as memories with 64-bit addresses do in any case
    /// (but see [`memory_may_move`](Self::memory_may_move)).
    pub fn memory_reservation(&mut self, bytes: u64) -> &mut Self {
        self.memory_reservation = Some(bytes);
        self
    }

    /// Sets the inaccessible range behind each memory's reservation, in bytes. Default: 32 MiB; 0 with
    /// [`explicit_checks`](Self::explicit_checks).
    ///
    /// Accesses whose constant offset is smaller need no check of their own.
    pub fn memory_guard_size(&mut self, bytes: u64) -> &mut Self {
        self.memory_guard_size = Some(bytes);
        self
    }

    /// Sets whether code checks memory accesses and stack use itself, and relies on no guard pages.
    /// Default: false, but platforms without guard pages always work like this.
    pub fn explicit_checks(&mut self, enable: bool) -> &mut Self {
        self.explicit_checks = enable;
        self
    }

    /// The opposite of [`explicit_checks`](Self::explicit_checks), under Wasmtime's name. Default: true.
    pub fn signals_based_traps(&mut self, enable: bool) -> &mut Self {
        self.explicit_checks(!enable)
    }

    /// Sets how many frames the [`WasmBacktrace`](crate::WasmBacktrace) of an error has at most; `None`:
    /// errors have none. Default, and the most there can be: 24.
    pub fn wasm_backtrace_max_frames(&mut self, limit: Option<NonZeroUsize>) -> &mut Self {
        self.max_backtrace_frames = limit.map_or(0, |limit| limit.get().min(MAX_FRAMES));
        self
    }

    /// Sets whether errors have backtraces. Default: true.
    pub fn wasm_backtrace(&mut self, enable: bool) -> &mut Self {
        self.max_backtrace_frames = match (enable, self.max_backtrace_frames) {
            (false, _) => 0,
            (true, 0) => MAX_FRAMES,
            (true, frames) => frames,
        };
        self
    }

    /// Accepted for the sake of programs written for Wasmtime: backtraces name functions and offsets in
    /// the module, whatever is set, and never lines of sources.
    pub fn wasm_backtrace_details(&mut self, details: WasmBacktraceDetails) -> &mut Self {
        let _ = details;
        self
    }

    /// Sets whether checked accesses are masked against misspeculation (Spectre v1). Default: true.
    ///
    /// Accesses that guard pages check need none.
    pub fn spectre_mitigation(&mut self, enable: bool) -> &mut Self {
        self.spectre_mitigation = enable;
        self
    }

    /// Sets whether relaxed vector operators give the same results on all machines. Default: false.
    ///
    /// Then they have the meaning that the specification's deterministic profile prescribes: products
    /// are rounded before they are added, for one. Otherwise they are what the machine does fastest.
    pub fn relaxed_simd_deterministic(&mut self, enable: bool) -> &mut Self {
        self.relaxed_simd_deterministic = enable;
        self
    }

    /// Sets whether code uses fuel, of which its store must have some: see
    /// [`Store::set_fuel`](crate::Store::set_fuel). Default: false.
    ///
    /// It ends code that runs too long at the same operator each time, on every machine, and says how much
    /// was done.
    pub fn consume_fuel(&mut self, enable: bool) -> &mut Self {
        self.consume_fuel = enable;
        self
    }

    /// Sets whether code ends, or calls back, when the deadline of its store has come. Default: false.
    ///
    /// Deadlines are counted in epochs of the engine: something, a timer say, calls
    /// [`Engine::increment_epoch`](crate::Engine::increment_epoch) at regular times, and
    /// [`Store::set_epoch_deadline`](crate::Store::set_epoch_deadline) says how many of them a store may see. Code
    /// looks at the deadline whenever it enters a function or begins a round of a loop, and before operators that
    /// work on a range (once, however large that is). Host functions are not interrupted.
    ///
    /// It is cheaper than [`consume_fuel`](Self::consume_fuel), but where code ends is a matter of chance.
    pub fn epoch_interruption(&mut self, enable: bool) -> &mut Self {
        self.epoch_interruption = enable;
        self
    }

    /// Sets the address space reserved for each store's garbage-collected heap, in bytes. Default: 4 GiB;
    /// 0 with [`explicit_checks`](Self::explicit_checks).
    ///
    /// No heap grows beyond it, but for 0: then a heap has what it needs, up to 4 GiB, and moves when
    /// it grows. With 4 GiB, accesses need no check. A heap takes twice the room of what is in it: how
    /// much it may take is asked of the [`ResourceLimiter`](crate::ResourceLimiter) of its store, as for a
    /// memory.
    ///
    /// What is alive in it also says how long a collection takes, which no deadline cuts short: 2.5 million instructions
    /// for a full heap of 1 MiB ([`Store::set_deadline`](crate::Store::set_deadline)), 10,000 million for one of 4 GiB.
    pub fn gc_heap_reservation(&mut self, bytes: u64) -> &mut Self {
        self.gc_heap_reservation = Some(bytes);
        self
    }

    /// Sets how large a store's garbage-collected heap is at first, in bytes. Default: 1 MiB.
    ///
    /// No store has one before the first object in it.
    pub fn gc_heap_initial_size(&mut self, bytes: u64) -> &mut Self {
        self.gc_heap_initial_size = bytes;
        self
    }

    /// Sets that garbage is collected before one allocation in `every`, for tests. Default: `None`, only
    /// when the heap is full.
    ///
    /// It is there in every build, so it does not fail: Wasmtime's returns a `Result`.
    pub fn gc_zeal_alloc_counter(&mut self, every: Option<NonZeroU32>) -> &mut Self {
        self.gc_zeal = every;
        self
    }

    /// What is reserved for a heap, in bytes; 0: it moves.
    pub(crate) fn heap_reservation(&self) -> u64 {
        let guards = self.platform.capabilities().guard_pages && !self.explicit_checks;
        let default = if guards { 1 << 32 } else { 0 };
        self.gc_heap_reservation.unwrap_or(default)
    }

    /// Sets whether initial data that is large enough is mapped copy-on-write, where the platform can.
    /// Default: true.
    pub fn memory_init_cow(&mut self, enable: bool) -> &mut Self {
        self.memory_init_cow = enable;
        self
    }

    /// Sets whether the digest of an image that need not be signed is checked. Default: true.
    ///
    /// Without, loading reads only what it needs of an image, which makes it several times as fast for a
    /// large one. Damage to its code is not found then: it breaks the contract of
    /// [`Module::deserialize_unsigned`](crate::Module::deserialize_unsigned). Entries of a cache are checked all
    /// the same.
    pub fn digest_checks(&mut self, enable: bool) -> &mut Self {
        self.digest_checks = enable;
        self
    }

    /// Adds an Ed25519 public key (RFC 8032, 32 bytes) whose owner's images are trusted.
    ///
    /// With at least one, the engine loads no image that is not signed with one of them, and loading is safe:
    /// [`Module::deserialize`](crate::Module::deserialize). Who has the secret key can run any machine
    /// code here: it is to be used on what the compiler made only.
    ///
    /// # Errors
    /// The bytes are no public key, or a weak one, or this build lacks the cargo feature `signatures`.
    pub fn trusted_key(&mut self, key: &[u8; 32]) -> Result<&mut Self> {
        self.trusted_keys.push(TrustedKey::new(key)?);
        Ok(self)
    }

    /// Sets the least security version of an image that is loaded on the word of a [trusted key](Self::trusted_key).
    /// Default: 0, so that all are.
    ///
    /// It protects against rollback: an old image with a known fault stays signed for good. The version is part of what is
    /// signed (`compile::Packing::security_version`). Firmware keeps the highest that it has loaded
    /// ([`image::seal::security_version`](crate::image::seal::security_version)) where it can't be set back, and sets
    /// it here when it starts.
    pub fn minimum_security_version(&mut self, version: u64) -> &mut Self {
        self.minimum_security_version = version;
        self
    }

    /// Turns proposals on or off. Default: all that this build [supports](Features::SUPPORTED) are on, but for
    /// [legacy exceptions](Self::wasm_legacy_exceptions).
    ///
    /// What builds on a proposal that is turned off is off too, unless it is turned on as well.
    /// [`Engine::new`](crate::Engine::new) reports that, and proposals that this build has not.
    pub fn wasm_features(&mut self, features: Features, enable: bool) -> &mut Self {
        self.features.set(features, enable);
        self.asked_for.set(features, enable);
        self
    }

    /// Leaves out the proposals that can't be without others which are off.
    ///
    /// # Errors
    /// A proposal that was asked for is among them, or this build has it not.
    pub(crate) fn settle_features(&mut self) -> Result<()> {
        self.features = self.features.closed(self.asked_for);
        self.features.check()
    }

    /// What generated code and the runtime take for granted.
    ///
    /// # Errors
    /// A setting can't be kept: the error names it.
    pub(crate) fn tunables(&self) -> Result<Tunables> {
        self.refused.check()?;
        let capabilities = self.platform.capabilities();
        let guards = capabilities.guard_pages && !self.explicit_checks;
        let (reservation, guard) = if guards { (1 << 32, 32 << 20) } else { (0, 0) };
        let page = capabilities.page_size as u64;
        let pages = |bytes: u64, what: &str| {
            let bytes = bytes.checked_next_multiple_of(page);
            let bytes = bytes.filter(|&bytes| bytes <= isize::MAX as u64);
            bytes.ok_or_else(|| {
                crate::error::bounded::format_err!("{what} is larger than the address space")
            })
        };
        let reservation = pages(
            self.memory_reservation.unwrap_or(reservation),
            "memory_reservation",
        )?;
        let guard = pages(self.memory_guard_size.unwrap_or(guard), "memory_guard_size")?;
        pages(
            reservation.saturating_add(guard),
            "memory_reservation with memory_guard_size",
        )?;
        ensure!(
            guards || guard == 0,
            "memory_guard_size is {guard}, but this platform or configuration has no guard pages"
        );
        for (stay, reservation) in [
            (self.memories_stay, reservation),
            (self.heaps_stay, self.heap_reservation()),
        ] {
            if let (Some(instead), 0) = (stay, reservation) {
                bail!("{instead}");
            }
        }
        Ok(Tunables {
            memory_reservation: reservation,
            memory_guard_size: guard,
            memory_faults: guards && reservation > 0,
            stack_faults: guards,
            stack_probe_size: STACK_PROBE_SIZE,
            heap_faults: guards && self.heap_reservation() >= 1 << 32,
            stack_maps: cfg!(any(feature = "gc", feature = "exceptions")),
            spectre_mitigation: self.spectre_mitigation,
            relaxed_simd_deterministic: self.relaxed_simd_deterministic,
            consume_fuel: self.consume_fuel,
            operator_cost: match self.consume_fuel {
                true => self.compiler.operator_cost(),
                false => None,
            },
            fuel_yields: self.consume_fuel && self.async_support,
            epoch_interruption: self.epoch_interruption,
        })
    }
}

/// How many frames a backtrace holds at most, innermost first.
pub(crate) const MAX_FRAMES: usize = 24;

/// Two halves that fit in the caches close to a core.
const INITIAL_HEAP_SIZE: u64 = 1 << 20;
/// Larger frames are probed: 64 KiB, so that hardly any is.
const STACK_PROBE_SIZE: u32 = 64 << 10;
/// The guard below a Wasm stack: no frame reaches past it without touching it. Between two touches lie
/// an unprobed frame and the outgoing arguments of a call.
pub(crate) const STACK_GUARD_SIZE: usize = 2 * STACK_PROBE_SIZE as usize;

macro_rules! proposals {
    ($($(#[$doc:meta])* $method:ident: $feature:ident;)*) => {
        impl Config {
            $(
                $(#[$doc])*
                pub fn $method(&mut self, enable: bool) -> &mut Self {
                    self.wasm_features(Features::$feature, enable)
                }
            )*
        }
    };
}

proposals! {
    /// Sets whether functions and blocks may have several results. Default: true.
    wasm_multi_value: MULTI_VALUE;
    /// Sets whether bulk memory and table operators are valid. Default: true.
    wasm_bulk_memory: BULK_MEMORY;
    /// Sets whether references are values. Default: true.
    wasm_reference_types: REFERENCE_TYPES;
    /// Sets whether 128-bit vectors are valid. Default: true with the cargo feature `simd`.
    wasm_simd: SIMD;
    /// Sets whether the relaxed vector operators are valid. Default: true with the cargo feature `simd`.
    wasm_relaxed_simd: RELAXED_SIMD;
    /// Sets whether shared memories and atomic operators are valid. Default: true with the cargo
    /// feature `threads`.
    wasm_threads: THREADS;
    /// Sets whether tail calls are valid. Default: true.
    wasm_tail_call: TAIL_CALL;
    /// Sets whether a module may have several memories. Default: true.
    wasm_multi_memory: MULTI_MEMORY;
    /// Sets whether exceptions are valid. Default: true with the cargo feature `exceptions`.
    wasm_exceptions: EXCEPTIONS;
    /// Sets whether exceptions are valid as they were before the specification took up others: `try` with `catch`,
    /// `catch_all` or `delegate`, and `rethrow`. They throw and catch the same exceptions as
    /// [`wasm_exceptions`](Self::wasm_exceptions), on which they build. Default: false.
    wasm_legacy_exceptions: LEGACY_EXCEPTIONS;
    /// Sets whether memories and tables may have 64-bit indices. Default: true.
    wasm_memory64: MEMORY64;
    /// Sets whether constant expressions may compute. Default: true.
    wasm_extended_const: EXTENDED_CONST;
    /// Sets whether typed references to functions are valid. Default: true.
    wasm_function_references: FUNCTION_REFERENCES;
    /// Sets whether garbage-collected structs and arrays are valid. Default: true with the cargo
    /// feature `gc`.
    wasm_gc: GC;
    /// Sets whether memories may have pages of one byte. Default: true.
    wasm_custom_page_sizes: CUSTOM_PAGE_SIZES;
    /// Sets whether 128-bit arithmetic is valid. Default: true.
    wasm_wide_arithmetic: WIDE_ARITHMETIC;
    /// Sets whether coroutines are valid. Not implemented.
    wasm_stack_switching: STACK_SWITCHING;
}

impl Default for Config {
    /// The defaults on the program's default platform: [`wasmetal_platform::default_platform`].
    ///
    /// The feature `default-platform` of `wasmetal-platform-linux` or `wasmetal-platform-bare` makes that the one, in
    /// programs that name the crate; [`wasmetal_platform::set_default`] does it for any other.
    ///
    /// ```
    /// use wasmetal::{Engine, Instance, Module, Store};
    /// use wasmetal_platform_linux as _;
    ///
    /// let engine = Engine::default();
    /// let module = Module::new(&engine, "(module)")?;
    /// let mut store = Store::new(&engine, ());
    /// Instance::new(&mut store, &module, &[])?;
    /// # wasmetal::error::Ok(())
    /// ```
    ///
    /// # Panics
    /// There is none.
    fn default() -> Self {
        match wasmetal_platform::default_platform() {
            Some(platform) => Self::new(platform),
            None => no_default_platform(),
        }
    }
}

#[cold]
fn no_default_platform() -> ! {
    panic!(
        "no default platform: turn on the feature `default-platform` of a platform's crate and name the crate \
         (`use wasmetal_platform_linux as _;`), call `wasmetal_platform::set_default`, or use `Config::new`"
    )
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("capabilities", &self.platform.capabilities())
            .field("compiler", &self.compiler)
            .field("features", &self.features)
            .field("max_wasm_stack", &self.max_wasm_stack)
            .field("max_host_stack", &self.max_host_stack)
            .field("memory_init_cow", &self.memory_init_cow)
            .field("max_backtrace_frames", &self.max_backtrace_frames)
            .field("trusted_keys", &self.trusted_keys)
            .field("minimum_security_version", &self.minimum_security_version)
            .field("digest_checks", &self.digest_checks)
            .field("gc_heap_initial_size", &self.gc_heap_initial_size)
            .field("gc_zeal_alloc_counter", &self.gc_zeal)
            .field("tunables", &self.tunables())
            .finish()
    }
}
