//! Memory for a confined computation: a two-level segregated fit allocator over chunks of the heap.

use core::alloc::{GlobalAlloc, Layout};
use core::ptr::{self, NonNull};
use rlsf::Tlsf;

/// Blocks of any size, with eight classes for each power of two.
type Blocks = Tlsf<'static, u64, u8, 58, 8>;

/// What a chunk has besides the block that it is taken for: header and rounding of the allocator.
const OVERHEAD: usize = 256;
/// The smallest chunk, in bytes.
const CHUNK: usize = 256 << 10;
/// The alignment of chunks, in bytes.
const CHUNK_ALIGN: usize = 32;
/// Chunks grow with the arena, so that these are enough for more than any machine has.
const MAX_CHUNKS: usize = 96;

/// A block of the heap, by address and size in bytes.
#[derive(Clone, Copy)]
struct Chunk {
    start: usize,
    size: usize,
}

/// An arena.
pub(super) struct Arena {
    blocks: Blocks,
    chunks: [Chunk; MAX_CHUNKS],
    len: usize,
    used: usize,
    limit: usize,
}

impl Arena {
    /// An arena of at most `limit` bytes.
    pub(super) const fn new(limit: usize) -> Self {
        Self {
            blocks: Tlsf::new(),
            chunks: [const { Chunk { start: 0, size: 0 } }; MAX_CHUNKS],
            len: 0,
            used: 0,
            limit,
        }
    }

    /// A block, or `None` where there is no room before it [`grow`](Self::grow)s.
    pub(super) fn alloc(&mut self, layout: Layout) -> Option<*mut u8> {
        self.blocks.allocate(layout).map(NonNull::as_ptr)
    }

    /// Takes back a block, and returns whether it is one of this arena's.
    ///
    /// # Safety
    /// The block was allocated with this layout and is not used any more.
    pub(super) unsafe fn dealloc(&mut self, block: *mut u8, layout: Layout) -> bool {
        let mut chunks = self.chunks[..self.len].iter().rev();
        let ours = chunks.any(|chunk| block.addr().wrapping_sub(chunk.start) < chunk.size);
        if let Some(block) = NonNull::new(block).filter(|_| ours) {
            // SAFETY: by its address it came from `alloc`.
            unsafe { self.blocks.deallocate(block, layout.align()) };
        }
        ours
    }

    /// The bytes taken from the heap.
    pub(super) fn used(&self) -> usize {
        self.used
    }

    /// Takes a chunk of `heap` with room for a block of this layout, or `None` where there is none.
    pub(super) fn grow(&mut self, layout: Layout, heap: &dyn GlobalAlloc) -> Option<()> {
        // The allocator rounds a size up to a class, by at most an eighth, and looks from that class on: a chunk of the
        // exact size would lie in the class below, and be passed over.
        let needed = layout.size().checked_add(layout.size() / 8)?;
        let needed = needed.checked_add(layout.align())?.checked_add(OVERHEAD)?;
        let left = self.limit - self.used;
        if needed > left || self.len == MAX_CHUNKS {
            return None;
        }
        let size = needed.max(CHUNK).max(self.used / 4).min(left);
        // The heap may be too fragmented for a large chunk, and still have what this block needs.
        let (chunk, size) = take(heap, size).or_else(|| take(heap, needed))?;
        self.chunks[self.len] = Chunk {
            start: chunk.as_ptr().addr(),
            size,
        };
        self.len += 1;
        self.used += size;
        let chunk = NonNull::new(ptr::slice_from_raw_parts_mut(chunk.as_ptr(), size))?;
        // SAFETY: the chunk is the arena's alone until it is given back, with the arena.
        unsafe { self.blocks.insert_free_block_ptr(chunk) }.map(|_| ())
    }

    /// Gives the chunks back to the heap. No block is used any more, and none is to be had.
    pub(super) fn release(&mut self) {
        self.limit = 0;
        self.blocks = Tlsf::new();
        for &Chunk { start, size } in &self.chunks[..core::mem::take(&mut self.len)] {
            if let Some(layout) = chunk_layout(size) {
                // SAFETY: `take` had it from the same allocator, which this code, not being confined, has before it.
                unsafe { alloc::alloc::dealloc(ptr::with_exposed_provenance_mut(start), layout) };
            }
        }
    }
}

fn chunk_layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size, CHUNK_ALIGN).ok()
}

fn take(heap: &dyn GlobalAlloc, size: usize) -> Option<(NonNull<u8>, usize)> {
    let layout = chunk_layout(size)?;
    // SAFETY: the size is not zero.
    let chunk = NonNull::new(unsafe { heap.alloc(layout) })?;
    chunk.as_ptr().expose_provenance();
    Some((chunk, size))
}
