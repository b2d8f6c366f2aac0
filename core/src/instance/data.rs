//! An instance: one allocation with its vmctx, memories and tables. See `plan` for its shape.

use super::const_expr::Environment;
use super::global::GlobalPlace;
use super::memory::LinearMemory;
use super::parts::Parts;
use super::table::TableData;
use crate::activation::ValRaw;
use crate::activation::context::{VMContext, VMFuncRef, VMFunctionImport, VMGlobal};
use crate::code::Module;
use crate::error::Result;
use crate::module::{
    DataIndex, DefinedTableIndex, ElementIndex, FuncRefIndex, FunctionIndex, GlobalIndex,
    MemoryIndex, ModuleInfo, TableIndex, TagIndex,
};
use crate::oom::{self, Room as _, Watch};
use crate::store::StoreId;
use alloc::alloc::dealloc;
use alloc::vec::Vec;
use core::cell::UnsafeCell;
use core::ptr::{self, NonNull};
use cranelift_entity::EntityRef;

/// An instance.
///
/// Invariant (*instance*): once made, the arrays behind the pointers hold what the module says they
/// do, at addresses that never change: its defined memories and tables, pointers to all its memories and tables,
/// its imported globals. All of it lives as long as the store that the instance belongs to.
#[repr(C, align(16))]
pub(crate) struct InstanceData {
    pub(crate) store: StoreId,
    pub(crate) module: Module,
    pub(crate) vmctx: NonNull<VMContext>,
    memories: NonNull<LinearMemory>,
    tables: NonNull<TableData>,
    memory_pointers: NonNull<NonNull<LinearMemory>>,
    table_pointers: NonNull<NonNull<TableData>>,
    imported_globals: NonNull<GlobalPlace>,
    dropped: NonNull<u64>,
    /// What element segments hold whose expressions make objects, in the order of the segments; nothing, once dropped.
    /// No reference to it outlives a method.
    objects: UnsafeCell<Vec<(ElementIndex, Vec<u32>)>>,
    /// How many of `memories` and `tables` are initialised: all, once the instance is made.
    made_memories: usize,
    made_tables: usize,
}

impl InstanceData {
    /// An instance whose parts are yet to be made.
    pub(crate) fn new(store: StoreId, module: Module, parts: &Parts) -> Self {
        Self {
            store,
            module,
            vmctx: parts.vmctx,
            memories: parts.memories,
            tables: parts.tables,
            memory_pointers: parts.memory_pointers,
            table_pointers: parts.table_pointers,
            imported_globals: parts.imported_globals,
            dropped: parts.dropped,
            objects: UnsafeCell::new(Vec::new()),
            made_memories: 0,
            made_tables: 0,
        }
    }

    /// Adds the next defined memory.
    ///
    /// # Safety
    /// There is one more in the module.
    pub(crate) unsafe fn push_memory(&mut self, memory: LinearMemory) -> NonNull<LinearMemory> {
        // SAFETY: the array has room for all memories of the module.
        let slot = unsafe { self.memories.add(self.made_memories) };
        // SAFETY: the slot is in the array, which has room for all memories of the module; nothing lies there yet.
        unsafe { slot.write(memory) };
        self.made_memories += 1;
        slot
    }

    /// Adds the next defined table.
    ///
    /// # Safety
    /// There is one more in the module.
    pub(crate) unsafe fn push_table(&mut self, table: TableData) -> NonNull<TableData> {
        // SAFETY: the array has room for all tables of the module.
        let slot = unsafe { self.tables.add(self.made_tables) };
        // SAFETY: the slot is in the array, which has room for all tables of the module; nothing lies there yet.
        unsafe { slot.write(table) };
        self.made_tables += 1;
        slot
    }

    /// The tables that the module defines.
    #[cfg(any(feature = "gc", feature = "exceptions"))]
    pub(crate) fn own_tables(&self) -> impl Iterator<Item = NonNull<TableData>> {
        // SAFETY: the array has room for all tables of the module, of which these are made.
        (0..self.made_tables).map(|i| unsafe { self.tables.add(i) })
    }

