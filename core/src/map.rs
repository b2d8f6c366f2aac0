//! A map in the order of its keys. It is small: all of it that does not depend on the types of keys and values is
//! compiled once.
//!
//! Guests choose keys, and there may be nothing on a machine that they can't know beforehand: so nothing is
//! hashed, and a look-up takes steps in proportion to the logarithm of how many keys there are, whichever these are.
//!
//! Entries lie in a vector, and beside each the node of a balanced tree (Andersson, "Balanced search trees made
//! simple"): a node's *level* is one above its left child's; its right child may have the same, but not the
//! right child of that.

use crate::error::Result;
use crate::interrupt::Pieces;
use crate::oom::{OutOfMemory, Room, Watch};
use alloc::vec::Vec;
use core::borrow::Borrow;
use core::cmp::Ordering;

/// A map in the order of its keys.
#[derive(Clone)]
pub(crate) struct Map<K, V> {
    entries: Vec<(K, V)>,
    tree: Tree,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            tree: Tree::default(),
        }
    }
}

impl<K: Ord, V> Map<K, V> {
    /// The values, with their keys, in no particular order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(K, V)> {
        self.entries.iter()
    }

    fn place(&self, mut order: impl FnMut(&K) -> Ordering) -> Option<usize> {
        let place = self
            .tree
            .find(&mut |at| order(&self.entries[at as usize].0))?;
        Some(place as usize)
    }

    /// The value of the key that `order` says: how the one that is looked for compares to another.
    pub(crate) fn get_by(&self, order: impl FnMut(&K) -> Ordering) -> Option<&V> {
        Some(&self.entries[self.place(order)?].1)
    }

    /// The value of a key.
    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.get_by(|other| key.cmp(other.borrow()))
    }

    /// As [`get`](Self::get), to change it.
    pub(crate) fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(|other| key.cmp(other.borrow()))?;
        Some(&mut self.entries[place].1)
    }

    /// Sets the value of a key. Where memory may run out, and that is a new one, [`room`](Room::room) was made for it.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        match self.get_mut(&key) {
            Some(old) => *old = value,
            None => {
                let entries = &self.entries;
                self.tree.insert(&mut |at| key.cmp(&entries[at as usize].0));
                self.entries.push((key, value));
            }
        }
    }

    /// Removes a key, and returns its value.
    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let place = self.place(|other| key.cmp(other))?;
        let entries = &self.entries;
        let free = self.tree.remove(&mut |at| key.cmp(&entries[at as usize].0));
        // The entry of the node that is gone gets the place of the key's, and the last one its own.
        self.entries.swap(place, free as usize);
        let entries = &self.entries;
        let last = &entries.last()?.0;
        self.tree
            .move_last(free, &mut |at| last.cmp(&entries[at as usize].0));
        Some(self.entries.swap_remove(free as usize).1)
    }
}

impl<K, V> Map<K, V> {
    /// # Errors
    /// There are no numbers for `additional` entries.
    fn check_room(&self, additional: usize) -> Result<(), OutOfMemory> {
        let all = self.entries.len().saturating_add(additional);
        match all >= NONE as usize {
            true => Err(OutOfMemory::new(all.saturating_mul(size_of::<Node>()))),
            false => Ok(()),
        }
    }
}

impl<K: Copy, V: Copy> Map<K, V> {
    /// As [`room`](Room::room), in pieces.
    ///
    /// # Errors
    /// As for [`room`](Room::room); the store is to stop.
    pub(crate) fn room_in(
        &mut self,
        pieces: Pieces,
        additional: usize,
        watch: Watch,
    ) -> Result<()> {
        self.check_room(additional)?;
        pieces.room(&mut self.entries, additional, watch)?;
        pieces.room(&mut self.tree.nodes, additional, watch)
    }
}

impl<K, V> Room for Map<K, V> {
    fn room(&mut self, additional: usize, watch: Watch) -> Result<(), OutOfMemory> {
        self.check_room(additional)?;
        self.entries.room(additional, watch)?;
        self.tree.nodes.room(additional, watch)
    }
}

/// How a key that is looked for compares to that of a node.
type Order<'a> = dyn FnMut(u32) -> Ordering + 'a;

/// No node.
const NONE: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Node {
    left: u32,
    right: u32,
    /// 1 for a leaf.
    level: u32,
}

