//! [`ExternRef`]: host values that Wasm code can hold but not look into.

use super::check_store;
use crate::error::Result;
use crate::store::{AsContext, AsContextMut, StoreContext, StoreContextMut, StoreId, StoreOpaque};
use core::any::Any;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::marker::PhantomData;
use core::num::NonZeroU32;
use core::ops::Deref;

/// An opaque reference to a host value (`externref`).
///
/// Always behind a [`Rooted`] or [`OwnedRooted`], whose methods these are. The value lives as long as
/// its store.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{ExternRef, Instance, Module, Rooted, Store};
///
/// let module = Module::new(&engine, r#"
///     (module (func (export "same") (param externref) (result externref) (local.get 0)))
/// "#)?;
/// let mut store = Store::new(&engine, ());
/// let instance = Instance::new(&mut store, &module, &[])?;
/// type Value = Option<Rooted<ExternRef>>;
/// let same = instance.get_typed_func::<Value, Value>(&mut store, "same")?;
/// let value = ExternRef::new(&mut store, String::from("hello"))?;
/// let value = same.call(&mut store, Some(value))?.unwrap();
/// let text = value.data(&store)?.unwrap().downcast_ref::<String>();
/// assert_eq!(text.unwrap(), "hello");
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExternRef {
    store: StoreId,
    handle: NonZeroU32,
}

impl ExternRef {
    /// Gives a host value to the store, to be passed to Wasm code by reference.
    ///
    /// # Errors
    /// The store has 2^32 - 1 of them already, or memory is short: the error is a
    /// [`GcHeapOutOfMemory`](crate::GcHeapOutOfMemory) with the value.
    #[allow(clippy::new_ret_no_self, reason = "as in Wasmtime")]
    pub fn new<T>(mut store: impl AsContextMut, value: T) -> Result<Rooted<Self>>
    where
        T: 'static + Any + Send + Sync,
    {
        let store = store.as_context_mut().opaque();
        let handle = store.externrefs.insert(value)?;
        let handle = NonZeroU32::new(handle).expect("its low bits say what it is");
        Ok(Rooted::from_handle(store.id, handle))
    }

    /// The value. `None` is for references that wrap no host value; there are none yet.
    ///
    /// # Errors
    /// None so far: values live as long as their store.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn data<'a, T: 'static>(
        &self,
        store: impl Into<StoreContext<'a, T>>,
    ) -> Result<Option<&'a (dyn Any + Send + Sync)>> {
        let store = &store.into().0.opaque;
        check_store(self.store, store);
        Ok(store.externrefs.get(self.handle.get()))
    }

    /// The value.
    ///
    /// # Errors
    /// As [`data`](Self::data).
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn data_mut<'a, T: 'static>(
        &self,
        store: impl Into<StoreContextMut<'a, T>>,
    ) -> Result<Option<&'a mut (dyn Any + Send + Sync)>> {
        let store = store.into().opaque();
        check_store(self.store, store);
        Ok(store.externrefs.get_mut(self.handle.get()))
    }

    /// The reference behind a handle from [`to_raw`](Self::to_raw) of the same store; `None` for 0, and
    /// for what is no handle.
    pub fn from_raw(mut store: impl AsContextMut, raw: u32) -> Option<Rooted<Self>> {
        let store = store.as_context_mut().opaque();
        let handle = NonZeroU32::new(raw)?;
        store.externrefs.get(raw)?;
        Some(Rooted::from_handle(store.id, handle))
    }

    /// The handle that stands for the reference in a [`ValRaw`](crate::ValRaw).
    ///
    /// # Errors
    /// None so far.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn to_raw(&self, mut store: impl AsContextMut) -> Result<u32> {
        check_store(self.store, store.as_context_mut().opaque());
        Ok(self.handle.get())
    }
}

/// A reference that is known to the host.
///
/// Unlike in Wasmtime, it stays usable until its store is dropped, also beyond its [`RootScope`].
pub struct Rooted<T> {
    inner: ExternRef,
    _of: PhantomData<T>,
}

/// A reference that is known to the host, independent of any scope.
pub struct OwnedRooted<T>(Rooted<T>);

impl Rooted<ExternRef> {
    #[inline]
    pub(crate) fn from_handle(store: StoreId, handle: NonZeroU32) -> Self {
        Self {
            inner: ExternRef { store, handle },
            _of: PhantomData,
        }
    }

