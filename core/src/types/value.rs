//! Value types.

use super::FuncType;
use super::registry::TypeId;
use crate::{Engine, Ref, Val, module};
use core::fmt;

/// Whether a global can be set.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Mutability {
    /// It keeps its initial value.
    Const,
    /// It can be set.
    Var,
}

impl Mutability {
    /// Whether this is [`Mutability::Const`].
    #[must_use]
    pub fn is_const(&self) -> bool {
        *self == Self::Const
    }

    /// Whether this is [`Mutability::Var`].
    #[must_use]
    pub fn is_var(&self) -> bool {
        *self == Self::Var
    }
}

/// The type of a value (spec: "Value Types").
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum ValType {
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
    Ref(RefType),
}

impl ValType {
    /// `funcref`: a nullable reference to any function.
    pub const FUNCREF: Self = Self::Ref(RefType::FUNCREF);
    /// `externref`: a nullable reference to any host value.
    pub const EXTERNREF: Self = Self::Ref(RefType::EXTERNREF);

    /// Whether this is a number: an integer or a float.
    #[must_use]
    pub fn is_num(&self) -> bool {
        matches!(self, Self::I32 | Self::I64 | Self::F32 | Self::F64)
    }

    /// Whether this is [`ValType::I32`].
    #[must_use]
    pub fn is_i32(&self) -> bool {
        matches!(self, Self::I32)
    }

    /// Whether this is [`ValType::I64`].
    #[must_use]
    pub fn is_i64(&self) -> bool {
        matches!(self, Self::I64)
    }

    /// Whether this is [`ValType::F32`].
    #[must_use]
    pub fn is_f32(&self) -> bool {
        matches!(self, Self::F32)
    }

    /// Whether this is [`ValType::F64`].
    #[must_use]
    pub fn is_f64(&self) -> bool {
        matches!(self, Self::F64)
    }

    /// Whether this is [`ValType::V128`].
    #[must_use]
    pub fn is_v128(&self) -> bool {
        matches!(self, Self::V128)
    }

    /// Whether this is a reference.
    #[must_use]
    pub fn is_ref(&self) -> bool {
        matches!(self, Self::Ref(_))
    }

    /// Whether this is exactly `funcref`.
    #[must_use]
    pub fn is_funcref(&self) -> bool {
        *self == Self::FUNCREF
    }

    /// Whether this is exactly `externref`.
    #[must_use]
    pub fn is_externref(&self) -> bool {
        *self == Self::EXTERNREF
    }

    /// The reference type, if this is one.
    #[must_use]
    pub fn as_ref(&self) -> Option<&RefType> {
        match self {
            Self::Ref(ty) => Some(ty),
            _ => None,
        }
    }

    /// The reference type.
    ///
    /// # Panics
    /// If this is no reference.
    #[must_use]
    pub fn unwrap_ref(&self) -> &RefType {
        self.as_ref().expect("the type is a reference")
    }

    /// Whether each value of this type is one of `other` too.
    ///
    /// # Panics
    /// If the types are of different engines.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Ref(a), Self::Ref(b)) => a.matches(b),
            (a, b) => a == b,
        }
    }

    /// The value that variables of this type start with: zero or null. `None` for a reference that
    /// can't be null.
    #[must_use]
    pub fn default_value(&self) -> Option<Val> {
        Some(match self {
            Self::I32 => Val::I32(0),
            Self::I64 => Val::I64(0),
            Self::F32 => Val::F32(0),
            Self::F64 => Val::F64(0),
            Self::V128 => Val::V128(0u128.into()),
            Self::Ref(ty) if ty.is_nullable() => match ty.heap_type() {
                HeapType::Extern => Val::ExternRef(None),
                HeapType::Func | HeapType::ConcreteFunc(_) => Val::FuncRef(None),
            },
            Self::Ref(_) => return None,
        })
    }

    pub(crate) fn from_canonical(engine: &Engine, ty: module::ValueType) -> Self {
        match ty {
            module::ValueType::I32 => Self::I32,
            module::ValueType::I64 => Self::I64,
            module::ValueType::F32 => Self::F32,
            module::ValueType::F64 => Self::F64,
            module::ValueType::V128 => Self::V128,
            module::ValueType::Ref(ty) => Self::Ref(RefType::from_canonical(engine, ty)),
        }
    }

    pub(crate) fn to_canonical(&self) -> module::ValueType {
        match self {
            Self::I32 => module::ValueType::I32,
            Self::I64 => module::ValueType::I64,
            Self::F32 => module::ValueType::F32,
            Self::F64 => module::ValueType::F64,
            Self::V128 => module::ValueType::V128,
            Self::Ref(ty) => module::ValueType::Ref(ty.to_canonical()),
        }
    }

    /// Whether the type can be used with `engine`.
    pub(crate) fn is_of_engine(&self, engine: &Engine) -> bool {
        match self {
            Self::Ref(ty) => ty.is_of_engine(engine),
            _ => true,
        }
    }
}

impl From<RefType> for ValType {
    fn from(ty: RefType) -> Self {
        Self::Ref(ty)
    }
}

