//! How the API borrows a store: as a [`StoreContext`] or [`StoreContextMut`].

use super::{RawStore, Store, StoreInner, StoreOpaque};
use crate::engine::Engine;
use core::marker::PhantomData;
use core::ptr::NonNull;

/// A shared borrow of a [`Store`].
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{AsContext, Store, StoreContext};
///
/// fn name(store: StoreContext<'_, String>) -> &str {
///     store.data()
/// }
///
/// let store = Store::new(&engine, String::from("guest"));
/// assert_eq!(name(store.as_context()), "guest");
/// # wasmetal::error::Ok(())
/// ```
#[repr(transparent)]
pub struct StoreContext<'a, T: 'static>(pub(crate) &'a StoreInner<T>);

/// An exclusive borrow of a [`Store`].
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{AsContextMut, Store, StoreContextMut};
///
/// fn count(mut store: StoreContextMut<'_, u32>) -> u32 {
///     *store.data_mut() += 1;
///     *store.data()
/// }
///
/// let mut store = Store::new(&engine, 0);
/// count(store.as_context_mut());
/// assert_eq!(count(store.as_context_mut()), 2);
/// # wasmetal::error::Ok(())
/// ```
#[repr(transparent)]
pub struct StoreContextMut<'a, T: 'static> {
    /// One with data of type `T`. Not a reference: a host function has this, and may call Wasm code.
    pub(crate) raw: RawStore<'a>,
    _data: PhantomData<&'a mut T>,
}

/// What gives shared access to a store: a [`Store`], a [`Caller`](crate::Caller), a context, or a
/// reference to one of these.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{AsContext, Store};
///
/// fn total(store: impl AsContext<Data = [u32; 2]>) -> u32 {
///     store.as_context().data().iter().sum()
/// }
///
/// let store = Store::new(&engine, [1, 2]);
/// assert_eq!(total(&store), 3);
/// assert_eq!(total(store.as_context()), 3);
/// # wasmetal::error::Ok(())
/// ```
pub trait AsContext {
    /// The embedder's data in the store.
    type Data: 'static;

    /// The store.
    fn as_context(&self) -> StoreContext<'_, Self::Data>;
}

/// What gives exclusive access to a store.
///
/// Functions take it by value, so that they can be called with `&mut store`. To pass a `&mut impl
/// AsContextMut` on more than once, reborrow it: `f(&mut *store)`.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{AsContextMut, Func, Result, Store};
///
/// fn twice(mut store: impl AsContextMut, func: Func) -> Result<()> {
///     let func = func.typed::<(), ()>(&store)?;
///     func.call(&mut store, ())?;
///     func.call(&mut store, ())
/// }
///
/// let mut store = Store::new(&engine, 0);
/// let func = Func::wrap(&mut store, |mut caller: wasmetal::Caller<'_, u32>| *caller.data_mut() += 1);
/// twice(&mut store, func)?;
/// assert_eq!(*store.data(), 2);
/// # wasmetal::error::Ok(())
/// ```
pub trait AsContextMut: AsContext {
    /// The store.
    fn as_context_mut(&mut self) -> StoreContextMut<'_, Self::Data>;
}

impl<'a, T: 'static> StoreContext<'a, T> {
    /// The engine that the store belongs to.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.0.opaque.engine
    }

    /// The embedder's data.
    #[must_use]
    pub fn data(&self) -> &'a T {
        &self.0.data
    }
}

impl<'a, T: 'static> StoreContext<'a, T> {
    #[inline]
    pub(crate) fn opaque(self) -> &'a StoreOpaque {
        &self.0.opaque
    }
}

