//! Where the code of functions and trampolines lies in the text.

use crate::error::Result;
use crate::error::bounded::ensure;
use crate::module::{DefinedFunctionIndex, ModuleInfo, TypeIndex};
use crate::wire::wire;
use alloc::vec::Vec;
use cranelift_entity::{EntityRef, PrimaryMap};

/// A range of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeRange {
    /// The offset of the first byte, which is the entry point.
    pub start: u32,
    /// The length in bytes.
    pub len: u32,
}

wire!(struct CodeRange { start, len });

impl CodeRange {
    /// The offset behind the last byte.
    #[must_use]
    pub fn end(self) -> u32 {
        self.start.saturating_add(self.len)
    }

    /// Whether `text_offset` is in the range.
    #[must_use]
    pub fn contains(self, text_offset: u32) -> bool {
        self.start <= text_offset && text_offset < self.end()
    }
}

/// Where the code lies in the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeTable {
    /// Function bodies, by ascending offset.
    pub(crate) functions: PrimaryMap<DefinedFunctionIndex, CodeRange>,
    /// Entry trampolines by ascending type. Types with the same machine signature share code.
    pub(crate) entries: Vec<(TypeIndex, CodeRange)>,
    /// Host trampolines, likewise.
    pub(crate) hosts: Vec<(TypeIndex, CodeRange)>,
    /// The code accesses the garbage-collected heap.
    pub(crate) uses_heap: bool,
}

wire!(sparse struct CodeTable { functions, entries, hosts, uses_heap });

impl CodeTable {
    /// The body of a function.
    #[must_use]
    pub fn function(&self, index: DefinedFunctionIndex) -> CodeRange {
        self.functions[index]
    }

    /// All function bodies, by ascending index and offset.
    pub fn functions(&self) -> impl ExactSizeIterator<Item = (DefinedFunctionIndex, CodeRange)> {
        self.functions.iter().map(|(i, range)| (i, *range))
    }

    /// The function whose body contains `text_offset`; `None` in trampolines and padding.
    #[must_use]
    pub fn function_at(&self, text_offset: u32) -> Option<DefinedFunctionIndex> {
        let ranges = self.functions.as_values_slice();
        let after = ranges.partition_point(|range| range.start <= text_offset);
        let i = after.checked_sub(1)?;
        ranges[i]
            .contains(text_offset)
            .then(|| DefinedFunctionIndex::new(i))
    }

    /// Whether `text_offset` is in a host trampoline.
    #[must_use]
    pub fn is_in_host_trampoline(&self, text_offset: u32) -> bool {
        self.hosts
            .iter()
            .any(|(_, range)| range.contains(text_offset))
    }

    /// Whether the code accesses the garbage-collected heap.
    #[must_use]
    pub fn uses_heap(&self) -> bool {
        self.uses_heap
    }

    /// The entry trampoline of a type. There is one for the type of every function that has a
    /// [`FuncRefIndex`](crate::module::FuncRefIndex), and of the start function.
    #[must_use]
    pub fn entry_trampoline(&self, ty: TypeIndex) -> Option<CodeRange> {
        trampoline(&self.entries, ty)
    }

    /// The host trampoline of a type. There is one for the type of every imported function; if
    /// the module has a table, or values that are functions, for every function type.
    #[must_use]
    pub fn host_trampoline(&self, ty: TypeIndex) -> Option<CodeRange> {
        trampoline(&self.hosts, ty)
    }

    /// All entry trampolines, by ascending type.
    pub fn entry_trampolines(&self) -> impl ExactSizeIterator<Item = (TypeIndex, CodeRange)> {
        self.entries.iter().copied()
    }

    /// All host trampolines, by ascending type.
    pub fn host_trampolines(&self) -> impl ExactSizeIterator<Item = (TypeIndex, CodeRange)> {
        self.hosts.iter().copied()
    }

    /// Checks what the methods above promise.
    pub(super) fn check(&self, info: &ModuleInfo, text_len: usize) -> Result<()> {
        ensure!(
            self.functions.len() == info.defined_functions(),
            "{} function bodies, but code for {}",
            info.defined_functions(),
            self.functions.len()
        );
        let mut end = 0;
        for (i, range) in self.functions() {
            ensure!(
                range.start >= end,
                "code of function body {} overlaps what is before it",
                i.index()
            );
            end = check_range(range, text_len)?;
        }
        for list in [&self.entries, &self.hosts] {
            ensure!(
                list.is_sorted_by(|a, b| a.0 < b.0),
                "trampolines are not in order"
            );
            for (ty, range) in list {
                let of = info.types.get(*ty).map(|ty| &ty.composite);
                ensure!(
                    of.is_some_and(|ty| ty.as_func().is_some()),
                    "trampoline of an unknown type"
                );
                check_range(*range, text_len)?;
            }
        }
        let start = info.start.map(|f| info.functions[f].ty);
        let escaping = info.functions.values().filter(|f| f.func_ref.is_some());
        for ty in escaping.map(|f| f.ty).chain(start) {
            ensure!(
                self.entry_trampoline(ty).is_some(),
                "no entry trampoline of type {}",
                ty.index()
            );
        }
        for f in info.functions.values().take(info.imported_functions) {
            ensure!(
                self.host_trampoline(f.ty).is_some(),
                "no host trampoline of type {}",
                f.ty.index()
            );
        }
        Ok(())
    }
}

fn trampoline(list: &[(TypeIndex, CodeRange)], ty: TypeIndex) -> Option<CodeRange> {
    let i = list.binary_search_by_key(&ty, |(ty, _)| *ty).ok()?;
    Some(list[i].1)
}

/// The end of a range that lies in the text and is not empty.
fn check_range(range: CodeRange, text_len: usize) -> Result<u32> {
    let end = range.start.checked_add(range.len);
    match end {
        Some(end) if range.len > 0 && end as usize <= text_len => Ok(end),
        _ => crate::error::bounded::bail!(
            "code at {:#x} of {:#x} bytes is outside the text of {text_len:#x} bytes",
            range.start,
            range.len
        ),
    }
}
