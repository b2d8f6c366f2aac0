//! Publishing code: what was just written becomes what every core fetches.
//!
//! Cache maintenance makes the bytes visible; `membarrier` (`PRIVATE_EXPEDITED_SYNC_CORE`) then makes
//! every core that runs a thread of this process discard what it had fetched before. x86-64 needs
//! no cache maintenance, but the second step all the same: another core executes modified code
//! safely only after a serialising instruction (Intel SDM volume 3, 10.1.3). With one thread the
//! call costs no more than any system call.
//!
//! Kernels without it (before 4.16, or emulators such as qemu-user) leave this: the publishing
//! thread sees the new code, and another thread does from the next time it enters the kernel. As
//! publishing is followed by `mprotect`, and passing the address to another thread mostly by a wake-up,
//! that is a window of stale fetches which only code that reuses an address can meet.

use rustix::thread::{MembarrierCommand, membarrier};

use crate::arch;

/// # Safety
/// See [`Platform::publish`](wasmetal_platform::Platform::publish).
pub(crate) unsafe fn publish(base: *const u8, size: usize) {
    // SAFETY: the caller's contract: the range is readable.
    unsafe { arch::synchronise_caches(base, size) };
    if membarrier(MembarrierCommand::PrivateExpeditedSyncCore).is_err() {
        // The process has not registered its intent yet (EPERM), or the kernel has no such call.
        let _ = membarrier(MembarrierCommand::RegisterPrivateExpeditedSyncCore)
            .and_then(|()| membarrier(MembarrierCommand::PrivateExpeditedSyncCore));
    }
}
