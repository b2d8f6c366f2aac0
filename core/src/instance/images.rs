//! Initial contents of memories as copy-on-write images.
//!
//! A module's memories get images if no active data segment of it can trap: then the order in which
//! segments are written can't be observed, and mapping an image is the same as writing them all.

use super::const_expr::{Nothing, evaluate_in, is_constant};
use super::memory::{InitialImage, LinearMemory};
use crate::engine::Engine;
use crate::error::Result;
use crate::interrupt::pieces::Steps;
use crate::module::{DataMode, DefinedMemoryIndex, IndexType, ModuleInfo};
use crate::oom::{self, Watch};
use alloc::vec::Vec;
use core::ops::Range;
use cranelift_entity::PrimaryMap;
use spin::{Mutex, Once};
use wasmetal_platform::{Image, Platform};

/// How large an image may be, in bytes, however little data it has.
const SMALL: usize = 64 * 1024;
/// How many times as large as its data a larger one may be.
const SPREAD: usize = 4;

/// The images of a module's memories, made for its first instance.
#[derive(Default)]
pub(crate) struct LazyImages {
    made: Once<Images>,
    /// Locked by who makes them.
    making: Mutex<()>,
}

impl LazyImages {
    /// The images; `None` while somebody else makes them.
    ///
    /// Nobody waits for that: it may take longer than who would wait has time.
    ///
    /// # Errors
    /// Those of `make`; the next one makes them.
    pub(crate) fn get_or_make(
        &self,
        make: impl FnOnce() -> Result<Images>,
    ) -> Result<Option<&Images>> {
        if let Some(images) = self.made.get() {
            return Ok(Some(images));
        }
        let Some(_making) = self.making.try_lock() else {
            return Ok(None);
        };
        match self.made.get() {
            Some(images) => Ok(Some(images)),
            None => {
                let images = make()?;
                Ok(Some(self.made.call_once(|| images)))
            }
        }
    }
}

/// The images of a module's memories.
pub(crate) struct Images {
    platform: &'static dyn Platform,
    images: PrimaryMap<DefinedMemoryIndex, Option<Placed>>,
}

#[derive(Debug)]
struct Placed {
    offset: usize,
    /// `None` once dropped.
    image: Option<Image>,
}

/// A data segment whose place is known without an instance.
#[derive(Clone, Debug)]
struct Fixed {
    memory: DefinedMemoryIndex,
    address: u64,
    bytes: Range<usize>,
}

impl Images {
    /// Makes the images that pay, of a module with these bytes of data.
    ///
    /// Each page that data is copied to costs a fault, more than mapping an image does. Mappings of
    /// memories that come from the engine's pool are different: their pages are there.
    ///
    /// # Errors
    /// Memory is exhausted, or the store is to stop.
    pub(crate) fn new(
        engine: &Engine,
        info: &ModuleInfo,
        data: &[u8],
        steps: &mut Steps,
    ) -> Result<Self> {
        let platform = engine.platform();
        let watch = Watch::now();
        let segments = fixed_segments(info, steps)?.unwrap_or_default();
        let page = platform.capabilities().page_size;
        let memories = info.memories.values().skip(info.imported_memories);
        let images = oom::vec(memories.len())?.into();
        let mut this = Self { platform, images };
        for ty in memories {
            let memory = this.images.next_key();
            this.images
                .push(match LinearMemory::may_have_image(engine, ty) {
                    true => place(platform, page, memory, &segments, data, steps)?,
                    false => None,
                });
        }
        // Images live as long as the module, so they must not be in the reserve.
        Ok(watch.passed(this)?)
    }

    /// Whether the engine wants images, and its platform has them.
    pub(crate) fn are_used(engine: &Engine) -> bool {
        engine.config().memory_init_cow && engine.platform().capabilities().initial_images
    }

    /// A memory's image, if it has one.
    pub(crate) fn get(&self, memory: DefinedMemoryIndex) -> Option<InitialImage<'_>> {
        let placed = self.images[memory].as_ref()?;
        Some(InitialImage {
            offset: placed.offset,
            image: placed.image.as_ref()?,
        })
    }
}

