//! An image's code in executable memory, with its tables: given back when dropped.

use super::registry;
use crate::abi::vmctx::FUEL_IS_TOLD;
use crate::activation::stack::StackPool;
use crate::image::traps::TrapSite;
use crate::image::{self, CodeTable, Part};
use crate::module::{DefinedFunctionIndex, TypeIndex};
use alloc::{sync::Arc, vec::Vec};
use core::fmt;
use core::ops::Range;
use wasmetal_platform::Platform;

/// Published code: text that can be executed, and the image's tables.
///
/// Holding one (through its `Arc`) proves that the text is mapped, executable, and known to the trap
/// hook. Nothing writes to it any more.
#[derive(Debug)]
pub(crate) struct CodeMemory {
    pub(super) platform: &'static dyn Platform,
    pub(super) stacks: Arc<StackPool>,
    pub(super) backing: Backing,
    /// Where the text is executed.
    pub(super) text: *const u8,
    /// What the tables' ranges count from.
    pub(super) base: *const u8,
    pub(super) sections: Sections,
    pub(super) table: CodeTable,
    /// The code counts fuel, in the fuel register.
    pub(super) uses_fuel: bool,
}

/// What holds the bytes.
pub(super) enum Backing {
    /// Copies of our own.
    Copy {
        /// Where the text's mapping begins.
        base: *mut u8,
        /// Its length in bytes.
        size: usize,
        /// Holds the tables.
        #[expect(dead_code, reason = "keeps the bytes there")]
        tables: Vec<u8>,
    },
    /// The image itself, which lies where it lies. Its text has been made executable.
    InPlace(#[expect(dead_code, reason = "keeps the bytes there")] Arc<dyn InPlace>),
}

impl fmt::Debug for Backing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Copy { .. } => "Copy",
            Self::InPlace(_) => "InPlace",
        })
    }
}

/// An image that lies where it can be executed: in ROM, in flash, in a mapped file.
///
/// # Safety
/// [`bytes`](Self::bytes) returns the same range at each call, and nobody writes to what backs it as long as
/// the value lives.
pub unsafe trait InPlace: Send + Sync {
    /// The image.
    fn bytes(&self) -> &[u8];
}

// SAFETY: nobody can write to it, and it stays for good.
unsafe impl InPlace for &'static [u8] {
    fn bytes(&self) -> &[u8] {
        self
    }
}

/// Where the parts of an image lie that outlive loading.
#[derive(Clone, Debug)]
pub(crate) struct Sections {
    /// The text's length.
    pub text: usize,
    #[cfg_attr(
        not(feature = "compile"),
        expect(dead_code, reason = "only the compiler writes images")
    )]
    fingerprint: Range<usize>,
    traps: Range<usize>,
    addresses: Range<usize>,
    #[cfg_attr(
        not(any(feature = "compile", feature = "gc", feature = "exceptions")),
        expect(dead_code, reason = "nothing is collected")
    )]
    stack_maps: Range<usize>,
    #[cfg_attr(
        not(any(feature = "compile", feature = "exceptions")),
        expect(dead_code, reason = "nothing is caught")
    )]
    handlers: Range<usize>,
    data: Range<usize>,
    names: Range<usize>,
}

impl Sections {
    /// A text of that length, and where each part lies.
    pub(super) fn new(text: usize, place: impl Fn(Part) -> Range<usize>) -> Self {
        Self {
            text,
            fingerprint: place(Part::Fingerprint),
            traps: place(Part::Traps),
            addresses: place(Part::Addresses),
            stack_maps: place(Part::StackMaps),
            handlers: place(Part::Handlers),
            data: place(Part::Data),
            names: place(Part::Names),
        }
    }
}

// SAFETY: what it points to is owned, and immutable once published; its address means the same everywhere.
unsafe impl Send for CodeMemory {}
// SAFETY: as for `Send`.
unsafe impl Sync for CodeMemory {}

impl CodeMemory {
    fn section(&self, range: &Range<usize>) -> &[u8] {
        // SAFETY: the parts lie inside what backs the code, filled by `publish` or by who made the image; nothing
        // writes to it, and it lives as long as `self`.
        unsafe { core::slice::from_raw_parts(self.base.add(range.start), range.len()) }
    }

    /// The machine code.
    pub(crate) fn text(&self) -> &[u8] {
        // SAFETY: as in `section`: it is mapped there for reading too.
        unsafe { core::slice::from_raw_parts(self.text, self.sections.text) }
    }

    /// The addresses of the machine code.
    pub(crate) fn text_range(&self) -> Range<usize> {
        self.text.addr()..self.text.addr() + self.sections.text
    }

    /// What made the code, encoded.
    #[cfg(feature = "compile")]
    pub(crate) fn fingerprint(&self) -> &[u8] {
        self.section(&self.sections.fingerprint)
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
    #[cfg(feature = "compile")]
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

    /// The addresses of what was mapped for it.
    pub(crate) fn range(&self) -> Range<usize> {
        match self.backing {
            Backing::Copy { base, size, .. } => base.addr()..base.addr() + size,
            Backing::InPlace(_) => self.text_range(),
        }
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
        self.text.wrapping_add(offset as usize)
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

    /// All host trampolines, by ascending type.
    pub(crate) fn host_trampolines(&self) -> impl ExactSizeIterator<Item = (TypeIndex, *const u8)> {
        let all = self.table.host_trampolines();
        all.map(|(ty, range)| (ty, self.code_at(range.start)))
    }

    /// The offset of an address in the text.
    pub(crate) fn text_offset(&self, pc: usize) -> Option<u32> {
        let text = self.text_range();
        text.contains(&pc).then(|| (pc - text.start) as u32)
    }

    /// Whether the instruction is one of a function of the module's, not of a trampoline or a helper.
    pub(crate) fn is_in_function(&self, pc: usize) -> bool {
        let offset = self.text_offset(pc);
        offset.is_some_and(|offset| self.table().function_at(offset).is_some())
    }

    /// The fuel that is left, if the code at `pc` has it in the fuel register, whose value this is. Else the store has it:
    /// while other code runs, and in code that comes from there or goes there.
    pub(crate) fn fuel_in_register(&self, pc: usize, register: usize) -> Option<i64> {
        let left = register as u64;
        if !self.uses_fuel || left == FUEL_IS_TOLD {
            return None;
        }
        let offset = self.text_offset(pc)?;
        let table = self.table();
        let has_it = table.function_at(offset).is_some() || table.is_in_host_trampoline(offset);
        has_it.then_some(left.cast_signed())
    }

    /// The trap site at `pc`, if it is one.
    pub(crate) fn trap_at(&self, pc: usize) -> Option<TrapSite> {
        image::traps::lookup(self.traps(), self.text_offset(pc)?)
    }
}

impl Drop for CodeMemory {
    fn drop(&mut self) {
        registry::unregister(self);
        match self.backing {
            // SAFETY: the mapping was reserved as a whole by `publish`; the last owner is gone, so no store has an
            // instance of this code and no core executes it.
            Backing::Copy { base, size, .. } => unsafe { self.platform.release(base, size) },
            // SAFETY: `publish_in_place` has made it executable, for this size; the last owner is gone, so no store has an
            // instance of this code and no core executes it.
            Backing::InPlace(_) => unsafe {
                self.platform.end_in_place(self.text, self.sections.text);
            },
        }
    }
}
