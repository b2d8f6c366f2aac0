//! Memory that generated code accesses, by kind: who may write it, and what the optimiser may therefore do.
//!
//! Every load and store of generated code is made here, and names a [`Kind`]. The kind's [`Entry`] says who may
//! write such memory while a function runs; flags and alias region follow from that, and nobody else sees
//! them. So there is one line to get right for each kind of memory, and none for each access.
//!
//! - What nobody writes is a constant: its loads may be merged and moved anywhere.
//! - What is written only during calls may be remembered between two of them, never over one: a call, a
//!   builtin's included, ends all that is known of memory. The collector runs in builtins, so what it
//!   rewrites is of this sort, however immutable it is to Wasm.
//! - What generated code writes itself is in an alias region, which overlaps with no other: a store there
//!   ends what is known of it.
//!
//! A store may be left out where a later one overwrites it. No store to an object is, that is made before the object
//! can be reached from outside: code may be stopped between any two instructions, and the next to look must
//! find objects whole. Therefore all that may hold references to objects is in one region with their fields, and so are
//! the marks by which the collector finds it.

use super::runtime::{Place, trap_code};
use super::types::POINTER;
use crate::abi::traps::Trap;
use crate::module::{
    DefinedGlobalIndex, DefinedMemoryIndex, DefinedTableIndex, GlobalIndex, MemoryIndex,
    ModuleInfo, TableIndex, ValueType,
};
use cranelift_codegen::ir::{
    self, AliasRegion, AliasRegionData, AliasRegionSet, DataFlowGraph, Endianness, GlobalValueData,
    InstBuilder, MemFlags, MemFlagsData, Opcode, StackSlot, Value,
};
use cranelift_entity::EntityRef as _;

/// A kind of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    all(not(test), not(any(feature = "gc", feature = "exceptions"))),
    expect(dead_code, reason = "there are no objects")
)]
pub(in crate::compile) enum Kind {
    /// What an instance knows of its store, its imports and its types: pointers, type ids, numbers of tags.
    /// An imported function's code and vmctx are copies, made when the code is known.
    Vmctx,
    /// The array of builtins.
    Builtins,
    /// The pointers of a `StoreContext` to what all stores share: displays, the way to the host.
    Engine,
    /// The base of a memory or table that never moves.
    FixedBase,
    /// The base of an object heap that never moves: it is there before code that uses it.
    FixedHeap,
    /// An immutable global with a number or a function.
    Literal,
    /// The lowest stack pointer: read in prologues only.
    StackLimit,
    /// A `VMFuncRef`. A host function's code may come later than its reference. And it is there only where the
    /// reference is known not to be null.
    FuncRef,
    /// The base and the length of a memory or table that grows. A shared memory stays where it is, and grows at
    /// any time: a length from before is less than it has.
    Extent,
    /// The base and the length of an object heap that moves.
    HeapExtent,
    /// An immutable global with a reference to an object: the collector moves that.
    ConstantReference,
    /// The displays of types; the table is replaced when types are added.
    Displays,
    /// A store's table of functions that objects refer to, which is replaced when there are more.
    Functions,
    /// A store's clock.
    Clock,
    /// Who called last, for a host function.
    Caller,
    /// The fuel that is left.
    Fuel,
    /// Where the next object goes, and where the last one must end. (It matters that each allocation may call:
    /// so none of these stores is left out.)
    Allocation,
    /// The words of an object that stay the same: shape, type, length, tag.
    Header,
    /// Fields and elements of objects.
    Field,
    /// A mutable global or a table element that may refer to an object.
    Reference,
    /// The marks of a table, which say where references to objects were written: set before each of these.
    TableMark,
    /// A mutable global of this module with a number or a function.
    Global(DefinedGlobalIndex),
    /// One that is imported: it may be another import too.
    ImportedGlobal,
    /// A table of functions of this module.
    Table(DefinedTableIndex),
    /// One that is imported.
    ImportedTable,
    /// A linear memory of this module.
    Memory(DefinedMemoryIndex),
    /// One that is imported.
    ImportedMemory,
    /// The values that host and Wasm hand each other.
    Values,
    /// Address 0, where an access is a trap.
    Null,
}

/// Who may write memory while a function of generated code runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writer {
    /// Nobody, from before the function runs until the store ends.
    Nobody,
    /// Builtins, host functions, the collector, or Wasm code that the function calls: only during its calls.
    Calls,
    /// Calls, and the function itself.
    Code,
    /// Calls, the function itself, and other threads at any time. Where it matters whether that is seen, code
    /// uses atomic accesses, or there is a call on one way to the next access.
    Threads,
}

