//! The frame of a signal handler that found no room on the stack.
//!
//! A handler without `SA_ONSTACK` runs on the stack that its thread is on, which may be a guest's, and that may be
//! nearly used up. The kernel then can't write the handler's frame: it drops that signal, and sends `SIGSEGV`
//! with the registers of the interrupted instruction, which is at fault no more than any other. What the guest
//! has done is to overflow its stack; so that is what the hook is told.

use rustix::io::Errno;

use super::chain;
use crate::memory;

/// What lies between a stack pointer and a frame below it at most, in bytes: the red zone (x86-64), and what
/// aligning the frame takes.
const GAP: usize = 128 + 64;

/// The size of a frame in bytes, at least, where the kernel does not say it (x86-64 before Linux 5.14, aarch64 before 4.18): more
/// than 3.6 KiB, with AVX-512, or 4.6 KiB, on Arm without SVE.
const UNKNOWN: usize = 5 << 10;

/// The most bytes that the kernel needs on a stack for the frame of a handler.
pub(super) fn frame_size() -> usize {
    rustix::param::linux_minsigstksz().max(UNKNOWN)
}

/// The address at which the kernel could not have written a frame below `sp`: the highest that can't be accessed.
/// `None`: there is room.
pub(super) fn refused(sp: usize) -> Option<usize> {
    let lowest = sp.checked_sub(frame_size() + GAP)?;
    let page = memory::page_size();
    // The last byte of each page that the frame would have touched, from the highest.
    let mut last = sp.checked_sub(1)?;
    while last >= lowest {
        if !is_readable(last) {
            return Some(last);
        }
        last = (last & !(page - 1)).checked_sub(1)?;
    }
    None
}

/// Whether there is memory at this address that can be read.
fn is_readable(address: usize) -> bool {
    /// No value of this argument has a meaning.
    const NOTHING: i32 = -1;
    let word = address & !(size_of::<u64>() - 1);
    // The kernel reads the set before it looks at what it is to do with it, which is nothing. A handler may ask.
    chain::keep_errno(|| {
        // SAFETY: nothing is written or changed.
        let result = unsafe {
            libc::syscall(
                libc::SYS_rt_sigprocmask,
                NOTHING,
                word,
                core::ptr::null_mut::<u64>(),
                size_of::<u64>(),
            )
        };
        result == 0 || chain::last_errno() != Errno::FAULT
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmetal_platform::Platform as _;

    #[test]
    fn room_for_frames() {
        let platform = crate::platform();
        let page = memory::page_size();
        let size = 64 * page;
        let base = platform.reserve(size, page).expect("address space");
        let stack = base.wrapping_add(32 * page);
        // SAFETY: the upper half of the reservation is reserved.
        unsafe { platform.commit(stack, 32 * page) }.expect("memory");
        let (top, bottom) = (base.addr() + size, stack.addr());
        let frame = frame_size();
        for (sp, expected) in [
            (top, None),
            (bottom + frame + GAP, None),
            (bottom + frame + GAP - 1, Some(bottom - 1)),
            (bottom + 1, Some(bottom - 1)),
            (bottom, Some(bottom - 1)),
            (bottom - 5, Some(bottom - 6)),
            (0, None),
            (frame, None),
        ] {
            assert_eq!(refused(sp), expected, "{sp:#x}");
        }
        // SAFETY: it is whole, and nothing refers into it.
        unsafe { platform.release(base, size) };
    }
}
