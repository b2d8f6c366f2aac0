//! Mappings for memories, and a pool of used ones.
//!
//! Mapping and unmapping cost more than the rest of an instantiation together, so that the mappings of
//! small memories are wiped and kept for the next ones.

use crate::error::bounded::format_err;
use crate::error::{Error, OutOfMemory, Result};
use crate::interrupt::pieces::{Order, Pieces};
use crate::oom::{Room as _, Watch};
use alloc::alloc::{Layout, alloc_zeroed, dealloc};
use alloc::vec::Vec;
use core::ptr;
use spin::Mutex;
use wasmetal_platform::Platform;
use wasmetal_platform::confine::is_drawn;

/// A reservation, and how much of its start is committed; or, for what is smaller than a page, a block of
/// the heap.
#[derive(Debug)]
pub(super) struct Mapping {
    pub(super) platform: &'static dyn Platform,
    pub(super) base: *mut u8,
    /// 0: nothing is reserved.
    pub(super) size: usize,
    committed: usize,
    in_heap: bool,
}

/// The alignment of a block of the heap, in bytes: that of the widest access.
const BLOCK_ALIGN: usize = 16;

// SAFETY: a mapping is owned memory; its address means the same on every thread.
unsafe impl Send for Mapping {}

impl Mapping {
    /// No mapping at all: what an empty memory that reserves nothing has.
    fn nothing(platform: &'static dyn Platform) -> Self {
        let base = ptr::without_provenance_mut(platform.capabilities().page_size);
        Self {
            platform,
            base,
            size: 0,
            committed: 0,
            in_heap: false,
        }
    }

    /// A block of the heap, zeroed. Nothing keeps what lies behind it from being accessed.
    pub(super) fn in_heap(platform: &'static dyn Platform, size: usize) -> Result<Self> {
        let layout = Layout::from_size_align(size, BLOCK_ALIGN)?;
        let nothing = Self::nothing(platform);
        if size == 0 {
            return Ok(nothing);
        }
        // SAFETY: the size is not zero.
        let base = unsafe { alloc_zeroed(layout) };
        if base.is_null() {
            return Err(OutOfMemory::new(size).into());
        }
        if is_drawn(base) {
            // A memory in the reserve would take room there as long as its instance lives.
            // SAFETY: just allocated.
            unsafe { dealloc(base, layout) };
            return Err(OutOfMemory::new(size).into());
        }
        Ok(Self {
            base,
            size,
            committed: size,
            in_heap: true,
            ..nothing
        })
    }

    /// A new mapping of `size` bytes and a guard, with the first `committed` bytes accessible.
    pub(super) fn committed(
        platform: &'static dyn Platform,
        size: usize,
        guard: usize,
        committed: usize,
        pieces: Pieces,
    ) -> Result<Self> {
        let page = platform.capabilities().page_size;
        let mut this = Self::nothing(platform);
        let rounded = this
            .rounded(size)
            .and_then(|size| size.checked_add(this.rounded(guard)?));
        let size = rounded.ok_or_else(|| format_err!("out of address space"))?;
        if size > 0 {
            this.base = platform.reserve(size, page)?;
            this.size = size;
        }
        this.commit(committed, pieces)?;
        Ok(this)
    }

    /// `size` in whole pages.
    pub(super) fn rounded(&self, size: usize) -> Option<usize> {
        size.checked_next_multiple_of(self.platform.capabilities().page_size)
    }

    /// Makes the first `size` bytes accessible; `size` is no more than the mapping's.
    ///
    /// # Errors
    /// Memory is exhausted, or the store was interrupted. Nothing has changed.
    pub(super) fn commit(&mut self, size: usize, pieces: Pieces) -> Result<()> {
        if size <= self.committed {
            return Ok(());
        }
        let size = self.rounded(size).filter(|&size| size <= self.size);
        let size = size.ok_or_else(|| format_err!("out of address space"))?;
        let (platform, base, before) = (self.platform, self.base, self.committed);
        let (mut result, mut done) = (Ok(()), 0);
        let piece = platform.capabilities().commit_piece;
        let stopped = pieces.run(size - before, piece, Order::Up, |piece| {
            if result.is_ok() {
                // SAFETY: the range lies in the reservation, behind what has been committed so far.
                result = unsafe { platform.commit(base.add(before + piece.start), piece.len()) };
                done += if result.is_ok() { piece.len() } else { 0 };
            }
        });
        let result = stopped
            .map_err(Error::from)
            .and_then(|()| result.map_err(Error::from));
        match result {
            Ok(()) => self.committed = size,
            // What stays committed beyond the length would be read and written by code that relies on guard pages.
            // SAFETY: the range has just been committed, and nobody was told.
            Err(_) if done > 0 => unsafe { platform.decommit(base.add(before), done) },
            Err(_) => {}
        }
        result
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        if self.in_heap {
            // SAFETY: the block was allocated with this layout and is owned. Its memory has moved away or is gone: nothing
            // refers into it.
            unsafe {
                dealloc(
                    self.base,
                    Layout::from_size_align_unchecked(self.size, BLOCK_ALIGN),
                )
            };
        } else if self.size > 0 {
            // SAFETY: the reservation is owned. Its memory has moved away or is gone: nothing refers
            // into it, and there is no code in it.
            unsafe { self.platform.release(self.base, self.size) };
        }
    }
}

/// Mappings of small memories that are no longer in use, wiped, for the next memories of an engine.
///
/// Invariant (*pool*): what is committed of each is zero; all have the size that the engine's settings
/// ask for.
#[derive(Debug, Default)]
pub(crate) struct MemoryPool(Mutex<Vec<Mapping>>);

/// How many mappings a pool keeps.
const POOLED: usize = 16;

/// The size of a memory, in bytes, up to which wiping it is cheaper than a new mapping.
pub(super) const POOLED_SIZE: usize = 128 * 1024;

impl MemoryPool {
    /// A mapping with exactly `size` bytes committed, in whole pages.
    pub(super) fn take(&self, size: usize) -> Option<Mapping> {
        let mut idle = self.0.lock();
        let fits = |mapping: &Mapping| Some(mapping.committed) == mapping.rounded(size);
        let index = idle.iter().rposition(fits)?;
        Some(idle.swap_remove(index))
    }

    /// Keeps a mapping if that pays, and leaves nothing in its place.
    pub(super) fn give(&self, mapping: &mut Mapping) {
        if mapping.committed == 0 || mapping.committed > POOLED_SIZE || self.has_enough(mapping) {
            return;
        }
        let mut taken = Mapping::nothing(mapping.platform);
        core::mem::swap(&mut taken, mapping);
        // SAFETY: committed pages are writable (*memory*), and nothing refers to them any more.
        unsafe { ptr::write_bytes(taken.base, 0, taken.committed) };
        let mut idle = self.0.lock();
        // Released below, when the pool is no longer locked.
        let oldest = (idle.len() >= POOLED).then(|| idle.remove(0));
        if idle.room(1, Watch::now()).is_ok() {
            idle.push(taken);
        }
        drop(idle);
        drop(oldest);
    }

    /// Whether the pool is full, and has mappings like this one.
    fn has_enough(&self, mapping: &Mapping) -> bool {
        let idle = self.0.lock();
        let mut same = idle
            .iter()
            .filter(|other| other.committed == mapping.committed);
        idle.len() >= POOLED && same.next().is_some()
    }

    /// Gives all back to the platform, and says whether there were any.
    #[cold]
    pub(super) fn clear(&self) -> bool {
        let idle = core::mem::take(&mut *self.0.lock());
        !idle.is_empty()
    }
}
