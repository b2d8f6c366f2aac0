//! What a store is without its embedder's data: compiled once, whatever that data is.

use super::epochs::Deadline;
use super::functions::HostFunctions;
use super::hooks::CallHooks;
use super::id::StoreId;
use super::limits::ResourceLimiter;
use super::roots::RootSet;
use super::tags::Tags;
use super::usage::{CountLimits, ResourcesUsed};
use crate::activation::context::StoreContext;
use crate::activation::stack::WasmStack;
use crate::code::Module;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::gc::Gc;
use crate::instance::{
    ExternRefs, HostGlobal, HostMemory, HostTable, InstanceData, LinearMemory, SharedMemory,
};
use crate::interrupt::pieces::Steps;
use crate::interrupt::{self, Interrupts};
use crate::map::Map;
use crate::oom::{Room as _, Watch};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cmp;
#[cfg(feature = "async")]
use core::num::NonZero;
use core::ops::Range;
use core::ptr::NonNull;

/// So many modules of a store are looked through one by one; hardly a store has more.
const RECENT_MODULES: usize = 8;

/// Why a host function or a builtin wants Wasm code to be left.
pub(crate) enum Pending {
    /// It failed.
    Error(Error),
    /// It panicked.
    #[cfg(feature = "std")]
    Panic(Box<dyn core::any::Any + Send>),
}

impl Pending {
    /// Whether it is a panic.
    pub(crate) fn is_panic(&self) -> bool {
        match self {
            Self::Error(_) => false,
            #[cfg(feature = "std")]
            Self::Panic(_) => true,
        }
    }

    /// The error.
    ///
    /// # Panics
    /// Goes on with the panic.
    pub(crate) fn into_error(self) -> Error {
        match self {
            Self::Error(error) => error,
            #[cfg(feature = "std")]
            Self::Panic(payload) => std::panic::resume_unwind(payload),
        }
    }
}

/// Finds the limiter in the store's data, and nothing else there, and hands it to the function.
pub(crate) type Limiter =
    Box<dyn FnMut(NonNull<StoreOpaque>, &mut dyn FnMut(&mut dyn ResourceLimiter)) + Send + Sync>;

/// The code of a module, by address. That of two does not overlap, or is the same.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Code {
    start: usize,
    end: usize,
    /// The address of the module.
    module: usize,
}

impl Code {
    fn of(module: &Module) -> Self {
        let Range { start, end } = module.code().text_range();
        Self {
            start,
            end,
            module: core::ptr::from_ref(module.inner()).addr(),
        }
    }

    /// How an address compares to this code.
    fn order(&self, pc: usize) -> cmp::Ordering {
        match pc {
            _ if pc < self.start => cmp::Ordering::Less,
            _ if pc < self.end => cmp::Ordering::Equal,
            _ => cmp::Ordering::Greater,
        }
    }
}

/// A store without its embedder's data.
///
/// Invariant (*owned*): what the pointers in here point to are allocations of the store's own, each
/// at one address, freed when the store is dropped and never before. A handle with this store's id
/// points to one of them, or into an instance.
#[doc(hidden)]
pub struct StoreOpaque {
    pub(crate) engine: Engine,
    pub(crate) id: StoreId,
    /// What generated code sees of the store.
    pub(crate) context: NonNull<StoreContext>,
    pub(crate) pending: Option<Pending>,
    /// What interrupts the store, if somebody can.
    pub(crate) interrupts: Option<Arc<Interrupts>>,
    /// How long a poll of an asynchronous call may run.
    #[cfg(feature = "async")]
    pub(crate) time_slice: Option<core::time::Duration>,
    pub(crate) hooks: CallHooks,
    pub(crate) tags: Tags,
    pub(crate) stack: Option<WasmStack>,
    pub(crate) functions: HostFunctions,
    pub(crate) externrefs: ExternRefs,
    pub(crate) roots: RootSet,
    #[cfg_attr(
        not(any(feature = "gc", feature = "exceptions")),
        expect(dead_code, reason = "it is empty")
    )]
    pub(crate) gc: Gc,
    /// What there is, but for the garbage-collected heap.
    pub(crate) used: ResourcesUsed,
    pub(crate) count_limits: CountLimits,
    pub(crate) limiter: Option<Limiter>,
    #[cfg(feature = "async")]
    pub(super) asking: super::asking::Asking,
    /// Fuel that generated code does not count yet.
    pub(super) fuel_reserve: u64,
    /// After how much fuel, in units, asynchronous calls give others their turn.
    #[cfg(feature = "async")]
    pub(super) fuel_interval: Option<NonZero<u64>>,
    pub(crate) deadline: Deadline,
    /// Modules with an instance here, each once, in order of their first instantiation.
    pub(crate) modules: Vec<Module>,
    /// Where all of `modules` lie but the last [`RECENT_MODULES`], and their places there.
    older_modules: Map<Code, usize>,
    pub(crate) instances: Vec<NonNull<InstanceData>>,
    memories: Vec<NonNull<HostMemory>>,
    pub(crate) tables: Vec<NonNull<HostTable>>,
    pub(crate) globals: Vec<NonNull<HostGlobal>>,
}

