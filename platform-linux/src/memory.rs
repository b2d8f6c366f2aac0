//! Reservations and what is committed in them: `mmap`, `mprotect`, `munmap`.
//!
//! A reserved page is a private anonymous mapping without any right (`PROT_NONE`, `MAP_NORESERVE`):
//! it costs address space alone. Committing it is one `mprotect`. Decommitting maps a fresh
//! reserved page over it, so a reserved page is always one that was never touched, and commit finds
//! zeroes.

use core::ffi::c_void;
use core::ptr;
use std::process::abort;

use rustix::io::Errno;
use rustix::mm::{self, MapFlags, MprotectFlags, ProtFlags};
use wasmetal_platform::{Error, Operation, Protection, Result};

use crate::arch;

/// What every mapping of a reservation has: it is not counted against the overcommit limit.
pub(crate) const PRIVATE: MapFlags = MapFlags::PRIVATE.union(MapFlags::NORESERVE);

/// What a huge page covers, with small pages of 4 KiB.
const HUGE_PAGE: usize = 2 << 20;

pub(crate) fn page_size() -> usize {
    rustix::param::page_size()
}

pub(crate) fn error(operation: Operation) -> impl Fn(Errno) -> Error {
    move |errno| Error::new(operation, errno.raw_os_error())
}

pub(crate) fn reserve(size: usize, align: usize) -> Result<*mut u8> {
    let error = error(Operation::Reserve);
    if !align.is_power_of_two() {
        return Err(error(Errno::INVAL));
    }
    // The kernel aligns to a page. More than that is cut out of a larger mapping.
    let slack = align.saturating_sub(page_size());
    let mapped = size.checked_add(slack).ok_or(error(Errno::NOMEM))?;
    // SAFETY: without MAP_FIXED a new mapping replaces none.
    let start = unsafe { mm::mmap_anonymous(ptr::null_mut(), mapped, ProtFlags::empty(), PRIVATE) }
        .map_err(&error)?
        .cast::<u8>();
    let head = start.addr().wrapping_neg() & (align - 1);
    let base = start.wrapping_add(head);
    // SAFETY: both ranges lie in the mapping just made, outside the reservation; nobody knows them.
    unsafe {
        trim(start, head);
        trim(base.wrapping_add(size), slack - head);
    }
    Ok(base)
}

/// Unmaps what over-reserving took.
///
/// # Safety
/// As for [`release`], but the range may be empty.
unsafe fn trim(base: *mut u8, size: usize) {
    if size > 0 {
        // SAFETY: the caller's contract is the same.
        unsafe { release(base, size) }
    }
}

/// # Safety
/// See [`Platform::release`](wasmetal_platform::Platform::release).
pub(crate) unsafe fn release(base: *mut u8, size: usize) {
    // SAFETY: the caller owns the range and nothing refers into it.
    if unsafe { mm::munmap(base.cast(), size) }.is_err() {
        // Cutting a mapping in two can exceed the process's limit of mappings. The address space is
        // lost then, the memory is not, and nothing can be done about either.
        // SAFETY: the caller owns the range and nothing refers into it.
        let _ = unsafe { mm::madvise(base.cast(), size, mm::Advice::LinuxDontNeed) };
    }
}

/// # Safety
/// See [`Platform::commit`](wasmetal_platform::Platform::commit).
pub(crate) unsafe fn commit(base: *mut u8, size: usize) -> Result<()> {
    // SAFETY: the caller's pages are reserved: nothing refers to them.
    unsafe { mprotect(base, size, MprotectFlags::READ | MprotectFlags::WRITE) }.map_err(|errno| {
        // A range of several mappings may have been changed in part. To change it back splits no mapping that was not
        // split, which `decommit` may: at the limit of mappings that can't be done.
        // SAFETY: the caller's pages were reserved: nothing refers to them.
        let changed_back = unsafe {
            mprotect(base, size, MprotectFlags::empty())
                .and_then(|()| mm::madvise(base.cast(), size, mm::Advice::LinuxDontNeed))
        };
        if changed_back.is_err() {
            // SAFETY: the caller's pages were reserved: nothing refers to them.
            unsafe { decommit(base, size) };
        }
        Error::new(Operation::Commit, errno.raw_os_error())
    })
}

/// # Safety
/// See [`Platform::populate`](wasmetal_platform::Platform::populate).
pub(crate) unsafe fn populate(base: *mut u8, size: usize) {
    if size >= HUGE_PAGE {
        // To back a huge page takes little more than to back a small one. A wish: it may be refused.
        // SAFETY: the pages keep their contents.
        let _ = unsafe { mm::madvise(base.cast(), size, mm::Advice::LinuxHugepage) };
    }
    // Linux 5.14 and later. Elsewhere, and where memory is short, each page is backed at its first access.
    // SAFETY: the pages keep their contents.
    let _ = unsafe { mm::madvise(base.cast(), size, mm::Advice::LinuxPopulateWrite) };
}

/// # Safety
/// See [`Platform::decommit`](wasmetal_platform::Platform::decommit).
pub(crate) unsafe fn decommit(base: *mut u8, size: usize) {
    // SAFETY: the caller owns the range and gives up its contents.
    let mapped = unsafe {
        mm::mmap_anonymous(
            base.cast(),
            size,
            ProtFlags::empty(),
            PRIVATE | MapFlags::FIXED,
        )
    };
    if mapped.is_err() {
        // Pages that should fault would not, or would belong to nobody: no sandbox is left.
        eprintln!("wasmetal: the kernel refuses to take back memory (too many mappings?)");
        abort();
    }
}

/// # Safety
/// See [`Platform::protect`](wasmetal_platform::Platform::protect).
pub(crate) unsafe fn protect(base: *mut u8, size: usize, protection: Protection) -> Result<()> {
    let flags = match protection {
        Protection::None => MprotectFlags::empty(),
        Protection::Read => MprotectFlags::READ,
        Protection::ReadWrite => MprotectFlags::READ | MprotectFlags::WRITE,
        Protection::ReadExecute => {
            MprotectFlags::READ | MprotectFlags::EXEC | arch::execute_flags()
        }
    };
    // SAFETY: the caller's contract.
    unsafe { mprotect(base, size, flags) }.map_err(error(Operation::Protect))
}

/// # Safety
/// The range is the caller's, and no live reference relies on a right that `flags` takes away.
unsafe fn mprotect(base: *mut u8, size: usize, flags: MprotectFlags) -> rustix::io::Result<()> {
    // SAFETY: the caller's contract.
    unsafe { mm::mprotect(base.cast::<c_void>(), size, flags) }
}
