//! What a validated module is: the data that the compiler hands to the runtime.
//!
//! Written by `compile/frontend`, stored in the image, read by everything behind it. Pure data: no
//! code, no addresses, no engine. Indices are the module's own.

mod index;
mod init;
mod types;

pub use index::*;
pub use init::*;
pub use types::*;

use crate::wire::wire;
use alloc::{string::String, vec::Vec};
use cranelift_entity::{EntityRef, PrimaryMap};

/// A validated module, without its code.
#[derive(Clone, Debug, Default)]
pub struct ModuleInfo {
    /// The module's name, from its name section.
    pub name: Option<String>,
    /// The type section, flattened over recursion groups.
    pub types: PrimaryMap<TypeIndex, SubType>,
    /// How many of `types` each recursion group holds, in order.
    pub rec_groups: Vec<u32>,
    /// Imports in the order of the import section.
    pub imports: Vec<Import>,
    /// Exports in the order of the export section; names are unique.
    pub exports: Vec<Export>,
    /// Indices into `exports`, by ascending name.
    pub exports_by_name: Vec<u32>,
    /// All functions, imported ones first.
    pub functions: PrimaryMap<FunctionIndex, FunctionInfo>,
    /// All tables, imported ones first.
    pub tables: PrimaryMap<TableIndex, TableType>,
    /// All memories, imported ones first.
    pub memories: PrimaryMap<MemoryIndex, MemoryType>,
    /// All globals, imported ones first.
    pub globals: PrimaryMap<GlobalIndex, GlobalType>,
    /// All exception tags, imported ones first: their function types.
    pub tags: PrimaryMap<TagIndex, TypeIndex>,
    /// How many of `functions` are imported.
    pub imported_functions: usize,
    /// How many of `tables` are imported.
    pub imported_tables: usize,
    /// How many of `memories` are imported.
    pub imported_memories: usize,
    /// How many of `globals` are imported.
    pub imported_globals: usize,
    /// How many of `tags` are imported.
    pub imported_tags: usize,
    /// The initial value of each defined table's elements.
    pub table_initializers: PrimaryMap<DefinedTableIndex, ConstExpr>,
    /// The initial value of each defined global.
    pub global_initializers: PrimaryMap<DefinedGlobalIndex, ConstExpr>,
    /// Element segments.
    pub elements: PrimaryMap<ElementIndex, ElementSegment>,
    /// Data segments. Their bytes lie in the image's data section.
    pub data: PrimaryMap<DataIndex, DataSegment>,
    /// The start function.
    pub start: Option<FunctionIndex>,
    /// How many functions have a [`FuncRefIndex`].
    pub func_refs: usize,
}

wire!(sparse struct ModuleInfo {
    name,
    types,
    rec_groups,
    imports,
    exports,
    exports_by_name,
    functions,
    tables,
    memories,
    globals,
    tags,
    imported_functions,
    imported_tables,
    imported_memories,
    imported_globals,
    imported_tags,
    table_initializers,
    global_initializers,
    elements,
    data,
    start,
    func_refs,
});

/// One import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The module name of the two-level name.
    pub module: String,
    /// The field name of the two-level name.
    pub name: String,
    /// What is imported: the index it has in this module.
    pub item: EntityIndex,
}

/// One export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// The export's name.
    pub name: String,
    /// What is exported.
    pub item: EntityIndex,
}

/// What is known of a function besides its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionInfo {
    /// Its type.
    pub ty: TypeIndex,
    /// Set where a reference to the function may be made (it is exported, in an element segment, a
    /// global's initial value, or named by `ref.func`): its slot among the vmctx's `func_refs`.
    pub func_ref: Option<FuncRefIndex>,
}

wire!(struct Import { module, name, item });
wire!(struct Export { name, item });
wire!(struct FunctionInfo { ty, func_ref });

