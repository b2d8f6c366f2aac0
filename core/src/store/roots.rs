//! The references that the host holds: in scopes, last in first out, or as long as somebody owns them.
#![forbid(unsafe_code)]

use super::{StoreId, StoreOpaque};
use crate::abi::gc::ALIGN;
use crate::error::bounded::format_err;
use crate::error::{Error, OutOfMemory, Result};
use crate::map::Map;
use crate::oom::{Room as _, Watch};
use crate::store::OfStore as _;
use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;

/// What marks an index of an owned root. Indices are below it, by one at least: see [`LOST`].
const OWNED: u32 = 1 << 31;
/// The index of a root that there was no room for.
const LOST: u32 = u32::MAX;

/// What a handle of a rooted reference holds.
///
/// Generations have 64 bits: a store that leaves a scope in each nanosecond goes through them in 584 years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[doc(hidden)]
pub struct RootIndex {
    pub(crate) store: StoreId,
    generation: u64,
    index: u32,
}

impl RootIndex {
    /// A root that there was no room for.
    #[cold]
    fn lost(store: StoreId) -> Self {
        Self {
            store,
            generation: 0,
            index: LOST,
        }
    }

    /// Whether there was no room for it: it refers to nothing.
    pub(crate) fn is_lost(self) -> bool {
        self.index == LOST
    }
}

impl StoreOpaque {
    /// The reference behind a root.
    ///
    /// # Errors
    /// Its scope has been left, or there was no room for it.
    ///
    /// # Panics
    /// If the root is another store's.
    #[inline]
    #[track_caller]
    pub(crate) fn reference(&self, root: RootIndex) -> Result<u32> {
        root.store.assert_store(self);
        self.roots.get(root).ok_or_else(|| unrooted(root))
    }

    /// A reference as a number for the host.
    ///
    /// # Errors
    /// Memory is exhausted.
    pub(crate) fn tell(&mut self, reference: u32) -> Result<u32> {
        // Other references are numbers, or are looked up.
        if reference != 0 && reference.is_multiple_of(ALIGN) {
            self.roots.tell(reference)?;
        }
        Ok(reference)
    }
}

#[cold]
fn unrooted(root: RootIndex) -> Error {
    match root.is_lost() {
        true => OutOfMemory::new(0).into(),
        false => format_err!("attempted to use a garbage-collected object that has been unrooted"),
    }
}

/// The roots of a store.
#[derive(Default)]
pub(crate) struct RootSet {
    scoped: Vec<Scoped>,
    /// Grows when a scope is left, so that what was rooted in it is not taken for what comes after.
    generation: u64,
    owned: Vec<Owned>,
    /// How many there have been.
    owned_generation: u64,
    /// Free places among `owned`; has room for all.
    free: Vec<u32>,
    /// With this many owned roots, dead ones are looked for.
    trim_at: usize,
    /// The objects of which the host was told the number since the last collection. They are all that it can have a
    /// number of; other numbers, whatever lies in the heap there, are not believed.
    told: Map<u32, ()>,
}

#[derive(Debug)]
struct Scoped {
    generation: u64,
    reference: u32,
}

#[derive(Debug)]
struct Owned {
    /// Dead when all owners are gone; empty where the place is free.
    owners: Weak<()>,
    reference: u32,
    /// No two roots that took the same place have the same; [`FREE`] where the place is free.
    generation: u64,
}

/// The generation of no owned root: they start at 1.
const FREE: u64 = 0;

impl RootSet {
    /// Roots a reference until the innermost scope is left. Where there is no room, the root is
    /// [lost](RootIndex::is_lost).
    ///
    /// # Panics
    /// There are 2^31 roots already.
    #[inline]
    pub(crate) fn push(&mut self, store: StoreId, reference: u32) -> RootIndex {
        let index = u32::try_from(self.scoped.len()).ok();
        let index = index.filter(|index| *index < OWNED - 1);
        let generation = self.generation;
        if self.scoped.len() == self.scoped.capacity() && self.reserve(1).is_err() {
            return RootIndex::lost(store);
        }
        self.scoped.push(Scoped {
            generation,
            reference,
        });
        RootIndex {
            store,
            generation,
            index: index.expect("fewer than 2^31 roots in scopes"),
        }
    }