// SAFETY: the store owns what it points to (*owned*), and all of that is `Send`: code, memory, host
// functions and externrefs, which must be.
unsafe impl Send for StoreOpaque {}
// SAFETY: nothing is changed through a shared reference.
unsafe impl Sync for StoreOpaque {}

impl StoreOpaque {
    pub(crate) fn new(engine: Engine) -> Self {
        let context = NonNull::from(Box::leak(Box::new(StoreContext::new(
            engine.surroundings(),
        ))));
        Self {
            gc: Gc::new(&engine, context),
            engine,
            id: StoreId::new(),
            context,
            pending: None,
            interrupts: None,
            #[cfg(feature = "async")]
            time_slice: None,
            hooks: CallHooks::default(),
            tags: Tags::default(),
            stack: None,
            functions: HostFunctions::default(),
            externrefs: ExternRefs::default(),
            roots: RootSet::default(),
            used: ResourcesUsed::default(),
            count_limits: CountLimits::default(),
            limiter: None,
            #[cfg(feature = "async")]
            asking: super::asking::Asking::default(),
            fuel_reserve: 0,
            #[cfg(feature = "async")]
            fuel_interval: None,
            deadline: Deadline::default(),
            modules: Vec::new(),
            older_modules: Map::default(),
            instances: Vec::new(),
            memories: Vec::new(),
            tables: Vec::new(),
            globals: Vec::new(),
        }
    }

    /// Keeps `module` alive as long as the store, and lets host functions use its trampolines.
    ///
    /// # Errors
    /// Memory is exhausted, or the store is to stop.
    pub(crate) fn register_module(
        &mut self,
        module: &Module,
        watch: Watch,
        steps: &mut Steps,
    ) -> Result<()> {
        self.keep_module(module, watch)?;
        let types = self.engine.types();
        self.functions
            .fill_holes(types, &self.modules, watch, steps)
    }

    fn keep_module(&mut self, module: &Module, watch: Watch) -> Result<()> {
        let mut recent = self.modules.iter().rev().take(RECENT_MODULES);
        if recent.any(|known| Module::same(known, module)) {
            return Ok(());
        }
        if let Some(oldest) = self.modules.len().checked_sub(RECENT_MODULES) {
            if self.older_modules.get(&Code::of(module)).is_some() {
                return Ok(());
            }
            // The oldest of the recent modules is recent no more once the new one is there.
            self.older_modules.room(1, watch)?;
            self.older_modules
                .insert(Code::of(&self.modules[oldest]), oldest);
        }
        self.modules.room(1, watch)?;
        self.modules.push(module.clone());
        Ok(())
    }

    /// The module whose code is at `pc`, among those that the store keeps. Collections and throws ask for each frame whose
    /// module is not that of the frame before.
    pub(crate) fn module_at(&self, pc: usize) -> Option<&Module> {
        let mut recent = self.modules.iter().rev().take(RECENT_MODULES);
        recent
            .find(|module| module.code().text_range().contains(&pc))
            .or_else(|| {
                let at = self.older_modules.get_by(|code| code.order(pc))?;
                self.modules.get(*at)
            })
    }

