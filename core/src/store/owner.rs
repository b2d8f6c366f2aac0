//! What belongs to a store, and may be used with no other.
#![forbid(unsafe_code)]

use super::{StoreId, StoreOpaque};
use crate::error::{Error, Result};
use crate::owner::{OfEngine, of_engine};

const WRONG_STORE: &str = "object used with the wrong store";

/// What belongs to a store.
pub(crate) trait OfStore {
    /// Whether it may be used with `store`.
    fn comes_from_same_store(&self, store: &StoreOpaque) -> bool;

    /// # Errors
    /// It is of another store.
    #[inline]
    fn ensure_store(&self, store: &StoreOpaque) -> Result<()> {
        match self.comes_from_same_store(store) {
            true => Ok(()),
            false => Err(wrong_store()),
        }
    }

    /// # Panics
    /// If it is of another store.
    #[inline]
    #[track_caller]
    fn assert_store(&self, store: &StoreOpaque) {
        assert!(self.comes_from_same_store(store), "{WRONG_STORE}");
    }
}

#[cold]
fn wrong_store() -> Error {
    Error::msg(WRONG_STORE)
}

impl OfStore for StoreId {
    #[inline]
    fn comes_from_same_store(&self, store: &StoreOpaque) -> bool {
        *self == store.id
    }
}

of_engine! {
    StoreOpaque, "store", this => &this.engine;
}

/// A type for use in one store, whose engine's it is.
///
/// There is no other way to make one, and no other way to the type, than by the checks.
#[derive(Debug)]
pub(crate) struct InStore<T> {
    store: StoreId,
    ty: T,
}

impl<T: OfEngine> InStore<T> {
    /// # Panics
    /// If the type is of another engine.
    #[track_caller]
    pub(crate) fn new(store: &StoreOpaque, ty: T) -> Self {
        ty.assert_engine(&store.engine);
        let store = store.id;
        Self { store, ty }
    }

    /// # Panics
    /// If it was made for another store.
    #[inline]
    #[track_caller]
    pub(crate) fn get(&self, store: &StoreOpaque) -> &T {
        self.store.assert_store(store);
        &self.ty
    }
}
