//! The host values of a store that Wasm code can refer to: a slab.

use crate::abi::gc::{HOST_BITS, HOST_SHIFT};
use crate::oom::{self, Room as _, Watch};
use crate::store::GcHeapOutOfMemory;
use alloc::{boxed::Box, vec::Vec};
use core::any::Any;

/// The most host values: references have this many bits for an index.
const MOST: usize = 1 << (32 - HOST_SHIFT);

/// The host values of a store.
#[derive(Default)]
pub(crate) struct ExternRefs {
    slots: Vec<Slot>,
    /// The first free slot.
    free: Option<u32>,
    alive: usize,
    /// With this many values alive it is time for a collection.
    collect_at: usize,
}

struct Slot {
    content: Content,
    /// The collector has seen a reference to it.
    #[cfg_attr(
        not(any(feature = "gc", feature = "exceptions")),
        expect(dead_code, reason = "nothing is collected")
    )]
    marked: bool,
}

enum Content {
    Value(Box<dyn Any + Send + Sync>),
    /// And the next free one.
    Free(Option<u32>),
}

/// Values that a store may have before the first collection that only they ask for.
const FIRST_COLLECTION: usize = 1024;

impl ExternRefs {
    /// Keeps a value: what stands for it in Wasm code.
    ///
    /// # Errors
    /// There is no room: the error holds the value.
    pub(crate) fn insert<T: Any + Send + Sync>(
        &mut self,
        value: T,
    ) -> Result<u32, GcHeapOutOfMemory<T>> {
        // A value in the reserve would take room there as long as the guest keeps its reference.
        let watch = Watch::now();
        let value = match oom::place(value) {
            Ok(value) => value,
            Err(value) => return Err(GcHeapOutOfMemory::new(value)),
        };
        if watch.check().is_err() {
            return Err(GcHeapOutOfMemory::new(*value));
        }
        let index = match self.free {
            Some(index) => index,
            None => {
                let index = self.slots.len();
                if index >= MOST || self.slots.room(1, Watch::now()).is_err() {
                    return Err(GcHeapOutOfMemory::new(*value));
                }
                self.slots.push(Slot {
                    content: Content::Free(None),
                    marked: false,
                });
                index as u32
            }
        };
        let slot = &mut self.slots[index as usize];
        if let Content::Free(next) = slot.content {
            self.free = next;
        }
        slot.content = Content::Value(value);
        self.alive += 1;
        Ok(index << HOST_SHIFT | HOST_BITS)
    }

    /// The index of a reference to a host value.
    fn index(reference: u32) -> Option<usize> {
        (reference & 0b11 == HOST_BITS).then_some((reference >> HOST_SHIFT) as usize)
    }

    /// The value that a reference stands for; `None` for another reference.
    pub(crate) fn get(&self, reference: u32) -> Option<&(dyn Any + Send + Sync)> {
        match &self.slots.get(Self::index(reference)?)?.content {
            Content::Value(value) => Some(&**value),
            Content::Free(_) => None,
        }
    }

    /// The value that a reference stands for; `None` for another reference.
    pub(crate) fn get_mut(&mut self, reference: u32) -> Option<&mut (dyn Any + Send + Sync)> {
        match &mut self.slots.get_mut(Self::index(reference)?)?.content {
            Content::Value(value) => Some(&mut **value),
            Content::Free(_) => None,
        }
    }

    /// Whether enough values have come since the last collection to make it time for another.
    pub(crate) fn wants_collection(&self) -> bool {
        self.alive >= self.collect_at.max(FIRST_COLLECTION)
    }
}

/// Collection.
#[cfg(any(feature = "gc", feature = "exceptions"))]
impl ExternRefs {
    pub(crate) fn begin_marking(&mut self) {
        for slot in &mut self.slots {
            slot.marked = false;
        }
    }

    /// Keeps a value in this collection; `false` if there is none.
    pub(crate) fn mark(&mut self, index: u32) -> bool {
        match self.slots.get_mut(index as usize) {
            Some(Slot {
                content: Content::Value(_),
                marked,
            }) => {
                *marked = true;
                true
            }
            _ => false,
        }
    }

    /// Drops what has not been marked.
    pub(crate) fn sweep(&mut self) {
        for (index, slot) in self.slots.iter_mut().enumerate() {
            if !slot.marked && matches!(slot.content, Content::Value(_)) {
                slot.content = Content::Free(self.free);
                self.free = Some(index as u32);
                self.alive -= 1;
            }
        }
        self.collect_at = self.alive * 2;
    }
}