    pub(crate) fn add_instance(&mut self, instance: NonNull<InstanceData>) {
        self.instances.push(instance);
    }

    pub(crate) fn reserve_instance(&mut self, watch: Watch) -> Result<()> {
        Ok(self.instances.room(1, watch)?)
    }

    pub(crate) fn add_memory(
        &mut self,
        memory: Box<HostMemory>,
        watch: Watch,
    ) -> Result<NonNull<HostMemory>> {
        keep(&mut self.memories, memory, watch)
    }

    /// This store's part of a memory that threads share. The store keeps the memory from now on.
    pub(crate) fn share_memory(
        &mut self,
        memory: &SharedMemory,
        watch: Watch,
    ) -> Result<NonNull<LinearMemory>> {
        let known = self.memories.iter().rev().find_map(|&known| {
            let known = HostMemory::memory(known);
            // SAFETY: the store's own (*owned*); nothing changes it now.
            let shared = unsafe { known.as_ref() }.as_shared()?;
            SharedMemory::same(shared, memory).then_some(known)
        });
        if let Some(known) = known {
            return Ok(known);
        }
        let memory = HostMemory::shared(memory.clone());
        Ok(HostMemory::memory(self.add_memory(memory, watch)?))
    }

    pub(crate) fn add_table(
        &mut self,
        table: Box<HostTable>,
        watch: Watch,
    ) -> Result<NonNull<HostTable>> {
        keep(&mut self.tables, table, watch)
    }

    pub(crate) fn add_global(
        &mut self,
        global: Box<HostGlobal>,
        watch: Watch,
    ) -> Result<NonNull<HostGlobal>> {
        keep(&mut self.globals, global, watch)
    }

    /// Asks the limiter, if there is one; `default` where there is none.
    pub(crate) fn ask_limiter<R>(
        &mut self,
        default: R,
        mut question: impl FnMut(&mut dyn ResourceLimiter) -> R,
    ) -> R {
        #[cfg(feature = "async")]
        debug_assert!(!self.asks_later(), "the data is another's");
        // SAFETY: the context is this store's (*owned*).
        let whole = unsafe { (*self.context.as_ptr()).store };
        let (Some(limiter), Some(whole)) = (&mut self.limiter, whole) else {
            return default;
        };
        let mut answer = default;
        limiter(whole.cast(), &mut |limiter| answer = question(limiter));
        answer
    }
}

/// Makes something the store's, if no part of it lies in the reserve.
fn keep<T>(all: &mut Vec<NonNull<T>>, new: Box<T>, watch: Watch) -> Result<NonNull<T>> {
    all.room(1, watch)?;
    watch.check()?;
    let new = NonNull::from(Box::leak(new));
    all.push(new);
    Ok(new)
}

impl Drop for StoreOpaque {
    fn drop(&mut self) {
        if let Some(interrupts) = &self.interrupts {
            // Out of all lists: from here on the trap hook does not look at the context, which is freed below.
            interrupt::withdraw(interrupts);
        }
        self.stack = None;
        self.give_back_clock();
        for instance in self.instances.drain(..) {
            // SAFETY: each instance is the store's own (*owned*); nothing runs in it any more.
            unsafe { InstanceData::free(instance) };
        }
        // SAFETY (all four): each was leaked from a box when it was added (*owned*).
        for memory in self.memories.drain(..) {
            // SAFETY: see above.
            drop(unsafe { Box::from_raw(memory.as_ptr()) });
        }
        for table in self.tables.drain(..) {
            // SAFETY: see above.
            drop(unsafe { Box::from_raw(table.as_ptr()) });
        }
        for global in self.globals.drain(..) {
            // SAFETY: see above.
            drop(unsafe { Box::from_raw(global.as_ptr()) });
        }
        #[cfg(feature = "async")]
        self.drop_registers();
        // SAFETY: leaked from a box in `new`; the Wasm stack that referred to it is given back.
        drop(unsafe { Box::from_raw(self.context.as_ptr()) });
    }
}
