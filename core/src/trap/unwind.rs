//! From a throw to the code that catches the exception.

use crate::activation::context::StoreContext;
use crate::activation::frames::{EXIT_FRAME_SIZE, Landing};
use crate::image::handlers::{CallSite, Clause, Handlers, Tag};
use crate::store::{RawStore, StoreOpaque};
use core::ops::Range;

/// Finds who catches the store's pending exception among the innermost Wasm frames, those of one entry.
/// Then it is pending no more. Otherwise it becomes the error of that entry.
///
/// # Safety
/// Called on the host's stack, for a store whose innermost entry frame has an exit frame below it. The store
/// has a pending exception, and nobody else uses it. `landing` is valid for writes.
pub(crate) unsafe extern "C" fn find_handler(
    context: *mut StoreContext,
    landing: *mut Landing,
) -> bool {
    // SAFETY: the store's Wasm code has called; the rest is the caller's promise.
    unsafe {
        let mut store = RawStore::lent_by(context);
        let entry = (*context).entry_frame.cast_const();
        match store.pending_tag().and_then(|tag| walk(&store, entry, tag)) {
            Some(found) => {
                let exception = store.hand_over_exception();
                landing.write(Landing { exception, ..found });
                true
            }
            None => {
                store.fail_with_exception();
                false
            }
        }
    }
}

/// Walks the frames from the exit frame to that of the entry trampoline, which catches nothing.
///
/// # Safety
/// `entry` is a live entry frame with an exit frame below it.
unsafe fn walk(store: &StoreOpaque, entry: *const u8, tag: u32) -> Option<Landing> {
    // SAFETY: a frame record is two words: the outer record, and the return address into the function
    // whose frame that belongs to. The exit frame starts with one; the last one's outer one is `entry`.
    let read = |fp: *const u8| unsafe { fp.cast::<(*const u8, usize)>().read() };
    let (mut fp, mut pc) = read(entry.wrapping_sub(EXIT_FRAME_SIZE));
    let mut code = Code {
        store,
        text: 0..0,
        handlers: None,
    };
    // A recursion returns to the same address again and again.
    let mut known = (0, None);
    while fp != entry {
        // A throw that is interrupted leads out of Wasm code wherever it lands; the frames, and their clauses, may be
        // many.
        // SAFETY: the context lives as long as the store.
        if unsafe { store.context.as_ref() }.is_diverted() {
            return Some(Landing::default());
        }
        if known.0 != pc {
            known = (pc, code.call_site(pc));
        }
        if let Some(site) = &known.1 {
            // SAFETY: the frame is that of the function that the site lies in.
            let landing = unsafe { catch(site, &code.text, fp, tag) };
            if landing.is_some() {
                return landing;
            }
        }
        (fp, pc) = read(fp);
    }
    None
}

/// The code of a frame: most often the same as that of the frame before.
struct Code<'a> {
    store: &'a StoreOpaque,
    text: Range<usize>,
    handlers: Option<Handlers<'a>>,
}

impl<'a> Code<'a> {
    /// The call that returns to `pc`, if it has catch clauses.
    fn call_site(&mut self, pc: usize) -> Option<CallSite<'a>> {
        if !self.text.contains(&pc) {
            let code = self.store.module_at(pc)?.code();
            self.text = code.text_range();
            self.handlers = Handlers::new(code.handlers());
        }
        self.handlers?.find((pc - self.text.start) as u32)
    }
}

/// Where a frame goes on that has called at `site`, if it catches exceptions with this tag.
///
/// # Safety
/// The frame at `fp` is that of the function, in the code at `text`, that the site lies in.
unsafe fn catch(
    site: &CallSite<'_>,
    text: &Range<usize>,
    fp: *const u8,
    tag: u32,
) -> Option<Landing> {
    let sp = fp.wrapping_sub(site.frame_size as usize);
    let matches = |clause: &Clause| match clause.tag {
        None => true,
        // SAFETY: as the compiler says, the frame keeps its vmctx there, with the tag's number in it.
        Some(Tag { slot, vmctx }) => unsafe {
            let vmctx = sp.add(vmctx as usize).cast::<*const u8>().read();
            vmctx.add(slot as usize).cast::<u32>().read() == tag
        },
    };
    let clause = site.clauses().find(matches)?;
    Some(Landing {
        pc: text.start + clause.code as usize,
        sp: sp.addr(),
        fp: fp.addr(),
        exception: 0,
    })
}
