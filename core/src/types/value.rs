//! Value types.

use super::{ArrayType, FuncType, StructType};
use crate::abi::TypeId;
use crate::{Engine, module};
use core::fmt;

/// Whether a global can be set.
///
/// ```
/// use wasmetal::{GlobalType, Mutability, ValType};
///
/// assert!(GlobalType::new(ValType::I32, Mutability::Var).mutability().is_var());
/// ```
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
///
/// ```
/// use wasmetal::ValType;
///
/// assert!(ValType::I32.is_num());
/// assert!(ValType::FUNCREF.is_ref());
/// assert_eq!(ValType::EXTERNREF.to_string(), "externref");
/// assert!(ValType::NULLFUNCREF.matches(&ValType::FUNCREF));
/// ```
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
    /// `nullfuncref`: null among functions.
    pub const NULLFUNCREF: Self = Self::Ref(RefType::NULLFUNCREF);
    /// `externref`: a nullable reference to any host value.
    pub const EXTERNREF: Self = Self::Ref(RefType::EXTERNREF);
    /// `nullexternref`: null among host values.
    pub const NULLEXTERNREF: Self = Self::Ref(RefType::NULLEXTERNREF);
    /// `anyref`: a nullable reference to anything internal.
    pub const ANYREF: Self = Self::Ref(RefType::ANYREF);
    /// `eqref`: a nullable reference to what `ref.eq` compares.
    pub const EQREF: Self = Self::Ref(RefType::EQREF);
    /// `i31ref`: a nullable reference to a 31-bit integer.
    pub const I31REF: Self = Self::Ref(RefType::I31REF);
    /// `structref`: a nullable reference to any struct.
    pub const STRUCTREF: Self = Self::Ref(RefType::STRUCTREF);
    /// `arrayref`: a nullable reference to any array.
    pub const ARRAYREF: Self = Self::Ref(RefType::ARRAYREF);
    /// `nullref`: null among what is internal.
    pub const NULLREF: Self = Self::Ref(RefType::NULLREF);
    /// `exnref`: a nullable reference to any exception.
    pub const EXNREF: Self = Self::Ref(RefType::EXNREF);
    /// `nullexnref`: null among exceptions.
    pub const NULLEXNREF: Self = Self::Ref(RefType::NULLEXNREF);

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

    /// Whether this is exactly `anyref`.
    #[must_use]
    pub fn is_anyref(&self) -> bool {
        *self == Self::ANYREF
    }

    /// Whether this is exactly `exnref`.
    #[must_use]
    pub fn is_exnref(&self) -> bool {
        *self == Self::EXNREF
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
///
/// ```
/// use wasmetal::{HeapType, RefType};
///
/// let ty = RefType::new(false, HeapType::Eq);
/// assert_eq!(ty.to_string(), "(ref eq)");
/// assert!(ty.matches(&RefType::ANYREF));
/// assert!(!RefType::ANYREF.matches(&ty));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RefType {
    nullable: bool,
    heap: HeapType,
}

impl RefType {
    /// `funcref`: a nullable reference to any function.
    pub const FUNCREF: Self = Self::nullable(HeapType::Func);
    /// `nullfuncref`: null among functions.
    pub const NULLFUNCREF: Self = Self::nullable(HeapType::NoFunc);
    /// `externref`: a nullable reference to any host value.
    pub const EXTERNREF: Self = Self::nullable(HeapType::Extern);
    /// `nullexternref`: null among host values.
    pub const NULLEXTERNREF: Self = Self::nullable(HeapType::NoExtern);
    /// `anyref`: a nullable reference to anything internal.
    pub const ANYREF: Self = Self::nullable(HeapType::Any);
    /// `eqref`: a nullable reference to what `ref.eq` compares.
    pub const EQREF: Self = Self::nullable(HeapType::Eq);
    /// `i31ref`: a nullable reference to a 31-bit integer.
    pub const I31REF: Self = Self::nullable(HeapType::I31);
    /// `structref`: a nullable reference to any struct.
    pub const STRUCTREF: Self = Self::nullable(HeapType::Struct);
    /// `arrayref`: a nullable reference to any array.
    pub const ARRAYREF: Self = Self::nullable(HeapType::Array);
    /// `nullref`: null among what is internal.
    pub const NULLREF: Self = Self::nullable(HeapType::None);
    /// `exnref`: a nullable reference to any exception.
    pub const EXNREF: Self = Self::nullable(HeapType::Exn);
    /// `nullexnref`: null among exceptions.
    pub const NULLEXNREF: Self = Self::nullable(HeapType::NoExn);

