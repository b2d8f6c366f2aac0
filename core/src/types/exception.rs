//! Types of exceptions.

use super::{FieldType, FuncType, Mutability, StorageType, TagType, ValType};
use crate::Engine;
use crate::error::Result;
use crate::error::bounded::ensure;

/// The type of an exception: what it holds, which its tag says.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{ExnType, FuncType, TagType, ValType};
///
/// let ty = ExnType::new(&engine, [ValType::I32])?;
/// assert_eq!(ty.fields().len(), 1);
/// assert_eq!(*ty.tag_type().ty(), FuncType::new(&engine, [ValType::I32], []));
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ExnType {
    ty: FuncType,
}

impl ExnType {
    /// The type of exceptions that hold `fields`.
    ///
    /// # Errors
    /// Memory is exhausted.
    ///
    /// # Panics
    /// If one of the types is of another engine.
    pub fn new(engine: &Engine, fields: impl IntoIterator<Item = ValType>) -> Result<Self> {
        let ty = FuncType::try_new(engine, fields, [])?;
        Ok(Self { ty })
    }

    /// The type of exceptions with a tag of this type.
    ///
    /// # Errors
    /// The tag's function type has results.
    pub fn from_tag_type(tag: &TagType) -> Result<Self> {
        ensure!(
            tag.ty().results().len() == 0,
            "there are no exceptions with a tag whose type has results"
        );
        Ok(Self {
            ty: tag.ty().clone(),
        })
    }

    /// Whether exceptions of this type are of type `other` as well.
    ///
    /// # Panics
    /// If `other` is of another engine.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.ty.matches(&other.ty)
    }

    /// The type of their tags.
    #[must_use]
    pub fn tag_type(&self) -> TagType {
        TagType::new(self.ty.clone())
    }

    /// The type of a field, counted from 0.
    #[must_use]
    pub fn field(&self, i: usize) -> Option<FieldType> {
        self.ty.param(i).map(field)
    }

    /// The types of the fields.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = FieldType> + '_ {
        self.ty.params().map(field)
    }

    /// The engine the type belongs to.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        self.ty.engine()
    }

    /// The function type of their tags.
    pub(crate) fn func_type(&self) -> &FuncType {
        &self.ty
    }

    /// The type of exceptions with a tag of this function type, which has no results.
    pub(crate) fn from_func_type(ty: FuncType) -> Self {
        Self { ty }
    }
}

fn field(ty: ValType) -> FieldType {
    FieldType::new(Mutability::Const, StorageType::ValType(ty))
}
