//! Types as a module states them (spec: "Types"). Concrete type references are module indices.

use super::TypeIndex;
use crate::oom::{self, OutOfMemory};
use crate::wire::wire;
use alloc::boxed::Box;

/// A value type.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
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

impl ValueType {
    /// The same with another type in place of the one that it names.
    #[must_use]
    pub fn map(self, to: impl FnOnce(TypeIndex) -> TypeIndex) -> Self {
        match self {
            Self::Ref(ty) => Self::Ref(ty.map(to)),
            number => number,
        }
    }

    /// The type that it names, if it names one.
    #[must_use]
    pub fn concrete(self) -> Option<TypeIndex> {
        match self {
            Self::Ref(ty) => ty.heap.concrete(),
            _ => None,
        }
    }

    /// Whether each value of this type is one of `sup` too. `is_subtype` says so of two types that
    /// are named.
    #[must_use]
    pub fn is_subtype(
        self,
        sup: Self,
        is_subtype: impl FnOnce(TypeIndex, TypeIndex) -> bool,
    ) -> bool {
        match (self, sup) {
            (Self::Ref(sub), Self::Ref(sup)) => sub.is_subtype(sup, is_subtype),
            (sub, sup) => sub == sup,
        }
    }
}

/// A reference type.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
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
    /// `anyref`: a nullable reference to anything internal.
    pub const ANY: Self = Self {
        nullable: true,
        heap: HeapType::Any,
    };
    /// `exnref`: a nullable reference to any exception.
    pub const EXN: Self = Self {
        nullable: true,
        heap: HeapType::Exn,
    };

    /// The same with another type in place of the one that it names.
    #[must_use]
    pub fn map(self, to: impl FnOnce(TypeIndex) -> TypeIndex) -> Self {
        Self {
            heap: self.heap.map(to),
            ..self
        }
    }

    /// Whether each value of this type is one of `sup` too. `is_subtype` says so of two types that
    /// are named.
    #[must_use]
    pub fn is_subtype(
        self,
        sup: Self,
        is_subtype: impl FnOnce(TypeIndex, TypeIndex) -> bool,
    ) -> bool {
        (sup.nullable || !self.nullable) && self.heap.is_subtype(sup.heap, is_subtype)
    }
}

impl From<ReferenceType> for ValueType {
    fn from(ty: ReferenceType) -> Self {
        Self::Ref(ty)
    }
}

/// What a reference refers to (spec: "Heap Types"). There are three hierarchies besides the concrete
/// types: of functions, of host values, and of what is in the garbage-collected heap.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum HeapType {
    /// Any function.
    Func,
    /// No function: the type of null alone.
    NoFunc,
    /// Any host value.
    Extern,
    /// No host value.
    NoExtern,
    /// Anything in the heap, `i31`, or a host value made internal.
    Any,
    /// What `ref.eq` compares.
    Eq,
    /// A 31-bit integer.
    I31,
    /// Any struct.
    Struct,
    /// Any array.
    Array,
    /// Nothing in the hierarchy of [`HeapType::Any`].
    None,
    /// Any exception.
    Exn,
    /// No exception.
    NoExn,
    /// Functions of one type, and of its subtypes.
    ConcreteFunc(TypeIndex),
    /// Structs of one type, and of its subtypes.
    ConcreteStruct(TypeIndex),
    /// Arrays of one type, and of its subtypes.
    ConcreteArray(TypeIndex),
}

impl HeapType {
    /// Whether references to it are `VMFuncRef` pointers (otherwise they are 32-bit references).
    #[must_use]
    pub fn is_func(self) -> bool {
        matches!(self, Self::Func | Self::NoFunc | Self::ConcreteFunc(_))
    }

    /// Whether it is the bottom of its hierarchy: only null is of this type.
    #[must_use]
    pub fn is_bottom(self) -> bool {
        matches!(
            self,
            Self::NoFunc | Self::NoExtern | Self::None | Self::NoExn
        )
    }

