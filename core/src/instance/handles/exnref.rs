//! [`ExnRef`]: references to exceptions.

use super::rooted::{Rooted, gc_ref};
use crate::abi::gc::Kind;
use crate::error::Result;
use crate::store::AsContextMut;

gc_ref! {
    /// A reference to an exception (`exnref`).
    ///
    /// Always behind a [`Rooted`] or [`OwnedRooted`](crate::OwnedRooted), whose methods these are.
    ExnRef
}

impl ExnRef {
    /// The reference behind a number from [`to_raw`](Self::to_raw) of the same store; `None` for 0, and
    /// for what is no exception. Garbage must not have been collected since.
    pub fn from_raw(mut store: impl AsContextMut, raw: u32) -> Option<Rooted<Self>> {
        let store = store.as_context_mut().opaque();
        let object = store.object(raw).ok().flatten();
        let is_exception = object.is_some_and(|(kind, _)| kind == Kind::Exception);
        is_exception.then(|| Rooted::new(store, raw))
    }

    /// The number that stands for the reference in a [`ValRaw`](crate::ValRaw), until garbage is
    /// collected.
    ///
    /// # Errors
    /// The reference's scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn to_raw(&self, mut store: impl AsContextMut) -> Result<u32> {
        self.reference(store.as_context_mut().opaque())
    }
}
