//! [`ExnRef`]: references to exceptions.

use super::rooted::{Rooted, gc_ref};
use crate::error::Result;
use crate::store::AsContextMut;

gc_ref! {
    /// A reference to an exception (`exnref`).
    ///
    /// Always behind a [`Rooted`] or [`OwnedRooted`](crate::OwnedRooted), whose methods these are.
    ExnRef
}

impl ExnRef {
    /// The reference behind a number from [`to_raw`](Self::to_raw), or from another function of that name, of the same
    /// store; `None` for 0, and for every other number: such are not believed. Garbage must not have been collected
    /// since.
    pub fn from_raw(mut store: impl AsContextMut, raw: u32) -> Option<Rooted<Self>> {
        let store = store.as_context_mut().opaque();
        let known = store.is_told_exception(raw);
        known.then(|| Rooted::new(store, raw))
    }

    /// The number that stands for the reference in a [`ValRaw`](crate::ValRaw), until garbage is
    /// collected.
    ///
    /// # Errors
    /// The reference's scope has been left, or memory is exhausted.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn to_raw(&self, mut store: impl AsContextMut) -> Result<u32> {
        let store = store.as_context_mut().opaque();
        store.tell(self.reference(store)?)
    }
}
