//! Initial contents of memories as copy-on-write images.
//!
//! A module's memories get images if no active data segment of it can trap: then the order in which
//! segments are written can't be observed, and mapping an image is the same as writing them all.

use super::const_expr::{Nothing, evaluate, is_constant};
use super::memory::{InitialImage, LinearMemory};
use crate::engine::Engine;
use crate::error::Result;
use crate::module::{DataMode, DefinedMemoryIndex, IndexType, ModuleInfo};
use crate::oom::{self, Watch};
use alloc::vec::Vec;
use core::ops::Range;
use cranelift_entity::PrimaryMap;
use wasmetal_platform::{Image, Platform};

/// How much larger than its data an image may be, in bytes and as a factor, whichever is more.
const SPREAD: (usize, usize) = (64 * 1024, 4);

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
    /// Memory is exhausted.
    pub(crate) fn new(engine: &Engine, info: &ModuleInfo, data: &[u8]) -> Result<Self> {
        let platform = engine.platform();
        let watch = Watch::now();
        let segments = fixed_segments(info)?.unwrap_or_default();
        let page = platform.capabilities().page_size;
        let memories = info.memories.values().skip(info.imported_memories);
        let images = oom::vec(memories.len())?.into();
        let mut this = Self { platform, images };
        for ty in memories {
            let memory = this.images.next_key();
            let filled = segments.iter().filter(|segment| segment.memory == memory);
            this.images
                .push(match LinearMemory::may_have_image(engine, ty) {
                    true => place(platform, page, filled, data)?,
                    false => None,
                });
        }
        // They live as long as the module.
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
fn fixed_segments(info: &ModuleInfo) -> Result<Option<Vec<Fixed>>> {
    let mut segments = Vec::new();
    for segment in info.data.values() {
        let DataMode::Active { memory, offset } = &segment.mode else {
            continue;
        };
        let defined = info.defined_memory(*memory);
        let Some(defined) = defined.filter(|_| is_constant(offset)) else {
            return Ok(None);
        };
        let ty = &info.memories[*memory];
        let offset = evaluate(offset, &Nothing)?;
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

fn place<'a>(
    platform: &'static dyn Platform,
    page: usize,
    segments: impl Iterator<Item = &'a Fixed> + Clone,
    data: &[u8],
) -> Result<Option<Placed>> {
    let filled = segments.filter(|segment| !segment.bytes.is_empty());
    let Some(extent) = extent(page, filled.clone()) else {
        return Ok(None);
    };
    let mut contents = oom::repeated(0, extent.len())?;
    for segment in filled {
        let at = segment.address as usize - extent.start;
        let Some(bytes) = data.get(segment.bytes.clone()) else {
            return Ok(None);
        };
        contents[at..at + bytes.len()].copy_from_slice(bytes);
    }
    Ok(platform.create_image(&contents).map(|image| Placed {
        offset: extent.start,
        image: Some(image),
    }))
}

/// The addresses from that of the page where these begin to where they end, if an image of that size pays.
fn extent<'a>(
    page: usize,
    filled: impl Iterator<Item = &'a Fixed> + Clone,
) -> Option<Range<usize>> {
    let start = usize::try_from(filled.clone().map(|segment| segment.address).min()?).ok()?;
    let start = start & !(page - 1);
    let ends = filled.clone();
    let end = ends.map(|segment| segment.address + segment.bytes.len() as u64);
    let end = usize::try_from(end.max()?).ok()?;
    let total: usize = filled.map(|segment| segment.bytes.len()).sum();
    // Data spread thinly would make an image of mostly zeroes.
    (end - start <= SPREAD.0.max(total.saturating_mul(SPREAD.1))).then_some(start..end)
}
