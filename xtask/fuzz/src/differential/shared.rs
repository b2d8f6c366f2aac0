//! What shared memories hold.

use std::cell::UnsafeCell;

/// A copy of a memory that no thread writes to: each module runs on one thread, and has ended.
pub(crate) fn copy(memory: &[UnsafeCell<u8>]) -> Vec<u8> {
    let bytes = memory.iter().map(|byte| {
        // SAFETY: nobody else accesses the memory, as it belongs to a store of this thread.
        unsafe { *byte.get() }
    });
    bytes.collect()
}
