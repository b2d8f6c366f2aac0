//! One id for each function type in an engine: equal types have equal ids, so a check is one compare.

use crate::module::{
    EntityType, FunctionType, GlobalType, HeapType, ReferenceType, TableType, TypeIndex, ValueType,
};
use alloc::{sync::Arc, vec::Vec};
use core::fmt;
use hashbrown::HashMap;

/// The engine-wide id of a function type.
///
/// Two types of one engine are equal exactly if their ids are. An id stays taken as long as somebody
/// holds it ([`FuncType`](crate::FuncType), [`ModuleTypes`]), and may stand for another type later:
/// whoever stores a bare id keeps a holder beside it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(transparent)]
pub(crate) struct TypeId(u32);

impl TypeId {
    /// The id as a reference inside a *canonical* type: one whose [`HeapType::Concrete`] holds an
    /// engine-wide id instead of a module's type index.
    pub(crate) fn as_canonical_index(self) -> TypeIndex {
        TypeIndex::from_u32(self.0)
    }

    /// The id that a canonical type refers to.
    pub(crate) fn from_canonical_index(index: TypeIndex) -> Self {
        Self(index.as_u32())
    }
}

/// The function types of an engine that are in use.
#[derive(Default)]
pub(crate) struct TypeRegistry(spin::RwLock<Types>);

#[derive(Default)]
struct Types {
    /// By id. `None` where the id is free.
    entries: Vec<Option<Entry>>,
    ids: HashMap<Arc<FunctionType>, TypeId>,
    free: Vec<TypeId>,
}

struct Entry {
    ty: Arc<FunctionType>,
    holders: usize,
}

impl TypeRegistry {
    /// The id of a canonical type. The caller holds it until it calls [`release`](Self::release).
    pub(crate) fn register(&self, ty: FunctionType) -> (TypeId, Arc<FunctionType>) {
        let mut types = self.0.write();
        if let Some(&id) = types.ids.get(&ty) {
            let entry = types.entry(id);
            entry.holders += 1;
            return (id, entry.ty.clone());
        }
        // A type holds those it refers to.
        for id in referenced(&ty) {
            types.entry(id).holders += 1;
        }
        let ty = Arc::new(ty);
        let id = types.free.pop().unwrap_or_else(|| {
            types.entries.push(None);
            TypeId(types.entries.len() as u32 - 1)
        });
        types.entries[id.0 as usize] = Some(Entry {
            ty: ty.clone(),
            holders: 1,
        });
        types.ids.insert(ty.clone(), id);
        (id, ty)
    }

    /// The type behind an id that somebody holds, which the caller holds too from now on.
    pub(crate) fn hold(&self, id: TypeId) -> Arc<FunctionType> {
        let mut types = self.0.write();
        let entry = types.entry(id);
        entry.holders += 1;
        entry.ty.clone()
    }

    /// Ends one holding of an id.
    pub(crate) fn release(&self, id: TypeId) {
        let mut types = self.0.write();
        let mut unheld = Vec::from([id]);
        while let Some(id) = unheld.pop() {
            let entry = types.entry(id);
            entry.holders -= 1;
            if entry.holders == 0 {
                let ty = entry.ty.clone();
                types.ids.remove(&ty);
                types.entries[id.0 as usize] = None;
                types.free.push(id);
                unheld.extend(referenced(&ty));
            }
        }
    }
}

impl Types {
    fn entry(&mut self, id: TypeId) -> &mut Entry {
        let entry = self.entries[id.0 as usize].as_mut();
        entry.expect("a held id has an entry")
    }
}

impl fmt::Debug for TypeRegistry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypeRegistry").finish_non_exhaustive()
    }
}

/// The ids that a canonical type refers to.
fn referenced(ty: &FunctionType) -> impl Iterator<Item = TypeId> + '_ {
    ty.params
        .iter()
        .chain(&ty.results)
        .filter_map(|ty| match ty {
            ValueType::Ref(ReferenceType {
                heap: HeapType::Concrete(index),
                ..
            }) => Some(TypeId::from_canonical_index(*index)),
            _ => None,
        })
}

/// The ids of a module's types, held as long as this lives.
#[derive(Debug)]
pub(crate) struct ModuleTypes {
    engine: crate::Engine,
    ids: Vec<TypeId>,
}

impl ModuleTypes {
    /// Registers the types of a module in the order of its type section.
    pub(crate) fn new<'a>(
        engine: &crate::Engine,
        types: impl ExactSizeIterator<Item = &'a FunctionType>,
    ) -> Self {
        let mut this = Self {
            engine: engine.clone(),
            ids: Vec::with_capacity(types.len()),
        };
        for ty in types {
            let canonical = FunctionType {
                params: ty.params.iter().map(|ty| this.value(*ty)).collect(),
                results: ty.results.iter().map(|ty| this.value(*ty)).collect(),
            };
            this.ids.push(engine.types().register(canonical).0);
        }
        this
    }

    /// The ids by [`TypeIndex`].
    pub(crate) fn ids(&self) -> &[TypeId] {
        &self.ids
    }

    /// The id of one of the module's types.
    pub(crate) fn id(&self, index: TypeIndex) -> TypeId {
        self.ids[index.as_u32() as usize]
    }

    /// The canonical form of a value type of the module.
    pub(crate) fn value(&self, ty: ValueType) -> ValueType {
        match ty {
            ValueType::Ref(ty) => ValueType::Ref(self.reference(ty)),
            number => number,
        }
    }

    /// The canonical form of the type of one of the module's items.
    pub(crate) fn entity(&self, ty: EntityType) -> EntityType {
        match ty {
            EntityType::Function(index) => {
                EntityType::Function(self.id(index).as_canonical_index())
            }
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
        let heap = match ty.heap {
            HeapType::Concrete(index) => HeapType::Concrete(self.id(index).as_canonical_index()),
            other => other,
        };
        ReferenceType { heap, ..ty }
    }
}

impl Drop for ModuleTypes {
    fn drop(&mut self) {
        for id in core::mem::take(&mut self.ids) {
            self.engine.types().release(id);
        }
    }
}
