//! References that the host holds: [`Rooted`], [`OwnedRooted`], and the scopes of the former.

use crate::error::Result;
use crate::oom::Watch;
use crate::store::OfStore;
use crate::store::{
    AsContext, AsContextMut, RootIndex, StoreContext, StoreContextMut, StoreOpaque,
};
use alloc::sync::Arc;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::marker::PhantomData;
use core::ops::Deref;

/// What a store's garbage collector looks after: [`ExternRef`](crate::ExternRef),
/// [`AnyRef`](crate::AnyRef) and what can be made of one, [`ExnRef`](crate::ExnRef).
pub trait GcRef: Inner {}

/// A [`Rooted`] or an [`OwnedRooted`].
pub trait RootedGcRef<T: GcRef> {
    #[doc(hidden)]
    fn root(&self) -> RootIndex;
}

/// The types that name a root.
///
/// # Safety
/// The type is a transparent wrapper of a [`RootIndex`].
#[doc(hidden)]
pub unsafe trait Inner: Sized + 'static {}

/// Defines a type that names a root.
macro_rules! gc_ref {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug)]
        #[repr(transparent)]
        pub struct $name {
            root: crate::store::RootIndex,
        }

        // SAFETY: it is transparent.
        unsafe impl super::rooted::Inner for $name {}
        impl super::rooted::GcRef for $name {}

        impl $name {
            /// The reference as Wasm code has it.
            ///
            /// # Panics
            /// If `store` is not its store.
            #[track_caller]
            pub(crate) fn reference(&self, store: &crate::store::StoreOpaque) -> crate::Result<u32> {
                store.reference(self.root)
            }
        }
    };
}
pub(super) use gc_ref;

/// A reference that is known to the host as long as its scope is not left.
///
/// In a host function that is the time of its call; elsewhere a [`RootScope`], or the life of the store.
/// What it refers to is not collected. To use it beyond its scope is an error, and one of memory where there was no
/// room for it. For a reference that
/// lasts longer see [`OwnedRooted`].
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{ExternRef, RootScope, Store};
///
/// let mut store = Store::new(&engine, ());
/// let late = {
///     let mut scope = RootScope::new(&mut store);
///     let value = ExternRef::new(&mut scope, 5)?;
///     assert!(value.data(&scope)?.is_some());
///     value
/// };
/// assert!(late.data(&store).is_err());
/// # wasmetal::error::Ok(())
/// ```
#[repr(transparent)]
pub struct Rooted<T: GcRef> {
    root: RootIndex,
    _of: PhantomData<fn() -> T>,
}

/// A reference that is known to the host as long as this, or a clone of it, lives.
///
/// It may outlive its store; then it refers to nothing.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{ExternRef, OwnedRooted, RootScope, Store};
///
/// let mut store = Store::new(&engine, ());
/// let kept: OwnedRooted<ExternRef> = {
///     let mut scope = RootScope::new(&mut store);
///     let value = ExternRef::new(&mut scope, 5)?;
///     value.to_owned_rooted(&mut scope)?
/// };
/// // The scope was left, and what `kept` refers to is still there.
/// let value = kept.to_rooted(&mut store);
/// assert_eq!(value.data(&store)?.unwrap().downcast_ref(), Some(&5));
/// # wasmetal::error::Ok(())
/// ```
pub struct OwnedRooted<T: GcRef> {
    root: RootIndex,
    owner: Arc<()>,
    _of: PhantomData<fn() -> T>,
}

/// Names a root as `T`.
fn as_inner<T: GcRef>(root: &RootIndex) -> &T {
    // SAFETY: `T` is a transparent wrapper of what is referred to (`Inner`).
    unsafe { &*core::ptr::from_ref(root).cast::<T>() }
}

impl<T: GcRef> Rooted<T> {
    /// Roots a reference that is a `T`, in the innermost scope.
    #[inline]
    pub(crate) fn new(store: &mut StoreOpaque, reference: u32) -> Self {
        Self::from_root(store.roots.push(store.id, reference))
    }

    /// As [`new`](Self::new), where memory may be exhausted.
    pub(crate) fn try_new(store: &mut StoreOpaque, reference: u32) -> Result<Self> {
        store.roots.room(1)?;
        Ok(Self::new(store, reference))
    }

