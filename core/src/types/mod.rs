//! The public types of things: values, functions, globals, tables, memories, imports, exports.
//!
//! Inside the crate types are compared in *canonical* form: as [`crate::module`] states them, but
//! with engine-wide ids for type indices (see [`registry::TypeId`]).

mod aggregate;
pub(crate) mod constants;
mod displays;
mod entities;
#[cfg(feature = "exceptions")]
mod exception;
mod function;
mod imports;
mod incompatible;
pub(crate) mod matching;
pub(crate) mod module_types;
mod owner;
pub(crate) mod registered;
pub(crate) mod registry;
mod value;

pub use aggregate::{ArrayType, FieldType, StorageType, StructType};
pub use entities::{ExternType, GlobalType, MemoryType, MemoryTypeBuilder, TableType, TagType};
#[cfg(feature = "exceptions")]
pub use exception::ExnType;
pub use function::FuncType;
pub(crate) use imports::Owner;
pub use imports::{ExportType, ImportType};
pub use incompatible::IncompatibleImportError;
pub use registered::Finality;
pub use value::{HeapType, Mutability, RefType, ValType};
