//! What memory this process has in use.

use crate::heap;
use anyhow::{Context as _, Result};
use std::fs;

/// All in bytes.
pub(crate) struct Memory {
    /// What its allocator has given.
    pub(crate) heap: u64,
    /// What of its memory is in RAM.
    pub(crate) resident: u64,
    /// What the kernel has besides to find it.
    pub(crate) page_tables: u64,
}

impl Memory {
    /// As it is now.
    ///
    /// # Errors
    /// The kernel does not tell.
    pub(crate) fn now() -> Result<Self> {
        Ok(Self {
            heap: heap::in_use(),
            // Exact, where that in `status` is not.
            resident: field("/proc/self/smaps_rollup", "Rss:")?,
            page_tables: field("/proc/self/status", "VmPTE:")?,
        })
    }
}

/// A field of such a file, in KiB there.
fn field(path: &str, name: &str) -> Result<u64> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
    let value = text.lines().find_map(|line| line.strip_prefix(name));
    let value = value.and_then(|value| value.trim().strip_suffix(" kB"));
    let value = value.with_context(|| format!("{path} has no {name}"))?;
    Ok(value.parse::<u64>()? * 1024)
}