    /// Roots a reference that is a `T`, or null.
    #[inline]
    pub(crate) fn or_null(store: &mut StoreOpaque, reference: u32) -> Option<Self> {
        (reference != 0).then(|| Self::new(store, reference))
    }

    pub(super) fn from_root(root: RootIndex) -> Self {
        Self {
            root,
            _of: PhantomData,
        }
    }

    /// The same root as another type.
    pub(super) fn cast<U: GcRef>(self) -> Rooted<U> {
        Rooted::from_root(self.root)
    }

    /// The reference as Wasm code has it.
    ///
    /// # Errors
    /// Its scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    #[inline]
    #[track_caller]
    pub(crate) fn raw(&self, store: &StoreOpaque) -> Result<u32> {
        store.reference(self.root)
    }

    /// The same reference, independent of any scope.
    ///
    /// # Errors
    /// Its scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn to_owned_rooted(&self, mut store: impl AsContextMut) -> Result<OwnedRooted<T>> {
        let store = store.as_context_mut().opaque();
        let reference = self.raw(store)?;
        store.roots.room_for_owned()?;
        let watch = Watch::start()?;
        let owned = OwnedRooted::new(store, reference);
        Ok(watch.passed(owned)?)
    }

    /// Whether both are the same root. See [`ref_eq`](Self::ref_eq).
    #[must_use]
    pub fn rooted_eq(a: Self, b: Self) -> bool {
        a.root == b.root
    }

    /// Whether both refer to the same thing.
    ///
    /// # Errors
    /// The scope of one has been left.
    ///
    /// # Panics
    /// If `store` is not theirs.
    pub fn ref_eq(
        store: impl AsContext,
        a: &impl RootedGcRef<T>,
        b: &impl RootedGcRef<T>,
    ) -> Result<bool> {
        let store = &store.as_context().0.opaque;
        Ok(store.reference(a.root())? == store.reference(b.root())?)
    }

    /// Hashes the root.
    pub fn rooted_hash<H: Hasher>(&self, state: &mut H) {
        self.root.hash(state);
    }

    /// Hashes what it refers to: equal for all references to one thing, until garbage is collected: then
    /// objects get other hashes.
    ///
    /// # Errors
    /// Its scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn ref_hash<H: Hasher>(&self, store: impl AsContext, state: &mut H) -> Result<()> {
        self.raw(&store.as_context().0.opaque)?.hash(state);
        Ok(())
    }
}

impl<T: GcRef> OwnedRooted<T> {
    /// Roots a reference that is a `T`.
    pub(crate) fn new(store: &mut StoreOpaque, reference: u32) -> Self {
        let (root, owner) = store.roots.own(store.id, reference);
        Self {
            root,
            owner,
            _of: PhantomData,
        }
    }

    /// Roots a reference that is a `T`, or null.
    pub(crate) fn or_null(store: &mut StoreOpaque, reference: u32) -> Option<Self> {
        (reference != 0).then(|| Self::new(store, reference))
    }

    /// The same root as another type.
    pub(super) fn cast<U: GcRef>(self) -> OwnedRooted<U> {
        OwnedRooted {
            root: self.root,
            owner: self.owner,
            _of: PhantomData,
        }
    }

    /// As [`Rooted::raw`].
    #[track_caller]
    pub(crate) fn raw(&self, store: &StoreOpaque) -> Result<u32> {
        store.reference(self.root)
    }

    /// The same reference, in the innermost scope.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn to_rooted(&self, mut store: impl AsContextMut) -> Rooted<T> {
        let store = store.as_context_mut().opaque();
        match self.raw(store) {
            Ok(reference) => Rooted::new(store, reference),
            // There was no room.
            Err(_) => Rooted::from_root(self.root),
        }
    }

    /// As [`Rooted::ref_eq`].
    ///
    /// # Errors
    /// As for [`Rooted::ref_eq`].
    ///
    /// # Panics
    /// As for [`Rooted::ref_eq`].
    pub fn ref_eq(
        store: impl AsContext,
        a: &impl RootedGcRef<T>,
        b: &impl RootedGcRef<T>,
    ) -> Result<bool> {
        Rooted::ref_eq(store, a, b)
    }

    /// As [`Rooted::rooted_hash`].
    pub fn rooted_hash<H: Hasher>(&self, state: &mut H) {
        self.root.hash(state);
    }

    /// As [`Rooted::ref_hash`].
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn ref_hash<H: Hasher>(&self, store: impl AsContext, state: &mut H) {
        let reference = self.raw(&store.as_context().0.opaque);
        reference.unwrap_or_default().hash(state);
    }
}

