//! The table of types that generated code reads; see [`crate::abi::displays`].
#![forbid(unsafe_code)]

use crate::abi::TypeId;
use crate::abi::displays::{COUNT, DEPTHS, WORDS};
use crate::oom::{self, OutOfMemory, Room as _, Watch};
use alloc::{boxed::Box, vec::Vec};
use core::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

type Display = [AtomicU32; WORDS];

/// The table of an engine that has no type for it.
static EMPTY: Display = [const { AtomicU32::new(0) }; WORDS];

/// What a new table has room for, at least.
const MIN: usize = 32;

/// Where generated code finds the table.
///
/// It may use what it has read from here until it calls something: until then it comes upon no object or
/// function of a type that is newer than that table.
#[derive(Debug)]
pub(super) struct Current(AtomicPtr<AtomicU32>);

impl Current {
    pub(super) fn pointer(&self) -> *const AtomicPtr<AtomicU32> {
        &raw const self.0
    }
}

impl Default for Current {
    fn default() -> Self {
        Self(AtomicPtr::new((&raw const EMPTY).cast_mut().cast()))
    }
}

/// The tables of an engine: the current one, last, and those before it, which code may still be reading.
#[derive(Default)]
pub(super) struct Displays(Vec<Box<[Display]>>);

impl Displays {
    /// Enters a type that there is [room](Self::room) for, by the ids of the types above it from the top, and its own.
    pub(super) fn set(&mut self, id: TypeId, chain: &[TypeId]) {
        if let Some(display) = self.at(id) {
            for (word, id) in display.iter().zip(&chain[..chain.len().min(DEPTHS)]) {
                word.store(id.as_u32(), Ordering::Relaxed);
            }
        }
    }

    /// Forgets a type.
    pub(super) fn clear(&mut self, id: TypeId) {
        for word in self.at(id).into_iter().flatten() {
            word.store(0, Ordering::Relaxed);
        }
    }

    fn at(&self, id: TypeId) -> Option<&Display> {
        self.0.last()?.get(id.as_u32() as usize)
    }

    /// Makes room for the first `ids` ids.
    pub(super) fn room(
        &mut self,
        current: &Current,
        ids: usize,
        watch: Watch,
    ) -> Result<(), OutOfMemory> {
        if self.0.last().is_some_and(|table| table.len() >= ids) {
            return Ok(());
        }
        let watch = watch.part();
        self.0.room(1, watch)?;
        let size = ids.next_power_of_two().max(MIN);
        let mut table = oom::boxed((0..size).map(|_| Display::default()))?;
        watch.check()?;
        if let Some(old) = self.0.last() {
            for (to, from) in table.iter_mut().zip(old) {
                for (to, from) in to.iter_mut().zip(from) {
                    *to.get_mut() = from.load(Ordering::Relaxed);
                }
            }
        }
        *table[0][COUNT].get_mut() = size as u32;
        current
            .0
            .store(table.as_ptr().cast_mut().cast(), Ordering::Release);
        self.0.push(table);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_grow_and_forget() {
        let (current, mut tables) = (Current::default(), Displays::default());
        let check = |tables: &Displays, id: u32, expected: &[u32]| {
            let display = tables.at(TypeId::from_u32(id)).unwrap();
            let mut words = [0; DEPTHS];
            words[..expected.len()].copy_from_slice(expected);
            let found = display.each_ref().map(|word| word.load(Ordering::Relaxed));
            assert_eq!(found[..DEPTHS], words, "{id}");
        };
        let set = |tables: &mut Displays, chain: &[u32]| {
            let ids: Vec<TypeId> = chain.iter().copied().map(TypeId::from_u32).collect();
            let last = ids[ids.len() - 1];
            let room = tables.room(&current, last.as_u32() as usize + 1, Watch::now());
            room.expect("enough memory");
            tables.set(last, &ids);
        };
        set(&mut tables, &[5]);
        set(&mut tables, &[5, 7]);
        set(&mut tables, &[5, 7, 1000]);
        assert_eq!(tables.0.len(), 2);
        set(&mut tables, &[1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(tables.0.len(), 2);
        check(&tables, 5, &[5]);
        check(&tables, 6, &[]);
        check(&tables, 9, &[1, 2, 3, 4, 5, 6, 7]);
        check(&tables, 1000, &[5, 7, 1000]);
        let newest = tables.0.last().unwrap();
        assert_eq!(newest[0][COUNT].load(Ordering::Relaxed), 1024);
        assert_eq!(
            current.0.load(Ordering::Relaxed).cast_const(),
            newest.as_ptr().cast()
        );
        tables.clear(TypeId::from_u32(7));
        tables.clear(TypeId::from_u32(5000));
        check(&tables, 7, &[]);
    }
}
