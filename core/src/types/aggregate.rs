//! Types of structs and arrays.

use super::registered::{Finality, Registered, registered};
use super::{Mutability, RefType, ValType};
use crate::module::{self, CompositeType};
use crate::oom::{self, Watch};
use crate::owner::OfEngine as _;
use crate::{Engine, Result};
use core::fmt;

/// What a field or element stores (spec: "Storage Types").
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum StorageType {
    /// 8 bits; an `i32` as a value.
    I8,
    /// 16 bits; an `i32` as a value.
    I16,
    /// A value.
    ValType(ValType),
}

impl StorageType {
    /// Whether this is [`StorageType::I8`].
    #[must_use]
    pub fn is_i8(&self) -> bool {
        matches!(self, Self::I8)
    }

    /// Whether this is [`StorageType::I16`].
    #[must_use]
    pub fn is_i16(&self) -> bool {
        matches!(self, Self::I16)
    }

    /// Whether this is a value type.
    #[must_use]
    pub fn is_val_type(&self) -> bool {
        matches!(self, Self::ValType(_))
    }

    /// The value type, if this is one.
    #[must_use]
    pub fn as_val_type(&self) -> Option<&ValType> {
        match self {
            Self::ValType(ty) => Some(ty),
            _ => None,
        }
    }

    /// The value type.
    ///
    /// # Panics
    /// If this is packed.
    #[must_use]
    pub fn unwrap_val_type(&self) -> &ValType {
        self.as_val_type()
            .expect("the storage type is a value type")
    }

    /// The type of a value that is read or written: `i32` for packed ones.
    #[must_use]
    pub fn unpack(&self) -> &ValType {
        self.as_val_type().unwrap_or(&ValType::I32)
    }

    /// Whether all that this stores can be stored as `other` too.
    ///
    /// # Panics
    /// If the types are of different engines.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::ValType(a), Self::ValType(b)) => a.matches(b),
            (a, b) => a == b,
        }
    }

    fn from_canonical(engine: &Engine, ty: module::StorageType) -> Self {
        match ty {
            module::StorageType::I8 => Self::I8,
            module::StorageType::I16 => Self::I16,
            module::StorageType::Value(ty) => Self::ValType(ValType::from_canonical(engine, ty)),
        }
    }

    fn to_canonical(&self) -> module::StorageType {
        match self {
            Self::I8 => module::StorageType::I8,
            Self::I16 => module::StorageType::I16,
            Self::ValType(ty) => module::StorageType::Value(ty.to_canonical()),
        }
    }
}

impl From<ValType> for StorageType {
    fn from(ty: ValType) -> Self {
        Self::ValType(ty)
    }
}

impl From<RefType> for StorageType {
    fn from(ty: RefType) -> Self {
        Self::ValType(ty.into())
    }
}

impl fmt::Display for StorageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::I8 => f.write_str("i8"),
            Self::I16 => f.write_str("i16"),
            Self::ValType(ty) => fmt::Display::fmt(ty, f),
        }
    }
}

/// The type of a struct's field or of an array's elements.
///
/// ```
/// use wasmetal::{FieldType, Mutability, StorageType, ValType};
///
/// let field = FieldType::new(Mutability::Var, ValType::I32.into());
/// assert_eq!(field.to_string(), "(mut i32)");
/// assert_eq!(FieldType::new(Mutability::Const, StorageType::I8).to_string(), "i8");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FieldType {
    mutability: Mutability,
    element_type: StorageType,
}

impl FieldType {
    /// The type of fields that store an `element_type`.
    #[must_use]
    pub fn new(mutability: Mutability, element_type: StorageType) -> Self {
        Self {
            mutability,
            element_type,
        }
    }

    /// Whether it can be set.
    #[must_use]
    pub fn mutability(&self) -> Mutability {
        self.mutability
    }

    /// What it stores.
    #[must_use]
    pub fn element_type(&self) -> &StorageType {
        &self.element_type
    }

    /// Whether a field of a subtype may be of this type where the supertype's is of type `other`.
    ///
    /// # Panics
    /// If the types are of different engines.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.mutability == other.mutability
            && self.element_type.matches(&other.element_type)
            && (self.mutability.is_const() || other.element_type.matches(&self.element_type))
    }

    fn from_canonical(engine: &Engine, ty: module::FieldType) -> Self {
        Self {
            mutability: match ty.mutable {
                true => Mutability::Var,
                false => Mutability::Const,
            },
            element_type: StorageType::from_canonical(engine, ty.storage),
        }
    }

    fn to_canonical(&self) -> module::FieldType {
        module::FieldType {
            storage: self.element_type.to_canonical(),
            mutable: self.mutability.is_var(),
        }
    }
}

/// As in the text format: `i8`, `(mut i32)`.
impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mutability {
            Mutability::Const => fmt::Display::fmt(&self.element_type, f),
            Mutability::Var => write!(f, "(mut {})", self.element_type),
        }
    }
}

/// The type of a struct: its fields.
///
/// A clone is cheap. Equal types of one engine are told by one compare.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{FieldType, Mutability, StorageType, StructType, ValType};
///
/// let byte = FieldType::new(Mutability::Const, StorageType::I8);
/// let long = FieldType::new(Mutability::Var, ValType::I64.into());
/// let ty = StructType::new(&engine, [byte, long])?;
/// assert_eq!(ty.to_string(), "(struct (field i8) (field (mut i64)))");
/// assert_eq!(ty, StructType::new(&engine, ty.fields())?);
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct StructType(Registered);