    /// The top of its hierarchy.
    #[must_use]
    pub fn top(self) -> Self {
        match self {
            Self::Func | Self::NoFunc | Self::ConcreteFunc(_) => Self::Func,
            Self::Extern | Self::NoExtern => Self::Extern,
            Self::Exn | Self::NoExn => Self::Exn,
            Self::Any
            | Self::Eq
            | Self::I31
            | Self::Struct
            | Self::Array
            | Self::None
            | Self::ConcreteStruct(_)
            | Self::ConcreteArray(_) => Self::Any,
        }
    }

    /// The type of the type section that it names.
    #[must_use]
    pub fn concrete(self) -> Option<TypeIndex> {
        match self {
            Self::ConcreteFunc(ty) | Self::ConcreteStruct(ty) | Self::ConcreteArray(ty) => Some(ty),
            _ => None,
        }
    }

    /// The same with another type in place of the one that it names.
    #[must_use]
    pub fn map(self, to: impl FnOnce(TypeIndex) -> TypeIndex) -> Self {
        match self {
            Self::ConcreteFunc(ty) => Self::ConcreteFunc(to(ty)),
            Self::ConcreteStruct(ty) => Self::ConcreteStruct(to(ty)),
            Self::ConcreteArray(ty) => Self::ConcreteArray(to(ty)),
            other => other,
        }
    }

    /// Whether each value of this type is one of `sup` too. `is_subtype` says so of two types that
    /// are named.
    #[must_use]
    pub fn is_subtype(
        self,
        sup: Self,
        is_subtype: impl FnOnce(TypeIndex, TypeIndex) -> bool,
    ) -> bool {
        self.is_below(sup)
            .unwrap_or_else(|(sub, sup)| is_subtype(sub, sup))
    }

    /// The same; where it depends on two types that are named, these. Compiled once, not for each `is_subtype`.
    fn is_below(self, sup: Self) -> Result<bool, (TypeIndex, TypeIndex)> {
        Ok(match (self, sup) {
            (Self::ConcreteFunc(a), Self::ConcreteFunc(b))
            | (Self::ConcreteStruct(a), Self::ConcreteStruct(b))
            | (Self::ConcreteArray(a), Self::ConcreteArray(b)) => return Err((a, b)),
            (a, b) if a == b => true,
            (a, b) if a.top() != b.top() => false,
            (bottom, _) if bottom.is_bottom() => true,
            (_, Self::Func | Self::Extern | Self::Exn | Self::Any) => true,
            (sub, Self::Eq) => sub != Self::Any,
            (Self::ConcreteStruct(_), Self::Struct) | (Self::ConcreteArray(_), Self::Array) => true,
            _ => false,
        })
    }
}

/// A type of the type section (spec: "Recursive Types").
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct SubType {
    /// Whether it has no subtypes.
    pub is_final: bool,
    /// The type that it is a subtype of: an earlier one.
    pub supertype: Option<TypeIndex>,
    /// What it is.
    pub composite: CompositeType,
}

impl SubType {
    /// A final type without a supertype.
    #[must_use]
    pub fn new(composite: CompositeType) -> Self {
        Self {
            is_final: true,
            supertype: None,
            composite,
        }
    }

    /// The same with other types in place of those that it names.
    ///
    /// # Errors
    /// Memory is exhausted.
    pub fn map(&self, mut to: impl FnMut(TypeIndex) -> TypeIndex) -> Result<Self, OutOfMemory> {
        Ok(Self {
            is_final: self.is_final,
            supertype: self.supertype.map(&mut to),
            composite: self.composite.map(to)?,
        })
    }

    /// The types that it names.
    pub fn names(&self) -> impl Iterator<Item = TypeIndex> + '_ {
        let values = self.composite.values();
        let values = values.filter_map(ValueType::concrete);
        self.supertype.into_iter().chain(values)
    }
}

/// What a type of the type section is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum CompositeType {
    /// A function's type.
    Func(FunctionType),
    /// A struct's type.
    Struct(StructType),
    /// An array's type.
    Array(ArrayType),
}

impl CompositeType {
    /// The function type, if it is one.
    #[must_use]
    pub fn as_func(&self) -> Option<&FunctionType> {
        match self {
            Self::Func(ty) => Some(ty),
            _ => None,
        }
    }

