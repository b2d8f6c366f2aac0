//! The index spaces of a module, each a type of its own.

use crate::wire::wire;
use cranelift_entity::entity_impl;

macro_rules! indices {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub struct $name(u32);
        entity_impl!($name);
        wire!(struct $name(_));
    )*};
}

indices! {
    /// A type of the module's type section.
    TypeIndex
    /// A function; imported ones come first.
    FunctionIndex
    /// A table; imported ones come first.
    TableIndex
    /// A memory; imported ones come first.
    MemoryIndex
    /// A global; imported ones come first.
    GlobalIndex
    /// An exception tag; imported ones come first.
    TagIndex
    /// A function with a body in this module.
    DefinedFunctionIndex
    /// A table that this module defines.
    DefinedTableIndex
    /// A memory that this module defines.
    DefinedMemoryIndex
    /// A global that this module defines.
    DefinedGlobalIndex
    /// A tag that this module defines.
    DefinedTagIndex
    /// An element segment.
    ElementIndex
    /// A data segment.
    DataIndex
    /// A slot among the `VMFuncRef`s of an instance.
    FuncRefIndex
}

/// An index of something that can be imported or exported.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum EntityIndex {
    /// A function.
    Function(FunctionIndex),
    /// A table.
    Table(TableIndex),
    /// A memory.
    Memory(MemoryIndex),
    /// A global.
    Global(GlobalIndex),
    /// An exception tag.
    Tag(TagIndex),
}

wire!(
    enum EntityIndex {
        Function(i),
        Table(i),
        Memory(i),
        Global(i),
        Tag(i),
    }
);
