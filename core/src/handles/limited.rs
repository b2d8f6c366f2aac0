//! What may grow, and waits for a limiter that answers later: [`Memory::grow_async`] and its like.
#![forbid(unsafe_code)]

use super::{Caller, Memory, Ref, Table};
use crate::store::{GcHeapOutOfMemory, asking};
use crate::{AsContextMut, MemoryType, Result, TableType};

impl Memory {
    /// As [`new`](Self::new), in a store whose limiter may answer later:
    /// [`Store::limiter_async`](crate::Store::limiter_async) has an example.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub async fn new_async(
        mut store: impl AsContextMut<Data: Send>,
        ty: MemoryType,
    ) -> Result<Self> {
        asking(store.as_context_mut().raw, |own| Self::make(own, &ty)).await
    }

    /// As [`grow`](Self::grow), in a store whose limiter may answer later. Dropped while it waits, it changes nothing.
    ///
    /// # Errors
    /// As for [`grow`](Self::grow).
    ///
    /// # Panics
    /// If the memory is of another store.
    pub async fn grow_async(
        &self,
        mut store: impl AsContextMut<Data: Send>,
        delta: u64,
    ) -> Result<u64> {
        asking(store.as_context_mut().raw, |own| self.grow_by(own, delta)).await
    }
}

impl Table {
    /// As [`new`](Self::new), in a store whose limiter may answer later.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub async fn new_async(
        mut store: impl AsContextMut<Data: Send>,
        ty: TableType,
        init: Ref,
    ) -> Result<Self> {
        asking(store.as_context_mut().raw, |own| {
            Self::make(own, &ty, &init)
        })
        .await
    }

    /// As [`grow`](Self::grow), in a store whose limiter may answer later. Dropped while it waits, it changes nothing.
    ///
    /// # Errors
    /// As for [`grow`](Self::grow).
    ///
    /// # Panics
    /// If the table is of another store.
    pub async fn grow_async(
        &self,
        mut store: impl AsContextMut<Data: Send>,
        delta: u64,
        init: Ref,
    ) -> Result<u64> {
        asking(store.as_context_mut().raw, |own| {
            self.grow_by(own, delta, &init)
        })
        .await
    }
}

impl<T: Send + 'static> Caller<'_, T> {
    /// As [`Store::gc_async`](crate::Store::gc_async).
    ///
    /// # Errors
    /// As for [`Store::gc_async`](crate::Store::gc_async).
    pub async fn gc_async(&mut self, why: Option<&GcHeapOutOfMemory<()>>) -> Result<()> {
        self.as_context_mut().gc_async(why).await
    }
}
