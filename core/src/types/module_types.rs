//! The types of a module, in its engine.

use super::registry::in_group;
use crate::Engine;
use crate::abi::TypeId;
use crate::error::Result;
use crate::module::{
    EntityType, GlobalType, ModuleInfo, ReferenceType, TableType, TypeIndex, ValueType,
};
use crate::oom::{self, Watch};
use alloc::vec::Vec;

/// The ids of a module's types, held as long as this lives.
#[derive(Debug)]
pub(crate) struct ModuleTypes {
    engine: Engine,
    ids: Vec<TypeId>,
    /// The first id of each recursion group that is not empty.
    groups: Vec<TypeId>,
}

impl ModuleTypes {
    /// Registers the types of a module, which have been checked as to their indices.
    ///
    /// # Errors
    /// A type can't have the supertype that it says: an image lies.
    pub(crate) fn new(engine: &Engine, info: &ModuleInfo) -> Result<Self> {
        let watch = Watch::now();
        let mut this = Self {
            engine: engine.clone(),
            ids: oom::vec(info.types.len())?,
            groups: oom::vec(info.rec_groups.len())?,
        };
        let mut types = info.types.values();
        for size in info.rec_groups.iter().filter(|size| **size > 0) {
            let start = this.ids.len() as u32;
            let to_key = |index: TypeIndex| match index.as_u32().checked_sub(start) {
                Some(i) => in_group(i),
                None => this.id(index).as_canonical_index(),
            };
            let mut group = oom::vec(*size as usize)?;
            for ty in types.by_ref().take(*size as usize) {
                group.push(ty.map(to_key)?);
                watch.check()?;
            }
            let ids = engine.types().register(group, watch)?;
            this.groups.push(ids[0]);
            this.ids.extend_from_slice(&ids);
        }
        Ok(this)
    }

    /// The ids by [`TypeIndex`].
    pub(crate) fn ids(&self) -> &[TypeId] {
        &self.ids
    }

    /// The id of one of the module's types.
    pub(crate) fn id(&self, index: TypeIndex) -> TypeId {
        self.ids[index.as_u32() as usize]
    }

    fn canonical(&self, index: TypeIndex) -> TypeIndex {
        self.id(index).as_canonical_index()
    }

    /// The canonical form of a value type of the module.
    pub(crate) fn value(&self, ty: ValueType) -> ValueType {
        ty.map(|index| self.canonical(index))
    }

    /// The canonical form of the type of one of the module's items.
    pub(crate) fn entity(&self, ty: EntityType) -> EntityType {
        match ty {
            EntityType::Function(index) => EntityType::Function(self.canonical(index)),
            EntityType::Tag(index) => EntityType::Tag(self.canonical(index)),
            EntityType::Table(ty) => EntityType::Table(TableType {
                element: self.reference(ty.element),
                ..ty
            }),
            EntityType::Global(ty) => EntityType::Global(GlobalType {
                content: self.value(ty.content),
                ..ty
            }),
            EntityType::Memory(ty) => EntityType::Memory(ty),
        }
    }

    /// The canonical form of a reference type of the module.
    pub(crate) fn reference(&self, ty: ReferenceType) -> ReferenceType {
        ty.map(|index| self.canonical(index))
    }
}

impl Drop for ModuleTypes {
    fn drop(&mut self) {
        for id in core::mem::take(&mut self.groups) {
            self.engine.types().release(id);
        }
    }
}
