//! From a checked image to executable code. The one place where memory turns executable.

use super::memory::{Backing, CodeMemory, InPlace, Sections, copied};
use super::registry;
use crate::Result;
use crate::call::stack::StackPool;
use crate::image::{Part, View};
use crate::module::ModuleInfo;
use alloc::sync::Arc;
use anyhow::{Context as _, ensure};
use wasmetal_platform::{Platform, Protection};

/// Sections begin at multiples of this, so that tables of words can be read in place.
const SECTION_ALIGN: usize = 16;

impl CodeMemory {
    /// Publishes an image, once, in this order: copy into fresh pages that are writable and not
    /// executable; freeze the tables; make the text visible to instruction fetch on every core; turn
    /// it executable, and with that unwritable; register its addresses with the trap hook.
    ///
    /// The text is complete as it stands in the image: nothing is relocated.
    ///
    /// `info` is the view's module.
    ///
    /// # Errors
    /// The image contradicts itself, or the platform is out of memory. Nothing stays mapped.
    pub(crate) fn publish(
        platform: &'static dyn Platform,
        stacks: &Arc<StackPool>,
        view: &View<'_>,
        info: &ModuleInfo,
    ) -> Result<Arc<Self>> {
        let page = platform.capabilities().page_size;
        let [text, tables @ ..] = copied(view);
        let text_pages = text.len().max(1).next_multiple_of(page);
        let mut end = text_pages;
        let mut ranges = [(); 6].map(|()| 0..0);
        for (range, bytes) in ranges.iter_mut().zip(tables) {
            *range = end..end + bytes.len();
            end = range.end.next_multiple_of(SECTION_ALIGN);
        }
        let [traps, addresses, stack_maps, handlers, data, names] = ranges.clone();
        let size = end.next_multiple_of(page);

        let table = view.code(info)?;
        #[cfg(feature = "exceptions")]
        view.check_handlers(info, &table)?;

        let base = platform
            .reserve(size, page)
            .context("no room for a module's code")?;
        // From here on, dropping it gives the mapping back.
        let code = Self {
            platform,
            stacks: stacks.clone(),
            backing: Backing::Mapping { base, size },
            text: base,
            base,
            sections: Sections {
                text: text.len(),
                traps,
                addresses,
                stack_maps,
                handlers,
                data,
                names,
            },
            table,
        };
        // SAFETY: the range is the reservation just made, and reserved.
        unsafe { platform.commit(base, size) }.context("no room for a module's code")?;
        // SAFETY: the mapping is writable, and its layout was made for these lengths.
        unsafe {
            platform.populate(base, size);
            base.copy_from_nonoverlapping(text.as_ptr(), text.len());
            for (range, bytes) in ranges.iter().zip(tables) {
                base.add(range.start)
                    .copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
            }
        }
        // SAFETY: committed pages of this reservation, to which no reference exists yet; the text is
        // published before it turns executable.
        unsafe {
            if size > text_pages {
                platform.protect(base.add(text_pages), size - text_pages, Protection::Read)?;
            }
            // A module without functions has a page all the same.
            platform.publish(base, text.len().max(1));
            platform.protect(base, text_pages, Protection::ReadExecute)?;
        }
        let code = Arc::new(code);
        registry::register(&code)?;
        Ok(code)
    }

    /// Publishes an image that lies where it can be executed: nothing is copied, and nothing written.
    ///
    /// `view` is that of the image's bytes, and `info` the view's module.
    ///
    /// # Errors
    /// The text is not aligned to a page, the image contradicts itself, or the platform can't execute it
    /// where it lies. Nothing is left behind.
    pub(crate) fn publish_in_place(
        platform: &'static dyn Platform,
        stacks: &Arc<StackPool>,
        image: &Arc<dyn InPlace>,
        view: &View<'_>,
        info: &ModuleInfo,
    ) -> Result<Arc<Self>> {
        let page = platform.capabilities().page_size;
        let text = view.text();
        ensure!(
            text.as_ptr().addr().is_multiple_of(page),
            "the image's code lies at {:p}, which is no multiple of the page size of {page} bytes: \
             see `compile::Packing::text_align`",
            text.as_ptr()
        );
        let table = view.code(info)?;
        let part = |part| view.range(part);
        // SAFETY: the bytes can be read, and nobody writes to them as long as `image` lives (`InPlace`), which is
        // kept until after `end_in_place`.
        let executable = unsafe { platform.execute_in_place(text.as_ptr(), text.len()) }
            .context("the image can't be executed where it lies")?;
        let code = Arc::new(Self {
            platform,
            stacks: stacks.clone(),
            backing: Backing::InPlace(image.clone()),
            text: executable,
            base: view.bytes().as_ptr(),
            sections: Sections {
                text: text.len(),
                traps: part(Part::Traps),
                addresses: part(Part::Addresses),
                stack_maps: part(Part::StackMaps),
                handlers: part(Part::Handlers),
                data: part(Part::Data),
                names: part(Part::Names),
            },
            table,
        });
        registry::register(&code)?;
        Ok(code)
    }
}
