//! The types of an engine: equal types have equal ids, so that a check is one compare.

use super::displays::{Current, Displays};
use crate::abi::TypeId;
#[cfg(any(feature = "gc", feature = "exceptions"))]
use crate::abi::gc::Kind;
use crate::error::bounded::{bail, ensure};
use crate::error::{Context as _, Result};
use crate::map::Map;
use crate::module::{SubType, TypeIndex};
use crate::oom::{self, Room, Watch};
use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::borrow::Borrow;
use core::fmt;
use core::sync::atomic::{AtomicPtr, AtomicU32};

/// Marks an index in the key of a recursion group as one into the group itself. Ids are smaller: each
/// takes more than two bytes.
const IN_GROUP: u32 = 1 << 31;

/// How many types there may be above a type (as the validator has it).
const MAX_DEPTH: usize = 63;

impl TypeId {
    /// The id as a reference inside a *canonical* type: one that names other types by engine-wide ids
    /// instead of a module's type indices.
    pub(crate) fn as_canonical_index(self) -> TypeIndex {
        TypeIndex::from_u32(self.as_u32())
    }

    /// The id that a canonical type refers to.
    pub(crate) fn from_canonical_index(index: TypeIndex) -> Self {
        Self::from_u32(index.as_u32())
    }

    fn index(self) -> usize {
        self.as_u32() as usize
    }
}

/// The types of an engine that are in use.
#[derive(Default)]
pub(crate) struct TypeRegistry {
    /// Locked while one recursion group is made known or forgotten: as a whole, since it has its ids together or none.
    /// That takes some 1,000 instructions for each type and 80 for each field, parameter or result: of what
    /// [`rec_group_types`](crate::ModuleLimits::rec_group_types) and [`fields`](crate::ModuleLimits::fields) admit, and no
    /// more than fit in the module. Generated code and the trap hook never wait for it; builtins may.
    types: spin::RwLock<Types>,
    displays: Current,
}

#[derive(Default)]
struct Types {
    /// By id. `None` where the id is free, and for 0, which is none.
    entries: Vec<Option<Entry>>,
    /// Has room for all ids.
    free: Vec<TypeId>,
    displays: Displays,
    groups: Map<Key, Group>,
}

struct Entry {
    /// Canonical.
    ty: Arc<SubType>,
    /// The types above it, from the top, and itself.
    chain: Box<[TypeId]>,
    /// The key of its group.
    group: Key,
}

/// The types of a recursion group, as they name each other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key(Arc<Vec<SubType>>);

impl Borrow<[SubType]> for Key {
    fn borrow(&self) -> &[SubType] {
        &self.0
    }
}

struct Group {
    ids: Arc<Vec<TypeId>>,
    holders: usize,
    /// The next one of those that nobody holds any more, by one of its ids.
    next: Option<TypeId>,
}

impl TypeRegistry {
    /// The ids of a recursion group. The caller holds them until it [releases](Self::release) one.
    ///
    /// The types name each other by [`in_group`], and others by canonical indices that somebody holds.
    ///
    /// # Errors
    /// A type can't have the supertype that it says, or memory is exhausted.
    pub(crate) fn register(&self, group: Vec<SubType>, watch: Watch) -> Result<Arc<Vec<TypeId>>> {
        let mut types = self.types.write();
        if let Some(known) = types.groups.get_mut(&*group) {
            known.holders += 1;
            return Ok(known.ids.clone());
        }
        types.add(group, &self.displays, watch)
    }

    /// The type behind an id that somebody holds, which the caller holds too from now on.
    pub(crate) fn hold(&self, id: TypeId) -> Arc<SubType> {
        let mut types = self.types.write();
        types.hold(id);
        types.entry(id).ty.clone()
    }

    /// Whether there is a type with this id, of which objects of this kind are.
    #[cfg(any(feature = "gc", feature = "exceptions"))]
    pub(crate) fn has(&self, kind: Kind, id: u32) -> bool {
        let types = self.types.read();
        let entry = types.entries.get(id as usize).and_then(Option::as_ref);
        entry.is_some_and(|entry| match kind {
            Kind::Struct => entry.ty.composite.as_struct().is_some(),
            Kind::Array => entry.ty.composite.as_array().is_some(),
            Kind::Exception => entry.ty.composite.as_func().is_some(),
        })
    }

