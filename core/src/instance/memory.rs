//! Linear memories: a mapping, and how much of it is in use.
//!
//! A memory is one reservation. With guard pages it is as large as generated code may reach without a
//! check, plus the guard, and never moves. Where the engine reserves nothing ahead
//! (`Tunables::memory_reservation` is zero), it is as large as need be and moves when it grows; 64-bit
//! memories move when they outgrow what is reserved. A memory that threads share belongs to none of its
//! stores: see `shared`.
//!
//! Memories with pages of one byte have nothing reserved ahead, since every access to them is checked.
//! Small ones are blocks of the heap: one of a few bytes takes a few bytes.

use super::mapping::{Mapping, MemoryPool, POOLED_SIZE};
use super::shared::SharedMemory;
use crate::activation::context::VMExtent;
use crate::engine::Engine;
use crate::error::bounded::{bail, format_err};
use crate::error::{Error, Result};
use crate::interrupt::Pieces;
use crate::module::{IndexType, MemoryType};
use crate::store::ResourcesUsed;
use crate::trap::Trap;
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicU64, Ordering};
use wasmetal_platform::{Image, Platform};

/// A linear memory.
///
/// Invariant (*memory*): `[base, base + length)` of the extent is committed, readable and writable, and lies
/// in the mapping; what of the mapping lies beyond the committed pages is inaccessible. With
/// `Tunables::memory_faults` the mapping is at least the reservation and guard that generated code
/// relies on, if the pages are of 64 KiB. Other threads read and write the bytes, and write the length, of
/// a shared memory only.
#[derive(Debug)]
pub(crate) struct LinearMemory {
    ty: MemoryType,
    /// What generated code reads; in the vmctx, in a [`HostMemory`], or in the [`SharedMemory`].
    extent: NonNull<VMExtent>,
    backing: Backing,
}

/// What a memory's bytes belong to.
#[derive(Debug)]
enum Backing {
    Owned(OwnedMapping),
    Shared(SharedMemory),
}

/// The mapping of a memory that is not shared.
#[derive(Debug)]
struct OwnedMapping {
    mapping: Mapping,
    /// Where the mapping goes when the memory is dropped.
    pool: Option<Arc<MemoryPool>>,
    /// Bytes behind the last byte that may ever be committed, within the mapping.
    guard: usize,
    may_move: bool,
}

/// Pages of an initial image, and where they go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InitialImage<'a> {
    /// A multiple of the platform's page size.
    pub(crate) offset: usize,
    pub(crate) image: &'a Image,
}

/// Sizes of a memory in bytes, as far as they fit in the address space.
pub(crate) struct Sizes {
    pub(crate) minimum: Option<usize>,
    pub(crate) maximum: Option<usize>,
}

impl Sizes {
    /// The largest size in whole pages: what a limiter hears of sizes that do not fit in a `usize`.
    pub(crate) fn largest(ty: &MemoryType) -> usize {
        0_usize.wrapping_sub(1 << ty.page_size_log2)
    }

    pub(crate) fn of(ty: &MemoryType) -> Self {
        let bytes = |pages: u64| usize::try_from(pages.checked_mul(1 << ty.page_size_log2)?).ok();
        // Without a stated maximum: what the address type can reach.
        let address_space = match ty.index {
            // And what `memory.grow`, whose result has 32 bits, can count.
            IndexType::I32 => (1_u64 << 32 >> ty.page_size_log2).min(u32::MAX.into()),
            IndexType::I64 => u64::MAX >> ty.page_size_log2,
        };
        Self {
            minimum: bytes(ty.limits.minimum),
            maximum: bytes(
                ty.limits
                    .maximum
                    .unwrap_or(address_space)
                    .min(address_space),
            ),
        }
    }
}

/// The largest memory in the heap, in bytes.
const HEAP_SIZE: usize = 64 << 10;

/// Whether pages are of one byte.
pub(super) fn has_small_pages(ty: &MemoryType) -> bool {
    ty.page_size_log2 < 16
}

/// A mapping for a memory of this type with room for `size` bytes, the first `committed` of them accessible.
fn mapping(
    platform: &'static dyn Platform,
    ty: &MemoryType,
    size: usize,
    guard: usize,
    committed: usize,
    pieces: Pieces,
) -> Result<Mapping> {
    match has_small_pages(ty) && size <= HEAP_SIZE {
        true => Mapping::in_heap(platform, size),
        false => Mapping::committed(platform, size, guard, committed, pieces),
    }
}

/// A minimum that the machine has no room for.
pub(super) fn too_large(ty: &MemoryType) -> Error {
    format_err!(
        "memory minimum size of {} pages exceeds memory limits",
        ty.limits.minimum
    )
}

/// A memory can't be made, for this reason. An interrupt speaks for itself.
pub(super) fn not_made(ty: &MemoryType, why: Error) -> Error {
    if why.is::<Trap>() {
        return why;
    }
    why.context(alloc::format!(
        "no memory for a minimum size of {} pages",
        ty.limits.minimum
    ))
}