impl fmt::Display for ValType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::I32 => f.write_str("i32"),
            Self::I64 => f.write_str("i64"),
            Self::F32 => f.write_str("f32"),
            Self::F64 => f.write_str("f64"),
            Self::V128 => f.write_str("v128"),
            Self::Ref(ty) => fmt::Display::fmt(ty, f),
        }
    }
}

impl fmt::Debug for ValType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The type of a reference.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RefType {
    nullable: bool,
    heap: HeapType,
}

impl RefType {
    /// `funcref`: a nullable reference to any function.
    pub const FUNCREF: Self = Self {
        nullable: true,
        heap: HeapType::Func,
    };
    /// `externref`: a nullable reference to any host value.
    pub const EXTERNREF: Self = Self {
        nullable: true,
        heap: HeapType::Extern,
    };

    /// A reference to `heap_type`, which may be null if `is_nullable`.
    #[must_use]
    pub fn new(is_nullable: bool, heap_type: HeapType) -> Self {
        Self {
            nullable: is_nullable,
            heap: heap_type,
        }
    }

    /// Whether null is a value of the type.
    #[must_use]
    pub fn is_nullable(&self) -> bool {
        self.nullable
    }

    /// What it refers to.
    #[must_use]
    pub fn heap_type(&self) -> &HeapType {
        &self.heap
    }

    /// Whether each value of this type is one of `other` too.
    ///
    /// # Panics
    /// If the types are of different engines.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        (other.nullable || !self.nullable) && self.heap.matches(&other.heap)
    }

    /// The reference of this type that is null, if it may be.
    pub(crate) fn null(&self) -> Option<Ref> {
        self.nullable.then_some(match self.heap {
            HeapType::Extern => Ref::Extern(None),
            HeapType::Func | HeapType::ConcreteFunc(_) => Ref::Func(None),
        })
    }

    pub(crate) fn from_canonical(engine: &Engine, ty: module::ReferenceType) -> Self {
        Self {
            nullable: ty.nullable,
            heap: match ty.heap {
                module::HeapType::Func => HeapType::Func,
                module::HeapType::Extern => HeapType::Extern,
                module::HeapType::Concrete(index) => HeapType::ConcreteFunc(FuncType::from_id(
                    engine,
                    TypeId::from_canonical_index(index),
                )),
            },
        }
    }

    pub(crate) fn to_canonical(&self) -> module::ReferenceType {
        module::ReferenceType {
            nullable: self.nullable,
            heap: match &self.heap {
                HeapType::Func => module::HeapType::Func,
                HeapType::Extern => module::HeapType::Extern,
                HeapType::ConcreteFunc(ty) => {
                    module::HeapType::Concrete(ty.id().as_canonical_index())
                }
            },
        }
    }

    pub(crate) fn is_of_engine(&self, engine: &Engine) -> bool {
        match &self.heap {
            HeapType::ConcreteFunc(ty) => Engine::same(ty.engine(), engine),
            _ => true,
        }
    }
}

impl fmt::Display for RefType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.nullable, &self.heap) {
            (true, HeapType::Func) => f.write_str("funcref"),
            (true, HeapType::Extern) => f.write_str("externref"),
            (true, heap) => write!(f, "(ref null {heap})"),
            (false, heap) => write!(f, "(ref {heap})"),
        }
    }
}

impl fmt::Debug for RefType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a reference refers to (spec: "Heap Types").
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum HeapType {
    /// Any host value.
    Extern,
    /// Any function.
    Func,
    /// Functions of one type.
    ConcreteFunc(FuncType),
}

impl HeapType {
    /// Whether this is [`HeapType::Extern`].
    #[must_use]
    pub fn is_extern(&self) -> bool {
        matches!(self, Self::Extern)
    }

    /// Whether this is [`HeapType::Func`].
    #[must_use]
    pub fn is_func(&self) -> bool {
        matches!(self, Self::Func)
    }

    /// Whether this is a function type of the user's.
    #[must_use]
    pub fn is_concrete(&self) -> bool {
        matches!(self, Self::ConcreteFunc(_))
    }

    /// The function type, if this is one.
    #[must_use]
    pub fn as_concrete_func(&self) -> Option<&FuncType> {
        match self {
            Self::ConcreteFunc(ty) => Some(ty),
            _ => None,
        }
    }

    /// Whether each value of this type is one of `other` too.
    ///
    /// # Panics
    /// If the types are of different engines.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::ConcreteFunc(a), Self::ConcreteFunc(b)) => a.matches(b),
            (Self::ConcreteFunc(_), Self::Func) => true,
            (a, b) => a == b,
        }
    }
}

impl From<FuncType> for HeapType {
    fn from(ty: FuncType) -> Self {
        Self::ConcreteFunc(ty)
    }
}

impl fmt::Display for HeapType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Extern => f.write_str("extern"),
            Self::Func => f.write_str("func"),
            Self::ConcreteFunc(ty) => fmt::Display::fmt(ty, f),
        }
    }
}
