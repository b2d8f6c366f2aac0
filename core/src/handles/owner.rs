//! Handles belong to a store.
#![forbid(unsafe_code)]

use super::{Extern, Func, Ref, Val};
use crate::Engine;
use crate::instance::SharedMemory;
use crate::store::{OfStore, StoreOpaque};

impl OfStore for Func {
    #[inline]
    fn comes_from_same_store(&self, store: &StoreOpaque) -> bool {
        self.store.comes_from_same_store(store)
    }
}

impl OfStore for Ref {
    fn comes_from_same_store(&self, store: &StoreOpaque) -> bool {
        match self {
            Self::Func(func) => func.is_none_or(|func| func.comes_from_same_store(store)),
            Self::Extern(value) => value.is_none_or(|value| value.comes_from_same_store(store)),
            Self::Any(value) => value.is_none_or(|value| value.comes_from_same_store(store)),
            Self::Exn(value) => value.is_none_or(|value| value.comes_from_same_store(store)),
        }
    }
}

impl OfStore for Val {
    fn comes_from_same_store(&self, store: &StoreOpaque) -> bool {
        self.ref_()
            .is_none_or(|value| value.comes_from_same_store(store))
    }
}

/// A shared memory belongs to all stores of its engine.
impl OfStore for SharedMemory {
    fn comes_from_same_store(&self, store: &StoreOpaque) -> bool {
        Engine::same(self.engine(), &store.engine)
    }
}

impl OfStore for Extern {
    fn comes_from_same_store(&self, store: &StoreOpaque) -> bool {
        match self {
            Self::Func(func) => func.comes_from_same_store(store),
            Self::Global(global) => global.store.comes_from_same_store(store),
            Self::Table(table) => table.store.comes_from_same_store(store),
            Self::Memory(memory) => memory.store.comes_from_same_store(store),
            Self::Tag(tag) => tag.store.comes_from_same_store(store),
            Self::SharedMemory(memory) => memory.comes_from_same_store(store),
        }
    }
}