/// The nodes of all entries, each at the place of its entry.
#[derive(Clone)]
struct Tree {
    nodes: Vec<Node>,
    root: u32,
}

impl Default for Tree {
    fn default() -> Self {
        Self {
            nodes: Vec::new(),
            root: NONE,
        }
    }
}

impl Tree {
    fn node(&mut self, at: u32) -> &mut Node {
        &mut self.nodes[at as usize]
    }

    /// 0 for none.
    fn level(&self, at: u32) -> u32 {
        self.nodes.get(at as usize).map_or(0, |node| node.level)
    }

    #[inline(never)]
    fn find(&self, order: &mut Order<'_>) -> Option<u32> {
        let mut at = self.root;
        loop {
            let node = self.nodes.get(at as usize)?;
            at = match order(at) {
                Ordering::Less => node.left,
                Ordering::Equal => return Some(at),
                Ordering::Greater => node.right,
            };
        }
    }

    /// Adds a node, the last, whose key is not there yet.
    #[inline(never)]
    fn insert(&mut self, order: &mut Order<'_>) {
        let new = self.nodes.len() as u32;
        self.nodes.push(Node {
            left: NONE,
            right: NONE,
            level: 1,
        });
        self.root = self.insert_below(self.root, new, order);
    }

    fn insert_below(&mut self, at: u32, new: u32, order: &mut Order<'_>) -> u32 {
        let Some(&Node { left, right, .. }) = self.nodes.get(at as usize) else {
            return new;
        };
        match order(at) {
            Ordering::Less => self.node(at).left = self.insert_below(left, new, order),
            _ => self.node(at).right = self.insert_below(right, new, order),
        }
        let at = self.skew(at);
        self.split(at)
    }

    /// Takes a node out of the tree, not out of the vector: that of a key which is there, or the next one, whose entry is
    /// then to be at the place of the key's. Returns it.
    #[inline(never)]
    fn remove(&mut self, order: &mut Order<'_>) -> u32 {
        let mut removed = NONE;
        self.root = self.remove_below(self.root, order, &mut removed);
        removed
    }

    fn remove_below(&mut self, at: u32, order: &mut Order<'_>, removed: &mut u32) -> u32 {
        let Node { left, right, .. } = *self.node(at);
        let is_left = order(at).is_lt();
        let child = if is_left { left } else { right };
        if child == NONE {
            // The last on the way, behind the key or the key's own: it has a right child at most.
            *removed = at;
            return right;
        }
        let child = self.remove_below(child, order, removed);
        let node = self.node(at);
        *(if is_left {
            &mut node.left
        } else {
            &mut node.right
        }) = child;
        self.lower(at)
    }

    /// Makes a node right that one below was taken from.
    fn lower(&mut self, at: u32) -> u32 {
        let Node { left, right, level } = *self.node(at);
        let lower = self.level(left).min(self.level(right)) + 1;
        if lower < level {
            self.node(at).level = lower;
            if lower < self.level(right) {
                self.node(right).level = lower;
            }
        }
        let at = self.skew(at);
        self.change_right(at, Self::skew);
        self.change_right(self.nodes[at as usize].right, Self::skew);
        let at = self.split(at);
        self.change_right(at, Self::split);
        at
    }

    /// Changes the right child of a node, if both are there.
    fn change_right(&mut self, at: u32, change: fn(&mut Self, u32) -> u32) {
        let right = self.nodes.get(at as usize).map_or(NONE, |n| n.right);
        if right != NONE {
            self.node(at).right = change(self, right);
        }
    }

    /// A left child on the same level goes to the top.
    fn skew(&mut self, at: u32) -> u32 {
        let Node { left, level, .. } = *self.node(at);
        if self.level(left) != level {
            return at;
        }
        self.node(at).left = self.node(left).right;
        self.node(left).right = at;
        left
    }

    /// Of three on the same level, the second goes to the top, one level up.
    fn split(&mut self, at: u32) -> u32 {
        let Node { right, level, .. } = *self.node(at);
        let last = self.nodes.get(right as usize).map_or(NONE, |n| n.right);
        if self.level(last) != level {
            return at;
        }
        self.node(at).right = self.node(right).left;
        let top = self.node(right);
        (top.left, top.level) = (at, level + 1);
        right
    }