    /// What stands for the reference in Wasm code.
    #[inline]
    pub(crate) fn handle(&self) -> NonZeroU32 {
        self.inner.handle
    }

    #[inline]
    pub(crate) fn comes_from_same_store(&self, store: &StoreOpaque) -> bool {
        self.inner.store == store.id
    }

    /// The same reference, independent of any scope.
    ///
    /// # Errors
    /// None so far.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn to_owned_rooted(&self, mut store: impl AsContextMut) -> Result<OwnedRooted<ExternRef>> {
        check_store(self.inner.store, store.as_context_mut().opaque());
        Ok(OwnedRooted(*self))
    }

    /// Whether both are the same root. See [`ref_eq`](Self::ref_eq).
    #[must_use]
    pub fn rooted_eq(a: Self, b: Self) -> bool {
        a.inner == b.inner
    }

    /// Whether both refer to the same value.
    ///
    /// # Errors
    /// None so far.
    ///
    /// # Panics
    /// If `store` is not theirs.
    pub fn ref_eq(
        store: impl AsContext,
        a: &impl Deref<Target = ExternRef>,
        b: &impl Deref<Target = ExternRef>,
    ) -> Result<bool> {
        let store = &store.as_context().0.opaque;
        check_store(a.store, store);
        check_store(b.store, store);
        Ok(a.handle == b.handle)
    }

    /// Hashes the root.
    pub fn rooted_hash<H: Hasher>(&self, state: &mut H) {
        self.inner.hash(state);
    }

    /// Hashes what it refers to: equal for all references to one value.
    ///
    /// # Errors
    /// None so far.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn ref_hash<H: Hasher>(&self, store: impl AsContext, state: &mut H) -> Result<()> {
        check_store(self.inner.store, &store.as_context().0.opaque);
        self.inner.handle.hash(state);
        Ok(())
    }
}

impl OwnedRooted<ExternRef> {
    /// The same reference.
    #[inline]
    pub(crate) fn rooted(&self) -> Rooted<ExternRef> {
        self.0
    }

    /// The same reference, independent of any scope.
    #[inline]
    pub(crate) fn from_rooted(rooted: Rooted<ExternRef>) -> Self {
        Self(rooted)
    }

    /// The same reference, in the current scope.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn to_rooted(&self, mut store: impl AsContextMut) -> Rooted<ExternRef> {
        check_store(self.0.inner.store, store.as_context_mut().opaque());
        self.0
    }

    /// As [`Rooted::ref_eq`].
    ///
    /// # Errors
    /// As there.
    ///
    /// # Panics
    /// As there.
    pub fn ref_eq(
        store: impl AsContext,
        a: &impl Deref<Target = ExternRef>,
        b: &impl Deref<Target = ExternRef>,
    ) -> Result<bool> {
        Rooted::ref_eq(store, a, b)
    }
}

impl<T> Clone for Rooted<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Rooted<T> {}

impl<T> Clone for OwnedRooted<T> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

impl Deref for Rooted<ExternRef> {
    type Target = ExternRef;

    fn deref(&self) -> &ExternRef {
        &self.inner
    }
}

impl Deref for OwnedRooted<ExternRef> {
    type Target = ExternRef;

    fn deref(&self) -> &ExternRef {
        &self.0.inner
    }
}

impl<T> fmt::Debug for Rooted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rooted").field(&self.inner).finish()
    }
}

impl<T> fmt::Debug for OwnedRooted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OwnedRooted").field(&self.0.inner).finish()
    }
}

/// A scope for [`Rooted`] references.
///
/// References live as long as their store for now, so that leaving a scope frees nothing.
#[derive(Debug)]
pub struct RootScope<C: AsContextMut>(C);

impl<C: AsContextMut> RootScope<C> {
    /// Enters a scope.
    pub fn new(store: C) -> Self {
        Self(store)
    }

    /// Makes room for `additional` references.
    pub fn reserve(&mut self, additional: usize) {
        let _ = additional;
    }
}

impl<C: AsContextMut> AsContext for RootScope<C> {
    type Data = C::Data;

    fn as_context(&self) -> StoreContext<'_, C::Data> {
        self.0.as_context()
    }
}

impl<C: AsContextMut> AsContextMut for RootScope<C> {
    fn as_context_mut(&mut self) -> StoreContextMut<'_, C::Data> {
        self.0.as_context_mut()
    }
}
