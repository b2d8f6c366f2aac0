//! Small blocks that were freed, kept for who asks for one of their size next.
//!
//! To search the heap for a hole, and to join a block with its neighbours, takes hundreds of instructions; host functions
//! and their futures come and go in boxes of few sizes. What is kept is free memory still: it does not count as used, and
//! goes back to the heap before that refuses anything.
//!
//! Whoever finds the lock taken does without: so its holder may be pre-empted.

use core::alloc::Layout;
use core::mem;
use core::ptr::NonNull;

use linked_list_allocator::Heap;

/// What sizes are rounded to, in bytes. A block has room for a [`Kept`], whatever its size.
const STEP: usize = 16;
/// How many sizes there are: blocks of up to 256 bytes are kept.
const SIZES: usize = 16;
/// How many blocks of each size are kept: 8.5 KiB in all.
const MOST: u8 = 4;

/// A block that is kept: where the next of its size is.
struct Kept(Option<NonNull<Kept>>);

/// The blocks that are kept.
///
/// Invariant (*of one size*): a block of a small layout comes from the heap with [`layout_of`] its size, so that it may go
/// to whoever asks for that size, and back to the heap with the same layout.
pub(super) struct Small {
    first: [Option<NonNull<Kept>>; SIZES],
    /// How many there are of each size; [`CLOSED`] where none is kept, nor is to be.
    count: [u8; SIZES],
}

/// More than can be kept.
const CLOSED: u8 = u8::MAX;

// SAFETY: the blocks are nobody else's.
unsafe impl Send for Small {}

/// The size of a layout, as an index, if blocks like that are kept.
#[inline]
pub(super) fn size_of(layout: Layout) -> Option<usize> {
    let size = layout.size().wrapping_sub(1) / STEP;
    (size < SIZES && layout.align() <= align_of::<Kept>()).then_some(size)
}

/// The layout of all blocks of a size.
pub(super) fn layout_of(size: usize) -> Layout {
    // SAFETY: the alignment is a type's; there are few sizes.
    unsafe { Layout::from_size_align_unchecked((size + 1) * STEP, align_of::<Kept>()) }
}

impl Small {
    pub(super) const fn new() -> Self {
        Self {
            first: [None; SIZES],
            count: [0; SIZES],
        }
    }

    /// How many bytes the blocks have together.
    pub(super) fn bytes(&self) -> usize {
        let counts = self.count.iter().enumerate();
        let open = counts.filter(|(_, count)| **count != CLOSED);
        open.map(|(size, count)| layout_of(size).size() * usize::from(*count))
            .sum()
    }

    /// Keeps none from now on. All were given back.
    pub(super) fn close(&mut self) {
        self.count = [CLOSED; SIZES];
    }

    /// Keeps some again.
    pub(super) fn open(&mut self) {
        if self.count[0] == CLOSED {
            self.count = [0; SIZES];
        }
    }

    /// A block of that size, if one is kept.
    #[inline]
    pub(super) fn take(&mut self, size: usize) -> Option<NonNull<u8>> {
        let block = self.first[size]?;
        // SAFETY: a block that is kept is nobody else's, and has been written.
        self.first[size] = unsafe { block.read() }.0;
        self.count[size] -= 1;
        Some(block.cast())
    }

    /// Keeps a block of that size: whether there was room.
    ///
    /// # Safety
    /// The block is the heap's, of this size (*of one size*), and nobody uses it.
    #[inline]
    pub(super) unsafe fn keep(&mut self, size: usize, block: NonNull<u8>) -> bool {
        if self.count[size] >= MOST {
            return false;
        }
        let block = block.cast::<Kept>();
        // SAFETY: the caller's promise; it is aligned for that and large enough.
        unsafe { block.write(Kept(self.first[size])) };
        self.first[size] = Some(block);
        self.count[size] += 1;
        true
    }

    /// Gives all blocks back.
    #[cold]
    pub(super) fn give_back(&mut self, heap: &mut Heap) {
        for size in 0..SIZES {
            while let Some(block) = self.take(size) {
                // SAFETY: *of one size*.
                unsafe { heap.deallocate(block, layout_of(size)) };
            }
        }
    }
}

const _: () = assert!(mem::size_of::<Kept>() <= STEP);