impl<'a, T: 'static> StoreContextMut<'a, T> {
    /// The store with its data.
    ///
    /// # Safety
    /// Its data is of type `T`.
    #[inline]
    pub(crate) unsafe fn from_raw(raw: RawStore<'a>) -> Self {
        Self {
            raw,
            _data: PhantomData,
        }
    }

    fn inner(&self) -> NonNull<StoreInner<T>> {
        // *store first*
        self.raw.address().cast()
    }

    /// The engine that the store belongs to.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.raw.engine
    }

    /// The embedder's data.
    #[must_use]
    pub fn data(&self) -> &T {
        // SAFETY: a live store's (*one borrow*); `self` is borrowed as long.
        unsafe { &(*self.inner().as_ptr()).data }
    }

    /// The embedder's data.
    pub fn data_mut(&mut self) -> &mut T {
        // SAFETY: a live store's (*one borrow*); `self` is borrowed exclusively as long.
        unsafe { &mut (*self.inner().as_ptr()).data }
    }

    /// The embedder's data, for as long as the store is borrowed.
    pub(crate) fn into_data_mut(self) -> &'a mut T {
        // SAFETY: a live store's (*one borrow*); `self` is used no more.
        unsafe { &mut (*self.inner().as_ptr()).data }
    }

    #[inline]
    pub(crate) fn opaque(self) -> &'a mut StoreOpaque {
        self.raw.into_mut()
    }
}

impl<T: 'static> AsContext for Store<T> {
    type Data = T;

    #[inline]
    fn as_context(&self) -> StoreContext<'_, T> {
        StoreContext(self.inner())
    }
}

impl<T: 'static> AsContextMut for Store<T> {
    #[inline]
    fn as_context_mut(&mut self) -> StoreContextMut<'_, T> {
        // SAFETY: a store of this type.
        unsafe { StoreContextMut::from_raw(self.raw()) }
    }
}

impl<T: 'static> AsContext for StoreContext<'_, T> {
    type Data = T;

    #[inline]
    fn as_context(&self) -> StoreContext<'_, T> {
        StoreContext(self.0)
    }
}

impl<T: 'static> AsContext for StoreContextMut<'_, T> {
    type Data = T;

    #[inline]
    fn as_context(&self) -> StoreContext<'_, T> {
        // SAFETY: a live store's (*one borrow*); `self` is borrowed as long.
        StoreContext(unsafe { self.inner().as_ref() })
    }
}

impl<T: 'static> AsContextMut for StoreContextMut<'_, T> {
    #[inline]
    fn as_context_mut(&mut self) -> StoreContextMut<'_, T> {
        // SAFETY: a store of this type.
        unsafe { StoreContextMut::from_raw(self.raw.reborrow()) }
    }
}

impl<C: AsContext> AsContext for &C {
    type Data = C::Data;

    #[inline]
    fn as_context(&self) -> StoreContext<'_, C::Data> {
        C::as_context(self)
    }
}

impl<C: AsContext> AsContext for &mut C {
    type Data = C::Data;

    #[inline]
    fn as_context(&self) -> StoreContext<'_, C::Data> {
        C::as_context(self)
    }
}

impl<C: AsContextMut> AsContextMut for &mut C {
    #[inline]
    fn as_context_mut(&mut self) -> StoreContextMut<'_, C::Data> {
        C::as_context_mut(self)
    }
}

impl<'a, T: 'static> From<StoreContextMut<'a, T>> for StoreContext<'a, T> {
    #[inline]
    fn from(store: StoreContextMut<'a, T>) -> Self {
        // SAFETY: as in `as_context`, but `store` is gone, and lent its store for `'a`.
        Self(unsafe { store.inner().as_ref() })
    }
}

impl<'a, C: AsContext> From<&'a C> for StoreContext<'a, C::Data> {
    #[inline]
    fn from(store: &'a C) -> Self {
        store.as_context()
    }
}

impl<'a, C: AsContext> From<&'a mut C> for StoreContext<'a, C::Data> {
    #[inline]
    fn from(store: &'a mut C) -> Self {
        C::as_context(store)
    }
}

impl<'a, C: AsContextMut> From<&'a mut C> for StoreContextMut<'a, C::Data> {
    #[inline]
    fn from(store: &'a mut C) -> Self {
        store.as_context_mut()
    }
}
