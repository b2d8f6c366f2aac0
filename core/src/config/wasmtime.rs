//! Settings that programs written for Wasmtime make: those that have no effect here, and those that are refused.

use super::Config;
use crate::Result;
use crate::error::bounded::bail;
use alloc::string::String;
use alloc::vec::Vec;

/// Which garbage collector is used: see [`Config::collector`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Collector {
    /// The one that there is.
    #[default]
    Auto,
    /// Reference counting. Not implemented.
    DeferredReferenceCounting,
    /// None at all: garbage is kept. Not implemented.
    Null,
    /// Live objects are copied to the other half of the heap: the one that there is.
    Copying,
}

/// Which profiler is told of code: see [`Config::profiler`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfilingStrategy {
    /// None.
    None,
    /// The map of `perf`, by names. Not implemented.
    PerfMap,
    /// The dump of `perf`, with code. Not implemented.
    JitDump,
    /// VTune. Not implemented.
    VTune,
    /// That of Wasmtime's interpreter. Not implemented.
    Pulley,
}

/// How instances are allocated: see [`Config::allocation_strategy`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum InstanceAllocationStrategy {
    /// Each when it is made. Stacks and small memories that a store has given back are used again.
    #[default]
    OnDemand,
    /// From a pool of fixed size. Not implemented.
    Pooling,
}

impl InstanceAllocationStrategy {
    /// The same as [`Pooling`](Self::Pooling).
    #[must_use]
    pub fn pooling() -> Self {
        Self::Pooling
    }
}

/// What images say about the version that made them: see [`Config::module_version`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ModuleVersionStrategy {
    /// This crate's version. (Named as in Wasmtime.)
    #[default]
    WasmtimeVersion,
    /// A version of the program's own. Not implemented.
    Custom(String),
    /// Nothing. Not implemented.
    None,
}

/// The settings whose present values nothing here can keep, each with what to do instead.
///
/// The texts are in the program only if it makes the settings.
#[derive(Clone, Debug, Default)]
pub(super) struct Refused(Vec<(&'static str, &'static str)>);

impl Refused {
    /// Notes what is to be said of a setting's value; `None`: it is kept.
    pub(super) fn note(&mut self, setting: &'static str, instead: Option<&'static str>) {
        self.0.retain(|(name, _)| *name != setting);
        self.0.extend(instead.map(|instead| (setting, instead)));
    }

    /// # Errors
    /// A setting is refused: the error names the first.
    pub(super) fn check(&self) -> Result<()> {
        match self.0.first() {
            Some((setting, instead)) => bail!("{setting}: {instead}"),
            None => Ok(()),
        }
    }
}

impl Config {
    /// Sets which garbage collector is used. Default: [`Collector::Auto`].
    ///
    /// There is one, which copies: [`Engine::new`](crate::Engine::new) refuses the others.
    ///
    /// ```
    /// use wasmetal::{Collector, Config, Engine};
    ///
    /// let mut config = Config::new(wasmetal_platform_linux::platform());
    /// Engine::new(config.collector(Collector::Copying))?;
    /// assert!(Engine::new(config.collector(Collector::Null)).is_err());
    /// # wasmetal::error::Ok(())
    /// ```
    pub fn collector(&mut self, collector: Collector) -> &mut Self {
        let other = !matches!(collector, Collector::Auto | Collector::Copying);
        let instead = "this collector is not implemented: use Auto or Copying";
        self.refused.note("collector", other.then_some(instead));
        self
    }

    /// Sets whether linear memories may move when they grow. Default: true.
    ///
    /// Memories with 64-bit addresses move, those with pages of one byte, and all where
    /// [`memory_reservation`](Self::memory_reservation) is 0, as it is by default without guard pages. With false, no
    /// memory grows beyond what was reserved for it; where nothing is reserved for any,
    /// [`Engine::new`](crate::Engine::new) refuses it.
    pub fn memory_may_move(&mut self, enable: bool) -> &mut Self {
        let moves = "memory_may_move: without a memory_reservation, memories move when they grow";
        self.memories_stay = (!enable).then_some(moves);
        self
    }

    /// Accepted for the sake of programs written for Wasmtime: how much a memory that moves reserves beyond its new
    /// size is not settable.
    pub fn memory_reservation_for_growth(&mut self, bytes: u64) -> &mut Self {
        let _ = bytes;
        self
    }

    /// Sets whether there are guard pages before linear memories as well as behind them. Default: false.
    ///
    /// No access of Wasm code gets there. [`Engine::new`](crate::Engine::new) refuses true: there are none.
    pub fn guard_before_linear_memory(&mut self, enable: bool) -> &mut Self {
        let instead = "guards lie behind memories only: set it to false";
        self.refused
            .note("guard_before_linear_memory", enable.then_some(instead));
        self
    }

    /// Accepted for the sake of programs written for Wasmtime: the guard behind a heap is as large as code needs it.
    pub fn gc_heap_guard_size(&mut self, bytes: u64) -> &mut Self {
        let _ = bytes;
        self
    }

    /// Accepted for the sake of programs written for Wasmtime: how much a heap that moves reserves beyond its new size
    /// is not settable.
    pub fn gc_heap_reservation_for_growth(&mut self, bytes: u64) -> &mut Self {
        let _ = bytes;
        self
    }

    /// Sets whether the heap of objects may move as a whole when it grows. Default: true.
    ///
    /// It moves only if [`gc_heap_reservation`](Self::gc_heap_reservation) is 0, as it is by default where there are no
    /// guard pages: then [`Engine::new`](crate::Engine::new) refuses false.
    pub fn gc_heap_may_move(&mut self, enable: bool) -> &mut Self {
        let moves = "gc_heap_may_move: without a gc_heap_reservation, heaps move when they grow";
        self.heaps_stay = (!enable).then_some(moves);
        self
    }