/// What is known of a kind.
struct Entry {
    writer: Writer,
    /// The alias region, by number; `None`: it may be any.
    region: Option<(u32, &'static str)>,
    /// Words of the runtime's, each aligned to its size. Other memory has little-endian bytes, wherever.
    words: bool,
}

/// Each region costs the optimiser a little at every access, so a function has no more than these.
const MAX_REGIONS: usize = 48;
/// What is beyond the limit.
const REST: (u32, &str) = (2, "rest");
/// Numbers below are of regions that do not count against the limit.
const NUMBERED: u32 = 1 << 26;
/// Stack slots of references have regions of their own from this number on.
const SPILLS: u32 = 1 << 27;
/// So many have one of their own; the others share the last.
const MAX_SPILLS: u32 = 16;

impl Kind {
    /// The kind of a memory.
    pub(super) fn of_memory(info: &ModuleInfo, index: MemoryIndex) -> Self {
        info.defined_memory(index)
            .map_or(Self::ImportedMemory, Self::Memory)
    }

    /// The kind of a table's elements.
    pub(super) fn of_table(info: &ModuleInfo, index: TableIndex) -> Self {
        match info.tables[index].element.heap.is_func() {
            true => info
                .defined_table(index)
                .map_or(Self::ImportedTable, Self::Table),
            false => Self::Reference,
        }
    }

    /// The kind of a global's value.
    pub(super) fn of_global(info: &ModuleInfo, index: GlobalIndex) -> Self {
        let ty = &info.globals[index];
        let is_reference = matches!(ty.content, ValueType::Ref(ty) if !ty.heap.is_func());
        match (ty.mutable, is_reference) {
            (false, false) => Self::Literal,
            (false, true) => Self::ConstantReference,
            (true, true) => Self::Reference,
            (true, false) => info
                .defined_global(index)
                .map_or(Self::ImportedGlobal, Self::Global),
        }
    }

    /// The table.
    fn entry(self) -> Entry {
        use Writer::{Calls, Code, Nobody, Threads};
        let (writer, region) = match self {
            Self::Vmctx
            | Self::Builtins
            | Self::Engine
            | Self::FixedBase
            | Self::FixedHeap
            | Self::Literal => (Nobody, None),
            Self::StackLimit | Self::FuncRef => (Calls, None),
            Self::Extent => (Calls, Some((1, "extents"))),
            Self::ConstantReference => (Calls, Some((9, "constant references"))),
            Self::Functions => (Calls, Some((10, "functions"))),
            Self::HeapExtent | Self::Allocation => (Code, Some((5, "allocation"))),
            Self::Displays => (Threads, Some((6, "displays"))),
            Self::Clock => (Threads, Some((8, "clock"))),
            Self::Caller => (Code, Some((0, "store"))),
            Self::Fuel => (Code, Some((7, "fuel"))),
            Self::Header => (Code, Some((4, "heap headers"))),
            Self::Field | Self::Reference | Self::TableMark => (Code, Some((3, "heap"))),
            // Each has a number of its own, and the imported ones of a sort the first: the same one may be imported
            // twice, but none of this instance's own can be.
            Self::ImportedMemory => (Threads, Some((1 << 28, "imported memory"))),
            Self::Memory(i) => (Threads, Some(((1 << 28) + 1 + i.as_u32(), "memory"))),
            Self::ImportedTable => (Code, Some((2 << 28, "imported table"))),
            Self::Table(i) => (Code, Some(((2 << 28) + 1 + i.as_u32(), "table"))),
            Self::ImportedGlobal => (Code, Some((3 << 28, "imported global"))),
            Self::Global(i) => (Code, Some(((3 << 28) + 1 + i.as_u32(), "global"))),
            Self::Values => (Code, None),
            Self::Null => (Threads, None),
        };
        let bytes = matches!(
            self,
            Self::Header
                | Self::Field
                | Self::TableMark
                | Self::Memory(_)
                | Self::ImportedMemory
                | Self::Null
        );
        Entry {
            writer,
            region,
            words: !bytes,
        }
    }
}

/// Leave to access memory of a kind, in one function.
#[derive(Clone, Copy)]
pub(in crate::compile) struct Access {
    flags: MemFlags,
    /// It may be a store.
    stores: bool,
}

impl Access {
    /// `trap` is what a fault is; `None`: the access is in bounds.
    pub(in crate::compile) fn to(dfg: &mut DataFlowGraph, kind: Kind, trap: Option<Trap>) -> Self {
        let entry = kind.entry();
        let mut flags = MemFlagsData::new().with_trap_code(trap.map(trap_code));
        if entry.words {
            flags = flags.with_aligned();
        } else if kind != Kind::Null {
            flags = flags.with_endianness(Endianness::Little);
        }
        if entry.writer == Writer::Nobody {
            flags = flags.with_readonly().with_can_move();
        }
        if let Some(it) = entry.region {
            flags = flags.with_alias_region(Some(region(&mut dfg.alias_regions, it)));
        }
        // Kinds, regions and traps are few, so flags are.
        Self {
            flags: dfg.mem_flags.insert_unchecked(flags),
            stores: matches!(entry.writer, Writer::Code | Writer::Threads),
        }
    }