macro_rules! split_index_space {
    ($($field:ident: $imported:ident, $index:ident, $defined:ident, $is:ident, $to_defined:ident, $from_defined:ident;)*) => {
        impl ModuleInfo {
            $(
                /// The index among the defined ones; `None` for an imported one.
                #[must_use]
                pub fn $to_defined(&self, index: $index) -> Option<$defined> {
                    index.index().checked_sub(self.$imported).map($defined::new)
                }

                /// The index in the whole index space.
                #[must_use]
                pub fn $from_defined(&self, index: $defined) -> $index {
                    $index::new(self.$imported + index.index())
                }

                /// Whether the index names an import.
                #[must_use]
                pub fn $is(&self, index: $index) -> bool {
                    index.index() < self.$imported
                }
            )*
        }
    };
}

split_index_space! {
    functions: imported_functions, FunctionIndex, DefinedFunctionIndex, is_imported_function, defined_function, function_index;
    tables: imported_tables, TableIndex, DefinedTableIndex, is_imported_table, defined_table, table_index;
    memories: imported_memories, MemoryIndex, DefinedMemoryIndex, is_imported_memory, defined_memory, memory_index;
    globals: imported_globals, GlobalIndex, DefinedGlobalIndex, is_imported_global, defined_global, global_index;
    tags: imported_tags, TagIndex, DefinedTagIndex, is_imported_tag, defined_tag, tag_index;
}

impl ModuleInfo {
    /// The number of functions with a body in this module.
    #[must_use]
    pub fn defined_functions(&self) -> usize {
        self.functions.len() - self.imported_functions
    }

    /// The type of a function.
    #[must_use]
    pub fn function_type(&self, index: FunctionIndex) -> &FunctionType {
        self.func_type(self.functions[index].ty)
    }

    /// A function type.
    ///
    /// # Panics
    /// If the type is a struct's or an array's.
    #[must_use]
    pub fn func_type(&self, index: TypeIndex) -> &FunctionType {
        let ty = self.types[index].composite.as_func();
        ty.expect("the type is a function type")
    }

    /// A struct type.
    ///
    /// # Panics
    /// If the type is a function's or an array's.
    #[must_use]
    pub fn struct_type(&self, index: TypeIndex) -> &StructType {
        let ty = self.types[index].composite.as_struct();
        ty.expect("the type is a struct type")
    }

    /// An array type.
    ///
    /// # Panics
    /// If the type is a function's or a struct's.
    #[must_use]
    pub fn array_type(&self, index: TypeIndex) -> &ArrayType {
        let ty = self.types[index].composite.as_array();
        ty.expect("the type is an array type")
    }

    /// Whether a type, table or global tells of references that are no functions. Otherwise there are
    /// none but null and what a function body makes itself.
    #[must_use]
    pub fn has_references(&self) -> bool {
        let traced = |ty: ValueType| matches!(ty, ValueType::Ref(ty) if !ty.heap.is_func());
        let mut types = self.types.values().map(|ty| &ty.composite);
        let mut globals = self.globals.values();
        let mut tables = self.tables.values();
        types.any(|ty| ty.as_func().is_none() || ty.values().any(traced))
            || globals.any(|ty| traced(ty.content))
            || tables.any(|ty| !ty.element.heap.is_func())
    }

    /// Whether objects of its types may refer to functions.
    #[must_use]
    pub fn has_functions_in_objects(&self) -> bool {
        let function = |ty: ValueType| matches!(ty, ValueType::Ref(ty) if ty.heap.is_func());
        let mut objects = self.types.values().map(|ty| &ty.composite);
        let mut tags = self.tags.values().map(|ty| self.func_type(*ty));
        objects.any(|ty| ty.as_func().is_none() && ty.values().any(function))
            || tags.any(|ty| ty.params.iter().copied().any(function))
    }

    /// The type of an import or export.
    #[must_use]
    pub fn entity_type(&self, item: EntityIndex) -> EntityType {
        match item {
            EntityIndex::Function(i) => EntityType::Function(self.functions[i].ty),
            EntityIndex::Table(i) => EntityType::Table(self.tables[i].clone()),
            EntityIndex::Memory(i) => EntityType::Memory(self.memories[i].clone()),
            EntityIndex::Global(i) => EntityType::Global(self.globals[i].clone()),
            EntityIndex::Tag(i) => EntityType::Tag(self.tags[i]),
        }
    }
}