impl Drop for Images {
    fn drop(&mut self) {
        for placed in self.images.values_mut().flatten() {
            if let Some(image) = placed.image.take() {
                // SAFETY: made by this platform, and taken out: nobody uses it again.
                unsafe { self.platform.drop_image(image) };
            }
        }
    }
}

/// The active segments, if all are fixed and in bounds of memories that the module defines.
fn fixed_segments(info: &ModuleInfo, steps: &mut Steps) -> Result<Option<Vec<Fixed>>> {
    let mut segments = Vec::new();
    for segment in info.data.values() {
        steps.take(1)?;
        let DataMode::Active { memory, offset } = &segment.mode else {
            continue;
        };
        let defined = info.defined_memory(*memory);
        let Some(defined) = defined.filter(|_| is_constant(offset)) else {
            return Ok(None);
        };
        let ty = &info.memories[*memory];
        let offset = evaluate_in(steps, offset, &Nothing)?;
        let address = match ty.index {
            IndexType::I32 => (offset.get_i32() as u32).into(),
            IndexType::I64 => offset.get_i64() as u64,
        };
        let bytes = segment.bytes.start as usize..segment.bytes.end as usize;
        let minimum = ty.limits.minimum.checked_mul(1 << ty.page_size_log2);
        let end = address.checked_add(bytes.len() as u64);
        if end.is_none_or(|end| minimum.is_none_or(|minimum| end > minimum)) {
            return Ok(None);
        }
        let fixed = Fixed {
            memory: defined,
            address,
            bytes,
        };
        oom::push(&mut segments, fixed)?;
    }
    Ok(Some(segments))
}

/// The image of a memory with these of the module's segments that go there, if it pays.
fn place(
    platform: &'static dyn Platform,
    page: usize,
    memory: DefinedMemoryIndex,
    segments: &[Fixed],
    data: &[u8],
    steps: &mut Steps,
) -> Result<Option<Placed>> {
    let fills = |segment: &Fixed| segment.memory == memory && !segment.bytes.is_empty();
    let (mut start, mut end, mut total) = (u64::MAX, 0, 0);
    for segment in segments {
        steps.take(1)?;
        if fills(segment) {
            let len = segment.bytes.len();
            start = start.min(segment.address);
            end = end.max(segment.address + len as u64);
            total += len;
        }
    }
    let Some(extent) = within_pages(page, start..end, total) else {
        return Ok(None);
    };
    let mut contents = oom::vec::<u8>(extent.len())?;
    let pieces = steps.pieces();
    // SAFETY: there is room.
    unsafe {
        pieces.fill(contents.as_mut_ptr(), 0, extent.len())?;
        contents.set_len(extent.len());
    }
    for segment in segments {
        steps.take(1)?;
        if !fills(segment) {
            continue;
        }
        let at = segment.address as usize - extent.start;
        let Some(bytes) = data.get(segment.bytes.clone()) else {
            return Ok(None);
        };
        let place = &mut contents[at..at + bytes.len()];
        // SAFETY: both are slices of this length.
        unsafe { pieces.copy(bytes.as_ptr(), place.as_mut_ptr(), bytes.len()) }?;
    }
    let image = platform.create_image(&contents, &mut || !pieces.must_stop());
    if image.is_none() {
        // The platform was told to stop, perhaps: then that is the error, and not a module without an image.
        steps.look()?;
    }
    Ok(image.map(|image| Placed {
        offset: extent.start,
        image: Some(image),
    }))
}

/// These addresses, from that of the page where they begin, if an image of that size pays for `total` bytes of data.
fn within_pages(page: usize, extent: Range<u64>, total: usize) -> Option<Range<usize>> {
    let start = usize::try_from(extent.start).ok()? & !(page - 1);
    let end = usize::try_from(extent.end).ok()?;
    // Data spread thinly would make an image of mostly zeroes.
    (total > 0 && end - start <= SMALL.max(total.saturating_mul(SPREAD))).then_some(start..end)
}
