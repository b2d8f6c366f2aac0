//! Something new of each type.
#![forbid(unsafe_code)]

use super::{Extern, Func, Global, Memory, Ref, Table, Tag, Val};
use crate::error::bounded::format_err;
use crate::error::{Context as _, Result};
use crate::instance::SharedMemory;
use crate::interrupt::Pieces;
use crate::oom;
use crate::owner::OfEngine as _;
use crate::store::AsContextMut;
use crate::types::{
    ExternType, FuncType, GlobalType, MemoryType, RefType, TableType, TagType, ValType,
};
use alloc::format;

impl ExternType {
    /// Something new of this type: a function that returns zeros and nulls, a global or table of
    /// them, an empty memory.
    ///
    /// # Errors
    /// The type has a reference that can't be null, memory is short, or the store is of another
    /// engine.
    pub fn default_value(&self, mut store: impl AsContextMut) -> Result<Extern> {
        Ok(match self {
            Self::Func(ty) => ty.default_value(store)?.into(),
            Self::Global(ty) => ty.default_value(store)?.into(),
            Self::Table(ty) => ty.default_value(store)?.into(),
            Self::Memory(ty) if ty.is_shared() => {
                let engine = &store.as_context_mut().opaque().engine;
                SharedMemory::of_type(engine, &ty.to_canonical(), Pieces::ONE)?.into()
            }
            Self::Memory(ty) => ty.default_value(store)?.into(),
            Self::Tag(ty) => ty.default_value(store)?.into(),
        })
    }
}

impl FuncType {
    /// A new function of this type that ignores its arguments and returns zeros and nulls.
    ///
    /// # Errors
    /// A result is a reference that can't be null, or the store is of another engine.
    pub fn default_value(&self, mut store: impl AsContextMut) -> Result<Func> {
        let store = store.as_context_mut();
        self.ensure_engine(store.engine())?;
        let mut values = oom::vec(self.results().len())?;
        for ty in self.results() {
            let value = ty.default_value();
            values.push(value.with_context(|| format!("result type {ty} has no default value"))?);
        }
        Func::try_new(store, self.clone(), move |_, _, results| {
            results.clone_from_slice(&values);
            Ok(())
        })
    }
}

impl GlobalType {
    /// A new global of this type that holds zero or null.
    ///
    /// # Errors
    /// As [`ExternType::default_value`].
    pub fn default_value(&self, store: impl AsContextMut) -> Result<Global> {
        let value = self
            .content()
            .default_value()
            .ok_or_else(|| format_err!("global type {} has no default value", self.content()))?;
        Global::new(store, self.clone(), value)
    }
}

impl TableType {
    /// A new table of this type that holds nulls.
    ///
    /// # Errors
    /// As [`ExternType::default_value`].
    pub fn default_value(&self, store: impl AsContextMut) -> Result<Table> {
        let null = (self.element().null()).ok_or_else(|| {
            format_err!("table element type {} has no default value", self.element())
        })?;
        Table::new(store, self.clone(), null)
    }
}

impl MemoryType {
    /// A new memory of this type, all zero.
    ///
    /// # Errors
    /// As [`ExternType::default_value`].
    pub fn default_value(&self, store: impl AsContextMut) -> Result<Memory> {
        Memory::new(store, self.clone())
    }
}

impl TagType {
    /// A new tag of this type.
    ///
    /// # Errors
    /// As [`ExternType::default_value`].
    pub fn default_value(&self, store: impl AsContextMut) -> Result<Tag> {
        Tag::new(store, self)
    }
}

impl ValType {
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
            Self::Ref(ty) => ty.null()?.into(),
        })
    }
}

impl RefType {
    /// The reference of this type that is null, if it may be.
    pub(crate) fn null(&self) -> Option<Ref> {
        self.is_nullable().then(|| Ref::null(self.heap_type()))
    }
}
