//! The memory that generated code reads and writes besides linear memories and tables.
//!
//! The runtime's structs with these layouts are in `instance/vmctx`, where the offsets are asserted.

use super::layout::{Table, layout};
use crate::module::{
    DefinedGlobalIndex, DefinedMemoryIndex, DefinedTableIndex, FuncRefIndex, FunctionIndex,
    GlobalIndex, MemoryIndex, ModuleInfo, TableIndex, TagIndex, TypeIndex,
};
use cranelift_entity::EntityRef;

/// Fields of the per-store `StoreContext`.
pub mod store_context {
    super::layout! {
        /// Pointer: the innermost entry frame, on the host's stack; null outside Wasm.
        pub const ENTRY_FRAME: u32 = 0;
        /// Address on the Wasm stack: where the next entry begins.
        pub const STACK_POINTER: u32 = 8;
        /// Pointer: the vmctx of the code that last called something that may be a host function.
        pub const CALLER: u32 = 16;
        /// Address: the lowest that a stack pointer may have in Wasm code. Read only by code compiled with
        /// explicit stack checks.
        pub const STACK_LIMIT: u32 = 24;
        /// Code pointer: leaves Wasm for a host function.
        pub const HOST_CALL: u32 = 32;
        /// Pointer: the first byte of the garbage-collected heap. Where the heap faults, the same from before the
        /// first instance with code that uses it.
        pub const HEAP_BASE: u32 = 40;
        /// `u64`: how many bytes from there are accessible. Read only by code that checks accesses itself.
        pub const HEAP_LENGTH: u32 = 48;
        /// `u32`: where the next object begins, from the heap's first byte.
        pub const HEAP_NEXT: u32 = 56;
        /// `u32`: where the last one must end; 0 where each allocation is to go through the runtime.
        pub const HEAP_LIMIT: u32 = 60;
        /// Pointer to the pointer to the engine's [`displays`](super::super::displays), which changes when there are
        /// more of them.
        pub const DISPLAYS: u32 = 64;
        /// `i64`: the fuel that is left; none at 0 and below. While Wasm code runs, the fuel register has it (Cranelift's
        /// pinned register: `r15`, `x21`), and this what was left when that was told.
        pub const FUEL: u32 = 72;
        /// Pointer to the table of functions that objects may refer to: a [`function_entry`](super::function_entry)
        /// for each id.
        pub const FUNCTIONS: u32 = 80;
        /// `u32`: how many entries it has, less one. They are a power of two.
        pub const FUNCTION_MASK: u32 = 88;
        /// `u32`: 0.
        pub const ZERO: u32 = 92;
        /// The [`query`](super::query) that is due when the fuel is used up.
        pub const FUEL_QUERY: u32 = 96;
    }
}

/// Fields of a `VMFuncRef`.
pub mod func_ref {
    super::layout! {
        /// Code pointer with the Wasm convention.
        pub const CODE: u32 = 0;
        /// The vmctx to call it with.
        pub const VMCTX: u32 = 8;
        /// `u32`: the engine-wide id of its type.
        pub const TYPE_ID: u32 = 16;
        /// `u32`: the id by which objects refer to it; 0 if none does yet.
        pub const ID: u32 = 20;
        /// Code pointer: the entry trampoline of its type, or null for a host function.
        pub const ENTRY: u32 = 24;
        /// Size in bytes.
        pub const SIZE: u32 = 32;
    }
}

/// Fields of an entry of the table of functions by id.
pub mod function_entry {
    super::layout! {
        /// Pointer to the `VMFuncRef`; null where there is no function with this id.
        pub const FUNC_REF: u32 = 0;
        /// `u32`: the engine-wide id of its type; no type's where there is none.
        pub const TYPE_ID: u32 = 8;
        /// The base-2 logarithm of the size in bytes.
        pub const SIZE_LOG2: u32 = 4;
    }
}

/// Fields of an imported function's slot.
pub mod function_import {
    super::layout! {
        /// Code pointer with the Wasm convention.
        pub const CODE: u32 = 0;
        /// The vmctx to call it with.
        pub const VMCTX: u32 = 8;
        /// The `VMFuncRef` it was imported as.
        pub const FUNC_REF: u32 = 16;
        /// Size in bytes.
        pub const SIZE: u32 = 24;
    }
}

/// Fields of a memory or table definition (`VMMemory`, `VMTable`).
pub mod extent {
    super::layout! {
        /// Pointer to the first byte.
        pub const BASE: u32 = 0;
        /// `u64`: the current length: bytes for a memory, elements for a table.
        pub const LENGTH: u32 = 8;
        /// Size in bytes.
        pub const SIZE: u32 = 16;
    }
}

/// The marks of a table whose elements are no functions: a byte for each group of elements, below the first element
/// downwards. One that is not 0 says that its group may have references to objects or host values. Code that writes
/// such a reference sets the mark first.
pub mod table_marks {
    super::layout! {
        /// The binary logarithm of how many elements have one mark.
        pub const ELEMENTS_LOG2: u32 = 9;
    }
}

layout! {
    /// The size of a global's value slot, in bytes; also its alignment.
    pub const GLOBAL_SIZE: u32 = 16;
    /// The alignment of a vmctx, in bytes.
    pub const VMCTX_ALIGN: u32 = 16;
    /// What the fuel register has while other code may change what the store has: no number of units.
    pub const FUEL_IS_TOLD: u64 = 1 << 63;
}

/// Fields at the start of every vmctx, an instance's and a host function's alike.
pub mod header {
    super::layout! {
        /// Pointer to the `StoreContext`.
        pub const STORE: u32 = 0;
        /// An instance's: pointer to the array of builtins. A host function's: the C function to call.
        pub const BUILTINS: u32 = 8;
        /// Pointer for the runtime's own use (the instance, or the host function's data).
        pub const OWNER: u32 = 16;
        /// An instance's: pointer to the `Clock` of its store, where the engine counts epochs.
        pub const CLOCK: u32 = 24;
        /// Size in bytes; keeps what follows aligned to 16.
        pub const SIZE: u32 = 32;
    }
}