    /// Sets whether there may be shared memories. Default: true, where [`wasm_threads`](Self::wasm_threads) is.
    ///
    /// [`Engine::new`](crate::Engine::new) refuses false: that is what `wasm_threads` is for.
    pub fn shared_memory(&mut self, enable: bool) -> &mut Self {
        let instead = "to have no shared memories, turn wasm_threads off";
        self.refused
            .note("shared_memory", (!enable).then_some(instead));
        self
    }

    /// Sets how instances are allocated. Default: [`InstanceAllocationStrategy::OnDemand`].
    ///
    /// Stacks and small memories are pooled always. [`Engine::new`](crate::Engine::new) refuses pools of fixed size:
    /// [`StoreLimits`](crate::StoreLimits) bound what a store has.
    pub fn allocation_strategy(
        &mut self,
        strategy: impl Into<InstanceAllocationStrategy>,
    ) -> &mut Self {
        let pooling = strategy.into() == InstanceAllocationStrategy::Pooling;
        let instead = "pools of fixed size are not implemented: use OnDemand, and limit stores";
        self.refused
            .note("allocation_strategy", pooling.then_some(instead));
        self
    }

    /// Sets whether the error of a trap has a core dump. Default: false.
    ///
    /// [`Engine::new`](crate::Engine::new) refuses true: there are none.
    pub fn coredump_on_trap(&mut self, enable: bool) -> &mut Self {
        let instead = "core dumps are not implemented: set it to false";
        self.refused
            .note("coredump_on_trap", enable.then_some(instead));
        self
    }

    /// Accepted for the sake of programs written for Wasmtime: an asynchronous call has no stack of its own. Each store
    /// has one for its code, of the size [`max_wasm_stack`](Self::max_wasm_stack), and host functions run on the stack
    /// of the thread that polls.
    pub fn async_stack_size(&mut self, size: usize) -> &mut Self {
        let _ = size;
        self
    }

    /// Sets whether asynchronous calls may give other tasks their turn by the fuel that they use
    /// ([`Store::fuel_async_yield_interval`](crate::Store::fuel_async_yield_interval)). Default: false.
    ///
    /// It matters to code that uses fuel ([`consume_fuel`](Self::consume_fuel)): code that may go on when its fuel is used up
    /// is larger by a fifth, and a little slower. Else each engine's stores may be called asynchronously anyway, with the
    /// cargo feature `async`.
    pub fn async_support(&mut self, enable: bool) -> &mut Self {
        self.async_support = enable;
        self
    }

    /// Sets whether there are objects and references to them. Default: true.
    ///
    /// [`Engine::new`](crate::Engine::new) refuses false: [`wasm_gc`](Self::wasm_gc),
    /// [`wasm_exceptions`](Self::wasm_exceptions) and [`wasm_reference_types`](Self::wasm_reference_types) turn off what
    /// needs them. A store without objects has no heap for them.
    pub fn gc_support(&mut self, enable: bool) -> &mut Self {
        let instead =
            "turn the proposals off that need it: wasm_gc, wasm_exceptions, wasm_reference_types";
        self.refused
            .note("gc_support", (!enable).then_some(instead));
        self
    }

    /// Accepted for the sake of programs written for Wasmtime: there are no stacks of asynchronous calls. A Wasm stack,
    /// which the next store may have, is not zeroed; no Wasm code can read what it has not written there.
    pub fn async_stack_zeroing(&mut self, enable: bool) -> &mut Self {
        let _ = enable;
        self
    }

    /// Accepted for the sake of programs written for Wasmtime: tables are complete when an instance is.
    pub fn table_lazy_init(&mut self, enable: bool) -> &mut Self {
        let _ = enable;
        self
    }

    /// Accepted for the sake of programs written for Wasmtime: how initial contents of memories lie in an image is not
    /// settable.
    pub fn memory_guaranteed_dense_image_size(&mut self, bytes: u64) -> &mut Self {
        let _ = bytes;
        self
    }

    /// Accepted for the sake of programs written for Wasmtime: no other unwinder than the runtime's own goes through
    /// compiled code.
    pub fn native_unwind_info(&mut self, enable: bool) -> &mut Self {
        let _ = enable;
        self
    }

    /// Accepted for the sake of programs written for Wasmtime: hints about branches are a custom section, and no
    /// module is refused for one; the compiler does not read it.
    pub fn wasm_branch_hinting(&mut self, enable: bool) -> &mut Self {
        let _ = enable;
        self
    }

    /// Sets which profiler is told of code. Default: [`ProfilingStrategy::None`].
    ///
    /// [`Engine::new`](crate::Engine::new) refuses the others. [`Module::functions`](crate::Module::functions) and
    /// [`Module::text`](crate::Module::text) say where code lies.
    pub fn profiler(&mut self, profiler: ProfilingStrategy) -> &mut Self {
        let other = profiler != ProfilingStrategy::None;
        let instead = "profilers are not implemented: use ProfilingStrategy::None";
        self.refused.note("profiler", other.then_some(instead));
        self
    }

    /// Sets what images say about the version that made them. Default:
    /// [`ModuleVersionStrategy::WasmtimeVersion`], this crate's.
    ///
    /// An image fits the version that made it and no other, so that nothing else can be set.
    ///
    /// # Errors
    /// Another strategy.
    pub fn module_version(&mut self, strategy: ModuleVersionStrategy) -> Result<&mut Self> {
        match strategy {
            ModuleVersionStrategy::WasmtimeVersion => Ok(self),
            _ => bail!(
                "module_version: images say which version made them: use ModuleVersionStrategy::WasmtimeVersion"
            ),
        }
    }
}