impl<T: GcRef> OfStore for Rooted<T> {
    #[inline]
    fn comes_from_same_store(&self, store: &StoreOpaque) -> bool {
        self.root.store.comes_from_same_store(store)
    }
}

impl<T: GcRef> OfStore for OwnedRooted<T> {
    fn comes_from_same_store(&self, store: &StoreOpaque) -> bool {
        self.root.store.comes_from_same_store(store)
    }
}

impl<T: GcRef> RootedGcRef<T> for Rooted<T> {
    fn root(&self) -> RootIndex {
        self.root
    }
}

impl<T: GcRef> RootedGcRef<T> for OwnedRooted<T> {
    fn root(&self) -> RootIndex {
        self.root
    }
}

impl<T: GcRef> Clone for Rooted<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: GcRef> Copy for Rooted<T> {}

impl<T: GcRef> Clone for OwnedRooted<T> {
    fn clone(&self) -> Self {
        Self {
            root: self.root,
            owner: self.owner.clone(),
            _of: PhantomData,
        }
    }
}

impl<T: GcRef> Deref for Rooted<T> {
    type Target = T;

    fn deref(&self) -> &T {
        as_inner(&self.root)
    }
}

impl<T: GcRef> Deref for OwnedRooted<T> {
    type Target = T;

    fn deref(&self) -> &T {
        as_inner(&self.root)
    }
}

impl<T: GcRef> fmt::Debug for Rooted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rooted").field(&self.root).finish()
    }
}

impl<T: GcRef> fmt::Debug for OwnedRooted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OwnedRooted").field(&self.root).finish()
    }
}

/// A scope for [`Rooted`] references: they are forgotten when it is dropped.
///
/// It stands in for the store meanwhile. Scopes are left in the reverse order in which they are entered.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{ExternRef, RootScope, Store};
///
/// let mut store = Store::new(&engine, ());
/// for number in 0..1_000 {
///     // Without a scope all of the values would live as long as the store.
///     let mut scope = RootScope::new(&mut store);
///     let value = ExternRef::new(&mut scope, number)?;
///     assert_eq!(value.data(&scope)?.unwrap().downcast_ref(), Some(&number));
/// }
/// # wasmetal::error::Ok(())
/// ```
#[derive(Debug)]
pub struct RootScope<C: AsContextMut> {
    store: C,
    scope: usize,
}

impl<C: AsContextMut> RootScope<C> {
    /// Enters a scope.
    pub fn new(mut store: C) -> Self {
        let scope = store.as_context_mut().opaque().roots.enter();
        Self { store, scope }
    }

    /// Makes room for `additional` references. Where memory is exhausted, nothing is done: references
    /// that find no room then are [`OutOfMemory`](crate::error::OutOfMemory) where they are used.
    pub fn reserve(&mut self, additional: usize) {
        let _ = self.try_reserve(additional);
    }

    /// As [`reserve`](Self::reserve), where memory may be exhausted.
    ///
    /// # Errors
    /// Memory is exhausted.
    pub fn try_reserve(&mut self, additional: usize) -> Result<()> {
        let store = self.store.as_context_mut().opaque();
        Ok(store.roots.room(additional)?)
    }
}

impl<C: AsContextMut> Drop for RootScope<C> {
    fn drop(&mut self) {
        let store = self.store.as_context_mut().opaque();
        store.roots.leave(self.scope);
    }
}

impl<C: AsContextMut> AsContext for RootScope<C> {
    type Data = C::Data;

    fn as_context(&self) -> StoreContext<'_, C::Data> {
        self.store.as_context()
    }
}

impl<C: AsContextMut> AsContextMut for RootScope<C> {
    fn as_context_mut(&mut self) -> StoreContextMut<'_, C::Data> {
        self.store.as_context_mut()
    }
}
