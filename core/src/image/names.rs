//! Function names, from the module's name section.
//!
//! Layout: `n: u32`, then `n` entries `(function index, start, length)` of three `u32` each, by
//! ascending index, then the names' bytes; `start` counts from the first of these. Numbers are little
//! endian.

use crate::module::FunctionIndex;
use cranelift_entity::EntityRef;

/// The size of one entry, in bytes.
const ENTRY: usize = 12;

/// The name of a function; `None` where the module gives none.
#[must_use]
pub fn lookup(section: &[u8], function: FunctionIndex) -> Option<&str> {
    let (count, rest) = section.split_first_chunk::<4>()?;
    let size = (u32::from_le_bytes(*count) as usize).checked_mul(ENTRY)?;
    let (entries, bytes) = rest.split_at_checked(size)?;
    let (entries, _) = entries.as_chunks::<ENTRY>();
    let word = |entry: &[u8; ENTRY], i: usize| {
        u32::from_le_bytes([entry[i], entry[i + 1], entry[i + 2], entry[i + 3]]) as usize
    };
    let i = entries
        .binary_search_by_key(&function.index(), |entry| word(entry, 0))
        .ok()?;
    let start = word(&entries[i], 4);
    let end = start.checked_add(word(&entries[i], 8))?;
    core::str::from_utf8(bytes.get(start..end)?).ok()
}
