//! Types as a module states them (spec: "Types"). Concrete type references are module indices.

use super::TypeIndex;
use alloc::boxed::Box;
use serde::{Deserialize, Serialize};

/// A value type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum ValueType {
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
    /// 32-bit float.
    F32,
    /// 64-bit float.
    F64,
    /// 128-bit vector.
    V128,
    /// A reference.
    Ref(ReferenceType),
}

/// A reference type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct ReferenceType {
    /// Whether null is a value of the type.
    pub nullable: bool,
    /// What it refers to.
    pub heap: HeapType,
}

impl ReferenceType {
    /// `funcref`: a nullable reference to any function.
    pub const FUNC: Self = Self {
        nullable: true,
        heap: HeapType::Func,
    };
    /// `externref`: a nullable reference to any host value.
    pub const EXTERN: Self = Self {
        nullable: true,
        heap: HeapType::Extern,
    };
}

/// What a reference refers to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum HeapType {
    /// Any function.
    Func,
    /// Any host value.
    Extern,
    /// Functions of one type.
    Concrete(TypeIndex),
}

impl HeapType {
    /// Whether references to it are `VMFuncRef` pointers (otherwise they are 32-bit handles).
    #[must_use]
    pub fn is_func(self) -> bool {
        match self {
            Self::Func | Self::Concrete(_) => true,
            Self::Extern => false,
        }
    }
}

/// A function type.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct FunctionType {
    /// Parameter types.
    pub params: Box<[ValueType]>,
    /// Result types.
    pub results: Box<[ValueType]>,
}

/// Limits of a memory (in pages) or table (in elements).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Limits {
    /// The initial size.
    pub minimum: u64,
    /// The size it may grow to, where one is stated.
    pub maximum: Option<u64>,
}

/// The integer type of an address or table index.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum IndexType {
    /// 32-bit.
    I32,
    /// 64-bit (memory64).
    I64,
}

impl IndexType {
    /// The type of an index as a value.
    #[must_use]
    pub fn value_type(self) -> ValueType {
        match self {
            Self::I32 => ValueType::I32,
            Self::I64 => ValueType::I64,
        }
    }
}

/// A memory type.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct MemoryType {
    /// Size limits, in pages.
    pub limits: Limits,
    /// The address type.
    pub index: IndexType,
    /// Whether threads share it.
    pub shared: bool,
    /// The base-2 logarithm of the page size in bytes: 16, or 0 with custom page sizes.
    pub page_size_log2: u8,
}

/// A table type.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct TableType {
    /// The element type.
    pub element: ReferenceType,
    /// Size limits, in elements.
    pub limits: Limits,
    /// The index type.
    pub index: IndexType,
}

/// A global type.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct GlobalType {
    /// The type of its value.
    pub content: ValueType,
    /// Whether it can be set.
    pub mutable: bool,
}

/// The type of something that can be imported or exported.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum EntityType {
    /// A function's type.
    Function(TypeIndex),
    /// A table's type.
    Table(TableType),
    /// A memory's type.
    Memory(MemoryType),
    /// A global's type.
    Global(GlobalType),
}
