//! Stores: the owners of all that is instantiated, and of the embedder's data beside it.

// Twins: without the feature `async` every limiter answers at once.
#[cfg_attr(not(feature = "async"), path = "no_asking.rs")]
mod asking;
mod context;
mod counting;
mod epochs;
// Twins: without the feature `exceptions` nothing throws.
#[cfg_attr(not(feature = "exceptions"), path = "no_exceptions.rs")]
mod exceptions;
mod fuel;
mod functions;
mod gc;
mod growth;
mod heap_error;
mod hooks;
mod host;
mod id;
mod interrupts;
mod limits;
mod memories;
mod opaque;
mod owner;
mod raw;
mod roots;
#[cfg(feature = "async")]
mod slices;
mod tables;
mod tags;
mod usage;

#[cfg(feature = "async")]
use asking::has_to_wait;
#[cfg(feature = "async")]
pub(crate) use asking::{Asked, asking, asking_until_stopped};
pub use context::{AsContext, AsContextMut, StoreContext, StoreContextMut};
pub use epochs::UpdateDeadline;
#[cfg(feature = "exceptions")]
pub use exceptions::ThrownException;
pub(crate) use growth::{Growing, Growth, Question};
pub use heap_error::GcHeapOutOfMemory;
pub use hooks::CallHook;
#[cfg(feature = "async")]
pub use hooks::CallHookHandler;
#[cfg(feature = "async")]
pub(crate) use hooks::{Answer, Later, Tell};
pub(crate) use hooks::{Hook, Telling};
pub use host::HostFunc;
pub(crate) use id::StoreId;
pub use interrupts::InterruptHandle;
pub(crate) use interrupts::in_steps;
#[cfg(feature = "async")]
pub use limits::ResourceLimiterAsync;
pub use limits::{
    DEFAULT_INSTANCE_LIMIT, DEFAULT_MEMORY_LIMIT, DEFAULT_TABLE_LIMIT, ResourceLimiter,
    StoreLimits, StoreLimitsBuilder,
};
pub(crate) use opaque::Pending;
pub use opaque::StoreOpaque;
pub(crate) use owner::{InStore, OfStore};
pub(crate) use raw::RawStore;
pub use roots::RootIndex;
pub(crate) use usage::CountLimits;
pub use usage::{Resource, ResourceLimitExceeded, ResourcesUsed};

use crate::engine::Engine;
use crate::error::{OutOfMemory, Result};
use crate::oom::{self, Watch};
use alloc::boxed::Box;
use core::fmt;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ptr::NonNull;

/// Says in a type that what has it is for stores with data of type `T`, and no other: it is invariant in `T`.
///
/// Whatever is a `T` for one who defines a host function must be one for who calls it, and the other way round. So
/// `for<'a> fn(&'a String)` must not become `fn(&'static String)`, though it is one too.
pub(crate) struct DataType<T>(PhantomData<fn(T) -> T>);

impl<T> DataType<T> {
    pub(crate) const NEW: Self = Self(PhantomData);
}

/// A store with its embedder's data. A type that refers to one is invariant in `T`, as this is.
///
/// Invariant (*store first*): a pointer to the `StoreOpaque` inside is one to this, and
/// `StoreContext::store` has the provenance of the whole. No `&mut` to the whole is ever made: the limiter is found
/// in the data while the rest is borrowed.
#[repr(C)]
pub(crate) struct StoreInner<T: 'static> {
    pub(crate) opaque: StoreOpaque,
    pub(crate) data: ManuallyDrop<T>,
    _data: DataType<T>,
}

/// Owns instances, and all that they refer to: memories, tables, globals, functions of the host.
///
/// Handles ([`Instance`](crate::Instance), [`Func`](crate::Func), [`Memory`](crate::Memory), ...) are
/// plain names of what a store owns; using one takes the store as well. All is freed when the store
/// is dropped, and nothing before: a store is meant to live as long as the work of its instances.
///
/// `T` is whatever the embedder wants to reach from host functions.
///
/// ```
/// # use wasmetal::{Config, Engine, Module};
/// use wasmetal::{Instance, Store};
///
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// # let module = Module::new(&engine, "(module)")?;
/// let mut store = Store::new(&engine, vec![1, 2]);
/// let instance = Instance::new(&mut store, &module, &[])?;
/// store.data_mut().push(3);
/// assert_eq!(store.into_data(), [1, 2, 3]);
/// # wasmetal::error::Ok(())
/// ```
///
/// What a store may contain is limited to 10,000 instances, memories and tables each, and as
/// [`limiter`](Self::limiter) says.
pub struct Store<T: 'static> {
    /// From `Box::into_raw`; freed by `drop` or `into_data`. No `Box`, since the store is also
    /// reached through `StoreContext::store` while a host function runs.
    inner: NonNull<StoreInner<T>>,
}

// SAFETY: a store owns what it points to. Everything in it is `Send` but raw pointers to what it
// owns, and the embedder's data.
unsafe impl<T: Send> Send for Store<T> {}
// SAFETY: through a shared store nothing of what it owns is changed, and the data is `Sync`.
unsafe impl<T: Sync> Sync for Store<T> {}