    /// The type with this id, if there is one.
    #[cfg(any(feature = "gc", feature = "exceptions"))]
    pub(crate) fn find(&self, id: u32) -> Option<Arc<SubType>> {
        let types = self.types.read();
        Some(types.entries.get(id as usize)?.as_ref()?.ty.clone())
    }

    /// Ends one holding of a group, by the id of one of its types. Nothing is allocated for that.
    pub(crate) fn release(&self, id: TypeId) {
        let mut types = self.types.write();
        let mut unheld = types.let_go(id, None);
        while let Some(id) = unheld {
            let key = types.entry(id).group.clone();
            unheld = types.remove(&key);
            for id in outside(&key.0) {
                unheld = types.let_go(id, unheld);
            }
        }
    }

    /// Whether `sub` is `sup` or below it. An id that nobody holds is below no other: it may come from the
    /// header of an object, which is not trusted.
    pub(crate) fn is_subtype(&self, sub: TypeId, sup: TypeId) -> bool {
        sub == sup || self.types.read().is_subtype(sub, sup)
    }

    /// As [`is_subtype`](Self::is_subtype), of indices in canonical types.
    pub(crate) fn is_canonical_subtype(&self, sub: TypeIndex, sup: TypeIndex) -> bool {
        self.is_subtype(
            TypeId::from_u32(sub.as_u32()),
            TypeId::from_u32(sup.as_u32()),
        )
    }

    /// Where generated code finds the [displays](crate::abi::displays) of the types.
    pub(crate) fn displays(&self) -> *const AtomicPtr<AtomicU32> {
        self.displays.pointer()
    }

    /// The first thing that is found for a held type or one above it, from the type itself to the top.
    pub(crate) fn find_up<R>(
        &self,
        id: TypeId,
        find: impl FnMut(&TypeId) -> Option<R>,
    ) -> Option<R> {
        self.types
            .read()
            .entry(id)
            .chain
            .iter()
            .rev()
            .find_map(find)
    }
}

impl Types {
    fn entry(&self, id: TypeId) -> &Entry {
        let entry = self.entries.get(id.index()).and_then(Option::as_ref);
        entry.expect("a held id has an entry")
    }

    fn hold(&mut self, id: TypeId) {
        let key = &self.entries[id.index()].as_ref();
        let key = &key.expect("a held id has an entry").group;
        let group = self.groups.get_mut(key);
        group.expect("the group of a held id is known").holders += 1;
    }

    fn is_subtype(&self, sub: TypeId, sup: TypeId) -> bool {
        let chain = |id: TypeId| Some(&*self.entries.get(id.index())?.as_ref()?.chain);
        let (Some(sub), Some(above)) = (chain(sub), chain(sup)) else {
            return false;
        };
        sub.get(above.len() - 1) == Some(&sup)
    }

    /// Ends one holding of a group. If it was the last, the group is put in front of those that nobody holds.
    fn let_go(&mut self, id: TypeId, unheld: Option<TypeId>) -> Option<TypeId> {
        let entry = self.entries[id.index()].as_ref();
        let key = &entry.expect("a held id has an entry").group;
        let group = self.groups.get_mut(key);
        let group = group.expect("the group of a held id is known");
        group.holders -= 1;
        if group.holders > 0 {
            return unheld;
        }
        group.next = unheld;
        Some(id)
    }

