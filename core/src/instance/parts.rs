//! Where the parts of an instance lie. It is one allocation:
//!
//! ```text
//!   InstanceData | vmctx | memories | tables | pointers to all memories | pointers to all tables |
//!   imported globals | bits of dropped segments | marks and first elements of small tables
//! ```

use super::data::InstanceData;
use super::global::GlobalPlace;
use super::memory::LinearMemory;
use super::table::TableData;
use crate::abi::vmctx::VmctxLayout;
use crate::activation::context::VMContext;
use crate::module::ModuleInfo;
use alloc::alloc::Layout;
use core::ptr::NonNull;

/// An allocation that is being laid out, part behind part.
pub(super) struct Allocation(Layout);

impl Allocation {
    /// That of an instance: its data is the first part.
    pub(super) fn new() -> Self {
        Self(Layout::new::<InstanceData>())
    }

    /// Where a part lies that comes next, in bytes from the start; `None` if all would be too large for the machine.
    pub(super) fn place(&mut self, part: Layout) -> Option<usize> {
        let (whole, offset) = self.0.extend(part).ok()?;
        self.0 = whole;
        Some(offset)
    }

    fn place_array<T>(&mut self, len: usize) -> Option<usize> {
        self.place(Layout::array::<T>(len).ok()?)
    }

    /// The layout of the whole.
    pub(super) fn finish(self) -> Layout {
        self.0.pad_to_align()
    }
}

/// Where the parts of each instance of a module lie, in bytes from the start of the allocation.
pub(super) struct Offsets {
    vmctx: usize,
    memories: usize,
    tables: usize,
    memory_pointers: usize,
    table_pointers: usize,
    imported_globals: usize,
    /// From here to the end all is zero in a new instance.
    pub(super) dropped: usize,
}

/// The parts of one instance.
pub(crate) struct Parts {
    pub(crate) data: NonNull<InstanceData>,
    pub(crate) vmctx: NonNull<VMContext>,
    pub(crate) memories: NonNull<LinearMemory>,
    pub(crate) tables: NonNull<TableData>,
    pub(crate) memory_pointers: NonNull<NonNull<LinearMemory>>,
    pub(crate) table_pointers: NonNull<NonNull<TableData>>,
    pub(crate) imported_globals: NonNull<GlobalPlace>,
    pub(crate) dropped: NonNull<u64>,
}

impl Offsets {
    /// Places all parts that every instance has; `None` if they would be too large for the machine.
    pub(super) fn new(
        info: &ModuleInfo,
        layout: &VmctxLayout,
        to: &mut Allocation,
    ) -> Option<Self> {
        let vmctx =
            Layout::from_size_align(layout.size() as usize, align_of::<VMContext>()).ok()?;
        let segments = info.elements.len() + info.data.len();
        Some(Self {
            vmctx: to.place(vmctx)?,
            memories: to
                .place_array::<LinearMemory>(info.memories.len() - info.imported_memories)?,
            tables: to.place_array::<TableData>(info.tables.len() - info.imported_tables)?,
            memory_pointers: to.place_array::<NonNull<LinearMemory>>(info.memories.len())?,
            table_pointers: to.place_array::<NonNull<TableData>>(info.tables.len())?,
            imported_globals: to.place_array::<GlobalPlace>(info.imported_globals)?,
            dropped: to.place_array::<u64>(segments.div_ceil(64))?,
        })
    }

    /// The parts of the instance at `base`.
    pub(super) fn parts(&self, base: NonNull<u8>) -> Parts {
        // SAFETY: (all) the offsets lie within the allocation, and `Layout::extend` aligned them.
        unsafe {
            Parts {
                data: base.cast(),
                vmctx: base.add(self.vmctx).cast(),
                memories: base.add(self.memories).cast(),
                tables: base.add(self.tables).cast(),
                memory_pointers: base.add(self.memory_pointers).cast(),
                table_pointers: base.add(self.table_pointers).cast(),
                imported_globals: base.add(self.imported_globals).cast(),
                dropped: base.add(self.dropped).cast(),
            }
        }
    }
}