    /// The struct type, if it is one.
    #[must_use]
    pub fn as_struct(&self) -> Option<&StructType> {
        match self {
            Self::Struct(ty) => Some(ty),
            _ => None,
        }
    }

    /// The array type, if it is one.
    #[must_use]
    pub fn as_array(&self) -> Option<&ArrayType> {
        match self {
            Self::Array(ty) => Some(ty),
            _ => None,
        }
    }

    /// The reference type of a reference to a type of this kind.
    #[must_use]
    pub fn heap_type(&self, index: TypeIndex) -> HeapType {
        match self {
            Self::Func(_) => HeapType::ConcreteFunc(index),
            Self::Struct(_) => HeapType::ConcreteStruct(index),
            Self::Array(_) => HeapType::ConcreteArray(index),
        }
    }

    /// The value types in it: of parameters and results, fields, elements.
    pub fn values(&self) -> impl Iterator<Item = ValueType> + '_ {
        let (params, results, fields): (&[_], &[_], &[_]) = match self {
            Self::Func(ty) => (&ty.params, &ty.results, &[]),
            Self::Struct(ty) => (&[], &[], &ty.fields),
            Self::Array(ty) => (&[], &[], core::slice::from_ref(&ty.element)),
        };
        let fields = fields.iter().filter_map(|field| match field.storage {
            StorageType::Value(ty) => Some(ty),
            StorageType::I8 | StorageType::I16 => None,
        });
        params.iter().chain(results).copied().chain(fields)
    }

    /// The same with other types in place of those that it names.
    ///
    /// # Errors
    /// Memory is exhausted.
    pub fn map(&self, mut to: impl FnMut(TypeIndex) -> TypeIndex) -> Result<Self, OutOfMemory> {
        Ok(match self {
            Self::Func(ty) => Self::Func(FunctionType {
                params: oom::boxed(ty.params.iter().map(|ty| ty.map(&mut to)))?,
                results: oom::boxed(ty.results.iter().map(|ty| ty.map(&mut to)))?,
            }),
            Self::Struct(ty) => Self::Struct(StructType {
                fields: oom::boxed(ty.fields.iter().map(|field| field.map(&mut to)))?,
            }),
            Self::Array(ty) => Self::Array(ArrayType {
                element: ty.element.map(to),
            }),
        })
    }

    /// Whether a type may be this with the supertype `sup` (spec: "Composite Types", matching).
    /// `is_subtype` says whether one type that is named is a subtype of another.
    #[must_use]
    pub fn is_subtype(
        &self,
        sup: &Self,
        mut is_subtype: impl FnMut(TypeIndex, TypeIndex) -> bool,
    ) -> bool {
        match (self, sup) {
            (Self::Func(sub), Self::Func(sup)) => {
                let mut all = |sub: &[ValueType], sup: &[ValueType]| {
                    sub.len() == sup.len()
                        && (sub.iter().zip(sup)).all(|(a, b)| a.is_subtype(*b, &mut is_subtype))
                };
                all(&sup.params, &sub.params) && all(&sub.results, &sup.results)
            }
            (Self::Struct(sub), Self::Struct(sup)) => {
                sub.fields.len() >= sup.fields.len()
                    && (sub.fields.iter().zip(&sup.fields))
                        .all(|(sub, sup)| sub.is_subtype(*sup, &mut is_subtype))
            }
            (Self::Array(sub), Self::Array(sup)) => sub.element.is_subtype(sup.element, is_subtype),
            _ => false,
        }
    }
}

/// A struct type.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct StructType {
    /// Its fields.
    pub fields: Box<[FieldType]>,
}

/// An array type.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ArrayType {
    /// The type of its elements.
    pub element: FieldType,
}

/// The type of a struct's field or an array's elements.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct FieldType {
    /// What is stored.
    pub storage: StorageType,
    /// Whether it can be set.
    pub mutable: bool,
}

