//! A store as the code that enters Wasm has it: borrowed, but not as a reference.

use super::StoreOpaque;
use crate::activation::context::StoreContext;
use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};
use core::ptr::NonNull;

/// An exclusive borrow of a store from which references are made for as long as they are needed.
///
/// What Wasm code calls reaches the store too: by the context that the code has. If there were a `&mut` to the store
/// in one of the frames around, that would make a second one. So to enter Wasm code takes one of these, by value: no
/// reference that was made of it lives then, in no frame, not even as a parameter. And it is not to be had
/// from a reference: a function that was given a `&mut StoreOpaque` enters no Wasm code.
///
/// Invariant (*one borrow*): of the values of this type for a store, only the one made last is used, until it is gone. They
/// come from the store's owner, from each other by [`reborrow`](Self::reborrow), and from code that runs
/// in the store ([`lent_by`](Self::lent_by)), whose entry has the one before, and waits. That of a host function that
/// waits itself is used again when that is polled: by then those made since are gone. All have the pointer of
/// `StoreContext::store`, so that none invalidates another.
#[repr(transparent)]
pub(crate) struct RawStore<'a> {
    store: NonNull<StoreOpaque>,
    _borrow: PhantomData<&'a mut StoreOpaque>,
}

// SAFETY: as a `&mut StoreOpaque`, which it stands for.
unsafe impl Send for RawStore<'_> {}
// SAFETY: as a `&mut StoreOpaque`, which it stands for.
unsafe impl Sync for RawStore<'_> {}

impl<'a> RawStore<'a> {
    /// The store at this address.
    ///
    /// # Safety
    /// It is the `StoreContext::store` of a store, which may be borrowed exclusively for `'a` (*one borrow*).
    #[inline(always)]
    pub(super) unsafe fn new(store: NonNull<StoreOpaque>) -> Self {
        Self {
            store,
            _borrow: PhantomData,
        }
    }

    /// The store of Wasm code, or of the host's call of a host function, for what that has called.
    ///
    /// # Safety
    /// It has, on this thread, in the store of this context; and `'a` ends before it goes on.
    #[inline(always)]
    pub(crate) unsafe fn lent_by(context: *const StoreContext) -> Self {
        // SAFETY: a context points to its store from the store's making on. Who called into the code gave its
        // `RawStore` away for the time of the call (*one borrow*).
        unsafe { Self::new((*context).store.unwrap_unchecked().cast()) }
    }

    /// The same for a shorter time.
    #[inline(always)]
    pub(crate) fn reborrow(&mut self) -> RawStore<'_> {
        RawStore {
            store: self.store,
            _borrow: PhantomData,
        }
    }

    /// The store, for as long as this would have been.
    #[inline(always)]
    pub(crate) fn into_mut(mut self) -> &'a mut StoreOpaque {
        // SAFETY: *one borrow*; this is used no more.
        unsafe { self.store.as_mut() }
    }

    /// The store's address.
    #[inline(always)]
    pub(super) fn address(&self) -> NonNull<StoreOpaque> {
        self.store
    }
}

impl Deref for RawStore<'_> {
    type Target = StoreOpaque;

    #[inline(always)]
    fn deref(&self) -> &StoreOpaque {
        // SAFETY: *one borrow*; `self` is borrowed as long.
        unsafe { self.store.as_ref() }
    }
}

impl DerefMut for RawStore<'_> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut StoreOpaque {
        // SAFETY: *one borrow*; `self` is borrowed exclusively as long.
        unsafe { self.store.as_mut() }
    }
}
