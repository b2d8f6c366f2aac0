//! What may grow, and waits for a limiter that answers later: [`Memory::grow_async`] and its like.
#![forbid(unsafe_code)]

use super::{
    ArrayRef, ArrayRefPre, Caller, Memory, Ref, Rooted, StructRef, StructRefPre, Table, Val,
};
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

impl StructRef {
    /// As [`new`](Self::new), in a store whose limiter may answer later. Dropped while it waits, it leaves nothing.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    ///
    /// # Panics
    /// As for [`new`](Self::new).
    pub async fn new_async(
        mut store: impl AsContextMut<Data: Send>,
        allocator: &StructRefPre,
        fields: &[Val],
    ) -> Result<Rooted<Self>> {
        asking(store.as_context_mut().raw, |own| {
            Self::make(own, allocator, fields)
        })
        .await
    }
}

impl ArrayRef {
    /// As [`new`](Self::new), in a store whose limiter may answer later. Dropped while it waits, it leaves nothing.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    ///
    /// # Panics
    /// As for [`new`](Self::new).
    pub async fn new_async(
        mut store: impl AsContextMut<Data: Send>,
        allocator: &ArrayRefPre,
        elem: &Val,
        len: u32,
    ) -> Result<Rooted<Self>> {
        asking(store.as_context_mut().raw, |own| {
            Self::make_filled(own, allocator, elem, len)
        })
        .await
    }

    /// As [`new_fixed`](Self::new_fixed), in a store whose limiter may answer later.
    ///
    /// # Errors
    /// As for [`new_fixed`](Self::new_fixed).
    ///
    /// # Panics
    /// As for [`new_fixed`](Self::new_fixed).
    pub async fn new_fixed_async(
        mut store: impl AsContextMut<Data: Send>,
        allocator: &ArrayRefPre,
        elems: &[Val],
    ) -> Result<Rooted<Self>> {
        asking(store.as_context_mut().raw, |own| {
            Self::make_of(own, allocator, elems)
        })
        .await
    }

    /// As [`new_from_i8_slice`](Self::new_from_i8_slice), in a store whose limiter may answer later.
    ///
    /// # Errors
    /// As for [`new_from_i8_slice`](Self::new_from_i8_slice).
    ///
    /// # Panics
    /// As for [`new_from_i8_slice`](Self::new_from_i8_slice).
    pub async fn new_from_i8_slice_async(
        mut store: impl AsContextMut<Data: Send>,
        allocator: &ArrayRefPre,
        elems: &[u8],
    ) -> Result<Rooted<Self>> {
        asking(store.as_context_mut().raw, |own| {
            Self::make_of_bytes(own, allocator, elems)
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