    const fn nullable(heap: HeapType) -> Self {
        Self {
            nullable: true,
            heap,
        }
    }

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

    pub(crate) fn from_canonical(engine: &Engine, ty: module::ReferenceType) -> Self {
        Self {
            nullable: ty.nullable,
            heap: HeapType::from_canonical(engine, ty.heap),
        }
    }

    pub(crate) fn to_canonical(&self) -> module::ReferenceType {
        module::ReferenceType {
            nullable: self.nullable,
            heap: self.heap.to_canonical(),
        }
    }
}

/// As in the text format; types of the type section stand as `(concrete func 3)`.
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
///
/// There are four hierarchies: functions under `func`, host values under `extern`, exceptions under
/// `exn`, and all that is internal under `any`: `i31`, structs and arrays, which are under `eq`, and
/// host values made internal. Each has a bottom, of which only null is.
///
/// ```
/// use wasmetal::HeapType;
///
/// assert!(HeapType::I31.matches(&HeapType::Eq));
/// assert!(HeapType::Eq.matches(&HeapType::Any));
/// assert!(!HeapType::Func.matches(&HeapType::Any));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum HeapType {
    /// Any host value.
    Extern,
    /// No host value.
    NoExtern,
    /// Any function.
    Func,
    /// Functions of one type, and of its subtypes.
    ConcreteFunc(FuncType),
    /// No function.
    NoFunc,
    /// Anything internal.
    Any,
    /// What `ref.eq` compares.
    Eq,
    /// A 31-bit integer.
    I31,
    /// Any array.
    Array,
    /// Arrays of one type, and of its subtypes.
    ConcreteArray(ArrayType),
    /// Any struct.
    Struct,
    /// Structs of one type, and of its subtypes.
    ConcreteStruct(StructType),
    /// Nothing internal.
    None,
    /// Any exception.
    Exn,
    /// No exception.
    NoExn,
}

macro_rules! is {
    ($($is:ident $variant:ident)*) => {$(
        #[doc = concat!("Whether this is [`HeapType::", stringify!($variant), "`].")]
        #[must_use]
        pub fn $is(&self) -> bool {
            matches!(self, Self::$variant)
        }
    )*};
}

macro_rules! concrete {
    ($($is:ident $as:ident $unwrap:ident $variant:ident($ty:ty) $what:literal)*) => {$(
        #[doc = concat!("Whether this is ", $what, " type of the type section.")]
        #[must_use]
        pub fn $is(&self) -> bool {
            matches!(self, Self::$variant(_))
        }

        #[doc = concat!("The type, if this is ", $what, " type of the type section.")]
        #[must_use]
        pub fn $as(&self) -> Option<&$ty> {
            match self {
                Self::$variant(ty) => Some(ty),
                _ => None,
            }
        }

        #[doc = concat!("The type of ", $what, ".")]
        ///
        /// # Panics
        #[doc = concat!("If this is not ", $what, " type of the type section.")]
        #[must_use]
        pub fn $unwrap(&self) -> &$ty {
            self.$as().expect(concat!("the heap type is that of ", $what))
        }
    )*};
}

impl HeapType {
    is! {
        is_extern Extern
        is_func Func
        is_no_func NoFunc
        is_any Any
        is_i31 I31
        is_none None
        is_exn Exn
        is_no_exn NoExn
    }

    concrete! {
        is_concrete_func as_concrete_func unwrap_concrete_func ConcreteFunc(FuncType) "a function"
        is_concrete_array as_concrete_array unwrap_concrete_array ConcreteArray(ArrayType) "an array"
        is_concrete_struct as_concrete_struct unwrap_concrete_struct ConcreteStruct(StructType) "a struct"
    }

    /// Whether this is a type of the type section.
    #[must_use]
    pub fn is_concrete(&self) -> bool {
        self.is_concrete_func() || self.is_concrete_array() || self.is_concrete_struct()
    }

    /// Whether this is no type of the type section.
    #[must_use]
    pub fn is_abstract(&self) -> bool {
        !self.is_concrete()
    }

    /// The top of its hierarchy.
    #[must_use]
    pub fn top(&self) -> Self {
        match self.to_canonical().top() {
            module::HeapType::Func => Self::Func,
            module::HeapType::Extern => Self::Extern,
            module::HeapType::Exn => Self::Exn,
            _ => Self::Any,
        }
    }

    /// Whether this is the top of its hierarchy.
    #[must_use]
    pub fn is_top(&self) -> bool {
        *self == self.top()
    }