    /// Drops an instance and what it owns.
    ///
    /// # Safety
    /// The instance was allocated by its module's plan, and nothing refers to it any more.
    pub(crate) unsafe fn free(this: NonNull<Self>) {
        // SAFETY: the caller's promise; `module` is kept until the end of this function.
        unsafe {
            let data = this.read();
            let allocation = data.module.plan().allocation;
            for i in 0..data.made_memories {
                ptr::drop_in_place(data.memories.add(i).as_ptr());
            }
            for i in 0..data.made_tables {
                ptr::drop_in_place(data.tables.add(i).as_ptr());
            }
            dealloc(this.cast::<u8>().as_ptr(), allocation);
        }
    }

    pub(crate) fn info(&self) -> &ModuleInfo {
        &self.module.inner().info
    }

    /// The part of the vmctx at `offset`.
    #[inline]
    pub(crate) fn field<T>(&self, offset: u32) -> NonNull<T> {
        // SAFETY: offsets come from the layout of the module, within the vmctx.
        unsafe { self.vmctx.cast::<u8>().add(offset as usize).cast() }
    }

    #[inline]
    pub(crate) fn memory(&self, index: MemoryIndex) -> NonNull<LinearMemory> {
        assert!(index.index() < self.info().memories.len());
        // SAFETY: the index is one of the module's (*instance*).
        unsafe { self.memory_pointers.add(index.index()).read() }
    }

    /// All memories of the instance, imported ones too.
    pub(crate) fn memories(&self) -> impl Iterator<Item = NonNull<LinearMemory>> {
        // SAFETY: the array has an element for each memory of the module (*instance*).
        (0..self.info().memories.len()).map(|i| unsafe { self.memory_pointers.add(i).read() })
    }

    #[inline]
    pub(crate) fn table(&self, index: TableIndex) -> NonNull<TableData> {
        assert!(index.index() < self.info().tables.len());
        // SAFETY: the index is one of the module's (*instance*).
        unsafe { self.table_pointers.add(index.index()).read() }
    }

    pub(crate) fn defined_table(&self, index: DefinedTableIndex) -> NonNull<TableData> {
        self.table(self.info().table_index(index))
    }

    pub(crate) fn global(&self, index: GlobalIndex) -> GlobalPlace {
        match self.info().defined_global(index) {
            Some(defined) => GlobalPlace {
                value: self.field::<VMGlobal>(self.module.plan().layout.global(defined)),
                owner: Some(NonNull::from(self)),
                index,
            },
            // SAFETY: the index is an imported global's (*instance*).
            None => unsafe { self.imported_globals.add(index.index()).read() },
        }
    }

    /// The number of a tag.
    pub(crate) fn tag(&self, index: TagIndex) -> u32 {
        assert!(index.index() < self.info().tags.len());
        let number = self.field(self.module.plan().layout.tag(index));
        // SAFETY: tags are written when the instance is made, and only then.
        unsafe { number.read() }
    }

    /// A reference to a function; `None` for one that the module says no reference is made of.
    pub(crate) fn func_ref(&self, index: FunctionIndex) -> Option<NonNull<VMFuncRef>> {
        let info = self.info();
        let layout = &self.module.plan().layout;
        if info.is_imported_function(index) {
            let import = self.field::<VMFunctionImport>(layout.imported_function(index));
            // SAFETY: imports are written when the instance is made, and only then.
            return Some(unsafe { import.read() }.func_ref);
        }
        Some(self.field(layout.func_ref(info.functions[index].func_ref?)))
    }