    fn add(
        &mut self,
        key: Vec<SubType>,
        displays: &Current,
        watch: Watch,
    ) -> Result<Arc<Vec<TypeId>>> {
        let watch = watch.part();
        self.entries.room(key.len() + 1, watch)?;
        let most = self.entries.len() + key.len() + 1;
        self.free.room(most - self.free.len(), watch)?;
        self.groups.room(1, watch)?;
        if key.iter().any(has_display) {
            self.displays.room(displays, most, watch)?;
        }
        let mut ids = oom::vec(key.len())?;
        let key = Key(Arc::new(key));
        if self.entries.is_empty() {
            self.entries.push(None);
        }
        for _ in &*key.0 {
            ids.push(self.free.pop().unwrap_or_else(|| {
                self.entries.push(None);
                TypeId::from_u32(self.entries.len() as u32 - 1)
            }));
        }
        let ids = Arc::new(ids);
        let group = Group {
            ids: ids.clone(),
            holders: 1,
            next: None,
        };
        self.groups.insert(key.clone(), group);
        if let Err(error) = self.resolve(&key, &ids, watch) {
            self.remove(&key);
            return Err(error);
        }
        // A group holds those that it refers to.
        for id in outside(&key.0) {
            self.hold(id);
        }
        for &id in ids.iter() {
            let entry = self.entries[id.index()].as_ref();
            let entry = entry.expect("a new id has an entry");
            if has_display(&entry.ty) {
                self.displays.set(id, &entry.chain);
            }
        }
        Ok(ids)
    }

    /// Makes the entries of a group.
    fn resolve(&mut self, key: &Key, ids: &[TypeId], watch: Watch) -> Result<()> {
        let to_id = |index: TypeIndex| match index.as_u32() {
            i if i & IN_GROUP != 0 => ids[(i & !IN_GROUP) as usize],
            id => TypeId::from_u32(id),
        };
        for (id, ty) in ids.iter().zip(&*key.0) {
            let chain = match ty.supertype.map(to_id) {
                Some(sup) => {
                    let above = self.entries.get(sup.index()).and_then(Option::as_ref);
                    let above = &above.context("a type comes before its supertype")?.chain;
                    ensure!(
                        above.len() <= MAX_DEPTH,
                        "a type has more than {MAX_DEPTH} types above it"
                    );
                    above.iter().chain([id]).copied().collect()
                }
                None => [*id].into(),
            };
            let ty = ty.map(|index| to_id(index).as_canonical_index())?;
            self.entries[id.index()] = Some(Entry {
                ty: Arc::new(ty),
                chain,
                group: key.clone(),
            });
            watch.check()?;
        }
        // All chains are known now.
        for id in ids {
            let ty = &self.entry(*id).ty;
            let Some(sup) = ty.supertype else { continue };
            let sup = &self.entry(TypeId::from_canonical_index(sup)).ty;
            if sup.is_final {
                bail!("a type has a final supertype");
            }
            let is_subtype = |a: TypeIndex, b: TypeIndex| {
                self.is_subtype(
                    TypeId::from_canonical_index(a),
                    TypeId::from_canonical_index(b),
                )
            };
            ensure!(
                ty.composite.is_subtype(&sup.composite, is_subtype),
                "a type does not match its supertype"
            );
        }
        Ok(())
    }

    /// Removes a group that nobody holds, and returns the next one.
    fn remove(&mut self, key: &Key) -> Option<TypeId> {
        let group = self.groups.remove(key).expect("the group is known");
        for id in group.ids.iter() {
            self.entries[id.index()] = None;
            self.displays.clear(*id);
            self.free.push(*id);
        }
        group.next
    }
}

impl fmt::Debug for TypeRegistry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypeRegistry").finish_non_exhaustive()
    }
}

/// Whether generated code looks the type up.
fn has_display(ty: &SubType) -> bool {
    !ty.is_final || ty.supertype.is_some()
}

/// How the types of a recursion group name the type at place `i` of the group itself.
pub(super) fn in_group(i: u32) -> TypeIndex {
    TypeIndex::from_u32(i | IN_GROUP)
}

/// The ids that a group refers to outside of itself.
fn outside(key: &[SubType]) -> impl Iterator<Item = TypeId> + '_ {
    let names = key.iter().flat_map(SubType::names);
    names
        .map(TypeId::from_canonical_index)
        .filter(|id| id.as_u32() & IN_GROUP == 0)
}

#[cfg(test)]
mod tests;
