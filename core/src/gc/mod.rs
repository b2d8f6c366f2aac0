//! The garbage-collected heap of a store: allocation, collection, limits.
//!
//! A copying collector with two halves (`collect`), since
//! - allocation is a few instructions in line: a pointer goes up until it meets a limit;
//! - the work of a collection is that of what is alive, without a mark stack, in bounded memory;
//! - generated code needs no write barrier, and objects stay close together.
//!
//! What it costs is that objects move: code that holds a reference across an allocation says where, as a
//! root. Roots are what stack maps say of Wasm frames (`stack`), globals, tables, evaluated element
//! segments, the roots of the host (`store::roots`) and the pending exception (`trace`).
//!
//! **Nothing in the heap is trusted.** Generated code reaches no address outside the heap whatever a
//! reference holds (`compile/translate/gc/heap`), functions are there by number (`functions`), and the collector checks all
//! that it reads. A heap
//! that turns out to be damaged is wiped, and the store allocates no more.
//!
//! **When.** A collection happens when the half in use is full. If less than half of it is free
//! afterwards, the halves grow (`growth`): the cost of copying stays in proportion to what is allocated, also
//! where nothing more is to be had. With
//! [`Config::gc_zeal_alloc_counter`](crate::Config::gc_zeal_alloc_counter) it happens at one allocation in
//! a given number.

mod arrays;
mod collect;
mod function_ids;
mod functions;
mod growth;
mod heap;
mod stack;
mod store;
#[cfg(test)]
mod tests;
mod trace;

pub(crate) use heap::GcHeap;

use crate::HeapType;
use crate::abi::TypeId;
use crate::abi::gc::Shape;
use crate::activation::context::StoreContext;
use crate::engine::Engine;
use crate::map::Map;
use core::fmt;
use core::ptr::NonNull;
use functions::Functions;
use heap::Settings;

/// The heap holds what no heap can hold: a fault of this library, or of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Corrupt;

impl fmt::Display for Corrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the garbage-collected heap is damaged")
    }
}

impl core::error::Error for Corrupt {}

/// What a store has for its garbage-collected objects.
pub(crate) struct Gc {
    pub(crate) heap: GcHeap,
    functions: Functions,
    /// An exception that is on its way; a root.
    pub(crate) pending_exception: u32,
    zeal: Option<Zeal>,
    /// The types that the host makes objects of.
    types: Map<TypeId, HeapType>,
    corrupt: bool,
    /// The last allocation that made room found little: see [`pays`](Self::pays).
    was_scarce: bool,
    /// Collections so far, and the bytes that they have copied.
    #[cfg(test)]
    work: (usize, u64),
}

/// There is a collection now and then, whether it is of use or not.
#[derive(Clone, Copy, Debug)]
struct Zeal {
    /// How many allocations come to one collection.
    every: u32,
    /// How many are left until the next.
    left: u32,
}

/// What an object starts with, and its size in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct New {
    pub(crate) shape: Shape,
    pub(crate) type_id: u32,
    /// A multiple of 8.
    pub(crate) size: u64,
}

impl Gc {
    pub(crate) fn new(engine: &Engine, context: NonNull<StoreContext>) -> Self {
        let tunables = engine.tunables();
        let config = engine.config();
        let settings = Settings {
            faults: tunables.heap_faults,
            reservation: config.heap_reservation(),
            initial: config.gc_heap_initial_size,
        };
        let zeal = config.gc_zeal.map(|every| Zeal {
            every: every.get(),
            left: every.get(),
        });
        Self {
            heap: GcHeap::new(engine, context, settings),
            functions: Functions::new(context),
            pending_exception: 0,
            zeal,
            types: Map::default(),
            corrupt: false,
            was_scarce: false,
            #[cfg(test)]
            work: (0, 0),
        }
    }

    /// Whether it is time for a collection that nothing but the setting asks for.
    fn is_zealous(&mut self) -> bool {
        let Some(zeal) = &mut self.zeal else {
            return false;
        };
        zeal.left -= 1;
        if zeal.left > 0 {
            return false;
        }
        zeal.left = zeal.every;
        true
    }
}