impl<T: 'static> Store<T> {
    /// An empty store with the embedder's `data`.
    ///
    /// Where memory may be exhausted, [`try_new`](Self::try_new) is the better choice.
    #[must_use]
    pub fn new(engine: &Engine, data: T) -> Self {
        oom::infallible(Self::watched(engine, data, Watch::OFF))
    }

    /// An empty store with the embedder's `data`.
    ///
    /// # Errors
    /// Memory is exhausted.
    pub fn try_new(engine: &Engine, data: T) -> Result<Self> {
        Self::watched(engine, data, Watch::start()?)
    }

    fn watched(engine: &Engine, data: T, watch: Watch) -> Result<Self> {
        let mut opaque = StoreOpaque::new(engine.clone());
        opaque.lease_clock(watch)?;
        let inner = oom::place(StoreInner {
            opaque,
            data: ManuallyDrop::new(data),
            _data: DataType::NEW,
        });
        let failed = match inner {
            Ok(inner) if watch.check().is_ok() => Ok(inner),
            Ok(inner) => Err(*inner),
            Err(inner) => Err(inner),
        };
        let inner = failed.map_err(|inner| {
            drop(ManuallyDrop::into_inner(inner.data));
            OutOfMemory::new(size_of::<StoreInner<T>>())
        })?;
        let inner = NonNull::from(Box::leak(inner));
        // SAFETY: the store's own context, which nothing uses yet.
        unsafe {
            let context = inner.as_ref().opaque.context.as_ptr();
            (*context).store = Some(inner.cast());
            (*context).fuel_query.store.set(context);
        }
        Ok(Self { inner })
    }

    #[inline]
    pub(crate) fn inner(&self) -> &StoreInner<T> {
        // SAFETY: the allocation lives as long as `self`, which is borrowed.
        unsafe { self.inner.as_ref() }
    }

    /// The store without its data.
    #[inline]
    pub(crate) fn raw(&mut self) -> RawStore<'_> {
        // SAFETY: the pointer that `StoreContext::store` is; the store is borrowed exclusively.
        unsafe { RawStore::new(self.inner.cast()) }
    }

    /// The embedder's data.
    #[inline]
    #[must_use]
    pub fn data(&self) -> &T {
        &self.inner().data
    }

    /// The embedder's data.
    #[inline]
    pub fn data_mut(&mut self) -> &mut T {
        // SAFETY: the allocation lives as long as `self`, which is borrowed exclusively.
        unsafe { &mut (*self.inner.as_ptr()).data }
    }

    /// Drops the store and returns the embedder's data.
    #[must_use]
    pub fn into_data(self) -> T {
        let this = ManuallyDrop::new(self);
        // SAFETY: made by `Box::leak`; `this` is forgotten, so nothing refers to it any more.
        let mut inner = unsafe { Box::from_raw(this.inner.as_ptr()) };
        // SAFETY: the rest of `inner` is dropped without looking at its data again.
        unsafe { ManuallyDrop::take(&mut inner.data) }
    }

    /// The engine that the store belongs to.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.inner().opaque.engine
    }

    /// Asks the [`ResourceLimiter`] that `limiter` finds in the embedder's data about every instance,
    /// memory and table that is made from now on, and about every growth.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine};
    /// use wasmetal::{Memory, MemoryType, Store, StoreLimits, StoreLimitsBuilder};
    ///
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// struct State {
    ///     limits: StoreLimits,
    /// }
    ///
    /// let limits = StoreLimitsBuilder::new().memory_size(1 << 20).instances(2).build();
    /// let mut store = Store::new(&engine, State { limits });
    /// store.limiter(|state| &mut state.limits);
    ///
    /// let memory = Memory::new(&mut store, MemoryType::new(16, None))?;
    /// assert!(memory.grow(&mut store, 1).is_err());
    /// # wasmetal::error::Ok(())
    /// ```
    pub fn limiter(
        &mut self,
        mut limiter: impl (FnMut(&mut T) -> &mut dyn ResourceLimiter) + Send + Sync + 'static,
    ) {
        self.limit(move |data, ask| ask(limiter(data)));
        #[cfg(feature = "async")]
        self.raw().asking.answers_at_once();
    }

    /// Has the limiter asked that `find` finds in the data, and hands to a function.
    fn limit(
        &mut self,
        mut find: impl FnMut(&mut T, &mut dyn FnMut(&mut dyn ResourceLimiter)) + Send + Sync + 'static,
    ) {
        let mut count_limits = CountLimits::default();
        find(self.data_mut(), &mut |limits| {
            count_limits = CountLimits {
                instances: limits.instances(),
                memories: limits.memories(),
                tables: limits.tables(),
            };
        });
        let mut store = self.raw();
        store.count_limits = count_limits;
        store.limiter = Some(Box::new(move |store, ask| {
            // SAFETY: `store` is the `StoreContext::store` of this very store (*store first*), and the code that
            // asks has borrowed that without its data.
            let data = unsafe { &mut (*store.cast::<StoreInner<T>>().as_ptr()).data };
            find(data, ask);
        }));
    }
}

impl<T: Default + 'static> Default for Store<T> {
    /// An empty store with default data, of an [engine of its own](Engine::default).
    ///
    /// # Panics
    /// As [`Engine::default`] does.
    fn default() -> Self {
        Self::new(&Engine::default(), T::default())
    }
}

impl<T: fmt::Debug> fmt::Debug for Store<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("id", &self.inner().opaque.id)
            .field("data", self.data())
            .finish()
    }
}

impl<T: 'static> Drop for Store<T> {
    fn drop(&mut self) {
        // SAFETY: made by `Box::leak`, and nothing refers to it any more.
        let mut inner = unsafe { Box::from_raw(self.inner.as_ptr()) };
        // SAFETY: dropped once, here.
        unsafe { ManuallyDrop::drop(&mut inner.data) };
    }
}
