//! The memory of a store's heap: two halves, of which one is in use, and bump allocation in it.
//!
//! ```text
//!   0       lowest             half              2 * half - lowest   2 * half
//!   | null  | low half         | high half       |                   | not committed ...
//! ```
//!
//! With guard pages the heap is one reservation of 4 GiB and a guard, and never moves. `lowest` is a
//! page, which is never committed: an access to null faults. Without, it is a mapping of its current
//! size, and moves when it grows.

use super::Corrupt;
use crate::abi::gc::{ALIGN, MAX_HEAP_SIZE};
use crate::activation::context::StoreContext;
use crate::engine::Engine;
use crate::error::Result;
use crate::error::bounded::format_err;
use core::ops::Range;
use core::ptr::{self, NonNull};
use wasmetal_platform::Platform;

/// What an access of generated code can reach behind the first 4 GiB: the largest constant offset, with
/// room to spare.
const GUARD: usize = 1 << 20;

/// How a heap is to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    /// It never moves, and accesses outside it fault.
    pub faults: bool,
    /// Bytes reserved for one that may not move; 0: it moves when it grows.
    pub reservation: u64,
    /// The size that it starts with in bytes, both halves together.
    pub initial: u64,
}

/// A store's heap.
///
/// Invariant (*heap*): `[accessible start, 2 * half)` of the mapping is committed, readable and writable, and
/// `StoreContext` says so. `StoreContext::heap_next` is a multiple of 8 in the half in use; what lies below it
/// there are objects, each with all its fields, but for the last one while it is being made.
pub(crate) struct GcHeap {
    platform: &'static dyn Platform,
    settings: Settings,
    /// The store's.
    context: NonNull<StoreContext>,
    base: *mut u8,
    /// Bytes reserved at `base`; 0: nothing.
    mapped: usize,
    /// The size of each half in bytes, whole pages.
    half: u64,
    /// Which half is in use.
    in_use: Half,
}

/// One of the halves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    Low,
    High,
}

impl Half {
    fn other(self) -> Self {
        match self {
            Self::Low => Self::High,
            Self::High => Self::Low,
        }
    }
}

// SAFETY: the heap is owned memory; the context is its store's, and goes where the store goes.
unsafe impl Send for GcHeap {}
// SAFETY: through a shared reference nothing is changed.
unsafe impl Sync for GcHeap {}

impl GcHeap {
    /// A heap without memory, for the store of this context.
    pub(super) fn new(engine: &Engine, context: NonNull<StoreContext>, settings: Settings) -> Self {
        Self {
            platform: engine.platform(),
            settings,
            context,
            base: ptr::null_mut(),
            mapped: 0,
            half: 0,
            in_use: Half::Low,
        }
    }

    fn page(&self) -> u64 {
        self.platform.capabilities().page_size as u64
    }

    /// Where the lowest object may begin; also what stays free at the end.
    fn lowest(&self) -> u64 {
        match self.settings.faults {
            true => self.page(),
            false => ALIGN.into(),
        }
    }

    /// The lowest accessible offset.
    fn accessible(&self) -> u64 {
        match self.settings.faults {
            true => self.page(),
            false => 0,
        }
    }

    /// The size of a half that has room for `size` bytes, whole pages: the least there can be.
    pub(super) fn least_half_for(&self, size: u64) -> u64 {
        size.saturating_add(self.lowest())
            .checked_next_multiple_of(self.page())
            .unwrap_or(u64::MAX)
    }

    /// As [`least_half_for`](Self::least_half_for), but no smaller than a heap is at first.
    pub(super) fn half_for(&self, size: u64) -> u64 {
        let initial = self.settings.initial / 2;
        self.least_half_for(size.max(initial.saturating_sub(self.lowest())))
    }

    /// The largest half.
    pub(super) fn largest_half(&self) -> u64 {
        let most = match self.settings.reservation {
            0 => MAX_HEAP_SIZE,
            reservation => reservation.min(MAX_HEAP_SIZE),
        };
        self.half_within(most)
    }

