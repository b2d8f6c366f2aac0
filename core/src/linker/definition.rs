//! What a linker has under a name.

use crate::call::host::HostFunc;
use crate::module::EntityType;
use crate::oom::Watch;
use crate::store::{StoreOpaque, WRONG_STORE};
use crate::{Extern, Func, Result, StoreContext};
use alloc::sync::Arc;
use anyhow::ensure;
use core::ptr;

/// What a linker has under a name.
#[derive(Clone)]
pub(super) enum Definition {
    /// An item of a store, with its canonical type as of its definition.
    Extern(Extern, EntityType),
    /// A host function that belongs to no store.
    HostFunc(Arc<HostFunc>),
}

impl Definition {
    /// An item of `store`.
    ///
    /// # Errors
    /// It is of another.
    pub(super) fn new<T>(store: StoreContext<'_, T>, item: Extern) -> Result<Self> {
        ensure!(item.comes_from_same_store(&store.0.opaque), WRONG_STORE);
        let ty = item.canonical_type(&store.0.opaque);
        Ok(Self::Extern(item, ty))
    }

    /// The canonical type.
    pub(super) fn ty(&self) -> EntityType {
        match self {
            Self::Extern(_, ty) => ty.clone(),
            Self::HostFunc(host) => EntityType::Function(host.ty.id().as_canonical_index()),
        }
    }

    /// Updates the sizes in the type, if the item is of this store.
    pub(super) fn refresh<T>(&mut self, store: StoreContext<'_, T>) {
        if let Self::Extern(item, ty) = self
            && item.comes_from_same_store(&store.0.opaque)
        {
            *ty = item.canonical_type(&store.0.opaque);
        }
    }

    /// The item. A host function becomes one of `store`'s.
    ///
    /// # Errors
    /// Memory is exhausted.
    ///
    /// # Safety
    /// The store has the data type and the engine of the linker.
    pub(super) unsafe fn bind(&self, store: &mut StoreOpaque, watch: Watch) -> Result<Extern> {
        Ok(match self {
            Self::Extern(item, _) => item.clone(),
            Self::HostFunc(host) => {
                // SAFETY: the caller's contract is the same.
                unsafe { Func::bind(store, host.clone(), ptr::null(), watch) }?.into()
            }
        })
    }
}