impl LinearMemory {
    /// A zeroed memory of its type's minimum, but for `image`. Writes `extent`.
    ///
    /// # Errors
    /// The minimum does not fit in the machine; the store was interrupted.
    ///
    /// # Safety
    /// `extent` can be written, now and as long as the memory lives. The image came from this
    /// platform and lies within the minimum.
    pub(crate) unsafe fn new(
        engine: &Engine,
        ty: &MemoryType,
        extent: NonNull<VMExtent>,
        image: Option<InitialImage<'_>>,
        pieces: Pieces,
    ) -> Result<Self> {
        let (platform, tunables) = (engine.platform(), engine.tunables());
        let pool = engine.memories();
        let too_large = || too_large(ty);
        let minimum = Sizes::of(ty).minimum.ok_or_else(too_large)?;
        let fit = |size: u64| usize::try_from(size).map_err(|_| too_large());
        let small_pages = has_small_pages(ty);
        let reservation = match small_pages {
            true => 0,
            false => fit(tunables.memory_reservation)?,
        };
        let guard = match tunables.memory_faults && !small_pages {
            true => fit(tunables.memory_guard_size)?,
            false => 0,
        };
        let failed = |error: Error| not_made(ty, error);
        let size = minimum.max(reservation);
        let new = || mapping(platform, ty, size, guard, minimum, pieces);
        let poolable = reservation >= minimum && image.is_none() && !small_pages;
        let pooled = if poolable { pool.take(minimum) } else { None };
        let mapping = match pooled {
            Some(mapping) => mapping,
            None => new()
                .or_else(|error| match !error.is::<Trap>() && pool.clear() {
                    true => new(),
                    false => Err(error),
                })
                .map_err(failed)?,
        };
        if let Some(InitialImage { offset, image }) = image {
            // SAFETY: the image lies in the pages just committed, which nothing refers to yet.
            unsafe { platform.map_image(image, mapping.base.wrapping_add(offset)) }
                .map_err(|error| failed(error.into()))?;
        }
        // SAFETY: the caller's promise.
        unsafe {
            extent.write(VMExtent {
                base: mapping.base,
                length: minimum as u64,
            })
        };
        let guard = mapping.rounded(guard).expect("it fitted in the mapping");
        let pool = poolable.then(|| pool.clone());
        Ok(Self {
            ty: ty.clone(),
            extent,
            backing: Backing::Owned(OwnedMapping {
                mapping,
                pool,
                guard,
                may_move: !engine.memories_stay()
                    && (reservation == 0 || ty.index == IndexType::I64),
            }),
        })
    }

    /// What a store knows of a memory that threads share.
    pub(crate) fn shared(memory: SharedMemory) -> Self {
        Self {
            ty: memory.memory_type().clone(),
            extent: memory.extent(),
            backing: Backing::Shared(memory),
        }
    }

    /// The memory that threads share, if this is one.
    #[inline]
    pub(crate) fn as_shared(&self) -> Option<&SharedMemory> {
        match &self.backing {
            Backing::Owned(_) => None,
            Backing::Shared(memory) => Some(memory),
        }
    }

    /// Whether an initial image can pay for memories of this type: not where they are likely to come
    /// from the engine's pool or heap, and not where threads may see them filled.
    pub(crate) fn may_have_image(engine: &Engine, ty: &MemoryType) -> bool {
        let pooled = engine.tunables().memory_reservation.min(POOLED_SIZE as u64);
        let pooled = |minimum: usize| minimum as u64 <= pooled;
        !ty.shared && !has_small_pages(ty) && !Sizes::of(ty).minimum.is_some_and(pooled)
    }

    /// The type that the memory was made with.
    pub(crate) fn ty(&self) -> &MemoryType {
        &self.ty
    }

    pub(crate) fn extent(&self) -> NonNull<VMExtent> {
        self.extent
    }

    /// The first byte, and the length in bytes.
    #[inline]
    pub(crate) fn bytes(&self) -> (*mut u8, usize) {
        let extent = self.extent.as_ptr();
        // SAFETY: the extent lives as long as this (see `new`, and `Backing`). No code that could write
        // to it runs while it is read; but other threads write the length of a shared memory (*memory*),
        // atomically. Acquire: who sees the length may use all of it.
        let (base, length) = unsafe {
            let length = AtomicU64::from_ptr(&raw mut (*extent).length);
            ((*extent).base, length.load(Ordering::Acquire))
        };
        (base, length as usize)
    }

    /// Which byte of the memory would be at this address, and how many it has, if nothing else lies there.
    pub(crate) fn place_of(&self, address: usize) -> Option<(u64, usize)> {
        let (base, length) = self.bytes();
        let reserved = match &self.backing {
            Backing::Owned(owned) => owned.mapping.size,
            Backing::Shared(shared) => shared.reserved(),
        };
        let place = address.checked_sub(base.addr())?;
        (place < reserved).then_some((place as u64, length))
    }

    /// The current size in pages.
    pub(crate) fn pages(&self) -> u64 {
        (self.bytes().1 >> self.ty.page_size_log2) as u64
    }

