//! From a checked image to executable code. The one place where memory turns executable.

use super::memory::{Backing, CodeMemory, InPlace, Sections};
use super::registry;
use crate::activation::stack::StackPool;
use crate::error::Context as _;
use crate::error::bounded::ensure;
use crate::image::{CodeTable, Part, View};
use crate::module::ModuleInfo;
use crate::{Result, oom};
use alloc::sync::Arc;
use core::ops::Range;
use wasmetal_platform::{Platform, Protection, Rights};

/// Code of this size and more is aligned to it: so a platform may back it with huge pages, if it has such.
const HUGE_PAGE: usize = 2 << 20;

impl CodeMemory {
    /// Publishes an image, once, in this order: copy the text into fresh pages that are writable and not
    /// executable; make it visible to instruction fetch on every core; turn it executable, and with that
    /// unwritable; register its addresses with the trap hook.
    ///
    /// The text is complete as it stands in the image: nothing is relocated.
    ///
    /// `info` is the view's module.
    ///
    /// # Errors
    /// The image contradicts itself, or memory is exhausted. Nothing stays mapped.
    pub(crate) fn publish(
        platform: &'static dyn Platform,
        stacks: &Arc<StackPool>,
        view: &View<'_>,
        info: &ModuleInfo,
    ) -> Result<Arc<Self>> {
        let text = view.text();
        let table = table(view, info)?;

        // The parts from the traps on lie one behind the other.
        let fingerprint = view.part(Part::Fingerprint);
        let first = view.range(Part::Traps).start;
        let rest = &view.bytes()[first..view.range(Part::Data).end];
        let mut tables = oom::vec(fingerprint.len() + rest.len())?;
        tables.extend_from_slice(fingerprint);
        tables.extend_from_slice(rest);
        let sections = Sections::new(text.len(), |part| match part {
            Part::Fingerprint => 0..fingerprint.len(),
            part => {
                let place = |at| at - first + fingerprint.len();
                let Range { start, end } = view.range(part);
                place(start)..place(end)
            }
        });

        // A module without functions has a page all the same.
        let len = text.len().max(1);
        let page = platform.capabilities().page_size;
        let size = len.next_multiple_of(page);
        let align = if size < HUGE_PAGE { page } else { HUGE_PAGE };
        let base = platform
            .reserve(size, align)
            .context("no room for a module's code")?;
        // From here on, dropping it gives the mapping back.
        let code = Self {
            platform,
            stacks: stacks.clone(),
            text: base,
            base: tables.as_ptr(),
            backing: Backing::Copy { base, size, tables },
            sections,
            table,
            uses_fuel: view.fingerprint()?.tunables.consume_fuel,
        };
        // SAFETY: the range is the reservation just made, and reserved.
        unsafe { platform.commit(base, size) }.context("no room for a module's code")?;
        // SAFETY: committed pages of this reservation, which are writable and as many as the text takes, and to
        // which no reference exists yet; the text is published before it turns executable.
        unsafe {
            platform.populate(base, size);
            base.copy_from_nonoverlapping(text.as_ptr(), text.len());
            platform.publish(base, len);
            platform.protect(base, size, Protection::ReadExecute)?;
        }
        let code = Arc::new(code);
        registry::register(&code)?;
        Ok(code)
    }

    /// Publishes an image that lies where it can be executed: nothing is copied, and nothing written.
    ///
    /// `view` is that of the image's bytes, and `info` the view's module.
    ///
    /// # Safety
    /// `rights` is true of the pages of the image's code (`Rights`).
    ///
    /// # Errors
    /// The text is not aligned to a page, the image contradicts itself, or the platform can't execute it
    /// where it lies. Nothing is left behind.
    pub(crate) unsafe fn publish_in_place(
        platform: &'static dyn Platform,
        stacks: &Arc<StackPool>,
        image: &Arc<dyn InPlace>,
        rights: Rights,
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
        let table = table(view, info)?;
        // SAFETY: the bytes can be read, and nobody writes to them as long as `image` lives (`InPlace`), which is
        // kept until after `end_in_place`. The rights are the caller's promise.
        let executable = unsafe { platform.execute_in_place(text.as_ptr(), text.len(), rights) }
            .context("the image can't be executed where it lies")?;
        let code = Arc::new(Self {
            platform,
            stacks: stacks.clone(),
            backing: Backing::InPlace(image.clone()),
            text: executable,
            base: view.bytes().as_ptr(),
            sections: Sections::new(text.len(), |part| view.range(part)),
            table,
            uses_fuel: view.fingerprint()?.tunables.consume_fuel,
        });
        registry::register(&code)?;
        Ok(code)
    }
}

/// Where the code lies, and with it the handler table is checked.
fn table(view: &View<'_>, info: &ModuleInfo) -> Result<CodeTable> {
    let table = view.code(info)?;
    #[cfg(feature = "exceptions")]
    view.check_handlers(info, &table)?;
    Ok(table)
}