    /// All of its own that lie in the instance.
    #[cfg_attr(
        not(any(feature = "gc", feature = "exceptions")),
        expect(dead_code, reason = "there are no objects")
    )]
    pub(crate) fn func_refs(
        &self,
    ) -> impl ExactSizeIterator<Item = NonNull<VMFuncRef>> + DoubleEndedIterator {
        let layout = &self.module.plan().layout;
        (0..self.info().func_refs).map(|i| self.field(layout.func_ref(FuncRefIndex::new(i))))
    }

    /// Whether `elem.drop` has been executed for a segment.
    pub(crate) fn is_element_dropped(&self, index: ElementIndex) -> bool {
        self.is_dropped(index.index())
    }

    pub(crate) fn set_element_dropped(&self, index: ElementIndex) {
        self.set_dropped(index.index());
    }

    /// Whether `data.drop` has been executed for a segment.
    pub(crate) fn is_data_dropped(&self, index: DataIndex) -> bool {
        self.is_dropped(self.info().elements.len() + index.index())
    }

    pub(crate) fn set_data_dropped(&self, index: DataIndex) {
        self.set_dropped(self.info().elements.len() + index.index());
    }

    /// Makes room for the objects of `segments` element segments.
    pub(crate) fn reserve_objects(&self, segments: usize) -> Result<()> {
        // SAFETY: there is no other reference to it, and the instance is used by one thread at a time.
        Ok(unsafe { &mut *self.objects.get() }.room(segments, Watch::now())?)
    }

    /// Makes room for what an element segment holds, which comes behind the others: nothing yet.
    pub(crate) fn keep_objects(&self, index: ElementIndex, count: usize) -> Result<()> {
        // SAFETY: as in `reserve_objects`.
        let all = unsafe { &mut *self.objects.get() };
        let watch = Watch::now();
        all.room(1, watch)?;
        all.push((index, watch.passed(oom::vec(count)?)?));
        Ok(())
    }

    /// Where among all what an element segment holds is, if its expressions make objects.
    fn objects_of(&self, index: ElementIndex) -> Option<usize> {
        // SAFETY: as in `reserve_objects`.
        let all = unsafe { &*self.objects.get() };
        let found = all.binary_search_by_key(&index, |(segment, _)| *segment);
        found.ok()
    }

    /// Adds to what the last element segment with room holds, for which there is room.
    pub(crate) fn push_object(&self, object: u32) {
        // SAFETY: as in `reserve_objects`.
        if let Some((_, objects)) = unsafe { &mut *self.objects.get() }.last_mut() {
            objects.push(object);
        }
    }

    /// What an element segment holds at `i`, if its expressions make objects.
    pub(crate) fn object(&self, index: ElementIndex, i: usize) -> Option<u32> {
        let segment = self.objects_of(index)?;
        // SAFETY: as in `reserve_objects`.
        let all = unsafe { &*self.objects.get() };
        all[segment].1.get(i).copied()
    }

    /// Forgets what an element segment holds.
    pub(crate) fn drop_objects(&self, index: ElementIndex) {
        if let Some(segment) = self.objects_of(index) {
            // SAFETY: as in `reserve_objects`.
            let all = unsafe { &mut *self.objects.get() };
            all[segment].1 = Vec::new();
        }
    }

    /// The addresses of what element segments hold.
    #[cfg(any(feature = "gc", feature = "exceptions"))]
    pub(crate) fn objects(&self) -> impl Iterator<Item = *mut u32> {
        // SAFETY: as in `keep_objects`; the addresses are made of mutable references.
        let segments = unsafe { &mut *self.objects.get() };
        segments.iter_mut().flat_map(|(_, objects)| {
            let start = objects.as_mut_ptr();
            (0..objects.len()).map(move |i| start.wrapping_add(i))
        })
    }

    fn is_dropped(&self, bit: usize) -> bool {
        // SAFETY: there is a bit for each segment (*instance*), and no reference to it.
        let word = unsafe { self.dropped.add(bit / 64).read() };
        word >> (bit % 64) & 1 != 0
    }

    fn set_dropped(&self, bit: usize) {
        // SAFETY: as in `is_dropped`.
        unsafe {
            let word = self.dropped.add(bit / 64);
            word.write(word.read() | 1 << (bit % 64));
        }
    }
}

impl Environment for InstanceData {
    fn global(&self, index: GlobalIndex) -> ValRaw {
        let global = InstanceData::global(self, index);
        // SAFETY: the global's value lives as long as the store, and no code that could write to it
        // runs while it is read.
        unsafe { global.value.cast::<ValRaw>().read() }
    }

    fn function(&self, index: FunctionIndex) -> ValRaw {
        ValRaw::funcref(
            self.func_ref(index)
                .map_or(ptr::null_mut(), |func| func.cast().as_ptr()),
        )
    }
}
