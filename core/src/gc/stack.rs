//! The references in the frames of Wasm functions: as backtraces find frames, stack maps find slots.

use super::Corrupt;
use super::trace::Visit;
use crate::activation::context::StoreContext;
use crate::activation::frames::{EXIT_FRAME_SIZE, EntryFrame};
use crate::code::Module;
use crate::store::StoreOpaque;
use core::ops::Range;

/// Visits the references in all activations of a store, innermost first.
pub(super) fn trace(store: &StoreOpaque, visit: Visit<'_>) -> Result<(), Corrupt> {
    let Some(stack) = &store.stack else {
        return Ok(());
    };
    let mut frames = Frames {
        store,
        stack: stack.addresses(),
        module: None,
        visit,
    };
    // SAFETY: the context lives as long as the store.
    let context: &StoreContext = unsafe { store.context.as_ref() };
    let mut entry = context.entry_frame.cast_const();
    while !entry.is_null() {
        // SAFETY: the host is running, so each entry frame has an exit frame below it, which starts with
        // the innermost frame record's address and the return address; an entry frame keeps the
        // one that was innermost before it.
        unsafe {
            let (mut fp, mut pc) = entry
                .sub(EXIT_FRAME_SIZE)
                .cast::<(*const u8, usize)>()
                .read();
            while fp != entry {
                frames.frame(fp, pc)?;
                // A frame record is the outer record's address and the return address.
                (fp, pc) = fp.cast::<(*const u8, usize)>().read();
            }
            entry = (*entry.cast::<EntryFrame>()).previous_entry;
        }
    }
    Ok(())
}

struct Frames<'a, 'v> {
    store: &'a StoreOpaque,
    /// The addresses of the Wasm stack.
    stack: Range<usize>,
    /// The module of the frame before, which most often is that of the next.
    module: Option<&'a Module>,
    visit: Visit<'v>,
}

impl Frames<'_, '_> {
    /// Visits the references in the frame with this frame record, in a call that returns to `pc`.
    ///
    /// # Safety
    /// It is a frame on the store's Wasm stack.
    unsafe fn frame(&mut self, fp: *const u8, pc: usize) -> Result<(), Corrupt> {
        let in_module = |module: &&Module| module.code().text_range().contains(&pc);
        let module = match self.module.filter(in_module) {
            Some(module) => module,
            None => match self.store.module_at(pc) {
                Some(module) => *self.module.insert(module),
                None => return Ok(()),
            },
        };
        for distance in module.code().stack_map(pc) {
            let slot = fp.wrapping_sub(distance as usize);
            if !slot.addr().is_multiple_of(4) || !self.stack.contains(&slot.addr()) {
                return Err(Corrupt);
            }
            (self.visit)(slot.cast_mut().cast())?;
        }
        Ok(())
    }
}