    /// Whether a fault is a trap.
    pub(super) fn may_fault(self, dfg: &DataFlowGraph) -> bool {
        !dfg.mem_flags[self.flags].notrap()
    }
}

fn region(regions: &mut AliasRegionSet, (id, name): (u32, &'static str)) -> AliasRegion {
    if let Some(region) = regions.get(id) {
        return region;
    }
    if regions.len() >= MAX_REGIONS && id >= NUMBERED {
        return region(regions, REST);
    }
    regions.insert(AliasRegionData {
        user_id: id,
        description: name.into(),
    })
}

/// The region of a stack slot that holds a reference across calls, for the collector. Without one, each spill
/// would be taken for a store to anywhere.
pub(super) fn spill_region(regions: &mut AliasRegionSet, slot: StackSlot) -> AliasRegion {
    let id = SPILLS + (slot.index() as u32).min(MAX_SPILLS - 1);
    region(regions, (id, "spills"))
}

/// Loads a value.
pub(in crate::compile) fn load<'f>(
    mut ins: impl InstBuilder<'f>,
    kind: Kind,
    ty: ir::Type,
    place: Place,
) -> Value {
    let access = Access::to(ins.data_flow_graph_mut(), kind, None);
    load_by(ins, Opcode::Load, access, ty, place)
}

/// Loads by one of the opcodes of loads.
pub(super) fn load_by<'f>(
    ins: impl InstBuilder<'f>,
    opcode: Opcode,
    access: Access,
    ty: ir::Type,
    place: Place,
) -> Value {
    let (load, dfg) = ins.Load(opcode, ty, access.flags, place.offset.into(), place.base);
    dfg.first_result(load)
}

/// Stores a value.
pub(in crate::compile) fn store<'f>(
    mut ins: impl InstBuilder<'f>,
    kind: Kind,
    value: Value,
    place: Place,
) {
    let access = Access::to(ins.data_flow_graph_mut(), kind, None);
    store_by(ins, Opcode::Store, access, value, place);
}

/// Stores by one of the opcodes of stores.
pub(super) fn store_by<'f>(
    ins: impl InstBuilder<'f>,
    opcode: Opcode,
    access: Access,
    value: Value,
    place: Place,
) {
    debug_assert!(access.stores, "code does not write such memory");
    let ty = ins.data_flow_graph().value_type(value);
    let offset = place.offset.into();
    ins.Store(opcode, ty, access.flags, offset, value, place.base);
}

/// `atomic_load`
pub(super) fn atomic_load<'f>(
    ins: impl InstBuilder<'f>,
    access: Access,
    ty: ir::Type,
    address: Value,
) -> Value {
    let (load, dfg) = ins.LoadNoOffset(Opcode::AtomicLoad, ty, access.flags, address);
    dfg.first_result(load)
}

/// `atomic_store`
#[cfg(feature = "threads")]
pub(super) fn atomic_store<'f>(
    ins: impl InstBuilder<'f>,
    access: Access,
    value: Value,
    address: Value,
) {
    let ty = ins.data_flow_graph().value_type(value);
    ins.StoreNoOffset(Opcode::AtomicStore, ty, access.flags, value, address);
}

/// `atomic_rmw`: what was there before.
#[cfg(feature = "threads")]
pub(super) fn atomic_rmw<'f>(
    ins: impl InstBuilder<'f>,
    access: Access,
    op: ir::AtomicRmwOp,
    address: Value,
    operand: Value,
) -> Value {
    let ty = ins.data_flow_graph().value_type(operand);
    let (rmw, dfg) = ins.AtomicRmw(Opcode::AtomicRmw, ty, access.flags, op, address, operand);
    dfg.first_result(rmw)
}

/// `atomic_cas`: what was there before.
#[cfg(feature = "threads")]
pub(super) fn atomic_cas<'f>(
    ins: impl InstBuilder<'f>,
    access: Access,
    address: Value,
    expected: Value,
    replacement: Value,
) -> Value {
    let ty = ins.data_flow_graph().value_type(replacement);
    let (cas, dfg) = ins.AtomicCas(
        Opcode::AtomicCas,
        ty,
        access.flags,
        address,
        expected,
        replacement,
    );
    dfg.first_result(cas)
}

/// A value's bits as a value of another type of the same size; lanes lie as in memory.
pub(super) fn bitcast<'f>(ins: impl InstBuilder<'f>, ty: ir::Type, value: Value) -> Value {
    let flags = MemFlagsData::new().with_endianness(Endianness::Little);
    ins.bitcast(ty, flags, value)
}

/// The lowest stack pointer, for the prologue: a word of what a word of the vmctx points to.
pub(super) fn stack_limit(func: &mut ir::Function, context: u32, limit: u32) -> ir::GlobalValue {
    let mut base = func.create_global_value(GlobalValueData::VMContext);
    for (offset, kind) in [(context, Kind::Vmctx), (limit, Kind::StackLimit)] {
        let flags = Access::to(&mut func.dfg, kind, None).flags;
        base = func.create_global_value(GlobalValueData::Load {
            base,
            offset: (offset as i32).into(),
            global_type: POINTER,
            flags,
        });
    }
    base
}

#[cfg(test)]
mod tests;
