//! [`Table`]: a handle of a table.

use super::Ref;
use crate::error::bounded::bail;
use crate::error::{Context, Result};
use crate::instance::{Element, HostTable, TableData, used_by_table};
use crate::interrupt::Pieces;
use crate::oom::Watch;
use crate::store::OfStore as _;
use crate::store::{AsContext, AsContextMut, StoreId, StoreOpaque};
use crate::{RefType, TableType};
use core::fmt;
use core::ptr::NonNull;

const MISMATCH: &str = "type mismatch: value does not match table element type";

/// A table of references, in a store.
///
/// All methods panic if the table does not belong to the store.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{Func, Ref, RefType, Store, Table, TableType};
///
/// let mut store = Store::new(&engine, ());
/// let table = Table::new(&mut store, TableType::new(RefType::FUNCREF, 2, None), Ref::Func(None))?;
/// let func = Func::wrap(&mut store, || 5);
/// table.set(&mut store, 1, func.into())?;
/// assert!(table.get(&mut store, 0).unwrap().is_null());
/// assert!(table.get(&mut store, 1).unwrap().is_func());
/// assert!(table.get(&mut store, 2).is_none());
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Copy)]
pub struct Table {
    pub(crate) store: StoreId,
    pub(crate) table: NonNull<TableData>,
}

// SAFETY: the pointer is followed only with a borrow of the store (*handle*), which is `Send` itself.
unsafe impl Send for Table {}
// SAFETY: as for `Send`.
unsafe impl Sync for Table {}

impl Table {
    /// Makes a table of `ty`'s minimum, filled with `init`.
    ///
    /// # Errors
    /// `init` is not of the element type or of another store, the type is of another engine, a limit of the store
    /// is exceeded, or memory is short.
    pub fn new(mut store: impl AsContextMut, ty: TableType, init: Ref) -> Result<Self> {
        Self::make(store.as_context_mut().opaque(), &ty, &init)
    }

    pub(super) fn make(store: &mut StoreOpaque, ty: &TableType, init: &Ref) -> Result<Self> {
        let init = element(store, init, ty.element())?;
        let canonical = ty.to_canonical();
        store.allow_table(&canonical)?;
        let used = store.used_with(&used_by_table(&canonical))?;
        let watch = Watch::start()?;
        let table = HostTable::new(ty)?;
        let mut table = HostTable::table(store.add_table(table, watch)?);
        store.used = used;
        if init != 0 {
            // SAFETY: the table has just been made, with this element type; nothing else refers to it.
            unsafe {
                let table = table.as_mut();
                table.write(0..table.len(), core::iter::repeat(init));
            }
        }
        Ok(Self {
            store: store.id,
            table,
        })
    }