    /// The half of a heap of at most `bytes`, whole pages.
    pub(super) fn half_within(&self, bytes: u64) -> u64 {
        bytes / 2 / self.page() * self.page()
    }

    pub(super) fn half(&self) -> u64 {
        self.half
    }

    /// Bytes that objects can take in a half: no page at its start, where that is to fault.
    pub(super) fn room(&self) -> u64 {
        self.half.saturating_sub(self.lowest())
    }

    /// A half in the middle between one and a larger one, whole pages; the former, if there is none.
    pub(super) fn between(&self, half: u64, larger: u64) -> u64 {
        half + (larger - half) / 2 / self.page() * self.page()
    }

    /// Bytes in use by the heap, both halves together.
    pub(crate) fn capacity(&self) -> usize {
        (self.half * 2) as usize
    }

    /// Whether objects lie in the upper half.
    pub(super) fn is_high(&self) -> bool {
        self.in_use == Half::High
    }

    /// Whether growing means moving.
    pub(super) fn moves(&self) -> bool {
        self.settings.reservation == 0
    }

    /// Where objects of one of the halves may lie.
    fn range(&self, of: Half) -> Range<u32> {
        let start = match of {
            Half::Low => self.lowest(),
            Half::High => self.half,
        };
        let end = start + self.room();
        // The end is at most `MAX_HEAP_SIZE`, so both fit in 32 bits.
        start as u32..end as u32
    }

    /// The first byte and the objects' range.
    pub(super) fn used(&self) -> Space {
        let range = self.range(self.in_use);
        Space {
            base: self.base,
            range: range.start..self.next(),
        }
    }

    /// The half that is not in use.
    pub(super) fn other(&self) -> Space {
        Space {
            base: self.base,
            range: self.range(self.in_use.other()),
        }
    }

    fn next(&self) -> u32 {
        // SAFETY: the context lives as long as the store, and no code that could write to it runs.
        unsafe { (*self.context.as_ptr()).heap_next }
    }

    /// Bytes that objects take.
    pub(super) fn occupied(&self) -> u64 {
        self.used().range.len() as u64
    }

    /// Bytes that objects can take before the next collection.
    pub(super) fn free(&self) -> u64 {
        match self.half {
            0 => 0,
            _ => u64::from(self.range(self.in_use).end.saturating_sub(self.next())),
        }
    }

    /// Makes the address of the heap final, if it is never to move.
    pub(super) fn reserve(&mut self) -> Result<()> {
        if self.moves() || self.mapped != 0 {
            return Ok(());
        }
        let size = usize::try_from(self.settings.reservation).ok();
        let size = match self.settings.faults {
            true => size.and_then(|size| size.checked_add(GUARD)),
            false => size,
        };
        let size = size.and_then(|size| size.checked_next_multiple_of(self.page() as usize));
        let size = size.ok_or_else(|| format_err!("out of address space"))?;
        self.base = self.platform.reserve(size, self.page() as usize)?;
        self.mapped = size;
        self.publish(0, Half::Low);
        Ok(())
    }

    /// Room for an object of `size` bytes, a multiple of 8, if there is any without further ado.
    pub(super) fn bump(&mut self, size: u64) -> Option<u32> {
        let next = self.next();
        let end = u64::from(next).checked_add(size)?;
        if self.half == 0 || end > u64::from(self.range(self.in_use).end) {
            return None;
        }
        // SAFETY: as in `next`.
        unsafe { (*self.context.as_ptr()).heap_next = end as u32 };
        Some(next)
    }

    /// Makes the halves larger while the lower one is in use, or none.
    ///
    /// # Errors
    /// Memory is exhausted; nothing has changed.
    pub(super) fn grow_in_place(&mut self, half: u64) -> Result<()> {
        debug_assert!(!self.is_high() && half >= self.half && half <= self.largest_half());
        self.reserve()?;
        let start = self.accessible().max(self.half * 2) as usize;
        let size = half as usize * 2 - start;
        if size > 0 {
            // SAFETY: the range lies in the reservation, behind what is committed (*heap*).
            unsafe { self.platform.commit(self.base.add(start), size)? };
        }
        let next = if self.half == 0 {
            self.lowest() as u32
        } else {
            self.next()
        };
        self.half = half;
        self.publish(next, Half::Low);
        Ok(())
    }

