//! What a linker has under a name.

use crate::abi::TypeId;
use crate::interrupt::pieces::Steps;
use crate::module::EntityType;
use crate::oom::Watch;
use crate::store::HostFunc;
use crate::store::OfStore as _;
use crate::store::StoreOpaque;
use crate::types::registered::Registered;
use crate::{Extern, Func, Result};
use alloc::sync::Arc;
use core::ptr;

/// What a linker has under a name.
#[derive(Clone)]
pub(super) enum Definition {
    /// An item of a store.
    Extern {
        item: Extern,
        /// Its canonical type as of its definition.
        ty: EntityType,
        /// Keeps the id in that type, if there is one: the store may not live as long.
        _holder: Option<Registered>,
    },
    /// A host function that belongs to no store.
    HostFunc(Arc<HostFunc>),
}

impl Definition {
    /// An item of `store`.
    ///
    /// # Errors
    /// It is of another.
    pub(super) fn new(store: &StoreOpaque, item: Extern) -> Result<Self> {
        item.ensure_store(store)?;
        let ty = item.canonical_type(store);
        let named = ty.concrete().map(TypeId::from_canonical_index);
        let _holder = named.map(|id| Registered::from_id(&store.engine, id));
        Ok(Self::Extern { item, ty, _holder })
    }

    /// The canonical type.
    pub(super) fn ty(&self) -> EntityType {
        match self {
            Self::Extern { ty, .. } => ty.clone(),
            Self::HostFunc(host) => EntityType::Function(host.ty.id().as_canonical_index()),
        }
    }

    /// Updates the sizes in the type, if the item is of this store.
    pub(super) fn refresh(&mut self, store: &StoreOpaque) {
        if let Self::Extern { item, ty, .. } = self
            && item.comes_from_same_store(store)
        {
            *ty = item.canonical_type(store);
        }
    }

    /// The item. A host function becomes one of `store`'s.
    ///
    /// # Errors
    /// Memory is exhausted, or the store is to stop.
    ///
    /// # Safety
    /// The store has the data type and the engine of the linker.
    pub(super) unsafe fn bind(
        &self,
        store: &mut StoreOpaque,
        watch: Watch,
        steps: &mut Steps,
    ) -> Result<Extern> {
        Ok(match self {
            Self::Extern { item, .. } => item.clone(),
            Self::HostFunc(host) => {
                // SAFETY: the caller's contract is the same.
                unsafe { Func::bind(store, host.clone(), ptr::null(), watch, steps) }?.into()
            }
        })
    }
}