impl FieldType {
    /// The same with another type in place of the one that it names.
    #[must_use]
    pub fn map(self, to: impl FnMut(TypeIndex) -> TypeIndex) -> Self {
        let storage = match self.storage {
            StorageType::Value(ty) => StorageType::Value(ty.map(to)),
            packed => packed,
        };
        Self { storage, ..self }
    }

    /// Whether a field of a subtype may be this where the supertype's is `sup`.
    #[must_use]
    pub fn is_subtype(
        self,
        sup: Self,
        mut is_subtype: impl FnMut(TypeIndex, TypeIndex) -> bool,
    ) -> bool {
        let fits = match (self.storage, sup.storage) {
            (StorageType::Value(a), StorageType::Value(b)) => {
                a.is_subtype(b, &mut is_subtype)
                    && (!sup.mutable || b.is_subtype(a, &mut is_subtype))
            }
            (a, b) => a == b,
        };
        fits && self.mutable == sup.mutable
    }
}

/// What a field or element stores.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum StorageType {
    /// 8 bits; an `i32` as a value.
    I8,
    /// 16 bits; an `i32` as a value.
    I16,
    /// A value.
    Value(ValueType),
}

impl StorageType {
    /// The type of a value that is read or written.
    #[must_use]
    pub fn unpacked(self) -> ValueType {
        match self {
            Self::I8 | Self::I16 => ValueType::I32,
            Self::Value(ty) => ty,
        }
    }
}

/// A function type.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct FunctionType {
    /// Parameter types.
    pub params: Box<[ValueType]>,
    /// Result types.
    pub results: Box<[ValueType]>,
}

/// Limits of a memory (in pages) or table (in elements).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Limits {
    /// The initial size.
    pub minimum: u64,
    /// The size it may grow to, where one is stated.
    pub maximum: Option<u64>,
}

/// The integer type of an address or table index.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
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
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
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
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableType {
    /// The element type.
    pub element: ReferenceType,
    /// Size limits, in elements.
    pub limits: Limits,
    /// The index type.
    pub index: IndexType,
}

/// A global type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GlobalType {
    /// The type of its value.
    pub content: ValueType,
    /// Whether it can be set.
    pub mutable: bool,
}

/// The type of something that can be imported or exported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EntityType {
    /// A function's type.
    Function(TypeIndex),
    /// A table's type.
    Table(TableType),
    /// A memory's type.
    Memory(MemoryType),
    /// A global's type.
    Global(GlobalType),
    /// The function type of a tag: its parameters are what an exception holds.
    Tag(TypeIndex),
}

impl EntityType {
    /// The type of the type section that it names, if it names one.
    pub fn concrete(&self) -> Option<TypeIndex> {
        match self {
            Self::Function(ty) | Self::Tag(ty) => Some(*ty),
            Self::Table(ty) => ty.element.heap.concrete(),
            Self::Global(ty) => ty.content.concrete(),
            Self::Memory(_) => None,
        }
    }
}

wire!(
    enum ValueType {
        I32,
        I64,
        F32,
        F64,
        V128,
        Ref(ty),
    }
);
wire!(struct ReferenceType { nullable, heap });
wire!(
    enum HeapType {
        Func,
        NoFunc,
        Extern,
        NoExtern,
        Any,
        Eq,
        I31,
        Struct,
        Array,
        None,
        Exn,
        NoExn,
        ConcreteFunc(i),
        ConcreteStruct(i),
        ConcreteArray(i),
    }
);
wire!(struct SubType { is_final, supertype, composite });
wire!(
    enum CompositeType {
        Func(ty),
        Struct(ty),
        Array(ty),
    }
);
wire!(struct StructType { fields });
wire!(struct ArrayType { element });
wire!(struct FieldType { storage, mutable });
wire!(
    enum StorageType {
        I8,
        I16,
        Value(ty),
    }
);
wire!(struct FunctionType { params, results });
wire!(struct Limits { minimum, maximum });
wire!(
    enum IndexType {
        I32,
        I64,
    }
);
wire!(struct MemoryType { limits, index, shared, page_size_log2 });
wire!(struct TableType { element, limits, index });
wire!(struct GlobalType { content, mutable });