registered!(StructType, "each struct");

/// The most fields that a struct type may have (as the validator has it).
const MAX_FIELDS: usize = 10_000;

impl StructType {
    /// The type of structs with these fields: final, without a supertype.
    ///
    /// # Errors
    /// There are more than 10,000 fields.
    ///
    /// # Panics
    /// If one of the types is of another engine.
    pub fn new(engine: &Engine, fields: impl IntoIterator<Item = FieldType>) -> Result<Self> {
        Self::with_finality_and_supertype(engine, Finality::Final, None, fields)
    }

    /// As [`new`](Self::new), with subtyping.
    ///
    /// # Errors
    /// There are more than 10,000 fields, the supertype is final, or the first fields do not match
    /// those of the supertype.
    ///
    /// # Panics
    /// If one of the types is of another engine.
    pub fn with_finality_and_supertype(
        engine: &Engine,
        finality: Finality,
        supertype: Option<&Self>,
        fields: impl IntoIterator<Item = FieldType>,
    ) -> Result<Self> {
        let watch = Watch::start()?;
        // They hold the types that the new type refers to until it is registered.
        let fields = oom::collect(fields.into_iter())?;
        fields.iter().for_each(|ty| ty.assert_engine(engine));
        crate::error::bounded::ensure!(
            fields.len() <= MAX_FIELDS,
            "a struct type of {} fields: the most is {MAX_FIELDS}",
            fields.len()
        );
        let ty = CompositeType::Struct(module::StructType {
            fields: oom::boxed(fields.iter().map(FieldType::to_canonical))?,
        });
        let supertype = supertype.map(|ty| &ty.0);
        Registered::new(engine, watch, finality, supertype, ty).map(Self)
    }

    /// The type in canonical form.
    pub(crate) fn canonical(&self) -> &module::StructType {
        let ty = self.0.canonical().composite.as_struct();
        ty.expect("it was made of a struct type")
    }

    /// The type of field `i`, counted from 0.
    #[must_use]
    pub fn field(&self, i: usize) -> Option<FieldType> {
        let ty = self.canonical().fields.get(i)?;
        Some(FieldType::from_canonical(self.engine(), *ty))
    }

    /// The types of the fields.
    #[must_use]
    pub fn fields(&self) -> impl ExactSizeIterator<Item = FieldType> + '_ {
        let types = self.canonical().fields.iter();
        types.map(|ty| FieldType::from_canonical(self.engine(), *ty))
    }
}

/// As in the text format: `(struct (field i8) (field (mut i32)))`.
impl fmt::Display for StructType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(struct")?;
        self.fields()
            .try_for_each(|ty| write!(f, " (field {ty})"))?;
        f.write_str(")")
    }
}

/// The type of an array: that of its elements.
///
/// A clone is cheap. Equal types of one engine are told by one compare.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{ArrayType, FieldType, Mutability, StorageType};
///
/// let ty = ArrayType::new(&engine, FieldType::new(Mutability::Var, StorageType::I8));
/// assert_eq!(ty.to_string(), "(array (mut i8))");
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ArrayType(Registered);

registered!(ArrayType, "each array");

impl ArrayType {
    /// The type of arrays of these elements: final, without a supertype.
    ///
    /// # Panics
    /// If the element type is of another engine.
    #[must_use]
    pub fn new(engine: &Engine, field_type: FieldType) -> Self {
        oom::infallible(Self::build(
            engine,
            Watch::OFF,
            Finality::Final,
            None,
            field_type,
        ))
    }

    /// As [`new`](Self::new), with subtyping.
    ///
    /// # Errors
    /// The supertype is final, or the element type does not match its.
    ///
    /// # Panics
    /// If one of the types is of another engine.
    pub fn with_finality_and_supertype(
        engine: &Engine,
        finality: Finality,
        supertype: Option<&Self>,
        field_type: FieldType,
    ) -> Result<Self> {
        Self::build(engine, Watch::start()?, finality, supertype, field_type)
    }

    fn build(
        engine: &Engine,
        watch: Watch,
        finality: Finality,
        supertype: Option<&Self>,
        field_type: FieldType,
    ) -> Result<Self> {
        field_type.assert_engine(engine);
        let ty = CompositeType::Array(module::ArrayType {
            element: field_type.to_canonical(),
        });
        let supertype = supertype.map(|ty| &ty.0);
        Registered::new(engine, watch, finality, supertype, ty).map(Self)
    }

    /// The type in canonical form.
    pub(crate) fn canonical(&self) -> &module::ArrayType {
        let ty = self.0.canonical().composite.as_array();
        ty.expect("it was made of an array type")
    }

    /// The type of the elements, as of a field.
    #[must_use]
    pub fn field_type(&self) -> FieldType {
        FieldType::from_canonical(self.engine(), self.canonical().element)
    }

    /// Whether elements can be set.
    #[must_use]
    pub fn mutability(&self) -> Mutability {
        self.field_type().mutability
    }

    /// What elements store.
    #[must_use]
    pub fn element_type(&self) -> StorageType {
        self.field_type().element_type
    }
}

/// As in the text format: `(array (mut i32))`.
impl fmt::Display for ArrayType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(array {})", self.field_type())
    }
}
