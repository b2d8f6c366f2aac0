//! The mapping that holds an image's code and tables, and gives them back when dropped.

use super::registry;
use crate::call::stack::StackPool;
use crate::image::{self, CodeTable, View};
use crate::module::{DefinedFunctionIndex, TypeIndex};
use crate::trap::Trap;
use alloc::sync::Arc;
use core::ops::Range;
use wasmetal_platform::Platform;

/// Published code: text that can be executed, and the image's other sections, all read-only.
///
/// Holding one (through its `Arc`) proves that the text is mapped, executable, and known to the trap
/// hook. Nothing writes to the mapping any more.
#[derive(Debug)]
pub(crate) struct CodeMemory {
    pub(super) platform: &'static dyn Platform,
    pub(super) stacks: Arc<StackPool>,
    /// The whole mapping.
    pub(super) base: *mut u8,
    pub(super) size: usize,
    /// The sections within the mapping, as byte ranges from `base`.
    pub(super) sections: Sections,
    pub(super) table: CodeTable,
}

/// Where the sections that outlive loading lie in a mapping.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sections {
    pub text: Range<usize>,
    pub traps: Range<usize>,
    pub addresses: Range<usize>,
    pub stack_maps: Range<usize>,
    pub handlers: Range<usize>,
    pub data: Range<usize>,
    pub names: Range<usize>,
}

// SAFETY: the mapping is owned, and immutable once published; its address means the same everywhere.
unsafe impl Send for CodeMemory {}
// SAFETY: as for `Send`.
unsafe impl Sync for CodeMemory {}

impl CodeMemory {
    fn section(&self, range: &Range<usize>) -> &[u8] {
        // SAFETY: `publish` put the sections inside the mapping and filled them; nothing writes to the
        // mapping afterwards, and it lives as long as `self`.
        unsafe { core::slice::from_raw_parts(self.base.add(range.start), range.len()) }
    }

    /// The machine code.
    pub(crate) fn text(&self) -> &[u8] {
        self.section(&self.sections.text)
    }

    /// The addresses of the machine code.
    pub(crate) fn text_range(&self) -> Range<usize> {
        let base = self.base.addr();
        base + self.sections.text.start..base + self.sections.text.end
    }

    /// The bytes of all data segments.
    pub(crate) fn data(&self) -> &[u8] {
        self.section(&self.sections.data)
    }

    /// The trap table's section.
    pub(crate) fn traps(&self) -> &[u8] {
        self.section(&self.sections.traps)
    }

    /// The address map's section.
    pub(crate) fn addresses(&self) -> &[u8] {
        self.section(&self.sections.addresses)
    }

    /// How far below the frame pointer, in bytes, the references lie in a frame whose call returns to `pc`.
    #[cfg(any(feature = "gc", feature = "exceptions"))]
    pub(crate) fn stack_map(&self, pc: usize) -> impl Iterator<Item = u32> + '_ {
        let section = self.section(&self.sections.stack_maps);
        let offset = self.text_offset(pc);
        let map = offset.and_then(|offset| image::stack_maps::lookup(section, offset));
        map.into_iter().flatten()
    }

    /// The stack maps' section.
    pub(crate) fn stack_maps(&self) -> &[u8] {
        self.section(&self.sections.stack_maps)
    }

    /// The handler table's section.
    #[cfg(any(feature = "exceptions", feature = "compile"))]
    pub(crate) fn handlers(&self) -> &[u8] {
        self.section(&self.sections.handlers)
    }

    /// The function names' section.
    pub(crate) fn names(&self) -> &[u8] {
        self.section(&self.sections.names)
    }

    /// The addresses of the whole mapping.
    pub(crate) fn range(&self) -> Range<usize> {
        self.base.addr()..self.base.addr() + self.size
    }

    /// Where each function and trampoline lies in the text.
    pub(crate) fn table(&self) -> &CodeTable {
        &self.table
    }

    /// The stacks that the code may run on.
    pub(crate) fn stacks(&self) -> &StackPool {
        &self.stacks
    }

    fn code_at(&self, offset: u32) -> *const u8 {
        self.base
            .wrapping_add(self.sections.text.start + offset as usize)
    }

    /// A function's code, with the Wasm calling convention.
    pub(crate) fn function(&self, index: DefinedFunctionIndex) -> *const u8 {
        self.code_at(self.table.function(index).start)
    }

    /// The entry trampoline for a type, if the image has one.
    pub(crate) fn entry_trampoline(&self, ty: TypeIndex) -> Option<*const u8> {
        Some(self.code_at(self.table.entry_trampoline(ty)?.start))
    }

    /// The host trampoline for a type, if the image has one.
    pub(crate) fn host_trampoline(&self, ty: TypeIndex) -> Option<*const u8> {
        Some(self.code_at(self.table.host_trampoline(ty)?.start))
    }

    /// The offset of an address in the text.
    pub(crate) fn text_offset(&self, pc: usize) -> Option<u32> {
        let text = self.text_range();
        text.contains(&pc).then(|| (pc - text.start) as u32)
    }

    /// The trap that the instruction at `pc` raises, if it is a recorded trap site.
    pub(crate) fn trap_at(&self, pc: usize) -> Option<Trap> {
        image::traps::lookup(self.traps(), self.text_offset(pc)?)
    }
}

impl Drop for CodeMemory {
    fn drop(&mut self) {
        registry::unregister(&self.text_range());
        // SAFETY: the mapping was reserved as a whole by `publish`; the last owner is gone, so no store has an
        // instance of this code and no core executes it.
        unsafe { self.platform.release(self.base, self.size) };
    }
}

/// The sections of an image that are copied, with their bytes, text first.
pub(super) fn copied<'a>(view: &View<'a>) -> [&'a [u8]; 7] {
    [
        view.text(),
        view.traps(),
        view.addresses(),
        view.stack_maps(),
        view.handlers(),
        view.data(),
        view.names(),
    ]
}
