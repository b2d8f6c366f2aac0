//! A hash map that is small: all of it that does not depend on the types of keys and values is compiled once.
//!
//! Entries lie in a vector. Beside them is a table of *slots*, each free or with the place of an entry and the hash
//! of its key; an entry's slot is the first one that was free from where its hash points to.

use crate::oom::{self, OutOfMemory, Room, Watch};
use alloc::vec::Vec;
use core::borrow::Borrow;
use core::hash::{Hash, Hasher};

/// A hash map. Keys that a guest chose to have equal hashes are no danger where addresses are random.
#[derive(Clone)]
pub(crate) struct Map<K, V> {
    entries: Vec<(K, V)>,
    slots: Slots,
    seed: u64,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            slots: Slots::default(),
            seed: seed(),
        }
    }
}

impl<K: Hash + Eq, V> Map<K, V> {
    /// The values, with their keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(K, V)> {
        self.entries.iter()
    }

    fn slot(&self, hash: u32, mut is: impl FnMut(&K) -> bool) -> Option<usize> {
        self.slots
            .find(hash, &mut |entry| is(&self.entries[entry].0))
    }

    fn slot_of<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<usize>
    where
        K: Borrow<Q>,
    {
        self.slot(hash(key, self.seed), |other| other.borrow() == key)
    }

    /// The value of the key that `is` says, which has the hash of `like`.
    pub(crate) fn get_like(
        &self,
        like: &(impl Hash + ?Sized),
        is: impl FnMut(&K) -> bool,
    ) -> Option<&V> {
        let slot = self.slot(hash(like, self.seed), is)?;
        Some(&self.entries[self.slots.entry(slot)].1)
    }

    /// The value of a key.
    pub(crate) fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let slot = self.slot_of(key)?;
        Some(&self.entries[self.slots.entry(slot)].1)
    }

    /// As [`get`](Self::get), to change it.
    pub(crate) fn get_mut<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let slot = self.slot_of(key)?;
        Some(&mut self.entries[self.slots.entry(slot)].1)
    }

    /// Sets the value of a key. If that is a new one, [`room`](Room::room) was made for it.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        match self.get_mut(&key) {
            Some(old) => *old = value,
            None => {
                let hash = hash(&key, self.seed);
                self.slots.add(hash, self.entries.len() as u32);
                self.entries.push((key, value));
            }
        }
    }

    /// Removes a key, and returns its value. The last entry takes its place.
    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let slot = self.slot_of(key)?;
        let entry = self.slots.entry(slot);
        self.slots.remove(slot);
        let last = self.entries.len() - 1;
        if entry != last {
            let hash = hash(&self.entries[last].0, self.seed);
            let slot = self.slots.find(hash, &mut |entry| entry == last);
            let slot = slot.expect("each entry has a slot");
            self.slots.0[slot].entry = entry as u32;
        }
        Some(self.entries.swap_remove(entry).1)
    }
}

impl<K, V> Room for Map<K, V> {
    fn room(&mut self, additional: usize, watch: Watch) -> Result<(), OutOfMemory> {
        self.entries.room(additional, watch)?;
        self.slots
            .room(self.entries.len().saturating_add(additional), watch)
    }
}

/// One slot for each entry and more: none, or a power of two.
#[derive(Clone, Default)]
struct Slots(Vec<Slot>);

#[derive(Clone, Copy)]
struct Slot {
    hash: u32,
    entry: u32,
}

impl Slot {
    const FREE: Self = Self {
        hash: 0,
        entry: u32::MAX,
    };

    fn is_free(self) -> bool {
        self.entry == u32::MAX
    }
}

impl Slots {
    fn mask(&self) -> usize {
        self.0.len().wrapping_sub(1)
    }

    fn entry(&self, slot: usize) -> usize {
        self.0[slot].entry as usize
    }

    /// The slot with this hash whose entry `is` the one that is looked for.
    #[inline(never)]
    fn find(&self, hash: u32, is: &mut dyn FnMut(usize) -> bool) -> Option<usize> {
        let mut at = hash as usize & self.mask();
        loop {
            let slot = *self.0.get(at)?;
            if slot.is_free() {
                return None;
            }
            if slot.hash == hash && is(slot.entry as usize) {
                return Some(at);
            }
            at = (at + 1) & self.mask();
        }
    }