    /// The bottom of its hierarchy.
    #[must_use]
    pub fn bottom(&self) -> Self {
        match self.top() {
            Self::Func => Self::NoFunc,
            Self::Extern => Self::NoExtern,
            Self::Exn => Self::NoExn,
            _ => Self::None,
        }
    }

    /// Whether this is the bottom of its hierarchy.
    #[must_use]
    pub fn is_bottom(&self) -> bool {
        self.to_canonical().is_bottom()
    }

    /// Whether each value of this type is one of `other` too.
    ///
    /// # Panics
    /// If the types are of different engines.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::ConcreteFunc(a), Self::ConcreteFunc(b)) => a.matches(b),
            (Self::ConcreteStruct(a), Self::ConcreteStruct(b)) => a.matches(b),
            (Self::ConcreteArray(a), Self::ConcreteArray(b)) => a.matches(b),
            // Types that are named of two engines don't come to a comparison of indices.
            (a, b) => (a.to_canonical()).is_subtype(b.to_canonical(), |_, _| false),
        }
    }

    pub(crate) fn from_canonical(engine: &Engine, ty: module::HeapType) -> Self {
        match ty {
            module::HeapType::Func => Self::Func,
            module::HeapType::NoFunc => Self::NoFunc,
            module::HeapType::Extern => Self::Extern,
            module::HeapType::NoExtern => Self::NoExtern,
            module::HeapType::Any => Self::Any,
            module::HeapType::Eq => Self::Eq,
            module::HeapType::I31 => Self::I31,
            module::HeapType::Struct => Self::Struct,
            module::HeapType::Array => Self::Array,
            module::HeapType::None => Self::None,
            module::HeapType::Exn => Self::Exn,
            module::HeapType::NoExn => Self::NoExn,
            module::HeapType::ConcreteFunc(ty) => {
                Self::ConcreteFunc(FuncType::from_id(engine, TypeId::from_canonical_index(ty)))
            }
            module::HeapType::ConcreteStruct(ty) => Self::ConcreteStruct(StructType::from_id(
                engine,
                TypeId::from_canonical_index(ty),
            )),
            module::HeapType::ConcreteArray(ty) => {
                Self::ConcreteArray(ArrayType::from_id(engine, TypeId::from_canonical_index(ty)))
            }
        }
    }

    pub(crate) fn to_canonical(&self) -> module::HeapType {
        match self {
            Self::Func => module::HeapType::Func,
            Self::NoFunc => module::HeapType::NoFunc,
            Self::Extern => module::HeapType::Extern,
            Self::NoExtern => module::HeapType::NoExtern,
            Self::Any => module::HeapType::Any,
            Self::Eq => module::HeapType::Eq,
            Self::I31 => module::HeapType::I31,
            Self::Struct => module::HeapType::Struct,
            Self::Array => module::HeapType::Array,
            Self::None => module::HeapType::None,
            Self::Exn => module::HeapType::Exn,
            Self::NoExn => module::HeapType::NoExn,
            Self::ConcreteFunc(ty) => module::HeapType::ConcreteFunc(ty.id().as_canonical_index()),
            Self::ConcreteStruct(ty) => {
                module::HeapType::ConcreteStruct(ty.id().as_canonical_index())
            }
            Self::ConcreteArray(ty) => {
                module::HeapType::ConcreteArray(ty.id().as_canonical_index())
            }
        }
    }
}

impl From<FuncType> for HeapType {
    fn from(ty: FuncType) -> Self {
        Self::ConcreteFunc(ty)
    }
}

impl From<StructType> for HeapType {
    fn from(ty: StructType) -> Self {
        Self::ConcreteStruct(ty)
    }
}

impl From<ArrayType> for HeapType {
    fn from(ty: ArrayType) -> Self {
        Self::ConcreteArray(ty)
    }
}

/// As in the text format; types of the type section, which may refer to themselves, stand as
/// `(concrete func 3)`, with the engine's number.
impl fmt::Display for HeapType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Extern => "extern",
            Self::NoExtern => "noextern",
            Self::Func => "func",
            Self::NoFunc => "nofunc",
            Self::Any => "any",
            Self::Eq => "eq",
            Self::I31 => "i31",
            Self::Struct => "struct",
            Self::Array => "array",
            Self::None => "none",
            Self::Exn => "exn",
            Self::NoExn => "noexn",
            Self::ConcreteFunc(ty) => return write!(f, "(concrete func {})", ty.id().as_u32()),
            Self::ConcreteStruct(ty) => return write!(f, "(concrete struct {})", ty.id().as_u32()),
            Self::ConcreteArray(ty) => return write!(f, "(concrete array {})", ty.id().as_u32()),
        })
    }
}