    #[track_caller]
    pub(crate) fn get_data<'a>(&self, store: &'a StoreOpaque) -> &'a TableData {
        self.store.assert_store(store);
        // SAFETY: *handle*; it is changed with an exclusive borrow of the store only.
        unsafe { self.table.as_ref() }
    }

    /// The table, of the store that is borrowed exclusively.
    #[track_caller]
    fn get_data_mut<'a>(&self, store: &'a mut StoreOpaque) -> &'a mut TableData {
        self.store.assert_store(store);
        let mut table = self.table;
        // SAFETY: *handle*, with an exclusive borrow.
        unsafe { table.as_mut() }
    }

    /// The type that the table was made with. Its minimum is not the current size.
    pub fn ty(&self, store: impl AsContext) -> TableType {
        let store = &store.as_context().0.opaque;
        TableType::from_canonical(&store.engine, self.get_data(store).ty())
    }

    fn element_type(&self, store: &StoreOpaque) -> RefType {
        RefType::from_canonical(&store.engine, self.get_data(store).ty().element)
    }

    /// The element at `index`; `None` if the table has no such element.
    pub fn get(&self, mut store: impl AsContextMut, index: u64) -> Option<Ref> {
        let store = store.as_context_mut().opaque();
        let table = self.get_data(store);
        let element = table.get(index)?;
        let heap = table.ty().element.heap;
        // SAFETY: elements have the table's element type and belong to its store (*table*).
        Some(unsafe { Ref::from_element(store, element, heap) })
    }

    /// Sets the element at `index`.
    ///
    /// # Errors
    /// The table has no such element, or `val` is not of the element type or of another store.
    pub fn set(&self, mut store: impl AsContextMut, index: u64, val: Ref) -> Result<()> {
        self.fill_range(store.as_context_mut().opaque(), index, val, 1)
    }

    /// The current number of elements.
    pub fn size(&self, store: impl AsContext) -> u64 {
        self.get_data(&store.as_context().0.opaque).len() as u64
    }

    /// Adds `delta` elements, all `init`, and returns the old size.
    ///
    /// # Errors
    /// The table can't grow so far, the store's limiter refuses, or `init` is not of the element type
    /// or of another store. The table is as it was.
    pub fn grow(&self, mut store: impl AsContextMut, delta: u64, init: Ref) -> Result<u64> {
        self.grow_by(store.as_context_mut().opaque(), delta, &init)
    }

    pub(super) fn grow_by(&self, store: &mut StoreOpaque, delta: u64, init: &Ref) -> Result<u64> {
        let init = element(store, init, &self.element_type(store))?;
        // SAFETY: a table of this store, and an element that fits.
        unsafe { store.grow_table(self.table, delta, init, Pieces::ONE) }?.or_error("table", delta)
    }

    /// Copies `len` elements of `src_table` from `src_index` on to `dst_table` from `dst_index` on.
    /// The ranges may overlap.
    ///
    /// # Errors
    /// A range is not within its table ([`Trap::TableOutOfBounds`](crate::Trap)), or the element types differ. Nothing is copied.
    pub fn copy(
        mut store: impl AsContextMut,
        dst_table: &Self,
        dst_index: u64,
        src_table: &Self,
        src_index: u64,
        len: u64,
    ) -> Result<()> {
        let store = store.as_context_mut().opaque();
        let (dst, src) = (dst_table.get_data(store), src_table.get_data(store));
        src.range(src_index, len)?;
        dst.range(dst_index, len)?;
        let (to, from) = (dst.ty().element, src.ty().element);
        let is_subtype = |sub, sup| store.engine.types().is_canonical_subtype(sub, sup);
        if !from.is_subtype(to, is_subtype) {
            let name = |ty| RefType::from_canonical(&store.engine, ty);
            bail!(
                "type mismatch: source table's element type {} does not match destination table's \
                 element type {}",
                name(from),
                name(to)
            );
        }
        // SAFETY: tables of this store, whose element types have just been compared.
        unsafe {
            TableData::copy(
                dst_table.table,
                dst_index,
                src_table.table,
                src_index,
                len,
                Pieces::ONE,
            )
        }?;
        Ok(())
    }

    /// Sets `len` elements from `dst` on to `val`.
    ///
    /// # Errors
    /// The range is not within the table ([`Trap::TableOutOfBounds`](crate::Trap)), or `val` is not of the element
    /// type or of another store. Nothing is written.
    pub fn fill(&self, mut store: impl AsContextMut, dst: u64, val: Ref, len: u64) -> Result<()> {
        self.fill_range(store.as_context_mut().opaque(), dst, val, len)
    }

    fn fill_range(&self, store: &mut StoreOpaque, dst: u64, val: Ref, len: u64) -> Result<()> {
        let value = element(store, &val, &self.element_type(store))?;
        let table = self.get_data_mut(store);
        let range = table.range(dst, len)?;
        // SAFETY: in bounds, and an element that fits.
        unsafe { table.write(range, core::iter::repeat(value)) };
        Ok::<_, crate::Error>(())
    }
}

/// A reference as an element of a table of this type.
fn element(store: &StoreOpaque, value: &Ref, ty: &RefType) -> Result<Element> {
    value.ensure_matches(store, ty).context(MISMATCH)?;
    value.to_element(store)
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table")
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}