    /// Grows to `new` bytes, more than the current length. The memory is not shared.
    pub(crate) fn grow_to(
        &mut self,
        new: usize,
        maximum: Option<usize>,
        pieces: Pieces,
    ) -> Result<()> {
        if maximum.is_some_and(|maximum| new > maximum) {
            bail!("memory maximum size exceeded");
        }
        let bytes = self.bytes();
        let Backing::Owned(owned) = &mut self.backing else {
            bail!("a shared memory grows by itself");
        };
        if new > owned.mapping.size - owned.guard {
            if !owned.may_move {
                bail!("memory reservation exceeded");
            }
            owned.move_to(&self.ty, bytes, new, maximum, pieces)?;
        }
        owned.mapping.commit(new, pieces)?;
        // SAFETY: as in `bytes`; the memory is not shared.
        unsafe {
            self.extent.write(VMExtent {
                base: owned.mapping.base,
                length: new as u64,
            })
        };
        Ok(())
    }
}

impl OwnedMapping {
    /// Moves the memory's bytes to a mapping with room for `size` bytes, and some more for the next
    /// time.
    #[cold]
    fn move_to(
        &mut self,
        ty: &MemoryType,
        (base, length): (*mut u8, usize),
        size: usize,
        maximum: Option<usize>,
        pieces: Pieces,
    ) -> Result<()> {
        let platform = self.mapping.platform;
        let roomy = size
            .saturating_add(size / 2)
            .min(maximum.unwrap_or(usize::MAX))
            .max(size);
        let new = |room| mapping(platform, ty, room, self.guard, size, pieces);
        let mapping = new(roomy).or_else(|error| match error.is::<Trap>() {
            true => Err(error),
            false => new(size),
        })?;
        // SAFETY: `length` bytes are committed in both (*memory*).
        unsafe { pieces.copy(base, mapping.base, length) }?;
        self.mapping = mapping;
        self.pool = None;
        Ok(())
    }
}

impl Drop for OwnedMapping {
    fn drop(&mut self) {
        if let Some(pool) = self.pool.take() {
            pool.give(&mut self.mapping);
        }
    }
}

/// What a new memory of this type takes of its store's.
pub(crate) fn used_by_memory(ty: &MemoryType) -> ResourcesUsed {
    let sizes = Sizes::of(ty);
    // Each store that has a shared memory grows it without asking the others.
    let size = if ty.shared {
        sizes.maximum
    } else {
        sizes.minimum
    };
    ResourcesUsed {
        memories: 1,
        memory_size: size.unwrap_or(usize::MAX),
        ..Default::default()
    }
}

/// A memory that the host made, with its extent.
#[derive(Debug)]
pub(crate) struct HostMemory {
    extent: VMExtent,
    /// Set right after the extent has its address.
    memory: Option<LinearMemory>,
}

impl HostMemory {
    pub(crate) fn new(engine: &Engine, ty: &MemoryType) -> Result<Box<Self>> {
        let extent = VMExtent {
            base: ptr::null_mut(),
            length: 0,
        };
        let mut this = Box::new(Self {
            extent,
            memory: None,
        });
        let extent = NonNull::from(&mut this.extent);
        // SAFETY: the extent lies in the same allocation as the memory.
        this.memory = Some(unsafe { LinearMemory::new(engine, ty, extent, None, Pieces::ONE) }?);
        Ok(this)
    }

    /// A memory that threads share, for one store.
    pub(crate) fn shared(memory: SharedMemory) -> Box<Self> {
        Box::new(Self {
            extent: VMExtent {
                base: ptr::null_mut(),
                length: 0,
            },
            memory: Some(LinearMemory::shared(memory)),
        })
    }

    /// The memory inside.
    pub(crate) fn memory(this: NonNull<Self>) -> NonNull<LinearMemory> {
        // SAFETY: the caller has it from its store, which owns it; `new` has set the memory.
        let memory = unsafe { (*this.as_ptr()).memory.as_mut() };
        NonNull::from(memory.expect("set by `new`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::Limits;

    #[test]
    fn sizes_in_bytes() {
        let check = |index, page_size_log2, minimum, maximum, expected| {
            let limits = Limits { minimum, maximum };
            let sizes = Sizes::of(&MemoryType {
                limits,
                index,
                shared: false,
                page_size_log2,
            });
            assert_eq!((sizes.minimum, sizes.maximum), expected);
        };
        use IndexType::{I32, I64};
        check(I32, 16, 0, None, (Some(0), Some(1 << 32)));
        check(I32, 16, 1, Some(2), (Some(1 << 16), Some(2 << 16)));
        check(I32, 16, 65536, Some(65536), (Some(1 << 32), Some(1 << 32)));
        check(I32, 0, 5, None, (Some(5), Some(u32::MAX as usize)));
        check(I64, 16, 1 << 48, None, (None, Some(usize::MAX - 0xffff)));
        check(
            I64,
            16,
            0,
            Some(1 << 48),
            (Some(0), Some(usize::MAX - 0xffff)),
        );
    }
}
