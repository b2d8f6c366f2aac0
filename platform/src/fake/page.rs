//! What the fake knows of a committed page, and how it looks at a page's contents.

use core::{ptr, slice};

use crate::Protection;

/// The state of a committed page.
pub(super) struct Page {
    pub(super) protection: Protection,
    /// The digest of its contents when it was last published, if it has not been writable again.
    pub(super) published: Option<u64>,
    /// The digest of its contents since it can't be written; absent where the machine enforces that.
    pub(super) frozen: Option<u64>,
}

impl Page {
    /// A page just committed.
    pub(super) fn new() -> Self {
        Self {
            protection: Protection::ReadWrite,
            published: None,
            frozen: None,
        }
    }
}

/// What a page that was given back is filled with.
const POISON: u8 = 0xa5;

/// Fills a page with poison.
///
/// # Safety
/// The page is writable and nothing refers to it.
pub(super) unsafe fn blank(page: *mut u8, size: usize) {
    // SAFETY: the caller's contract.
    unsafe { ptr::write_bytes(page, POISON, size) }
}

/// Whether a reserved page is as it was made: zero at first, poison after it was given back.
///
/// # Safety
/// The page is readable and nothing writes to it.
pub(super) unsafe fn is_blank(page: *const u8, size: usize) -> bool {
    // SAFETY: the caller's contract.
    let bytes = unsafe { slice::from_raw_parts(page, size) };
    let all = |value: u8| bytes.iter().all(|&byte| byte == value);
    all(0) || all(POISON)
}

/// A digest of a page's contents (FNV-1a, word by word).
///
/// # Safety
/// The page is readable and nothing writes to it.
pub(super) unsafe fn digest(page: *const u8, size: usize) -> u64 {
    // SAFETY: the caller's contract; a page is aligned for words.
    let words = unsafe { slice::from_raw_parts(page.cast::<u64>(), size / 8) };
    words.iter().fold(0xcbf2_9ce4_8422_2325, |digest, word| {
        (digest ^ word).wrapping_mul(0x0100_0000_01b3)
    })
}