    /// Gives the last node, which `order` finds unless it is the one that was removed, this place.
    #[inline(never)]
    fn move_last(&mut self, place: u32, order: &mut Order<'_>) {
        let last = self.nodes.len() as u32 - 1;
        if place != last {
            let (mut parent, mut at, mut is_left) = (NONE, self.root, false);
            while at != last {
                is_left = order(at).is_lt();
                let node = *self.node(at);
                (parent, at) = (at, if is_left { node.left } else { node.right });
            }
            let link = match self.nodes.get_mut(parent as usize) {
                None => &mut self.root,
                Some(parent) if is_left => &mut parent.left,
                Some(parent) => &mut parent.right,
            };
            *link = place;
        }
        self.nodes.swap_remove(place as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeMap;
    use core::cell::Cell;

    fn mix(word: u64) -> u64 {
        let product = u128::from(word) * 0x9e37_79b9_7f4a_7c15;
        (product as u64 ^ (product >> 64) as u64).wrapping_add(0x9e37_79b9)
    }

    /// The level of a tree all of whose nodes are as they must be.
    fn checked_level(tree: &Tree, at: u32) -> u32 {
        let Some(&Node { left, right, level }) = tree.nodes.get(at as usize) else {
            return 0;
        };
        assert_eq!(checked_level(tree, left), level - 1);
        let right_level = checked_level(tree, right);
        assert!(right_level == level - 1 || right_level == level);
        if right_level == level {
            assert!(tree.level(tree.nodes[right as usize].right) < level);
        }
        level
    }

    /// Does what `BTreeMap` does, in any order of insertions and removals.
    #[test]
    fn as_another_map() {
        let mut random = 1_u64;
        let (mut map, mut other) = (Map::<u32, u64>::default(), BTreeMap::new());
        for round in 0..20_000 {
            random = mix(random ^ round);
            // First it grows, then it shrinks, with keys that come again.
            let key = (random >> 8) as u32 % 500;
            if random % 16 < 5 + u64::from(round < 10_000) * 6 {
                map.room(1, Watch::OFF).expect("memory");
                map.insert(key, round);
                other.insert(key, round);
            } else {
                assert_eq!(map.remove(&key), other.remove(&key));
            }
            assert_eq!(map.get(&key), other.get(&key));
            assert_eq!(map.iter().count(), other.len());
            if round % 64 == 0 {
                checked_level(&map.tree, map.tree.root);
            }
        }
        for key in 0..500 {
            assert_eq!(map.get(&key), other.get(&key), "{key}");
        }
        let mut all: Vec<_> = map.iter().copied().collect();
        all.sort_unstable();
        assert!(all.into_iter().eq(other));
    }

    /// Whichever keys are chosen, in whatever order they come and go: no look-up takes more than twice as many
    /// steps as the logarithm of their number.
    #[test]
    fn no_keys_are_slow() {
        const KEYS: u32 = 10_000;
        struct Counted<'a>(u32, &'a Cell<u32>);
        impl PartialEq for Counted<'_> {
            fn eq(&self, other: &Self) -> bool {
                self.cmp(other).is_eq()
            }
        }
        impl Eq for Counted<'_> {}
        impl PartialOrd for Counted<'_> {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }
        impl Ord for Counted<'_> {
            fn cmp(&self, other: &Self) -> Ordering {
                self.1.set(self.1.get() + 1);
                self.0.cmp(&other.0)
            }
        }
        let check = |key: &dyn Fn(u32) -> u32| {
            let steps = Cell::new(0);
            let mut map = Map::default();
            map.room(KEYS as usize, Watch::OFF).expect("memory");
            let most = |times: u32| {
                let steps = steps.take();
                assert!(steps <= times * 2 * (KEYS.ilog2() + 1), "{steps} steps");
            };
            for i in 0..KEYS {
                map.insert(Counted(key(i), &steps), ());
                // The old key, and a new place.
                most(2);
            }
            for i in 0..KEYS {
                assert!(map.get(&Counted(key(i), &steps)).is_some());
                most(1);
            }
            for i in 0..KEYS {
                assert!(map.remove(&Counted(key(i), &steps)).is_some());
                // The key, its removal, and the move of the last one.
                most(3);
            }
        };
        check(&|i| i);
        check(&|i| KEYS - i);
        // All equal in their lower bits, as slots of a hash table would be chosen by.
        check(&|i| i << 16);
        check(&|i| i.reverse_bits());
        // From both ends to the middle.
        check(&|i| if i % 2 == 0 { i } else { 2 * KEYS - i });
    }
}
