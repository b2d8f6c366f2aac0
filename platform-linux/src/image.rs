//! Initial images: a sealed `memfd`, mapped privately, so that the kernel copies on write.

use std::io::Write;
use std::os::fd::{BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};

use rustix::fs::{MemfdFlags, SealFlags};
use rustix::mm::{self, MapFlags, ProtFlags};
use wasmetal_platform::{Error, Image, Operation, Result};

use crate::memory;

/// How many bytes are copied in one piece: in some 50 microseconds.
const PIECE: usize = 64 << 10;

/// A file with `bytes` that nobody can change any more, as an image; `None` as soon as it is not to go on.
pub(crate) fn create(bytes: &[u8], go_on: &mut dyn FnMut() -> bool) -> Option<Image> {
    if bytes.is_empty() {
        return None;
    }
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let mut file = std::fs::File::from(rustix::fs::memfd_create("wasmetal-image", flags).ok()?);
    for (number, piece) in bytes.chunks(PIECE).enumerate() {
        if number > 0 && !go_on() {
            return None;
        }
        file.write_all(piece).ok()?;
    }
    // Whole pages, so that a view has no page beyond the end of its file (which would be SIGBUS).
    file.set_len(size(bytes.len()) as u64).ok()?;
    let seals = SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE;
    rustix::fs::fcntl_add_seals(&file, seals).ok()?;
    let handle = usize::try_from(OwnedFd::from(file).into_raw_fd()).ok()?;
    Some(Image {
        handle,
        len: bytes.len(),
    })
}

/// # Safety
/// See [`Platform::map_image`](wasmetal_platform::Platform::map_image).
pub(crate) unsafe fn map(image: &Image, base: *mut u8) -> Result<()> {
    let size = size(image.len);
    let rights = ProtFlags::READ | ProtFlags::WRITE;
    let flags = memory::PRIVATE | MapFlags::FIXED;
    // SAFETY: the caller's image is live, so its descriptor is open; the range is the caller's and
    // nothing refers to what it holds.
    unsafe {
        let file = BorrowedFd::borrow_raw(image.handle as RawFd);
        mm::mmap(base.cast(), size, rights, flags, file, 0)
    }
    .map_err(|errno| {
        // A failed mapping may have taken away what was there: leave no hole in the reservation.
        // SAFETY: the range is the caller's, and nothing refers to what it holds.
        unsafe { memory::decommit(base, size) };
        Error::new(Operation::MapImage, errno.raw_os_error())
    })?;
    Ok(())
}

/// # Safety
/// See [`Platform::drop_image`](wasmetal_platform::Platform::drop_image).
pub(crate) unsafe fn drop(image: Image) {
    // SAFETY: the handle is the descriptor that `create` gave away, and the image is its only owner.
    core::mem::drop(unsafe { OwnedFd::from_raw_fd(image.handle as RawFd) });
}

/// Bytes of the whole pages that an image takes up.
fn size(len: usize) -> usize {
    len.next_multiple_of(memory::page_size())
}
