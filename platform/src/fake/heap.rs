//! A machine without memory management: pages from the heap, nothing enforced, nothing executed.

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::boxed::Box;
use std::collections::BTreeMap;
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Condvar, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use std::vec::Vec;

use crate::{Capabilities, Error, Image, Operation, Platform, Protection, Result, TrapHook};

const PAGE: usize = 4096;

/// The heap as a platform. It trusts its caller, the fake.
pub(super) struct Heap {
    /// The block that each reservation was cut from: its address and layout.
    blocks: Mutex<BTreeMap<usize, (usize, Layout)>>,
    hook: OnceLock<TrapHook>,
    /// Held by who compares a word, until it sleeps, and by who wakes others.
    parking: Mutex<()>,
    /// On which all that are parked sleep, whatever their word.
    unparked: Condvar,
}

impl Heap {
    pub(super) const fn new() -> Self {
        Self {
            blocks: Mutex::new(BTreeMap::new()),
            hook: OnceLock::new(),
            parking: Mutex::new(()),
            unparked: Condvar::new(),
        }
    }
}

// SAFETY: blocks of the heap are memory of nobody else, and stay as they are until written. There are
// no guard pages, and no page is executable.
unsafe impl Platform for Heap {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            page_size: PAGE,
            commit_piece: 8 * PAGE,
            guard_pages: false,
            branch_protection: false,
            initial_images: true,
            park: true,
            interrupts: false,
            continues: false,
            alarm: false,
        }
    }

    fn cpu_feature(&self, _name: &str) -> bool {
        false
    }

    fn reserve(&self, size: usize, align: usize) -> Result<*mut u8> {
        let error = Error::new(Operation::Reserve, 0);
        // Zeroed memory without an alignment is what the allocator takes from the system untouched,
        // however large.
        let padded = size.checked_add(align).ok_or(error)?;
        let layout = Layout::from_size_align(padded, 1).map_err(|_| error)?;
        // SAFETY: the layout's size is not zero.
        let block = unsafe { alloc_zeroed(layout) };
        if block.is_null() {
            return Err(error);
        }
        let base = block.wrapping_add(block.addr().wrapping_neg() & (align - 1));
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        blocks.insert(base.addr(), (block.expose_provenance(), layout));
        Ok(base)
    }

    unsafe fn release(&self, base: *mut u8, _size: usize) {
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((block, layout)) = blocks.remove(&base.addr()) {
            // SAFETY: `reserve` got the block with this layout, and the caller is done with it.
            unsafe { dealloc(ptr::with_exposed_provenance_mut(block), layout) }
        }
    }

    unsafe fn commit(&self, base: *mut u8, size: usize) -> Result<()> {
        // SAFETY: the caller's range lies in a block of ours, and nothing refers to it.
        unsafe { ptr::write_bytes(base, 0, size) };
        Ok(())
    }

    unsafe fn decommit(&self, _base: *mut u8, _size: usize) {}

    unsafe fn protect(&self, _base: *mut u8, _size: usize, _protection: Protection) -> Result<()> {
        Ok(())
    }

    unsafe fn publish(&self, _base: *const u8, _size: usize) {}

    fn create_image(&self, bytes: &[u8], go_on: &mut dyn FnMut() -> bool) -> Option<Image> {
        let mut copy = Vec::with_capacity(bytes.len());
        for piece in bytes.chunks(PAGE) {
            if !copy.is_empty() && !go_on() {
                return None;
            }
            copy.extend_from_slice(piece);
        }
        if copy.is_empty() {
            return None;
        }
        let copy = copy.into_boxed_slice();
        let handle = Box::into_raw(copy).cast::<u8>().expose_provenance();
        Some(Image {
            handle,
            len: bytes.len(),
        })
    }

    unsafe fn map_image(&self, image: &Image, base: *mut u8) -> Result<()> {
        let bytes = ptr::with_exposed_provenance::<u8>(image.handle);
        let tail = image.len.next_multiple_of(PAGE) - image.len;
        // SAFETY: the handle is the address of `len` bytes; the caller's range holds whole pages.
        unsafe {
            ptr::copy_nonoverlapping(bytes, base, image.len);
            ptr::write_bytes(base.add(image.len), 0, tail);
        }
        Ok(())
    }

    unsafe fn drop_image(&self, image: Image) {
        let bytes = ptr::with_exposed_provenance_mut(image.handle);
        // SAFETY: `create_image` made a box of `len` bytes into this handle.
        drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut::<u8>(bytes, image.len)) });
    }

    unsafe fn set_trap_hook(&self, hook: TrapHook) -> Result<()> {
        let installed = self.hook.get_or_init(|| hook);
        match *installed as usize == hook as usize {
            true => Ok(()),
            false => Err(Error::new(Operation::SetTrapHook, 0)),
        }
    }

    fn park(&self, word: &AtomicU32, expected: u32, timeout: Option<Duration>) {
        let end = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut held = self.parking.lock().unwrap_or_else(PoisonError::into_inner);
        while word.load(Ordering::Relaxed) == expected {
            let left = end.map(|end| end.saturating_duration_since(Instant::now()));
            held = match left {
                Some(Duration::ZERO) => return,
                Some(left) => match self.unparked.wait_timeout(held, left) {
                    Ok((held, _)) => held,
                    Err(poisoned) => poisoned.into_inner().0,
                },
                None => match self.unparked.wait(held) {
                    Ok(held) => held,
                    Err(poisoned) => poisoned.into_inner(),
                },
            };
        }
    }

    fn unpark(&self, _word: &AtomicU32) {
        drop(self.parking.lock().unwrap_or_else(PoisonError::into_inner));
        self.unparked.notify_all();
    }
}