    /// A heap like this one in a mapping of its own, with halves of this size; it takes this one's
    /// place once the objects are in it.
    ///
    /// # Errors
    /// Memory is exhausted.
    pub(super) fn elsewhere(&self, half: u64) -> Result<Self> {
        debug_assert!(half <= self.largest_half());
        let mut new = Self {
            base: ptr::null_mut(),
            mapped: 0,
            half,
            in_use: Half::High,
            ..*self
        };
        let size = half as usize * 2;
        new.base = self.platform.reserve(size, self.page() as usize)?;
        new.mapped = size;
        // SAFETY: the reservation just made.
        unsafe { self.platform.commit(new.base, size)? };
        Ok(new)
    }

    /// The other half is in use from now on, and objects in it end at `next`.
    pub(super) fn flip(&mut self, next: u32) {
        self.publish(next, self.in_use.other());
    }

    /// Tells generated code where the heap is: objects end at `next`, in this half.
    fn publish(&mut self, next: u32, half: Half) {
        self.in_use = half;
        let limit = if self.half == 0 {
            0
        } else {
            self.range(half).end
        };
        // SAFETY: as in `next`.
        let context = unsafe { self.context.as_mut() };
        context.heap_base = self.base;
        context.heap_length = self.half * 2;
        context.heap_next = next;
        context.heap_limit = limit;
    }

    /// Makes every allocation of generated code go through the runtime.
    pub(super) fn hide_limit(&mut self) {
        // SAFETY: as in `next`.
        unsafe { (*self.context.as_ptr()).heap_limit = 0 };
    }

    /// Forgets all objects, and leaves zeroes.
    pub(super) fn wipe(&mut self) {
        let start = self.accessible() as usize;
        if self.half > 0 {
            // SAFETY: committed and writable (*heap*).
            unsafe { ptr::write_bytes(self.base.add(start), 0, self.half as usize * 2 - start) };
        }
        self.publish(self.lowest() as u32, Half::Low);
        self.hide_limit();
    }

    /// The address of `size` bytes, if they are accessible.
    #[inline]
    pub(super) fn at(&self, offset: u32, size: u64) -> Result<*mut u8, Corrupt> {
        let start = u64::from(offset);
        let end = start.checked_add(size).ok_or(Corrupt)?;
        if start < self.lowest() || end > self.half * 2 {
            return Err(Corrupt);
        }
        // SAFETY: within the mapping (*heap*).
        Ok(unsafe { self.base.add(offset as usize) })
    }

    /// Reads a value, which may be any bytes.
    #[inline]
    pub(crate) fn read<T: Plain>(&self, offset: u32) -> Result<T, Corrupt> {
        let address = self.at(offset, size_of::<T>() as u64)?;
        // SAFETY: accessible (*heap*), and no reference to it exists.
        Ok(unsafe { address.cast::<T>().read_unaligned() })
    }

    /// Writes a value.
    #[inline]
    pub(crate) fn write<T: Plain>(&mut self, offset: u32, value: T) -> Result<(), Corrupt> {
        let address = self.at(offset, size_of::<T>() as u64)?;
        // SAFETY: as in `read`.
        unsafe { address.cast::<T>().write_unaligned(value) };
        Ok(())
    }
}

impl Drop for GcHeap {
    fn drop(&mut self) {
        if self.mapped > 0 {
            // SAFETY: the reservation is owned; the store is being dropped, or objects have moved away.
            unsafe { self.platform.release(self.base, self.mapped) };
        }
    }
}

/// Numbers, which may have any bytes.
pub(crate) trait Plain: Copy {}

impl Plain for u8 {}
impl Plain for u16 {}
impl Plain for u32 {}
impl Plain for u64 {}
impl Plain for u128 {}

/// A part of a heap's mapping: committed, readable and writable.
#[derive(Debug)]
pub(super) struct Space {
    /// The first byte of the heap.
    pub base: *mut u8,
    /// Offsets from there.
    pub range: Range<u32>,
}