    /// Enters a scope.
    #[inline]
    pub(crate) fn enter(&self) -> usize {
        self.scoped.len()
    }

    /// Leaves a scope: forgets what was rooted since it was entered.
    #[inline]
    pub(crate) fn leave(&mut self, scope: usize) {
        if self.scoped.len() > scope {
            self.scoped.truncate(scope);
            self.generation += 1;
        }
    }

    /// Makes sure that the next `additional` calls of [`push`](Self::push) allocate nothing.
    pub(crate) fn room(&mut self, additional: usize) -> Result<(), OutOfMemory> {
        self.scoped.room(additional, Watch::now())
    }

    /// Makes sure that [`own`](Self::own) allocates nothing but the owner.
    pub(crate) fn room_for_owned(&mut self) -> Result<(), OutOfMemory> {
        self.owned.room(1, Watch::now())?;
        let places = self.owned.len() + 1;
        self.free.room(places - self.free.len(), Watch::now())
    }

    /// Makes room for `additional` references in scopes, in the reserve if need be.
    #[cold]
    pub(crate) fn reserve(&mut self, additional: usize) -> Result<(), OutOfMemory> {
        self.scoped.room(additional, Watch::OFF)
    }

    /// The reference behind a root of this store; `None` if its scope has been left, or if its owners are gone.
    ///
    /// `StoreOpaque::reference` is the one that asks: it has made sure of the store.
    #[inline]
    fn get(&self, root: RootIndex) -> Option<u32> {
        if root.index & OWNED != 0 {
            let owned = self.owned.get((root.index & !OWNED) as usize)?;
            return (owned.generation == root.generation).then_some(owned.reference);
        }
        let scoped = self.scoped.get(root.index as usize)?;
        (scoped.generation == root.generation).then_some(scoped.reference)
    }

    /// Roots a reference as long as the owner lives that comes with the root. Where there is no room, the root is
    /// [lost](RootIndex::is_lost).
    ///
    /// # Panics
    /// There are 2^31 roots already.
    pub(crate) fn own(&mut self, store: StoreId, reference: u32) -> (RootIndex, Arc<()>) {
        if self.free.is_empty() && self.owned.len() >= self.trim_at {
            self.trim();
        }
        let owner = Arc::new(());
        let places = self.owned.len() + 1;
        if self.free.is_empty()
            && (self.owned.room(1, Watch::OFF).is_err()
                // Each place may become free, in a collection that trims, and that allocates nothing.
                || self.free.room(places, Watch::OFF).is_err())
        {
            return (RootIndex::lost(store), owner);
        }
        self.owned_generation += 1;
        let generation = self.owned_generation;
        let owned = Owned {
            owners: Arc::downgrade(&owner),
            reference,
            generation,
        };
        let index = match self.free.pop() {
            Some(index) => {
                self.owned[index as usize] = owned;
                index
            }
            None => {
                self.owned.push(owned);
                let index = u32::try_from(self.owned.len() - 1).ok();
                index
                    .filter(|index| *index < OWNED - 1)
                    .expect("fewer than 2^31 owned roots")
            }
        };
        let root = RootIndex {
            store,
            generation,
            index: index | OWNED,
        };
        (root, owner)
    }

    /// The host is told the number of an object.
    ///
    /// # Errors
    /// Memory is exhausted.
    pub(crate) fn tell(&mut self, object: u32) -> Result<(), OutOfMemory> {
        if self.told.get(&object).is_none() {
            self.told.room(1, Watch::now())?;
            self.told.insert(object, ());
        }
        Ok(())
    }

    /// Whether the host was told this number of an object, which still has it.
    pub(crate) fn was_told(&self, object: u32) -> bool {
        self.told.get(&object).is_some()
    }