/// Fields of a `Query`: why code asks what is to become of it. A store's `Clock` begins with one.
pub mod query {
    super::layout! {
        /// `u64`: 0 until it is due. A clock's does when the store's deadline has come; of others, nobody looks.
        pub const DUE: u32 = 0;
        /// Code pointer: what is called then, with the query, by the convention `preserve_all`: all registers are
        /// as before.
        pub const CALLBACK: u32 = 8;
        /// Pointer to the `StoreContext`.
        pub const STORE: u32 = 16;
        /// Eight bytes for the callback, where it has no register left.
        pub const SCRATCH: u32 = 24;
        /// Size in bytes.
        pub const SIZE: u32 = 32;
    }
}

pub(super) const LAYOUT: &[Table] = &[
    store_context::CONSTANTS,
    func_ref::CONSTANTS,
    function_entry::CONSTANTS,
    function_import::CONSTANTS,
    extent::CONSTANTS,
    table_marks::CONSTANTS,
    header::CONSTANTS,
    query::CONSTANTS,
    CONSTANTS,
    PARTS,
];

macro_rules! parts {
    ($($name:ident: $size:expr, $align:expr, $count:expr;)*) => {
        /// Where the parts of an instance's vmctx lie.
        ///
        /// In order: header, defined memories, defined globals, defined tables, imported memories, globals,
        /// tables (a pointer each to the definition in its own instance), imported functions, type ids, tags,
        /// func refs. What hot code reads comes first.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct VmctxLayout {
            $($name: u32,)*
            size: u32,
        }

        /// The size and the alignment of what each part consists of.
        const PARTS: Table = &[$((stringify!($name), ($size as u64) << 32 | $align)),*];

        impl VmctxLayout {
            /// The layout for instances of `module`; `None` if it would not fit in 2 GiB.
            #[must_use]
            pub fn new(module: &ModuleInfo) -> Option<Self> {
                let mut end = u64::from(header::SIZE);
                let mut place = |count: usize, size: u32, align: u32| -> Option<u32> {
                    let start = end.next_multiple_of(u64::from(align));
                    end = start.checked_add((count as u64).checked_mul(u64::from(size))?)?;
                    (end <= i32::MAX as u64).then_some(start as u32)
                };
                let count = |count: fn(&ModuleInfo) -> usize| count(module);
                Some(Self {
                    $($name: place(count($count), $size, $align)?,)*
                    size: place(0, 0, VMCTX_ALIGN)?,
                })
            }
        }
    };
}

parts! {
    memories: extent::SIZE, 16, |m| m.memories.len() - m.imported_memories;
    globals: GLOBAL_SIZE, 16, |m| m.globals.len() - m.imported_globals;
    tables: extent::SIZE, 16, |m| m.tables.len() - m.imported_tables;
    imported_memories: 8, 8, |m| m.imported_memories;
    imported_globals: 8, 8, |m| m.imported_globals;
    imported_tables: 8, 8, |m| m.imported_tables;
    imported_functions: function_import::SIZE, 8, |m| m.imported_functions;
    type_ids: 4, 4, |m| m.types.len();
    tags: 4, 4, |m| m.tags.len();
    func_refs: func_ref::SIZE, 16, |m| m.func_refs;
}

impl VmctxLayout {
    /// The size of the whole vmctx, in bytes.
    #[must_use]
    pub fn size(&self) -> u32 {
        self.size
    }

    /// A defined memory's [`extent`]; of a shared memory, the pointer to it.
    #[must_use]
    pub fn memory(&self, i: DefinedMemoryIndex) -> u32 {
        self.memories + extent::SIZE * i.index() as u32
    }

    /// A defined global's value.
    #[must_use]
    pub fn global(&self, i: DefinedGlobalIndex) -> u32 {
        self.globals + GLOBAL_SIZE * i.index() as u32
    }

    /// A defined table's [`extent`].
    #[must_use]
    pub fn table(&self, i: DefinedTableIndex) -> u32 {
        self.tables + extent::SIZE * i.index() as u32
    }

    /// The pointer to an imported memory's [`extent`].
    #[must_use]
    pub fn imported_memory(&self, i: MemoryIndex) -> u32 {
        self.imported_memories + 8 * i.index() as u32
    }

    /// The pointer to an imported global's value.
    #[must_use]
    pub fn imported_global(&self, i: GlobalIndex) -> u32 {
        self.imported_globals + 8 * i.index() as u32
    }

    /// The pointer to an imported table's [`extent`].
    #[must_use]
    pub fn imported_table(&self, i: TableIndex) -> u32 {
        self.imported_tables + 8 * i.index() as u32
    }

    /// An imported function's [`function_import`].
    #[must_use]
    pub fn imported_function(&self, i: FunctionIndex) -> u32 {
        self.imported_functions + function_import::SIZE * i.index() as u32
    }

    /// A `u32`: the engine-wide id of a type of the module.
    #[must_use]
    pub fn type_id(&self, i: TypeIndex) -> u32 {
        self.type_ids + 4 * i.index() as u32
    }

    /// A `u32`: the number in its store of a tag, imported or defined.
    #[must_use]
    pub fn tag(&self, i: TagIndex) -> u32 {
        self.tags + 4 * i.index() as u32
    }

    /// A [`func_ref`] of this instance.
    #[must_use]
    pub fn func_ref(&self, i: FuncRefIndex) -> u32 {
        self.func_refs + func_ref::SIZE * i.index() as u32
    }
}