    /// Gives an entry a slot, for which there is room.
    #[inline(never)]
    fn add(&mut self, hash: u32, entry: u32) {
        let mut at = hash as usize & self.mask();
        while !self.0[at].is_free() {
            at = (at + 1) & self.mask();
        }
        self.0[at] = Slot { hash, entry };
    }

    /// Frees a slot. Those behind it that were to be before it move up.
    #[inline(never)]
    fn remove(&mut self, slot: usize) {
        let (mut free, mut at) = (slot, slot);
        loop {
            at = (at + 1) & self.mask();
            let slot = self.0[at];
            if slot.is_free() {
                break;
            }
            let from = |start: usize| at.wrapping_sub(start) & self.mask();
            if from(slot.hash as usize) >= from(free) {
                self.0[free] = slot;
                free = at;
            }
        }
        self.0[free] = Slot::FREE;
    }

    /// Makes room for so many entries in all.
    #[inline(never)]
    fn room(&mut self, entries: usize, watch: Watch) -> Result<(), OutOfMemory> {
        // No more than three of four are in use, and always one is free.
        if entries <= self.0.len() / 4 * 3 {
            return Ok(());
        }
        let most = u32::MAX as usize / 8;
        if entries > most {
            return Err(OutOfMemory::new(entries.saturating_mul(size_of::<Slot>())));
        }
        let watch = watch.part();
        let size = (entries + entries / 3 + 1).next_power_of_two().max(4);
        let mut new = Self(oom::repeated(Slot::FREE, size)?);
        watch.check()?;
        for slot in self.0.iter().filter(|slot| !slot.is_free()) {
            new.add(slot.hash, slot.entry);
        }
        *self = new;
        Ok(())
    }
}

/// Something that is not known beforehand where addresses are random.
fn seed() -> u64 {
    let here = 0_u8;
    let data = (&raw const here).addr() as u64;
    let code = (seed as fn() -> u64 as *const ()).addr() as u64;
    mix(data.rotate_left(32) ^ code)
}

/// A multiplication whose upper half is not lost.
#[inline(never)]
fn mix(word: u64) -> u64 {
    // The fraction of the golden ratio.
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let product = u128::from(word) * u128::from(FACTOR);
    (product as u64 ^ (product >> 64) as u64).wrapping_add(FACTOR)
}

fn hash(key: &(impl Hash + ?Sized), seed: u64) -> u32 {
    let mut hasher = Mixer(seed);
    key.hash(&mut hasher);
    (hasher.0 ^ hasher.0 >> 32) as u32
}

struct Mixer(u64);

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        self.write_u64(bytes.len() as u64);
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.write_u64(u64::from(byte));
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = mix(self.0 ^ word);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeMap;

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
        }
        for key in 0..500 {
            assert_eq!(map.get(&key), other.get(&key), "{key}");
        }
        let mut all: Vec<_> = map.iter().copied().collect();
        all.sort_unstable();
        assert!(all.into_iter().eq(other));
    }

    /// Equal hashes are no more than slow, wherever they lie.
    #[test]
    fn collisions() {
        for hash in [0, 1, 6, 7, u32::MAX] {
            let mut slots = Slots::default();
            slots.room(6, Watch::OFF).expect("memory");
            let len = slots.0.len();
            for entry in 0..6 {
                slots.add(hash.wrapping_add(entry / 3), entry);
            }
            let find = |slots: &Slots, entry: u32| {
                let hash = hash.wrapping_add(entry / 3);
                slots.find(hash, &mut |other| other == entry as usize)
            };
            for gone in 0..6 {
                let slot = find(&slots, gone).expect("it is there");
                slots.remove(slot);
                for entry in 0..6 {
                    assert_eq!(find(&slots, entry).is_some(), entry > gone, "{hash} {gone}");
                }
            }
            assert_eq!(slots.0.len(), len);
        }
    }

    #[test]
    fn hashes_differ() {
        let check = |a: &dyn Fn() -> u32, b: &dyn Fn() -> u32| assert_ne!(a(), b());
        let of = |text: &'static str| move || hash(text, 1);
        check(&of("a"), &of("a\0"));
        check(&of(""), &of("\0"));
        check(&of("12345678"), &of("123456789"));
        check(&|| hash(&("ab", "c"), 1), &|| hash(&("a", "bc"), 1));
        check(&|| hash(&1_u32, 1), &|| hash(&1_u32, 2));
    }
}