    /// Forgets owned roots whose owners are gone.
    fn trim(&mut self) {
        self.free.clear();
        for (index, owned) in self.owned.iter_mut().enumerate() {
            if owned.owners.strong_count() == 0 {
                owned.owners = Weak::new();
                owned.reference = 0;
                // A copy of the root may live on: `AnyRef::as_struct` makes one.
                owned.generation = FREE;
                self.free.push(index as u32);
            }
        }
        let alive = self.owned.len() - self.free.len();
        self.trim_at = (alive * 2).max(64);
    }

    /// Visits all references, without those whose owners are gone: they are about to change, and objects get other
    /// numbers.
    #[cfg(any(feature = "gc", feature = "exceptions"))]
    pub(crate) fn trace<E>(
        &mut self,
        visit: &mut dyn FnMut(&mut u32) -> Result<(), E>,
    ) -> Result<(), E> {
        self.trim();
        self.told = Map::default();
        for scoped in &mut self.scoped {
            visit(&mut scoped.reference)?;
        }
        for owned in &mut self.owned {
            visit(&mut owned.reference)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::num::NonZeroU64;

    fn store() -> StoreId {
        StoreId::from_number(NonZeroU64::MIN)
    }

    #[test]
    fn a_root_ends_with_its_scope() {
        let mut roots = RootSet::default();
        let outer = roots.push(store(), 8);
        let scope = roots.enter();
        let inner = roots.push(store(), 16);
        assert_eq!((roots.get(outer), roots.get(inner)), (Some(8), Some(16)));
        roots.leave(scope);
        assert_eq!((roots.get(outer), roots.get(inner)), (Some(8), None));
        // What takes its place is not what it was.
        let other = roots.push(store(), 24);
        assert_eq!((roots.get(inner), roots.get(other)), (None, Some(24)));
    }

    #[test]
    fn generations_do_not_come_round() {
        let mut roots = RootSet::default();
        let leave_one = |roots: &mut RootSet| {
            let scope = roots.enter();
            let root = roots.push(store(), 8);
            roots.leave(scope);
            root
        };
        let stale = leave_one(&mut roots);
        // As after 2^32 - 1 more scopes.
        roots.generation += (1 << 32) - 2;
        leave_one(&mut roots);
        let here = roots.push(store(), 16);
        assert_eq!(
            (stale.index, stale.generation as u32),
            (here.index, here.generation as u32)
        );
        assert_eq!((roots.get(stale), roots.get(here)), (None, Some(16)));

        let stale = roots.own(store(), 24).0;
        roots.trim();
        roots.owned_generation += (1 << 32) - 1;
        let here = roots.own(store(), 32);
        assert_eq!(
            (stale.index, stale.generation as u32),
            (here.0.index, here.0.generation as u32)
        );
        assert_eq!((roots.get(stale), roots.get(here.0)), (None, Some(32)));
    }

    #[test]
    fn a_copy_of_an_owned_root_ends_with_its_owners() {
        let mut roots = RootSet::default();
        let (root, owner) = roots.own(store(), 8);
        drop(owner);
        roots.trim();
        assert_eq!(roots.get(root), None);
    }

    #[cfg(any(feature = "gc", feature = "exceptions"))]
    #[test]
    fn an_owned_root_lasts_as_long_as_its_owners() {
        let mut roots = RootSet::default();
        let seen = |roots: &mut RootSet| {
            let mut seen = Vec::new();
            let mut visit = |reference: &mut u32| {
                seen.push(*reference);
                *reference += 1;
                Ok::<_, ()>(())
            };
            roots.trace(&mut visit).unwrap();
            seen.retain(|reference| *reference > 1);
            seen
        };
        let scope = roots.enter();
        let (root, owner) = roots.own(store(), 8);
        let second = owner.clone();
        roots.leave(scope);
        drop(owner);
        assert_eq!(seen(&mut roots), [8]);
        assert_eq!(roots.get(root), Some(9));
        drop(second);
        assert_eq!(seen(&mut roots), []);
    }

    #[test]
    fn places_of_dead_roots_are_used_again() {
        let mut roots = RootSet::default();
        let kept = roots.own(store(), 8);
        for _ in 0..10_000 {
            roots.own(store(), 16);
        }
        assert!(roots.owned.len() < 200, "{}", roots.owned.len());
        assert_eq!(roots.get(kept.0), Some(8));
    }
}
